import { z } from '@hono/zod-openapi'
import type { NamedAgreement } from '../agreements/model.ts'
import { type Decimal, formatDecimal, isZero, subtract, sum } from '../core/decimal.ts'
import { moneyText } from '../core/money.ts'
import { MINUTE_MS } from '../core/time.ts'
import { moneySchema } from '../door/index.ts'
import { worthOf } from './lose.ts'
import { allocationTexts, hourStates, recordStates, type UsageRecord } from './model.ts'
import type { Point } from './store-course.ts'
import type { ReadHour, ReadRisk } from './store-reads.ts'
import type { Share } from './store-shares.ts'
import type { MeterSummary } from './summary.ts'
import { tagsOf } from './tags.ts'

const quantity = z.string().openapi({ example: '1.25', description: 'An exact decimal number as text' })

const tagged = z.record(z.string(), z.string()).openapi({ example: { team: 'search' } })

/** Whose usage it is, in words; null where the agreement is not known any more. */
const whose = {
  buyer_account_id: z.string().nullable(),
  buyer_name: z.string().nullable(),
}

function shownWhose(agreement: NamedAgreement | undefined) {
  const { buyer_account_id = null, buyer_name = null } = agreement ?? {}
  return { buyer_account_id, buyer_name }
}

export const hourSchema = z
  .object({
    agreement_id: z.string(),
    ...whose,
    dimension: z.string(),
    hour: z.string(),
    state: z.enum(hourStates),
    events: z.number().int(),
    used: quantity,
    drawn: quantity,
    sent: quantity,
    carried_in: quantity,
    carried_out: quantity,
    lost: quantity,
    late: quantity,
    accepted: quantity,
    refused: quantity,
    deadline_at: z.string(),
    closed_at: z.string().nullable(),
    by_tags: z
      .array(z.object({ tags: tagged, used: quantity }))
      .nullable()
      .openapi({ description: 'How what was used divides by tags. Null: nothing of it has tags' }),
    at_risk: z
      .union([moneySchema, z.null()])
      .openapi({ description: 'What is not accepted yet, at the agreed price' }),
  })
  .openapi('UsageHour')

export const recordSchema = z
  .object({
    id: z.string(),
    agreement_id: z.string(),
    dimension: z.string(),
    hour: z.string(),
    source_hour: z.string(),
    quantity,
    allocations: z
      .array(z.object({ tags: tagged, quantity }))
      .nullable()
      .openapi({
        description: 'How the quantity divides by tags, no tags last. Null: nothing of it has tags',
      }),
    state: z.enum(recordStates),
    attempts: z.number().int(),
    operation_id: z.string().nullable(),
    cloud_record_id: z.string().nullable(),
    reason: z.string().nullable(),
    deadline_at: z.string(),
    created_at: z.string(),
    settled_at: z.string().nullable(),
  })
  .openapi('UsageRecord')

export const riskSchema = z
  .object({
    agreement_id: z.string(),
    ...whose,
    dimension: z.string(),
    hour: z.string(),
    state: z.enum(['open', ...recordStates]),
    record_id: z.string().nullable(),
    quantity,
    reason: z.string().nullable(),
    deadline_at: z.string(),
    minutes_left: z.number().int(),
    at_risk: z.union([moneySchema, z.null()]),
  })
  .openapi('UsageAtRisk')

export const summarySchema = z
  .object({
    agreement_id: z.string(),
    ...whose,
    dimension: z.string(),
    used: quantity,
    drawn: quantity,
    sent: quantity,
    carried: quantity,
    lost: quantity,
    balanced: z.boolean().openapi({ description: 'used = drawn + sent + carried + lost' }),
    accepted: quantity,
    refused: quantity,
    pending: quantity,
    cloud: quantity.nullable().openapi({ description: "The cloud's own count" }),
    difference: quantity.nullable().openapi({ description: 'accepted minus the count of the cloud' }),
  })
  .openapi('UsageSummary')

export const courseSchema = z
  .object({
    agreement_id: z.string(),
    dimension: z.string(),
    by: z.enum(['hour', 'day']),
    items: z.array(
      z.object({
        at: z.string().openapi({ description: 'The hour, or the start of the day (UTC)' }),
        used: quantity,
        drawn: quantity,
        sent: quantity,
        accepted: quantity,
        refused: quantity,
        lost: quantity,
      }),
    ),
  })
  .openapi('UsageCourse')

