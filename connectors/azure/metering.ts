/** Usage reports: one batchUsageEvent request at a time. */
import { z } from 'zod'
import { compare, formatDecimal, isNegative, isZero } from '../../src/core/decimal.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import type {
  Connection,
  MeterAnswer,
  Metering,
  MeteringRules,
  MeterRecord,
  MeterReport,
} from '../connector.ts'
import { FULFILMENT_VERSION } from './agreements/subscriptions.ts'
import type { Azure } from './clients.ts'
import { shaped } from './faults.ts'
import { fromAzureNumber, toAzureNumber } from './wire/numbers.ts'

/**
 * Sources: Microsoft's OpenAPI document of the metering API and its page on metered billing (25 events, one event per
 * resource, dimension and hour, 24 hours back, quantities above zero, only what goes beyond the included quantity;
 * after a cancellation the hours before it). No request rate is published: ours is a cautious setting. The answer to a
 * duplicate carries the event that was taken, so sending the same again resolves an unknown outcome.
 */
export const meteringRules: MeteringRules = {
  grain: 'one_per_hour',
  batch_max: 25,
  batch_bytes_max: 1_000_000,
  one_product_per_request: false,
  requests_per_second: 5,
  burst: 10,
  window_ms: 24 * HOUR_MS,
  month_cutoff_ms: null,
  quantity: 'fractional',
  zero_allowed: false,
  draws_included: 'seller',
  after_end_ms: 24 * HOUR_MS,
  read_back: true,
  named_by: 'agreement',
  unknown_outcome: 'send_identical',
}

export function azureMetering(azure: Azure): Metering {
  return { rules: meteringRules, report: (connection, records) => report(azure, connection, records) }
}

async function report(
  azure: Azure,
  connection: Connection,
  records: readonly MeterRecord[],
): Promise<MeterReport> {
  const { refused, sent, body } = toAzureBatch(records)
  if (sent.length === 0) return { answers: refused, evidence: {} }
  const reply = await azure.call(connection, 'metering', {
    call: 'BatchUsageEvent',
    method: 'POST',
    path: '/batchUsageEvent',
    query: FULFILMENT_VERSION,
    body,
  })
  const { result } = shaped(replyShape, reply.body, 'BatchUsageEvent')
  return {
    answers: [...refused, ...fromAzureResults(sent, result)],
    evidence: azure.evidence(body, reply.body),
  }
}

type UsageEvent = {
  resourceId: string
  planId: string
  dimension: string
  effectiveStartTime: string
  quantity: number
}
type Sent = { record: MeterRecord; event: UsageEvent }

/** One event that Azure cannot take would make it throw the whole batch back, so it is kept out of it. */
function toAzureBatch(records: readonly MeterRecord[]): {
  refused: MeterAnswer[]
  sent: Sent[]
  body: { request: UsageEvent[] }
} {
  const refused: MeterAnswer[] = []
  const sent: Sent[] = []
  for (const record of records) {
    const event = toAzureEvent(record)
    if ('code' in event) refused.push({ id: record.id, status: 'refused', ...event })
    else sent.push({ record, event })
  }
  return { refused, sent, body: { request: sent.map(({ event }) => event) } }
}

function toAzureEvent(record: MeterRecord): UsageEvent | { code: string; message: string } {
  const { quantity, plan } = record
  if (!plan)
    return { code: 'NoPlan', message: 'The plan of the agreement is not known, and Azure wants it named.' }
  if (isNegative(quantity) || isZero(quantity))
    return { code: 'QuantityNotPositive', message: 'Azure takes quantities above zero only.' }
  const number = toAzureNumber(quantity)
  if (number === undefined)
    return {
      code: 'QuantityTooExact',
      message: `Azure cannot be told ${formatDecimal(quantity)} without rounding it.`,
    }
  return {
    resourceId: record.agreement_id,
    planId: plan,
    dimension: record.dimension,
    effectiveStartTime: record.hour.toISOString(),
    quantity: number,
  }
}

