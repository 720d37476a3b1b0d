/** Usage reports through Service Control: each buyer is checked, then all records go in one report. */
import type { servicecontrol_v1 } from '@googleapis/servicecontrol'
import { formatDecimal, isZero } from '../../src/core/decimal.ts'
import { HOUR_MS, plus } from '../../src/core/time.ts'
import type {
  Connection,
  MeterAnswer,
  Metering,
  MeteringRules,
  MeterRecord,
  MeterReport,
} from '../connector.ts'
import type { Gcp } from './clients.ts'
import { checkVerdict, fromReportError } from './metering/check-errors.ts'
import { uuidOf } from './metering/uuid.ts'
import { metricTypes } from './selling/catalog.ts'
import { meteredService } from './wire/names.ts'

/**
 * Sources: the public definition of Service Control v1 (1 MB per request, one value per metric and operation, consumer
 * from the entitlement's usageReportingId) and Google's best practices for usage reports (within an hour, until 01:00 in
 * Los Angeles on the first of the month). Windows: an operation covers its hour and must arrive within an hour of its
 * end, so two hours after the hour began. 01:00 in Los Angeles is 08:00 UTC in summer and 09:00 in winter; the earlier
 * one is kept. The month of Google begins at that midnight too, and the hours between the two midnights fall under the
 * window anyway. Google publishes no request rate or batch size: ours are cautious settings. A private offer knows no
 * included quantities, so the seller draws them; prepaid credit in money is drawn by Google. Whether an id that was seen
 * is counted once is told in two ways: the identical operation is sent again, and the reports are compared.
 */
const meteringRules: MeteringRules = {
  grain: 'additive',
  batch_max: 50,
  batch_bytes_max: 900_000,
  one_product_per_request: true,
  requests_per_second: 5,
  burst: 10,
  window_ms: 2 * HOUR_MS,
  month_cutoff_ms: 8 * HOUR_MS,
  // Most metrics are INT64. The ones that take fractions are named in the connection's metric_types.
  quantity: 'whole',
  zero_allowed: false,
  draws_included: 'seller',
  after_end_ms: HOUR_MS,
  named_by: 'license',
  read_back: false,
  unknown_outcome: 'send_identical',
}

const CHECKS_AT_ONCE_MAX = 5
const INT64_MAX = 9_223_372_036_854_775_807n

type Operation = servicecontrol_v1.Schema$Operation
type Sent = { record: MeterRecord; operation: Operation & { operationId: string } }

export function gcpMetering(gcp: Gcp): Metering {
  return { rules: meteringRules, report: (connection, records) => report(gcp, connection, records) }
}

async function report(
  gcp: Gcp,
  connection: Connection,
  records: readonly MeterRecord[],
): Promise<MeterReport> {
  const first = records[0]
  if (first === undefined) return { answers: [], evidence: {} }
  const serviceName = meteredService(connection, first.product_id)
  const made = await toGcpOperations(records, serviceName, metricTypes(connection))
  const checked = await checkAll(gcp, connection, serviceName, made.sent)
  const answers = [...made.refused, ...checked.answers]
  if (checked.good.length === 0) return { answers, evidence: gcp.evidence({ serviceName }, checked.received) }
  const requestBody = { operations: checked.good.map(({ operation }) => operation) }
  const answer = await gcp.serviceControl(connection, 'Report', (client, options) =>
    client.services.report({ serviceName, requestBody }, options),
  )
  return {
    answers: [...answers, ...fromGcpReport(checked.good, answer.reportErrors ?? [])],
    evidence: gcp.evidence({ serviceName, ...requestBody }, { checks: checked.received, report: answer }),
  }
}

/** The operations of the records that Google can take. The same record always becomes the same operation. */
export async function toGcpOperations(
  records: readonly MeterRecord[],
  serviceName: string,
  types: ReadonlyMap<string, 'int64' | 'double'>,
): Promise<{ sent: Sent[]; refused: MeterAnswer[] }> {
  const sent: Sent[] = []
  const refused: MeterAnswer[] = []
  for (const record of records) {
    const double = types.get(record.dimension) === 'double'
    const refusal = refusalOf(record, double)
    if (refusal !== undefined) refused.push({ id: record.id, status: 'refused', ...refusal })
    else sent.push({ record, operation: await toOperation(record, serviceName, double) })
  }
  return { sent, refused }
}