function shownWorth(agreement: NamedAgreement | undefined, dimension: string, amount: Decimal) {
  const worth = worthOf(agreement, dimension, amount)
  return worth === null ? null : moneyText(worth)
}

export const writtenOffSchema = z.object({
  listing_id: z.string(),
  records: z.number().int(),
  worth: z.array(moneySchema).openapi({ description: 'By currency, where the agreements name prices.' }),
  more: z.boolean().openapi({ description: 'More waits than one request writes off: ask again.' }),
})

export function shownHour(
  { tagged: _, ...hour }: ReadHour,
  agreement: NamedAgreement | undefined,
  shares: readonly Share[] | undefined,
): z.infer<typeof hourSchema> {
  const { accepted, sent, used, state, deadline_at, closed_at } = hour
  const unsettled = state === 'open' ? used : subtract(sent, accepted)
  return {
    ...hour,
    by_tags: shares === undefined ? null : shownShares(used, shares),
    ...shownWhose(agreement),
    hour: hour.hour.toISOString(),
    used: formatDecimal(used),
    drawn: formatDecimal(hour.drawn),
    sent: formatDecimal(sent),
    carried_in: formatDecimal(hour.carried_in),
    carried_out: formatDecimal(hour.carried_out),
    lost: formatDecimal(hour.lost),
    late: formatDecimal(hour.late),
    accepted: formatDecimal(accepted),
    refused: formatDecimal(hour.refused),
    deadline_at: deadline_at.toISOString(),
    closed_at: closed_at?.toISOString() ?? null,
    at_risk: shownWorth(agreement, hour.dimension, unsettled),
  }
}

function shownShares(used: Decimal, shares: readonly Share[]) {
  const shown = shares.filter((share) => !isZero(share.used))
  const rest = subtract(used, sum(shown.map((share) => share.used)))
  const parts = shown.map((share) => ({ tags: { ...tagsOf(share.tags) }, used: formatDecimal(share.used) }))
  return isZero(rest) ? parts : [...parts, { tags: {}, used: formatDecimal(rest) }]
}

export function shownRecord(record: UsageRecord): z.infer<typeof recordSchema> {
  const { connection_id: _, ...shown } = record
  return {
    ...shown,
    hour: record.hour.toISOString(),
    source_hour: record.source_hour.toISOString(),
    quantity: formatDecimal(record.quantity),
    allocations: allocationTexts(record),
    deadline_at: record.deadline_at.toISOString(),
    created_at: record.created_at.toISOString(),
    settled_at: record.settled_at?.toISOString() ?? null,
  }
}

export function shownRisk(
  risk: ReadRisk,
  agreement: NamedAgreement | undefined,
  now: Date,
): z.infer<typeof riskSchema> {
  return {
    ...risk,
    ...shownWhose(agreement),
    hour: risk.hour.toISOString(),
    quantity: formatDecimal(risk.quantity),
    deadline_at: risk.deadline_at.toISOString(),
    minutes_left: Math.max(0, Math.floor((risk.deadline_at.getTime() - now.getTime()) / MINUTE_MS)),
    at_risk: shownWorth(agreement, risk.dimension, risk.quantity),
  }
}

export function shownSummary(
  meter: MeterSummary,
  agreement: NamedAgreement | undefined,
): z.infer<typeof summarySchema> {
  const text = (value: Decimal | null) => (value === null ? null : formatDecimal(value))
  return {
    agreement_id: meter.agreement_id,
    ...shownWhose(agreement),
    dimension: meter.dimension,
    balanced: meter.balanced,
    used: formatDecimal(meter.used),
    drawn: formatDecimal(meter.drawn),
    sent: formatDecimal(meter.sent),
    carried: formatDecimal(meter.carried),
    lost: formatDecimal(meter.lost),
    accepted: formatDecimal(meter.accepted),
    refused: formatDecimal(meter.refused),
    pending: formatDecimal(meter.pending),
    cloud: text(meter.cloud),
    difference: text(meter.difference),
  }
}

export function shownPoint({ at, ...sums }: Point): z.infer<typeof courseSchema>['items'][number] {
  return {
    at: at.toISOString(),
    used: formatDecimal(sums.used),
    drawn: formatDecimal(sums.drawn),
    sent: formatDecimal(sums.sent),
    accepted: formatDecimal(sums.accepted),
    refused: formatDecimal(sums.refused),
    lost: formatDecimal(sums.lost),
  }
}
