import type { SettlementRules } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import { draw } from '../commitments/index.ts'
import type { Context } from '../context.ts'
import { DAY_MS, dateOf, plus, startOfDate, startOfMonth } from '../core/time.ts'
import { resolveException } from '../exceptions/index.ts'
import { recordShare } from '../payouts/index.ts'
import type { Scope } from '../store/index.ts'
import type { WorkItem, WorkOutcome } from '../work/index.ts'
import { matchOf } from './book.ts'
import type { Explanation } from './case.ts'
import { compareAgreements } from './compare-agreements.ts'
import { compareTaxes } from './compare-taxes.ts'
import { compareTotals } from './compare-totals.ts'
import { compareUsage } from './compare-usage.ts'
import { countedByCloud, expectAgreement, firstOpenMonth, readExpectations, rulesOf } from './expectations.ts'
import { instalmentsAhead } from './expected.ts'
import { holdMatching } from './hold.ts'
import { agreementsToMatch, invoicedLines, linesById, linkLines, setApart, setStates } from './lines.ts'
import { explainAgreement } from './match.ts'
import { bookingKey, staleMatches, takeBack, writeMatches } from './matches.ts'
import type { Line } from './model.ts'
import { lookAgain } from './payment-lines.ts'
import { settlePayments, sharedKinds } from './payments.ts'
import { tellUnexplained, tellUnknownStages, tellWaiting } from './tell.ts'

type Parts = Pick<Context, 'store' | 'connectors' | 'clocks'>

/** How many stale matches are taken back in one transaction. */
const STALE_CHUNK = 200
/** When the day's expectations are looked at, after midnight UTC. */
const DAILY_AT_MS = 10 * 60 * 1000

/**
 * The handler of `settlement.match`: what fell due is expected, lines are linked to agreements, invoices are explained,
 * collections and pay-outs follow their lines, and the bank closes the chain. Every step is a set or an agreement in
 * a transaction of its own, and every step may run again.
 */
export async function matchStatements(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { organisation_id } = item
  const tenant = <T>(work: (scope: Scope) => Promise<T>) =>
    context.store.inTenant(organisation_id, async (scope) => {
      await holdMatching(scope)
      return work(scope)
    })
  while ((await tenant(takeBackStale)) === STALE_CHUNK);
  const all = await tenant((scope) => agreements.findAll(scope))
  const touched = new Set<string>()
  await tenant((scope) => linkLines(scope, all))
  for (const agreement of all) {
    const rules = rulesOf(context, agreement)
    if (await tenant(async (scope) => expectAgreement(rules, scope, await present(scope, agreement)))) {
      touched.add(agreement.id)
    }
  }
  await tenant(async (scope) => {
    await setApart(scope)
    await tellUnknownStages(scope)
    await tellWaiting(scope)
    for (const id of await agreementsToMatch(scope)) touched.add(id)
  })
  for (const agreement of all) {
    await tenant((scope) => compareUsage(rulesOf(context, agreement), scope, agreement))
    if (!touched.has(agreement.id)) continue
    const rules = rulesOf(context, agreement)
    await tenant(async (scope) => settleAgreement(rules, scope, await present(scope, agreement)))
  }
  await settlePayments(context, organisation_id)
  await tenant(compareTotals)
  await tenant(compareTaxes)
  await tenant(compareAgreements)
  const tomorrow = plus(startOfDate(dateOf(context.clocks.business.now())), DAY_MS + DAILY_AT_MS)
  return { done: false, again_at: tomorrow }
}

/** An agreement as it is now: it may have changed since the run began. */
async function present(scope: Scope, agreement: Agreement): Promise<Agreement> {
  return (await agreements.find(scope, agreement.id)) ?? agreement
}

/** Explains every invoiced line of an agreement, from the start, and books what changed. */
export async function settleAgreement(
  rules: SettlementRules,
  scope: Scope,
  agreement: Agreement,
): Promise<void> {
  const lines = await invoicedLines(scope, agreement.id)
  if (lines.length === 0) return
  const open_month = firstOpenMonth(rules, scope.now())
  const explained = explainAgreement({
    agreement,
    lines,
    expectations: await readExpectations(scope, agreement.id),
    ahead: instalmentsAhead(agreement, rules, dateOf(scope.now())),
    counted: await countedByCloud(scope, agreement),
    usage_expected_before: dateOf(startOfMonth(open_month)),
  })
  await writeMatches(
    scope,
    explained.map((item) => matchOf(agreement, item)),
  )
  await drawCommitments(scope, agreement, lines)
  const unknown = explained.filter(isUnknown)
  const rest = explained.filter((item) => !isUnknown(item)).map(({ line }) => line.id)
  await setStates(scope, rest, 'explained')
  await resolveException(scope, 'line_unexplained', rest)
  await setStates(
    scope,
    unknown.map(({ line }) => line.id),
    'exception',
  )
  for (const item of unknown) await tellUnexplained(scope, agreement, item)
}

function isUnknown(item: Explanation): boolean {
  return item.causes.some(({ cause }) => cause === 'unknown')
}

/** What counts against what a buyer promised to spend. */
const drawnKinds: readonly Line['kind'][] = ['sale', 'refund']

/** What was invoiced was spent, and what was given back or forgiven was not. */
const drawnStages: readonly Line['stage'][] = ['invoiced', 'forgiven']
const isDrawn = ({ stage, kind }: Line) => drawnStages.includes(stage) && drawnKinds.includes(kind)

/** Sales and refunds count against what the buyer promised to spend; each version of a line once. */
async function drawCommitments(scope: Scope, agreement: Agreement, lines: readonly Line[]): Promise<void> {
  for (const line of lines) {
    if (!isDrawn(line)) continue
    if (line.state !== 'new' && line.state !== 'waiting') continue
    await draw(scope, drawdown(agreement, line, 1n))
  }
}

function drawdown(agreement: Agreement, line: Line, sign: 1n | -1n) {
  return {
    agreement,
    buyer_account_id: agreement.buyer_account_id,
    cloud: agreement.cloud,
    amount: { asset: line.asset, amount: sign * line.minor },
    line_key: `${bookingKey(line)}${sign === 1n ? '' : '/taken-back'}`,
    occurred_at: line.occurred_at,
  }
}

/** Lines that the cloud restated or took back: what was booked for their older selves is corrected. */
async function takeBackStale(scope: Scope): Promise<number> {
  const stale = await staleMatches(scope, STALE_CHUNK)
  if (stale.length === 0) return 0
  await takeBack(scope, stale, 'the cloud restated or took back this line')
  const ids = stale.map(({ line_id }) => line_id)
  const lines = await linesById(scope, ids)
  const owners = await agreements.findMany(
    scope,
    lines.flatMap(({ agreement_id }) => agreement_id ?? []),
  )
  for (const line of lines) {
    const agreement = line.agreement_id === null ? undefined : owners.get(line.agreement_id)
    if (agreement === undefined) continue
    if (isDrawn(line)) await draw(scope, drawdown(agreement, line, -1n))
    const shared = agreement.cloud_authorization_id !== null && sharedKinds.includes(line.kind)
    if (line.stage === 'disbursed' && shared) {
      await recordShare(scope, {
        agreement,
        line_key: `${bookingKey(line)}/taken-back`,
        amount: { asset: line.asset, amount: line.minor },
        occurred_at: scope.now(),
      })
    }
  }
  await lookAgain(
    scope,
    lines.flatMap(({ disbursement_key }) => disbursement_key ?? []),
  )
  await resolveException(scope, 'line_unexplained', ids)
  await resolveException(scope, 'disbursement_sum', ids)
  return stale.length
}
