import { z } from 'zod'
import { addDuration, day } from '../../time.ts'
import type { Agreement, PercentageRange, Term } from '../model.ts'
import { termOf } from '../selling/pricing-rules.ts'

// What an agreement's renewal term says about its end.

/** Days before the end when nothing is said: our defaults, AWS documents none. */
const usualLockoutDays = 7
const usualDeadlineDays = 30

const schema = z.object({
  LockoutPeriod: z.string().nullish(),
  AdjustmentDeadline: z.string().nullish(),
  MaxRenewals: z.number().nullish(),
  PriceIncrease: z
    .object({
      Value: z.string().nullish(),
      Range: z.object({ MinValue: z.string(), MaxValue: z.string(), DefaultValue: z.string() }).nullish(),
    })
    .nullish(),
  TermTemplates: z
    .array(
      z.looseObject({
        Schedule: z
          .array(
            z.object({
              ChargeDateOffset: z.string(),
              ChargePercentage: z.string(),
              DayOfMonth: z.number().nullish(),
            }),
          )
          .optional(),
      }),
    )
    .nullish(),
})

export type Renewal = {
  lockout_at: number
  deadline_at: number
  maximum: number | undefined
  /** By how many percent the prices rise. */
  increase: string
  /** Where the seller may still choose that, within bounds. */
  range: PercentageRange | undefined
  template: { ChargeDateOffset: string; ChargePercentage: string; DayOfMonth?: number | null | undefined }[]
}

export function renewalOf(agreement: Agreement): Renewal | undefined {
  const term = termOf(agreement.terms, 'RenewalTerm')
  if (!term) return undefined
  const read = schema.parse(term)
  const before = (duration: string | null | undefined, days: number) =>
    duration ? agreement.ends_at - lengthOf(duration) : agreement.ends_at - days * day
  return {
    lockout_at: before(read.LockoutPeriod, usualLockoutDays),
    deadline_at: before(read.AdjustmentDeadline, usualDeadlineDays),
    maximum: read.MaxRenewals ?? undefined,
    increase:
      agreement.renewal_increase ??
      read.PriceIncrease?.Range?.DefaultValue ??
      read.PriceIncrease?.Value ??
      '0',
    range: read.PriceIncrease?.Range ?? undefined,
    template: read.TermTemplates?.[0]?.Schedule ?? [],
  }
}

function lengthOf(duration: string): number {
  return addDuration(0, duration) ?? 0
}

export type EndBehavior = { type: 'RENEW' | 'EXPIRE'; reasonCode?: string }

/** What happens at the end of an agreement, and why it does not renew when it does not. */
export function endBehavior(agreement: Agreement): EndBehavior {
  const renewal = renewalOf(agreement)
  if (!renewal) return { type: 'EXPIRE', reasonCode: 'NO_RENEWAL_TERM' }
  if (renewal.maximum !== undefined && agreement.renewals >= renewal.maximum) {
    return { type: 'EXPIRE', reasonCode: 'RENEWAL_LIMIT_EXHAUSTED' }
  }
  if (agreement.auto_renew) return { type: 'RENEW' }
  const by = agreement.renewal_disabled_by ?? 'ACCEPTOR'
  return { type: 'EXPIRE', reasonCode: `${by}_RENEW_OPTED_OUT` }
}

/** How long one period of these terms lasts, as the buyer chose it. */
export function periodOf(agreement: Agreement): string | undefined {
  const validity: Term | undefined = termOf(agreement.terms, 'ValidityTerm')
  if (validity?.AgreementEndDate) return undefined
  return (
    validity?.AgreementDuration ??
    termOf(agreement.terms, 'FixedUpfrontPricingTerm')?.Duration ??
    agreement.configuration?.selector
  )
}
