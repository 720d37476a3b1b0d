import type { Agreement } from '../agreements/model.ts'
import {
  compare,
  type Decimal,
  decimal,
  formatDecimal,
  isNegative,
  multiply,
  negate,
  zero,
} from '../core/decimal.ts'
import { displayMoney, type Money, roundMoney } from '../core/money.ts'
import * as exceptions from '../exceptions/index.ts'
import { usagePricesOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { type MeterKey, meterText, type UsageRecord } from './model.ts'
import type { Loss } from './plan-model.ts'
import { type HourMove, moveHours } from './store-moves.ts'
import { settleRecords } from './store-records.ts'

/** What a quantity is worth to this organisation; null where the agreement names no price for it. */
export function worthOf(
  agreement: Pick<Agreement, 'terms'> | undefined,
  dimension: string,
  quantity: Decimal,
): Money | null {
  if (agreement === undefined) return null
  const price = usagePricesOf(agreement.terms)[dimension]
  return price === undefined
    ? null
    : roundMoney(agreement.terms.currency, multiply(price, quantity), 'half_up')
}

/** Puts a number of units into words with what they are worth. */
function worded(agreement: Agreement | undefined, dimension: string, quantity: Decimal): string {
  const worth = worthOf(agreement, dimension, quantity)
  const money = worth === null ? '' : ` (${displayMoney(worth)})`
  return `${formatDecimal(quantity)} ${dimension}${money}`
}

/** What is said of usage that is lost though the cloud may have it; nothing where it cannot. */
export function doubtOf({ state, named_by }: Pick<UsageRecord, 'state' | 'named_by'>): string {
  return state === 'pending' && named_by !== null
    ? ' An earlier attempt may have arrived: compare with what the cloud itself reports.'
    : ''
}

export type LostRecord = { record: UsageRecord; reason: string }

const losses = {
  refused: { kind: 'metering_refused', word: 'was refused by the cloud' },
  expired: { kind: 'metering_expired', word: 'was not taken in time' },
  // A person did it and knows: there is nothing left to do about it.
  written_off: { kind: null, word: 'was written off' },
} as const

/**
 * Records that the cloud refused, that nobody took in time, or that were written off: their usage moves from sent to
 * lost, and a person is told. In the caller's transaction.
 */
export async function loseRecords(
  scope: Scope,
  state: keyof typeof losses,
  lost: readonly LostRecord[],
  known: ReadonlyMap<string, Agreement>,
): Promise<void> {
  if (lost.length === 0) return
  await settleRecords(
    scope,
    state,
    lost.map(({ record, reason }) => ({ id: record.id, cloud_record_id: null, reason })),
  )
  await moveHours(
    scope,
    lost.map(({ record }): HourMove => {
      const { agreement_id, dimension, hour, quantity, deadline_at } = record
      const nothing = { drawn: zero, carried_in: zero, carried_out: zero }
      return {
        agreement_id,
        dimension,
        hour,
        deadline_at,
        ...nothing,
        sent: negate(quantity),
        lost: quantity,
      }
    }),
  )
  for (const { record, reason } of lost) {
    const agreement = known.get(record.agreement_id)
    const what = worded(agreement, record.dimension, record.quantity)
    const { kind, word } = losses[state]
    await tell(scope, {
      kind,
      subject_id: record.id,
      agreement_id: record.agreement_id,
      sentence: `Usage of ${record.hour.toISOString()} ${word}: ${what}. ${reason}`,
      worth: worthOf(agreement, record.dimension, record.quantity),
    })
  }
  await settleAlarms(
    scope,
    lost.map(({ record }) => record.id),
  )
}

/** Usage that no hour could take. The hour's own columns were written with the plan. */
export async function tellLosses(
  scope: Scope,
  meter: MeterKey,
  losses: readonly Loss[],
  agreement: Agreement,
): Promise<void> {
  for (const { hour, quantity, reason } of losses) {
    const sentence = `Usage was not billed: ${worded(agreement, meter.dimension, quantity)}. Reason: ${reason}.`
    const small = !isNegative(quantity) && compare(quantity, decimal(1)) < 0
    await tell(scope, {
      // Less than one unit cannot be billed by anybody: it is written down, but there is nothing to do about it.
      kind: small ? null : 'metering_late',
      subject_id: `${meterText(meter)} ${hour.toISOString()}`,
      agreement_id: meter.agreement_id,
      sentence,
      worth: worthOf(agreement, meter.dimension, quantity),
    })
  }
}

type Told = {
  kind: 'metering_refused' | 'metering_expired' | 'metering_late' | null
  subject_id: string
  agreement_id: string
  sentence: string
  worth: Money | null
}

async function tell(scope: Scope, told: Told): Promise<void> {
  await timeline.record(scope, {
    subject_id: told.agreement_id,
    kind: 'usage_lost',
    sentence: told.sentence,
  })
  if (told.kind === null) return
  await exceptions.openException(scope, {
    kind: told.kind,
    subject_id: told.subject_id,
    sentence: told.sentence,
    fix: 'Invoice it outside the marketplace or write it off, then resolve this with a note',
    ...(told.worth === null ? {} : { amount: told.worth }),
  })
}

/** Tells of records that may become unbillable soon. */
export async function alarm(
  scope: Scope,
  records: readonly UsageRecord[],
  known: ReadonlyMap<string, Agreement>,
): Promise<void> {
  for (const record of records) {
    const agreement = known.get(record.agreement_id)
    const worth = worthOf(agreement, record.dimension, record.quantity)
    const what = worded(agreement, record.dimension, record.quantity)
    await exceptions.openException(scope, {
      kind: 'metering_at_risk',
      subject_id: record.id,
      sentence: `Usage of ${record.hour.toISOString()} becomes unbillable at ${record.deadline_at.toISOString()}: ${what}.`,
      fix:
        record.reason ??
        'Look at the connection: the cloud has not taken the usage yet and is asked again and again',
      ...(worth === null ? {} : { amount: worth }),
    })
  }
}

export async function settleAlarms(scope: Scope, ids: readonly string[]): Promise<void> {
  await exceptions.resolveException(scope, 'metering_at_risk', ids)
}
