/** Usage reports: one BatchMeterUsage request at a time. */
import type { BatchMeterUsageCommandInput, UsageRecord } from '@aws-sdk/client-marketplace-metering'
import { type Decimal, formatDecimal } from '../../src/core/decimal.ts'
import type { Fault } from '../../src/core/fault.ts'
import { HOUR_MS, SECOND_MS } from '../../src/core/time.ts'
import type {
  Connection,
  MeterAnswer,
  Metering,
  MeteringRules,
  MeterRecord,
  MeterReport,
} from '../connector.ts'
import type { Aws } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { allocationRules, toUsageAllocations, wrongAllocations } from './metering/allocations.ts'

/**
 * Sources: the API model of the metering service (batch, size, window, month cut-off, quantities, idempotence) and the
 * seller guide (one hour after the end of a subscription). AWS publishes no request rate for metering: ours is a
 * cautious setting. Records are deduplicated by customer, dimension and time; that this goes by the hour is documented
 * for MeterUsage only, and keeping to one record per hour is right either way. With a contract with consumption AWS
 * prices all usage of metered dimensions, so nothing is drawn before it is sent.
 */
export const meteringRules: MeteringRules = {
  grain: 'one_per_hour',
  batch_max: 25,
  batch_bytes_max: 1_000_000,
  one_product_per_request: true,
  requests_per_second: 10,
  burst: 20,
  window_ms: 24 * HOUR_MS,
  month_cutoff_ms: 6 * HOUR_MS,
  // AWS widened the window and tells no day: the pages of 2025 still had six hours, those of 2026 have a day.
  earlier: [{ until: '2026-01-01', window_ms: 6 * HOUR_MS, month_cutoff_ms: 6 * HOUR_MS }],
  quantity: 'whole',
  zero_allowed: true,
  draws_included: 'cloud',
  after_end_ms: HOUR_MS,
  named_by: 'license',
  allocations: allocationRules,
  read_back: false,
  unknown_outcome: 'send_identical',
}

const QUANTITY_MAX = 2_147_483_647n
/** What a request takes beside its records: their list and the product code. */
const FRAME_BYTES = 500

export function awsMetering(aws: Aws): Metering {
  return { rules: meteringRules, report: (connection, records) => report(aws, connection, records) }
}

async function report(
  aws: Aws,
  connection: Connection,
  records: readonly MeterRecord[],
): Promise<MeterReport> {
  const { refused, sent, left, request } = toAwsBatch(records)
  if (request === undefined) return { answers: [...refused, ...left], evidence: {} }
  const client = await (await aws.clients(connection)).metering()
  try {
    const answer = await aws.guard(connection, 'BatchMeterUsage', (abortSignal) =>
      client.batchMeterUsage(request, { abortSignal }),
    )
    return {
      answers: [...refused, ...left, ...fromAwsResults(sent, answer)],
      evidence: aws.evidence(request, answer),
    }
  } catch (error) {
    if (!isFaultOf(error, 'invalid')) throw error
    const unknown = dimensionRefusals(sent, error)
    if (unknown === undefined) throw error
    return { answers: [...refused, ...left, ...unknown], evidence: aws.evidence(request, error.evidence) }
  }
}

/**
 * AWS throws a whole batch back over one dimension that the product does not have, and records none of it. It does not
 * say which; where all records are of one dimension, it is that one. Source: the API model of the metering service.
 */
function dimensionRefusals(sent: readonly MeterRecord[], { cloudCode }: Fault): MeterAnswer[] | undefined {
  if (cloudCode !== 'InvalidUsageDimensionException') return undefined
  if (new Set(sent.map(({ dimension }) => dimension)).size > 1) return undefined
  return sent.map(({ id, dimension }) => ({
    id,
    status: 'refused',
    code: 'InvalidUsageDimensionException',
    message: `The product at AWS takes no usage of the dimension "${dimension}".`,
    about: 'dimension',
  }))
}

type Batch = {
  refused: MeterAnswer[]
  sent: MeterRecord[]
  left: MeterAnswer[]
  request: BatchMeterUsageCommandInput | undefined
}

/**
 * The request for as many of the records as may go together. Records that name a licence and records that go by
 * product code never share a request, because AWS bills usage twice that comes both ways; the others stay for the next.
 */
