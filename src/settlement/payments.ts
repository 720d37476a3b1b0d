// From the invoice to the bank: collections and pay-outs follow their lines, pay-outs are summed, bank lines close them.
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { type Decimal, formatDecimal } from '../core/decimal.ts'
import { currencyOf, digitsOf, formatMoney } from '../core/money.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import { accounts, type EntryDraft, recipes } from '../ledger/index.ts'
import { recordShare } from '../payouts/index.ts'
import type { Scope } from '../store/index.ts'
import { cause } from './causes.ts'
import { said } from './expected.ts'
import { setStates } from './lines.ts'
import { bookingKey, type MatchDraft, writeMatches } from './matches.ts'
import type { Cause, Line } from './model.ts'
import {
  type BankCandidate,
  bankCandidates,
  bankedOf,
  type Disbursement,
  linkBank,
  openBankLines,
  openDisbursements,
  paymentsToBook,
} from './payment-lines.ts'

const CHUNK = 500

export async function settlePayments(
  { store }: Pick<Context, 'store'>,
  organisation_id: string,
  agreements: ReadonlyMap<string, Agreement>,
): Promise<void> {
  const tenant = <T>(work: (scope: Scope) => Promise<T>) => store.inTenant(organisation_id, work)
  while ((await tenant((scope) => bookPayments(scope, agreements))) === CHUNK);
  await tenant(settleDisbursements)
  await tenant(settleBank)
}

/**
 * Books collected and disbursed lines. A collected line has the sign of the line it follows; a disbursed one takes its
 * amount out of that claim, so what was paid is its opposite.
 */
async function bookPayments(scope: Scope, agreements: ReadonlyMap<string, Agreement>): Promise<number> {
  const lines = await paymentsToBook(scope, CHUNK)
  const known = lines.filter(({ agreement_id }) => agreement_id !== null && agreements.has(agreement_id))
  await writeMatches(
    scope,
    known.map((line) => ({
      line_id: line.id,
      expectation_id: null,
      agreement_id: line.agreement_id,
      stage: line.stage,
      expected: line.minor,
      received: line.minor,
      asset: line.asset,
      causes: [],
      entries: (suffix) => [paymentEntry(line, suffix)],
    })),
  )
  for (const line of known) {
    const agreement = line.agreement_id === null ? undefined : agreements.get(line.agreement_id)
    if (agreement?.role !== 'manufacturer' || agreement.cloud_authorization_id === null) continue
    if (line.stage !== 'disbursed' || (line.kind !== 'sale' && line.kind !== 'refund')) continue
    await recordShare(scope, {
      agreement,
      line_key: bookingKey(line),
      amount: { asset: line.asset, amount: -line.minor },
      occurred_at: line.occurred_at,
    })
  }
  await setStates(
    scope,
    known.map(({ id }) => id),
    'explained',
  )
  return known.length
}

function paymentEntry(line: Line, suffix: string): EntryDraft | null {
  const event = {
    key: `${bookingKey(line)}${suffix}`,
    agreement_id: line.agreement_id ?? '',
    occurred_at: line.occurred_at,
    evidence: { line_id: line.id, statement_id: line.statement_id, follows: line.parent_key },
  }
  if (line.stage === 'collected') {
    return recipes.collected({ ...event, amount: { asset: line.asset, amount: line.minor } })
  }
  return recipes.disbursed({
    ...event,
    amount: { asset: line.asset, amount: -line.minor },
    disbursement_key: line.disbursement_key ?? '',
  })
}

/** The cloud's own sum of a pay-out is compared with the lines that name it. */
async function settleDisbursements(scope: Scope): Promise<void> {
  const open = await openDisbursements(scope)
  await writeMatches(
    scope,
    open.map((item) => ({
      line_id: item.id,
      expectation_id: null,
      agreement_id: null,
      stage: 'disbursement',
      expected: item.rows,
      received: item.minor,
      asset: item.asset,
      causes: item.rows === item.minor ? [] : [sumCause(item)],
      entries: () => [],
    })),
  )
  const good = open.filter((item) => item.rows === item.minor).map(({ id }) => id)
  await setStates(scope, good, 'explained')
  await resolveException(scope, 'disbursement_sum', good)
  for (const item of open.filter(({ rows, minor }) => rows !== minor)) {
    await setStates(scope, [item.id], 'exception')
    await openException(scope, {
      kind: 'disbursement_sum',
      subject_id: item.id,
      sentence: sumCause(item).sentence,
      fix: 'Import the files of the days around the pay-out: lines of it are missing or restated.',
      amount: { asset: item.asset, amount: item.rows - item.minor },
    })
  }
}

function sumCause(item: Disbursement): Cause {
  return cause(
    'unknown',
    item.rows - item.minor,
    `The cloud paid out ${said(item.asset, item.minor)} (${item.key}), its ${item.lines} lines come to ${said(item.asset, item.rows)}.`,
    {
      disbursed: formatMoney({ asset: item.asset, amount: item.minor }),
      lines: formatMoney({ asset: item.asset, amount: item.rows }),
    },
  )
}

/** Bank lines meet the pay-out whose trace is in their reference. */
async function settleBank(scope: Scope): Promise<void> {
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
