// The end of the chain: bank lines meet the pay-outs of the clouds.
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { currencyOf, digitsOf, formatMoney } from '../core/money.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import { accounts, recipes } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { setStates } from './lines.ts'
import { bookingKey, type MatchDraft, writeMatches } from './matches.ts'
import type { Line } from './model.ts'
import { type BankCandidate, bankCandidates, bankedOf, linkBank, openBankLines } from './payment-lines.ts'

/** Bank lines meet the pay-out whose trace is in their reference. */
export async function settleBank(scope: Scope): Promise<void> {
  const lines = await openBankLines(scope)
  if (lines.length === 0) return
  const candidates = Map.groupBy(await bankCandidates(scope), ({ bank_id }) => bank_id)
  // Lines that say nothing of any pay-out may be other business of the account: only money in is asked about.
  const none = lines.filter(({ id }) => !candidates.has(id))
  await setStates(
    scope,
    none.filter(({ minor }) => minor <= 0n).map(({ id }) => id),
    'not_counted',
  )
  for (const line of none) if (line.minor > 0n) await tellUnmatched(scope, line)
  const matched = lines.flatMap((line) => {
    // The longest trace comes first, where one contains another.
    const found = candidates.get(line.id)?.[0]
    return found === undefined ? [] : [{ line, found }]
  })
  await writeMatches(
    scope,
    matched.map(({ line, found }) => bankMatch(line, found)),
  )
  await linkBank(
    scope,
    matched.map(({ line, found }) => ({ bank_id: line.id, disbursement_key: found.disbursement_key })),
  )
  const ids = matched.map(({ line }) => line.id)
  await setStates(scope, ids, 'explained')
  await resolveException(scope, 'bank_unmatched', ids)
  for (const [id, group] of Map.groupBy(matched, ({ found }) => found.disbursement_id)) {
    await compareBank(scope, id, group)
  }
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
      const rated = {
        ...evidence,
        sold: formatMoney(sold),
        bought: formatMoney(bought),
        rate: rateOf(sold, bought),
      }
      return [recipes.exchanged({ ...event, evidence: rated, from, to: accounts.bank(bank), sold, bought })]
    },
  }
}

type Amount = { asset: Line['asset']; amount: bigint }

/** The rate one unit was exchanged at, to eight places. */
function rateOf(sold: Amount, bought: Amount): string {
  if (sold.amount === 0n) return '0'
  const top = bought.amount * 10n ** BigInt(digitsOf(sold.asset) + 8)
  const bottom = sold.amount * 10n ** BigInt(digitsOf(bought.asset))
  const rate: Decimal = { coefficient: top / bottom, scale: 8 }
  return `${formatDecimal(rate)} ${currencyOf(bought.asset)} per ${currencyOf(sold.asset)}`
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
