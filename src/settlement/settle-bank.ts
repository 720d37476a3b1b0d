// The end of the chain: bank lines meet the pay-outs of the clouds.
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import { accounts, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import {
  type BankCandidate,
  bankCandidates,
  bankedOf,
  linkBank,
  openBankLines,
  type Payer,
  type PayerCandidate,
  payerCandidates,
} from './bank-lines.ts'
import { exchangeOf } from './exchange.ts'
import { said } from './expected.ts'
import { setStates } from './lines.ts'
import { bookingKey, type MatchDraft, writeMatches } from './matches.ts'
import type { Line } from './model.ts'

/** Bank lines meet the pay-out whose trace is in their reference, else the one of their payer and amount. */
export async function settleBank(context: Pick<Context, 'connectors'>, scope: Scope): Promise<void> {
  const lines = await openBankLines(scope)
  if (lines.length === 0) return
  const referenced = Map.groupBy(await bankCandidates(scope), ({ bank_id }) => bank_id)
  const known = byPayer(await payerCandidates(scope, await payersOf(context, scope)), referenced)
  const matched = lines.flatMap((line) => {
    // The longest trace comes first, where one contains another.
    const found = referenced.get(line.id)?.[0] ?? known.get(line.id)
    return found === undefined ? [] : [{ line, found }]
  })
  const met = new Set(matched.map(({ line }) => line.id))
  // Lines that say nothing of any pay-out may be other business of the account: only money in is asked about.
  const none = lines.filter(({ id }) => !met.has(id))
  await setStates(
    scope,
    none.filter(({ minor }) => minor <= 0n).map(({ id }) => id),
    'not_counted',
  )
  for (const line of none) if (line.minor > 0n) await tellUnmatched(scope, line)
  await writeMatches(
    scope,
    matched.map(({ line, found }) => bankMatch(line, found)),
  )
  await linkBank(
    scope,
    matched.map(({ line, found }) => ({ bank_id: line.id, disbursement_key: found.disbursement_key })),
  )
  await setStates(scope, [...met], 'explained')
  await resolveException(scope, 'bank_unmatched', [...met])
  for (const [id, group] of Map.groupBy(matched, ({ found }) => found.disbursement_id)) {
    await compareBank(scope, id, group)
  }
}

/** How the clouds of the tenant's connections are named as payers. */
async function payersOf({ connectors }: Pick<Context, 'connectors'>, scope: Scope): Promise<Payer[]> {
  const rows = await connections.findAll(scope)
  return rows.flatMap(({ id, cloud }) => {
    const found = Object.entries(connectors).find(([name]) => name === cloud)?.[1]
    const payer = found?.settlements?.rules.payer ?? ''
    return payer === '' ? [] : [{ connection_id: id, payer }]
  })
}

/**
 * One bank line for one pay-out, the nearest first. One that arrived in another currency is known only where there is
 * no second pay-out and no second line that it could be.
 */
function byPayer(
  candidates: readonly PayerCandidate[],
  referenced: ReadonlyMap<string, unknown>,
): Map<string, BankCandidate> {
  const found = new Map<string, BankCandidate>()
  const taken = new Set<string>()
  const open = () =>
    candidates.filter(
      ({ bank_id, disbursement_id }) =>
        !referenced.has(bank_id) && !found.has(bank_id) && !taken.has(disbursement_id),
    )
  const take = (candidate: BankCandidate) => {
    found.set(candidate.bank_id, candidate)
    taken.add(candidate.disbursement_id)
  }
  for (let next = open().find(({ same }) => same); next !== undefined; next = open().find(({ same }) => same))
    take(next)
  const exchanged = open()
  for (const candidate of exchanged) {
    const rivals = exchanged.filter(
      ({ bank_id, disbursement_id }) =>
        bank_id === candidate.bank_id || disbursement_id === candidate.disbursement_id,
    )
    if (candidate.exchanged && rivals.length === 1) take(candidate)
  }
  return found
}

function bankMatch(line: Line, found: BankCandidate): MatchDraft {
  const bank = line.source.slice('bank:'.length)
  const evidence = {
    line_id: line.id,
    disbursement_line_id: found.disbursement_id,
    reference: line.bank_reference,
  }
  const same = line.asset === found.asset
  const sold = { asset: found.asset, amount: found.disbursed }
  const bought = { asset: line.asset, amount: line.minor }
  return {
    line_id: line.id,
    expectation_id: null,
    agreement_id: null,
    stage: 'bank',
    expected: line.minor,
    received: line.minor,
    asset: line.asset,
    causes: [],
    entries: (suffix) => {
      const event = { key: `${bookingKey(line)}${suffix}`, occurred_at: line.occurred_at, evidence }
      if (same) {
        return [recipes.banked({ ...event, bank, disbursement_key: found.disbursement_key, amount: bought })]
      }
      const from = accounts.transit(found.disbursement_key)
      const exchange = exchangeOf(evidence, sold, bought)
      return [recipes.exchanged({ ...event, ...exchange, from, to: accounts.bank(bank) })]
    },
  }
}

type Matched = { line: Line; found: BankCandidate }

async function compareBank(scope: Scope, disbursement_id: string, group: readonly Matched[]): Promise<void> {
  const found = group[0]?.found
  if (found === undefined) return
  if (group.some(({ line }) => line.asset !== found.asset)) return
  const sums = await bankedOf(scope, found.asset, [found.disbursement_key])
  const banked = sums.get(found.disbursement_key) ?? 0n
  if (banked === found.disbursed) {
    await resolveException(scope, 'bank_amount', disbursement_id)
    return
  }
  await openException(scope, {
    kind: 'bank_amount',
    subject_id: disbursement_id,
    sentence: `The bank shows ${said(found.asset, banked)} where the cloud paid out ${said(found.asset, found.disbursed)} (${found.disbursement_key}).`,
    fix: 'Ask the bank about a charge or a missing transfer, or import the statement that shows the rest.',
    amount: { asset: found.asset, amount: found.disbursed - banked },
  })
}

async function tellUnmatched(scope: Scope, line: Line): Promise<void> {
  await setStates(scope, [line.id], 'exception')
  await openException(scope, {
    kind: 'bank_unmatched',
    subject_id: line.id,
    sentence: `The bank shows ${said(line.asset, line.minor)} with the reference "${line.bank_reference ?? ''}", which no pay-out has.`,
    fix: 'If it is a cloud’s money, import the statement with its pay-out; if it is other business, resolve this with a note.',
    amount: { asset: line.asset, amount: line.minor },
  })
}