const text = z.string().nullish().catch(null)
const number = z.union([z.number(), z.string()]).nullish().catch(null)
const resultShape = z.looseObject({
  usageEventId: text,
  status: text,
  resourceId: text,
  dimension: text,
  effectiveStartTime: text,
  quantity: number,
  error: z
    .looseObject({
      code: text,
      message: text,
      additionalInfo: z
        .looseObject({
          acceptedMessage: z.looseObject({ usageEventId: text, quantity: number }).nullish().catch(null),
        })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})
type Result = z.infer<typeof resultShape>
const replyShape = z.looseObject({ result: z.array(resultShape) })

/**
 * Results are matched by what they name; one that names nothing belongs to the event in its place. What Azure is silent about
 * has no answer.
 */
function fromAzureResults(sent: readonly Sent[], results: readonly Result[]): MeterAnswer[] {
  const byMark = new Map<string, Result[]>()
  for (const result of results) {
    const mark = markOf(result)
    if (mark !== undefined) byMark.set(mark, [...(byMark.get(mark) ?? []), result])
  }
  return sent.flatMap(({ record, event }, index): MeterAnswer[] => {
    const inPlace = results.length === sent.length ? results[index] : undefined
    const nameless = inPlace !== undefined && markOf(inPlace) === undefined ? inPlace : undefined
    const result = byMark.get(markOf(event) ?? '')?.shift() ?? nameless
    return result === undefined ? [] : [fromAzureResult(record, result)]
  })
}

function markOf(item: Pick<Result, 'resourceId' | 'dimension' | 'effectiveStartTime'>): string | undefined {
  if (!item.resourceId || !item.dimension || !item.effectiveStartTime) return undefined
  const hour = Math.floor(Date.parse(item.effectiveStartTime) / HOUR_MS)
  return Number.isNaN(hour)
    ? undefined
    : JSON.stringify([item.resourceId.toLowerCase(), item.dimension, hour])
}

const words: Readonly<Record<string, string>> = {
  Expired: 'The hour is more than 24 hours past; Azure takes it no more.',
  ResourceNotFound: 'Azure knows no such subscription.',
  ResourceNotAuthorized: 'This account may not report usage of that subscription.',
  ResourceNotActive: 'The subscription is suspended, or was never activated.',
  InvalidDimension: 'The plan has no such custom meter.',
  InvalidQuantity: 'Azure takes quantities above zero only.',
  BadArgument: 'Azure could not read the event.',
}

function fromAzureResult(record: MeterRecord, result: Result): MeterAnswer {
  const { id } = record
  switch (result.status) {
    case 'Accepted':
      return { id, status: 'accepted', cloud_record_id: result.usageEventId ?? '', duplicate: false }
    case 'Duplicate':
      return fromAzureDuplicate(record, result)
    // The service failed over this event: it may be sent again.
    case 'Error':
      return { id, status: 'unprocessed' }
    default: {
      const code = result.status || 'Unknown'
      const told = Object.hasOwn(words, code) ? words[code] : 'Azure gave a status that is not documented.'
      const own = result.error?.message ? ` Azure says: ${result.error.message}` : ''
      const about = code === 'InvalidDimension' ? ({ about: 'dimension' } as const) : {}
      return { id, status: 'refused', code, message: `${told}${own}`, ...about }
    }
  }
}

/** The hour has an event. It is ours when it holds what we send; any other quantity stays as it is there. */
function fromAzureDuplicate({ id, quantity }: MeterRecord, result: Result): MeterAnswer {
  const accepted = result.error?.additionalInfo?.acceptedMessage
  const stored = fromAzureNumber(accepted?.quantity)
  if (stored !== undefined && compare(stored, quantity) === 0)
    return { id, status: 'accepted', cloud_record_id: accepted?.usageEventId ?? '', duplicate: true }
  const told = stored === undefined ? 'another quantity' : formatDecimal(stored)
  return {
    id,
    status: 'refused',
    code: 'Duplicate',
    message: `Azure already has ${told} for this subscription, dimension and hour, and keeps it.`,
  }
}
