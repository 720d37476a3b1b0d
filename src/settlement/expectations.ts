// The table of expectations and the use case that fills it: each is written once and posted once.
import { z } from 'zod'
import type { SettlementRules } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { add, type Decimal, zero } from '../core/decimal.ts'
import type { Asset } from '../core/money.ts'
import {
  dateOf,
  type LocalDate,
  type Month,
  monthIn,
  nextMonth,
  plus,
  startOfDate,
  startOfMonthIn,
} from '../core/time.ts'
import { type EntryDraft, post, recipes } from '../ledger/index.ts'
import { acceptedUsage } from '../metering/index.ts'
import { usagePricesOf } from '../offers/model.ts'
import { numericColumn, type Prisma, type Scope, toJson } from '../store/index.ts'
import { closeOpen } from './close-open.ts'
import { type ExpectationDraft, instalmentsDue, usageOf } from './expected.ts'
import { type Expectation, expectationKinds } from './model.ts'

type Row = Prisma.expectationGetPayload<Record<string, never>>

/** How many closed months are looked at again, for usage that was confirmed late. */
const MONTHS_BACK = 3
/** How many are looked at for an agreement that became known late. */
const MONTHS_BACK_FIRST = 36

export function fromExpectationRow(row: Row): Expectation {
  return {
    ...row,
    kind: z.enum(expectationKinds).parse(row.kind),
    asset: row.asset as Asset,
    arithmetic: z.record(z.string(), z.string()).parse(row.arithmetic),
  }
}

export async function readExpectations(scope: Scope, agreement_id: string): Promise<Expectation[]> {
  const rows = await scope.tx.expectation.findMany({
    where: { organisation_id: scope.organisation_id, agreement_id },
    orderBy: { key: 'asc' },
  })
  return rows.map(fromExpectationRow)
}

/** Some expectations, by id. */
export async function findExpectations(
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, Expectation>> {
  const rows = await scope.tx.expectation.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] } },
  })
  return new Map(rows.map((row) => [row.id, fromExpectationRow(row)]))
}

/** An expectation by its id or its key, and what is expected with it: the fee on a sale, a reseller's cost of it. */
export async function findWithParts(scope: Scope, name: string): Promise<Expectation[]> {
  const { organisation_id, tx } = scope
  const first = await tx.expectation.findFirst({
    where: { organisation_id, OR: [{ id: name }, { key: name }] },
  })
  if (first === null) return []
  const { agreement_id, key } = first
  const parts = await tx.expectation.findMany({
    where: { organisation_id, agreement_id, sale_key: key },
    orderBy: { key: 'asc' },
  })
  return [first, ...parts].map(fromExpectationRow)
}

/** The reference of the entry that an expectation was booked with. */
export function expectedReference({ kind, key }: Pick<Expectation, 'kind' | 'key'>): string {
  const booked = { instalment: 'sale', usage: 'sale', fee: 'fee', wholesale: 'wholesale' } as const
  return `${booked[kind]}_expected:${key}`
}

/** Of a cloud whose connector reads no statements: what is sold there is expected all the same. */
const NO_RULES: SettlementRules = {
  resale_pays: 'gross_and_cost',
  usage_rounding: 'half_up',
  time_zone: 'UTC',
  usage_taken_ms: 0,
  usage_counted_ms: null,
  payer: '',
}

/** The rules by which the cloud of an agreement settles. */
export function rulesOf(
  { connectors }: Pick<Context, 'connectors'>,
  { cloud }: Pick<Agreement, 'cloud'>,
): SettlementRules {
  return connectors[cloud]?.settlements?.rules ?? NO_RULES
}

/** The first month whose usage a cloud may still take: those before it are over for good. */
export function firstOpenMonth({ time_zone, usage_taken_ms }: SettlementRules, now: Date): Month {
  return monthIn(time_zone, plus(now, -usage_taken_ms))
}

/** Writes down and posts whatever of an agreement is expected by now. Answers true when something new is. */
export async function expectAgreement(
  rules: SettlementRules,
  scope: Scope,
  agreement: Agreement,
): Promise<boolean> {
  const known = await readExpectations(scope, agreement.id)
  const keys = new Set(known.map(({ key }) => key))
  const usage = await usageDue(rules, scope, agreement, known)
  const drafts = [...instalmentsDue(agreement, rules, dateOf(scope.now())), ...usage]
  const fresh = drafts.filter(({ key, amount }) => !keys.has(key) && amount !== 0n)
  if (fresh.length === 0) {
    await closeOpen(scope, agreement)
    return false
  }
  await scope.tx.expectation.createMany({
    data: fresh.map(({ releases: _, ...draft }) => ({
      ...draft,
      organisation_id: scope.organisation_id,
      id: scope.id('match'),
      arithmetic: toJson(draft.arithmetic),
      created_at: scope.now(),
    })),
    skipDuplicates: true,
  })
  await post(
    scope,
    fresh.flatMap((draft) => entryOf(agreement, draft) ?? []),
  )
  await closeOpen(scope, agreement)
  return true
}

