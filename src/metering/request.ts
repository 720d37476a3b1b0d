import { z } from 'zod'
import type { MeteringRules, MeterRecord } from '../../connectors/connector.ts'
import type { Agreement } from '../agreements/model.ts'
import { sha256 } from '../core/canonical.ts'
import { decimal, formatDecimal } from '../core/decimal.ts'
import { HOUR_MS, plus } from '../core/time.ts'
import { enqueue, type Operation } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import { allocationTexts, earliest, spanOf, type UsageRecord } from './model.ts'
import { bytesOf } from './split.ts'
import { markSending } from './store-records.ts'

const sentRecord = z.strictObject({
  id: z.string(),
  product_id: z.string(),
  product_code: z.string().nullable(),
  license: z.string().nullable(),
  agreement_id: z.string(),
  plan: z.string().nullable(),
  buyer_account_id: z.string(),
  dimension: z.string(),
  hour: z.string(),
  until: z.string().nullable(),
  quantity: z.string(),
  /** Requests that were written down before usage was split have none. */
  allocations: z
    .array(z.strictObject({ tags: z.record(z.string(), z.string()), quantity: z.string() }))
    .nullable()
    .default(null),
  deadline_at: z.string(),
})
/** One record exactly as it is sent, at the first attempt and at every other. */
export type SentRecord = z.infer<typeof sentRecord>

const shape = z.strictObject({
  /** An earlier request with the same records brought no answer: they may be at the cloud already. */
  may_have_arrived: z.boolean(),
  records: z.array(sentRecord).min(1),
})
export type ReportRequest = z.infer<typeof shape>

export function requestOf(operation: Pick<Operation, 'request'>): ReportRequest {
  return shape.parse(operation.request)
}

export function toMeterRecord({ deadline_at: _, ...record }: SentRecord): MeterRecord {
  const { hour, until, quantity, allocations } = record
  return {
    ...record,
    hour: new Date(hour),
    until: until === null ? null : new Date(until),
    quantity: decimal(quantity),
    allocations: allocations?.map((one) => ({ ...one, quantity: decimal(one.quantity) })) ?? null,
  }
}

/** A record with the names the cloud knows; null while the cloud has not told us by which to report. */
export function toSentRecord(
  record: UsageRecord,
  agreement: Agreement,
  rules: MeteringRules,
): SentRecord | null {
  const { license, product_code } = agreement
  if (rules.named_by === 'license' && license === null && product_code === null) return null
  return {
    id: record.id,
    product_id: agreement.cloud_product_id ?? '',
    product_code,
    license,
    agreement_id: agreement.cloud_agreement_id,
    plan: agreement.plan,
    buyer_account_id: agreement.buyer_account_id,
    dimension: record.dimension,
    hour: record.hour.toISOString(),
    until: untilOf(record.hour, agreement)?.toISOString() ?? null,
    quantity: formatDecimal(record.quantity),
    allocations: rules.allocations === undefined ? null : allocationTexts(record),
    deadline_at: record.deadline_at.toISOString(),
  }
}

/** Where the agreement ends inside the hour; null where the hour is whole. */
function untilOf(hour: Date, agreement: Agreement): Date | null {
  const { ends_at } = spanOf(agreement)
  return ends_at !== null && ends_at > hour && ends_at < plus(hour, HOUR_MS) ? ends_at : null
}

/**
 * What may share a request: one product and one way to name the buyer's purchase. A licence and a product code for
 * the same customer and hour would be charged twice, so the two never meet.
 */
export function groupOf(sent: SentRecord, agreement_id: string, rules: MeteringRules): string {
  const named = sent.license === null ? `code ${sent.product_code}` : 'license'
  if (!rules.one_product_per_request) return named
  return `${sent.product_id === '' ? agreement_id : sent.product_id} ${named}`
}

/** Room that the request's own members take beside its records. */
const FRAME_BYTES = 1000

/** Cuts a group into requests as full as the cloud allows, keeping the order. */
export function fill(records: readonly SentRecord[], rules: MeteringRules): SentRecord[][] {
  const requests: SentRecord[][] = []
  let current: SentRecord[] = []
  let bytes = FRAME_BYTES
  for (const record of records) {
    const size = sizeOf(record, rules)
    if (current.length >= rules.batch_max || (current.length > 0 && bytes + size > rules.batch_bytes_max)) {
      requests.push(current)
      current = []
      bytes = FRAME_BYTES
    }
    current.push(record)
    bytes += size
  }
  if (current.length > 0) requests.push(current)
  return requests
}

/** What a record takes of a request: its parts as the cloud writes them, which is longer than we do. */
function sizeOf(record: SentRecord, { allocations: parts }: MeteringRules): number {
  const { allocations, ...rest } = record
  const own = JSON.stringify(rest).length
  return parts === undefined
    ? own
    : (allocations ?? []).reduce((total, one) => total + bytesOf(one, parts), own)
}

/** Writes one request down as an operation and marks its records, in the caller's transaction. */
export async function ask(
  scope: Scope,
  connection_id: string,
  request: ReportRequest,
  /** What makes this sending of these records another one than the last. */
  occasion: string,
): Promise<void> {
  const ids = request.records.map(({ id }) => id)
  const deadline_at = earliest(request.records.map((record) => new Date(record.deadline_at)))
  const operation = await enqueue(scope, {
    connection_id,
    kind: 'metering.report',
    subject_id: connection_id,
    key: `usage-${await sha256(`${occasion} ${ids.join(' ')}`)}`,
    request,
    ...(deadline_at === null ? {} : { deadline_at }),
  })
  // All records of a request are named the same way.
  const first = request.records[0]
  const named_by = first === undefined ? null : first.license === null ? 'code' : 'license'
  await markSending(scope, ids, { operation_id: operation.id, named_by })
}
