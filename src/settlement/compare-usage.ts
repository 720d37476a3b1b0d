// The cloud's own count of usage against what it took from us: a month is compared once the cloud's count of it is whole.
import { z } from 'zod'
import type { SettlementRules } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import { add, type Decimal, formatDecimal, isZero, subtract, zero } from '../core/decimal.ts'
import { type LocalDate, type Month, monthIn, nextMonth, plus, startOfMonthIn } from '../core/time.ts'
import { openException, resolveException } from '../exceptions/index.ts'
import { acceptedByDay } from '../metering/index.ts'
import { usagePricesOf } from '../offers/model.ts'
import { numericColumn, type Scope } from '../store/index.ts'

/** How many of the last whole months are compared: late reports correct them. */
const MONTHS_COMPARED = 2

/** Tells a person where the cloud counted other usage than it accepted; a difference that is gone resolves itself. */
export async function compareUsage(
  rules: SettlementRules,
  scope: Scope,
  agreement: Agreement,
): Promise<void> {
  const begun = agreement.starts_at ?? agreement.accepted_at
  const metered = agreement.product_id !== null && Object.keys(usagePricesOf(agreement.terms)).length > 0
  if (!metered || begun === null || rules.usage_counted_ms === null) return
  const open = monthIn(rules.time_zone, plus(scope.now(), -rules.usage_counted_ms))
  for (const month of monthsBefore(open, monthIn(rules.time_zone, begun))) {
    if (await isCounted(scope, agreement, month)) await compareMonth(rules, scope, agreement, month)
  }
}

function monthsBefore(open: Month, first: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month < open; month = nextMonth(month)) months.push(month)
  return months.slice(-MONTHS_COMPARED)
}

/** Whether any count of a month came for the connection: without one, nothing can be said of it. */
async function isCounted(scope: Scope, { connection_id }: Agreement, month: Month): Promise<boolean> {
  const rows = z.array(z.object({ counted: z.boolean() })).parse(
    await scope.tx.$queryRaw`
      SELECT EXISTS (
        SELECT 1 FROM usage_reading r
        JOIN statement s ON s.organisation_id = r.organisation_id AND s.id = r.statement_id
        WHERE r.organisation_id = ${scope.organisation_id} AND s.connection_id = ${connection_id}
          AND left(r.on_date, 7) = ${month}) AS counted`,
  )
  return rows[0]?.counted === true
}

type Day = { dimension: string; on: LocalDate; quantity: Decimal }
const dayRow = z.object({ dimension: z.string(), on: z.string(), quantity: numericColumn })

async function countedByDay(scope: Scope, agreement: Agreement, month: Month): Promise<Day[]> {
  return z.array(dayRow).parse(
    await scope.tx.$queryRaw`
      SELECT dimension, on_date AS "on", sum(quantity) AS quantity FROM usage_reading
      WHERE organisation_id = ${scope.organisation_id} AND cloud_agreement_id IN (
        SELECT ${agreement.cloud_agreement_id} UNION SELECT about FROM description
        WHERE organisation_id = ${scope.organisation_id} AND kind = 'alias' AND NOT deleted
          AND told->>'id' = ${agreement.cloud_agreement_id})
        AND left(on_date, 7) = ${month}
      GROUP BY dimension, on_date`,
  )
}

async function compareMonth(
  { time_zone }: SettlementRules,
  scope: Scope,
  agreement: Agreement,
  month: Month,
): Promise<void> {
  const from = startOfMonthIn(time_zone, month)
  const until = startOfMonthIn(time_zone, nextMonth(month))
  const accepted = await acceptedByDay(scope, agreement.id, { from, until, time_zone })
  const counted = await countedByDay(scope, agreement, month)
  // What the cloud counts under a name that nothing was accepted under is none of our dimensions: a flat fee, a seat.
  for (const dimension of new Set(accepted.map((day) => day.dimension))) {
    const subject_id = `${agreement.id} ${dimension} ${month}`
    const of = (days: readonly Day[]) => days.filter((day) => day.dimension === dimension)
    const different = daysApart(of(accepted), of(counted))
    const [first] = different
    if (first === undefined) {
      await resolveException(scope, 'usage_difference', subject_id)
      continue
    }
    const days = different.length === 1 ? '' : ` and on ${different.length - 1} more days`
    await openException(scope, {
      kind: 'usage_difference',
      subject_id,
      sentence: `Agreement ${agreement.cloud_agreement_id}: the cloud accepted ${formatDecimal(total(of(accepted)))} of ${dimension} in ${month} and counts ${formatDecimal(total(of(counted)))}; they differ on ${first}${days}.`,
      fix: 'Compare the records of these days with the usage report of the cloud, and ask its support about what is missing.',
    })
  }
}

/** The days on which two counts are not the same, in order. */
function daysApart(left: readonly Day[], right: readonly Day[]): LocalDate[] {
  const sums = new Map<LocalDate, Decimal>()
  for (const { on, quantity } of left) sums.set(on, add(sums.get(on) ?? zero, quantity))
  for (const { on, quantity } of right) sums.set(on, subtract(sums.get(on) ?? zero, quantity))
  return [...sums].flatMap(([on, difference]) => (isZero(difference) ? [] : [on])).sort()
}

function total(days: readonly Day[]): Decimal {
  return days.reduce((sum, { quantity }) => add(sum, quantity), zero)
}