async function usageDue(
  rules: SettlementRules,
  scope: Scope,
  agreement: Agreement,
  known: readonly Expectation[],
): Promise<ExpectationDraft[]> {
  if (Object.keys(usagePricesOf(agreement.terms)).length === 0) return []
  const begun = agreement.starts_at ?? agreement.accepted_at
  if (begun === null) return []
  const back = known.some(({ kind }) => kind === 'usage') ? MONTHS_BACK : MONTHS_BACK_FIRST
  const drafts: ExpectationDraft[] = []
  const open = firstOpenMonth(rules, scope.now())
  for (const month of closedMonths(monthIn(rules.time_zone, begun), open).slice(-back)) {
    const quantities = await quantitiesOf(rules, scope, agreement, month)
    drafts.push(...usageOf(agreement, rules, month, quantities))
  }
  return drafts
}

/**
 * What a month's usage came to. Who made the product counts what the cloud took from it; a reseller, who does not meter,
 * believes the cloud's own daily count.
 */
async function quantitiesOf(
  { time_zone }: SettlementRules,
  scope: Scope,
  agreement: Agreement,
  month: Month,
): Promise<{ dimension: string; quantity: Decimal }[]> {
  if (agreement.product_id !== null) {
    const from = startOfMonthIn(time_zone, month)
    return acceptedUsage(scope, agreement.id, from, startOfMonthIn(time_zone, nextMonth(month)))
  }
  const counted = await countedByCloud(scope, agreement)
  return Object.keys(usagePricesOf(agreement.terms)).flatMap((dimension) => {
    const quantity = counted(dimension, month)
    return quantity === undefined ? [] : [{ dimension, quantity }]
  })
}

function closedMonths(first: Month, open: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month < open; month = nextMonth(month)) months.push(month)
  return months
}

function entryOf(agreement: Agreement, draft: ExpectationDraft): EntryDraft | null {
  const { asset } = draft
  const event = {
    key: draft.key,
    agreement_id: agreement.id,
    occurred_at: startOfDate(draft.due_on),
    evidence: draft.arithmetic,
  }
  switch (draft.kind) {
    case 'instalment':
    case 'usage': {
      const own = draft.kind === 'usage' ? ('usage' as const) : ('contract' as const)
      return recipes.saleExpected({
        ...event,
        amount: { asset, amount: draft.amount },
        income: agreement.role === 'manufacturer' ? 'resale' : own,
        ...(draft.kind === 'instalment' ? { releases: { asset, amount: draft.releases } } : {}),
      })
    }
    case 'fee':
      return recipes.feeExpected({
        ...event,
        cloud: agreement.cloud,
        amount: { asset, amount: -draft.amount },
      })
    case 'wholesale':
      return recipes.wholesaleExpected({ ...event, amount: { asset, amount: -draft.amount } })
  }
}

const readingRow = z.object({ dimension: z.string(), month: z.string(), quantity: numericColumn })

/**
 * What the cloud itself counted for an agreement, per dimension and month. A seller who sees no order of its own is told
 * of it under the ids that its lines carry.
 */
export async function countedByCloud(
  scope: Scope,
  agreement: Pick<Agreement, 'id' | 'cloud_agreement_id'>,
): Promise<(dimension: string, month: LocalDate) => Decimal | undefined> {
  const { organisation_id, tx } = scope
  const rows = z.array(readingRow).parse(
    await tx.$queryRaw`
      SELECT dimension, left(on_date, 7) AS month, sum(quantity) AS quantity FROM usage_reading
      WHERE organisation_id = ${organisation_id} AND cloud_agreement_id IN (
        SELECT ${agreement.cloud_agreement_id} UNION SELECT cloud_agreement_id FROM statement_line
        WHERE organisation_id = ${organisation_id} AND agreement_id = ${agreement.id}
        UNION SELECT about FROM description WHERE organisation_id = ${organisation_id} AND kind = 'alias'
          AND NOT deleted AND told->>'id' = ${agreement.cloud_agreement_id})
      GROUP BY dimension, left(on_date, 7)`,
  )
  const known = new Map<string, Decimal>()
  for (const { dimension, month, quantity } of rows) {
    const key = `${month} ${dimension}`
    known.set(key, add(known.get(key) ?? zero, quantity))
  }
  return (dimension, month) => known.get(`${month} ${dimension}`)
}