/** One operation that Google cannot take makes it throw the whole request back, so it is kept out. */
function refusalOf(record: MeterRecord, double: boolean): { code: string; message: string } | undefined {
  const { quantity } = record
  if (!record.license) {
    return {
      code: 'NoReportingId',
      message: 'The order has no usageReportingId: its product has no usage prices.',
    }
  }
  if (quantity.coefficient < 0n)
    return { code: 'QuantityNegative', message: 'Google takes no negative usage.' }
  if (isZero(quantity))
    return { code: 'QuantityZero', message: 'Nothing was used: there is nothing to report.' }
  if (!double && formatDecimal(quantity).includes('.')) {
    return {
      code: 'QuantityNotWhole',
      message:
        'The metric takes whole quantities only. If it takes fractions, name it in metric_types as double.',
    }
  }
  if (!double && quantity.coefficient > INT64_MAX) {
    return { code: 'QuantityTooLarge', message: `Google takes at most ${INT64_MAX} per operation.` }
  }
  return undefined
}

/**
 * The id is made from the entitlement, the metric, the window and the record, because several records of one hour add
 * up and each must count. The value's type must be the metric's own.
 */
async function toOperation(record: MeterRecord, serviceName: string, double: boolean) {
  const startTime = record.hour.toISOString()
  // Of an order that was cancelled Google takes only what ended before.
  const full = plus(record.hour, HOUR_MS)
  const { until } = record
  const endTime = (until && until < full ? until : full).toISOString()
  const text = formatDecimal(record.quantity)
  const name = [record.agreement_id, record.dimension, startTime, record.id].join('\n')
  return {
    operationId: await uuidOf(name),
    operationName: 'syndic usage report',
    consumerId: record.license ?? '',
    startTime,
    endTime,
    metricValueSets: [
      {
        metricName: `${serviceName}/${record.dimension}`,
        metricValues: [double ? { doubleValue: Number(text) } : { int64Value: text }],
      },
    ],
  }
}

type Checked = { good: Sent[]; answers: MeterAnswer[]; received: Record<string, unknown> }

/** Asks once per buyer whether usage is taken. The answer speaks of the buyer, so it holds for all of its records. */
async function checkAll(
  gcp: Gcp,
  connection: Connection,
  serviceName: string,
  sent: readonly Sent[],
): Promise<Checked> {
  const buyers = [...Map.groupBy(sent, ({ record }) => record.license ?? '').entries()]
  const checked: Checked = { good: [], answers: [], received: {} }
  for (let start = 0; start < buyers.length; start += CHECKS_AT_ONCE_MAX) {
    const group = buyers.slice(start, start + CHECKS_AT_ONCE_MAX)
    const answered = await Promise.all(
      group.map(async ([license, items]) => {
        const operation = items[0]?.operation ?? {}
        const answer = await gcp.serviceControl(connection, 'Check', (client, options) =>
          client.services.check({ serviceName, requestBody: { operation } }, options),
        )
        return { license, items, errors: answer.checkErrors ?? [] }
      }),
    )
    for (const { license, items, errors } of answered) {
      checked.received[license] = errors
      const verdict = checkVerdict(errors)
      if (verdict.status === 'good') checked.good.push(...items)
      else checked.answers.push(...items.map(({ record }) => ({ id: record.id, ...verdict })))
    }
  }
  return checked
}

/** A report that was taken names only the operations that were not. */
function fromGcpReport(
  sent: readonly Sent[],
  reportErrors: readonly servicecontrol_v1.Schema$ReportError[],
): MeterAnswer[] {
  const errors = new Map(reportErrors.map((error) => [error.operationId ?? '', error.status ?? {}]))
  return sent.map(({ record, operation }): MeterAnswer => {
    const status = errors.get(operation.operationId)
    const verdict = status === undefined ? undefined : fromReportError(status)
    if (verdict !== undefined && verdict.status !== 'known') return { id: record.id, ...verdict }
    const cloud_record_id = operation.operationId
    return { id: record.id, status: 'accepted', cloud_record_id, duplicate: verdict !== undefined }
  })
}
