/** Renewal terms of a private offer. Source: UpdateRenewalTerms in the AWS Marketplace developer guide, read in 2026. */
import { type Decimal, decimal, formatDecimal, sum } from '../../../src/core/decimal.ts'
import { moneyDecimal } from '../../../src/core/money.ts'
import { DAY_MS, startOfDate } from '../../../src/core/time.ts'
import type { Instalment } from '../../connector.ts'
import type { CatalogDocument, CatalogValue } from '../wire/documents.ts'
import type { RenewalOptions } from './options.ts'

export function toAwsRenewal(wanted: RenewalOptions, instalments: readonly Instalment[]): CatalogDocument {
  const { lockout_days, adjustment_days, maximum } = wanted
  const term: Record<string, CatalogValue> = {
    Type: 'RenewalTerm',
    ...(lockout_days === undefined ? {} : { LockoutPeriod: `P${lockout_days}D` }),
    ...(adjustment_days === undefined ? {} : { AdjustmentDeadline: `P${adjustment_days}D` }),
    ...(maximum === undefined ? {} : { MaxRenewals: maximum }),
    PriceIncrease: toAwsIncrease(wanted),
    ...(instalments.length === 0
      ? {}
      : { TermTemplates: [{ Type: 'PaymentScheduleTermTemplate', Schedule: toAwsParts(instalments) }] }),
  }
  return { Terms: [term] }
}

function toAwsIncrease(wanted: RenewalOptions): CatalogValue {
  const { price_increase_percent: one, lowest_percent, usual_percent, highest_percent } = wanted
  if (one !== undefined) return { Type: 'FixedPercentage', Value: toAwsPercent(one) }
  return {
    Type: 'PercentageRange',
    Range: {
      MinValue: toAwsPercent(lowest_percent ?? '0'),
      MaxValue: toAwsPercent(highest_percent ?? '0'),
      DefaultValue: toAwsPercent(usual_percent ?? '0'),
    },
  }
}

/** With two decimals, as AWS writes percentages. */
function toAwsPercent(text: string): string {
  const [whole = '0', fraction = ''] = formatDecimal(decimal(text)).split('.')
  return `${whole}.${fraction.padEnd(2, '0')}`
}

const HUNDREDTHS = 10_000n

/**
 * A renewed term is paid as this one is: the same parts at the same distances from the first, in months where every
 * instalment has a month of its own, else in days. The last part is what the rounded others leave of a hundred.
 */
export function toAwsParts(instalments: readonly Instalment[]): CatalogValue[] {
  const first = instalments[0]?.due_on ?? ''
  const months = instalments.map(({ due_on }) => monthsBetween(first, due_on))
  const monthly = new Set(months).size === months.length
  const amounts = instalments.map(({ amount }) => moneyDecimal(amount))
  const total = sum(amounts)
  let left = HUNDREDTHS
  return instalments.map(({ due_on }, index) => {
    const last = index === instalments.length - 1
    const part = last ? left : partOf(amounts[index] ?? decimal(0), total)
    left -= part
    const days = (startOfDate(due_on).getTime() - startOfDate(first).getTime()) / DAY_MS
    return {
      ChargeDateOffset: monthly ? `P${months[index] ?? 0}M` : `P${days}D`,
      ChargePercentage: toAwsPercent(formatDecimal({ coefficient: part, scale: 2 })),
    }
  })
}

/** A part of a total in hundredths of a per cent, rounded down. */
function partOf(amount: Decimal, total: Decimal): bigint {
  const scale = Math.max(amount.scale, total.scale)
  const whole = ({ coefficient, scale: own }: Decimal) => coefficient * 10n ** BigInt(scale - own)
  return whole(total) === 0n ? 0n : (whole(amount) * HUNDREDTHS) / whole(total)
}

function monthsBetween(from: string, to: string): number {
  const [start, end] = [startOfDate(from), startOfDate(to)]
  return (end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth()
}
