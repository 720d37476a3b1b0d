// From the invoice to the bank: collections and pay-outs follow their lines, pay-outs are summed, bank lines close them.
import * as agreements from '../agreements/index.ts'
import type { Context } from '../context.ts'
import { formatMoney } from '../core/money.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import { accounts, type EntryDraft, recipes } from '../ledger/index.ts'
import { recordShare } from '../payouts/index.ts'
import type { Scope } from '../store/index.ts'
import { cause } from './causes.ts'
import { exchangeOf } from './exchange.ts'
import { said } from './expected.ts'
import { holdMatching } from './hold.ts'
import { setStates } from './lines.ts'
import { bookingKey, writeMatches } from './matches.ts'
import type { Cause, Line } from './model.ts'
import {
  type Disbursement,
  lookAgain,
  openDisbursements,
  ownPayoutLines,
  paymentsToBook,
} from './payment-lines.ts'
import { settleBank } from './settle-bank.ts'
import { tellUnnamed } from './tell.ts'
import { causeByKind } from './unexpected.ts'

const CHUNK = 500

export async function settlePayments(
  context: Pick<Context, 'store' | 'connectors'>,
  organisation_id: string,
): Promise<void> {
  const tenant = <T>(work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(organisation_id, async (scope) => {
      await holdMatching(scope)
      return work(scope)
    })
  while ((await tenant(bookPayments)) === CHUNK);
  while ((await tenant(bookOwnLines)) === CHUNK);
  await tenant(settleDisbursements)
  await tenant((scope) => settleBank(context, scope))
}

/** What a pay-out has of its own and of no sale: tax taken or passed on, and what the cloud adjusted. */
async function bookOwnLines(scope: Scope): Promise<number> {
  const lines = await ownPayoutLines(scope, CHUNK)
  const found = lines.map((line) => ({ line, cause: causeByKind({ ...line, minor: -line.minor }) }))
  await writeMatches(
    scope,
    found.map(({ line, cause: named }) => ({
      line_id: line.id,
      expectation_id: null,
      agreement_id: null,
      stage: 'payout',
      expected: 0n,
      received: -line.minor,
      asset: line.asset,
      causes: [named],
      entries: (suffix) => [ownEntry(line, named, suffix)],
    })),
  )
  const unnamed = found.filter((item) => item.cause.cause === 'unknown')
  const named = found.filter((item) => item.cause.cause !== 'unknown').map(({ line }) => line.id)
  await setStates(scope, named, 'explained')
  await resolveException(scope, 'line_unexplained', named)
  await setStates(
    scope,
    unnamed.map(({ line }) => line.id),
    'exception',
  )
  for (const { line, cause: why } of unnamed) await tellUnnamed(scope, line, why)
  return lines.length
}

function ownEntry(line: Line, { cause: name, sentence }: Cause, suffix: string): EntryDraft | null {
  const event = {
    key: `${bookingKey(line)}${suffix}`,
    occurred_at: line.occurred_at,
    evidence: { line_id: line.id, statement_id: line.statement_id, sentence },
    disbursement_key: line.disbursement_key ?? '',
    amount: { asset: line.asset, amount: -line.minor },
  }
  return line.kind === 'tax' ? recipes.payoutTaxed(event) : recipes.payoutAdjusted({ ...event, cause: name })
}

/**
 * Books collected and disbursed lines. A collected line has the sign of the line it follows; a disbursed one takes its
 * amount out of that claim, so what was paid is its opposite.
 */
async function bookPayments(scope: Scope): Promise<number> {
  const lines = await paymentsToBook(scope, CHUNK)
  const owners = await agreements.findMany(scope, [
    ...new Set(lines.flatMap(({ agreement_id }) => agreement_id ?? [])),
  ])
  const known = lines.filter(({ agreement_id }) => agreement_id !== null && owners.has(agreement_id))
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
    const agreement = line.agreement_id === null ? undefined : owners.get(line.agreement_id)
    if (agreement?.role !== 'manufacturer' || agreement.cloud_authorization_id === null) continue
    if (line.stage !== 'disbursed' || !sharedKinds.includes(line.kind)) continue
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
  await lookAgain(
    scope,
    known.flatMap(({ disbursement_key }) => disbursement_key ?? []),
  )
  return known.length
}

/** What a partner's share is taken of: the sale before the listing fee, and what takes of it. */
export const sharedKinds: readonly Line['kind'][] = ['sale', 'refund', 'reseller_discount']

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
  const amount = { asset: line.asset, amount: -line.minor }
  const disbursement_key = line.disbursement_key ?? ''
  if (line.paid_asset === null || line.paid_minor === null)
    return recipes.disbursed({ ...event, amount, disbursement_key })
  const bought = { asset: line.paid_asset, amount: -line.paid_minor }
  return recipes.exchanged({
    ...event,
    ...exchangeOf(event.evidence, amount, bought),
    from: accounts.collected(event.agreement_id),
    to: accounts.transit(disbursement_key),
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
      entries: (suffix) => [returnEntry(item, suffix)],
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

/** A pay-out that came back closes the one it names: neither is on its way any more. */
function returnEntry(item: Disbursement, suffix: string): EntryDraft | null {
  if (item.kind !== 'disbursement_failure' || item.parent_key === null) return null
  return recipes.payoutReturned({
    key: `${bookingKey(item)}${suffix}`,
    occurred_at: item.occurred_at,
    evidence: { line_id: item.id, returns: item.parent_key },
    disbursement_key: item.parent_key,
    returned_key: item.key,
    amount: { asset: item.asset, amount: -item.minor },
  })
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
