import { z } from '@hono/zod-openapi'
import type { Agreement } from '../agreements/model.ts'
import { type Decimal, formatDecimal, subtract } from '../core/decimal.ts'
import { moneyText } from '../core/money.ts'
import { problemBody } from '../core/problem.ts'
import { MINUTE_MS } from '../core/time.ts'
import { moneySchema, problemSchema } from '../door/index.ts'
import type { EventAnswer } from './ingest.ts'
import { worthOf } from './lose.ts'
import { hourStates, recordStates, type UsageRecord } from './model.ts'
import type { ReadHour, ReadRisk } from './store-reads.ts'
import type { MeterSummary } from './summary.ts'

const quantity = z.string().openapi({ example: '1.25', description: 'An exact decimal number as text' })

export const eventAnswerSchema = z
  .object({
    id: z.string().nullable(),
    source: z.string().nullable(),
    status: z.enum(['accepted', 'replayed', 'conflict', 'refused']),
    problem: problemSchema.optional(),
  })
  .openapi('UsageEventAnswer')

export const batchAnswerSchema = z
  .object({
    events: z.array(eventAnswerSchema).openapi({ description: 'One answer per event, in their order' }),
    accepted: z.number().int(),
    replayed: z.number().int(),
    conflicts: z.number().int(),
    refused: z.number().int(),
  })
  .openapi('UsageBatchAnswer')

/** How an event is written, for the documentation: each event is judged by itself, not by the door. */
export const eventDocument = {
  type: 'object' as const,
  required: ['id', 'source', 'time', 'subject', 'type', 'data'],
  properties: {
    id: { type: 'string' as const, example: 'evt-1' },
    source: { type: 'string' as const, example: 'https://eu.example.com/meter' },
    time: { type: 'string' as const, format: 'date-time' },
    subject: { type: 'string' as const, description: 'The agreement', example: 'agr_0abc' },
    type: { type: 'string' as const, description: "The dimension's key", example: 'scans' },
    data: {
      type: 'object' as const,
      properties: {
        quantity: {
          description: 'Text, or a whole JSON number. Not needed for count and unique dimensions.',
          oneOf: [{ type: 'string' as const, example: '1.25' }, { type: 'integer' as const }],
        },
        attributes: {
          type: 'object' as const,
          description: 'Free; a unique dimension counts the different values of "unique"',
          additionalProperties: true,
        },
      },
    },
  },
}

export const hourSchema = z
  .object({
    agreement_id: z.string(),
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

export function shownAnswer({ problem, ...answer }: EventAnswer): z.infer<typeof eventAnswerSchema> {
  if (problem === undefined) return answer
  return { ...answer, problem: problemBody(problem.code, problem.detail, problem.errors) }
}

function shownWorth(agreement: Agreement | undefined, dimension: string, amount: Decimal) {
  const worth = worthOf(agreement, dimension, amount)
  return worth === null ? null : moneyText(worth)
}

export function shownHour(hour: ReadHour, agreement: Agreement | undefined): z.infer<typeof hourSchema> {
  const { accepted, sent, used, state, deadline_at, closed_at } = hour
  const unsettled = state === 'open' ? used : subtract(sent, accepted)
  return {
    ...hour,
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

export function shownRecord(record: UsageRecord): z.infer<typeof recordSchema> {
  const { connection_id: _, ...shown } = record
  return {
    ...shown,
    hour: record.hour.toISOString(),
    source_hour: record.source_hour.toISOString(),
    quantity: formatDecimal(record.quantity),
    deadline_at: record.deadline_at.toISOString(),
    created_at: record.created_at.toISOString(),
    settled_at: record.settled_at?.toISOString() ?? null,
  }
}

export function shownRisk(
  risk: ReadRisk,
  agreement: Agreement | undefined,
  now: Date,
): z.infer<typeof riskSchema> {
  return {
    ...risk,
    hour: risk.hour.toISOString(),
    quantity: formatDecimal(risk.quantity),
    deadline_at: risk.deadline_at.toISOString(),
    minutes_left: Math.max(0, Math.floor((risk.deadline_at.getTime() - now.getTime()) / MINUTE_MS)),
    at_risk: shownWorth(agreement, risk.dimension, risk.quantity),
  }
}

export function shownSummary(meter: MeterSummary): z.infer<typeof summarySchema> {
  const text = (value: Decimal | null) => (value === null ? null : formatDecimal(value))
  return {
    agreement_id: meter.agreement_id,
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