export function toAwsBatch(records: readonly MeterRecord[]): Batch {
  const refused = records.flatMap((record) => refusalOf(record) ?? [])
  const refusedIds = new Set(refused.map((answer) => answer.id))
  const good = records.filter((record) => !refusedIds.has(record.id))
  const first = good[0]
  if (first === undefined) return { refused, sent: [], left: [], request: undefined }
  let room = meteringRules.batch_bytes_max - FRAME_BYTES
  const together = (record: MeterRecord) =>
    first.license === null
      ? record.license === null && record.product_code === first.product_code
      : record.license !== null
  const sent = good.filter((record) => {
    if (!together(record)) return false
    room -= JSON.stringify(toAwsRecord(record)).length
    return room >= 0 || record === first
  })
  const left = good
    .filter((record) => !sent.includes(record))
    .map(({ id }): MeterAnswer => ({ id, status: 'unprocessed' }))
  const request = {
    UsageRecords: sent.map(toAwsRecord),
    ...(first.license === null && first.product_code !== null ? { ProductCode: first.product_code } : {}),
  }
  return { refused, sent, left, request }
}

/** One record that AWS cannot take would make it throw the whole batch back, so it is kept out of it. */
function refusalOf(record: MeterRecord): MeterAnswer | undefined {
  const refuse = (code: string, message: string): MeterAnswer => ({
    id: record.id,
    status: 'refused',
    code,
    message,
  })
  if (record.license === null && record.product_code === null) {
    return refuse(
      'NoLicense',
      'Neither the licence of the agreement nor the product code is known, so AWS cannot be told what was used.',
    )
  }
  if (!isWhole(record.quantity))
    return refuse('QuantityNotWhole', 'AWS takes whole quantities of zero or more only.')
  if (record.quantity.coefficient > QUANTITY_MAX)
    return refuse('QuantityTooLarge', `AWS takes at most ${QUANTITY_MAX} per record.`)
  const wrong = wrongAllocations(record)
  return wrong === undefined ? undefined : refuse('AllocationsNotTaken', wrong)
}

function isWhole(quantity: Decimal): boolean {
  return quantity.coefficient >= 0n && !formatDecimal(quantity).includes('.')
}

function toAwsRecord(record: MeterRecord): UsageRecord {
  return {
    Timestamp: record.hour,
    CustomerAWSAccountId: record.buyer_account_id,
    Dimension: record.dimension,
    Quantity: Number(formatDecimal(record.quantity)),
    ...toUsageAllocations(record),
    ...(record.license === null ? {} : { LicenseArn: record.license }),
  }
}

type AwsResult = {
  UsageRecord?: UsageRecord | undefined
  MeteringRecordId?: string | undefined
  Status?: string | undefined
}

type AwsAnswer = {
  Results?: readonly AwsResult[] | undefined
  UnprocessedRecords?: readonly UsageRecord[] | undefined
}

/** AWS gives the records back in an order of its own, without our ids. What it is silent about has no answer. */
export function fromAwsResults(sent: readonly MeterRecord[], answer: AwsAnswer): MeterAnswer[] {
  const byMark = Map.groupBy(answer.Results ?? [], ({ UsageRecord: record }) =>
    record === undefined ? '' : markOf(record),
  )
  const left = new Set((answer.UnprocessedRecords ?? []).map(markOf))
  return sent.flatMap((record): MeterAnswer[] => {
    const mark = markOf(toAwsRecord(record))
    const result = byMark.get(mark)?.shift()
    if (result !== undefined) return [fromAwsResult(record.id, result)]
    return left.has(mark) ? [{ id: record.id, status: 'unprocessed' }] : []
  })
}

function markOf(record: UsageRecord): string {
  const seconds = Math.floor((record.Timestamp?.getTime() ?? 0) / SECOND_MS)
  return JSON.stringify([
    record.LicenseArn ?? '',
    record.CustomerAWSAccountId ?? '',
    record.Dimension ?? '',
    seconds,
  ])
}

function fromAwsResult(id: string, result: AwsResult): MeterAnswer {
  switch (result.Status) {
    case 'Success':
      return { id, status: 'accepted', cloud_record_id: result.MeteringRecordId ?? '', duplicate: false }
    // The same record again is a success at AWS; this one says that another quantity or split is recorded, and not which.
    case 'DuplicateRecord':
      return {
        id,
        status: 'refused',
        code: 'DuplicateRecord',
        message:
          'AWS already has another quantity or split for this buyer, dimension and hour, and keeps it.',
      }
    case 'CustomerNotSubscribed':
      return {
        id,
        status: 'refused',
        code: 'CustomerNotSubscribed',
        message: 'The buyer has no running agreement for this product, or AWS suspended their account.',
      }
    default:
      return {
        id,
        status: 'refused',
        code: result.Status ?? 'Unknown',
        message: 'AWS gave a status that is not documented.',
      }
  }
}
