import * as agreements from '../agreements/index.ts'
import type { Asset } from '../core/money.ts'
import { accounts, balance } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { type FigureBasis, limitOf } from './model.ts'
import { type Commitment, drawnAgreements, sumDrawdowns } from './store.ts'

export type Figure = { amount: { asset: Asset; amount: bigint }; basis: FigureBasis }

/** Where a promise stands. Each figure says whether somebody told us, a document shows it, or we computed it. */
type Standing = {
  promised: Figure
  /** Sales invoiced to this buyer, before the percentage that counts. */
  invoiced: Figure
  eligible_invoiced: Figure
  drawn: Figure
  remaining: Figure
  /** What marketplace sales can still draw: up to the cap, which may be less than what remains. */
  drawable: Figure
}

/** Promised, drawn and remaining are read from the commitment book; the invoiced sums from the lines that drew. */
export async function standing(scope: Scope, commitment: Commitment): Promise<Standing> {
  const { id, amount } = commitment
  const read = async (account: string) => (await balance(scope, account, amount.asset))[0]?.amount ?? 0n
  const sums = (await sumDrawdowns(scope, [id], null)).get(id)
  const figure = (value: bigint, basis: FigureBasis): Figure => ({
    amount: { asset: amount.asset, amount: value },
    basis,
  })
  const drawn = await read(accounts.drawn(id))
  // A resold sale is known to us by its wholesale amount only; what the buyer paid is the reseller's.
  const known: FigureBasis = (await drawsResold(scope, id)) ? 'estimate' : 'evidence'
  return {
    promised: figure(-(await read(accounts.promised(id))), 'given'),
    invoiced: figure(sums?.invoiced ?? 0n, known),
    eligible_invoiced: figure(sums?.eligible ?? 0n, known),
    drawn: figure(drawn, 'estimate'),
    remaining: figure(await read(accounts.remaining(id)), 'estimate'),
    drawable: figure(limitOf(commitment) - drawn, 'estimate'),
  }
}

async function drawsResold(scope: Scope, commitment_id: string): Promise<boolean> {
  const drawn = await agreements.findMany(scope, await drawnAgreements(scope, commitment_id))
  return [...drawn.values()].some(({ role }) => role === 'manufacturer')
}
