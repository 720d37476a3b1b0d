import { addDuration } from '../../time.ts'
import { emitAgreementAmended, emitLicense } from '../events/agreement-events.ts'
import { delays } from '../events/events.ts'
import { tellEntitled } from '../events/topics.ts'
import type { Agreement } from '../model.ts'
import { feedAgreement } from '../money/feeds.ts'
import { isPricingTerm, termOf } from '../selling/pricing-rules.ts'
import type { World } from '../world.ts'

/*
 * A free trial by itself ends, unless its buyer subscribes before. One that stands in an offer beside prices by usage is
 * the beginning of that agreement: what it grants is free until it is over. The last is our reading of the term.
 */

/** Whether nothing but a trial was accepted. */
export function isTrialOnly(agreement: Agreement): boolean {
  const types = agreement.terms.filter(isPricingTerm).map(({ Type }) => Type)
  return types.length > 0 && types.every((type) => type === 'FreeTrialPricingTerm')
}

export function trialEnd(agreement: Agreement): number | undefined {
  const duration = termOf(agreement.terms, 'FreeTrialPricingTerm')?.Duration
  return duration === undefined ? undefined : addDuration(agreement.starts_at, duration)
}

/** A trial that goes over into a paid agreement is over on its day. */
export function planTrialEnd(world: World, agreement: Agreement): void {
  const at = trialEnd(agreement)
  if (at === undefined || isTrialOnly(agreement)) return
  world.schedule.plan(`trial/${agreement.id}`, at, 'trial_end', agreement.id)
}

/** From here on everything is paid: what the trial granted is gone. */
export function finishTrial(world: World, id: string): void {
  const agreement = world.agreements.get(id)
  if (agreement?.status !== 'ACTIVE') return
  const now = world.clock.now()
  const paid = world.agreements.put(id, { ...agreement, trial_over_at: now, updated_at: now })
  feedAgreement(world, paid)
  emitAgreementAmended(world, paid)
  emitLicense(world, paid, 'License Updated', delays.licenseUpdated)
  tellEntitled(world, paid)
}

/** How much of a dimension's usage of a span is free: what the trial grants, from its first hour on, until it is over. */
export function freeUsage(
  world: World,
  agreement: Agreement,
  dimension: string,
  span: { from: number; until: number },
): bigint {
  const over = trialEnd(agreement)
  const grants = termOf(agreement.terms, 'FreeTrialPricingTerm')?.Grants ?? []
  const grant = grants.find(({ DimensionKey }) => DimensionKey === dimension)
  if (over === undefined || !grant) return 0n
  const freeBefore = (instant: number): bigint => {
    const used = world.usage
      .all()
      .filter((record) => record.agreement_id === agreement.id && record.dimension === dimension)
      .filter((record) => record.hour < Math.min(instant, over))
      .reduce((total, record) => total + BigInt(record.quantity), 0n)
    const most = grant.MaxQuantity === undefined ? used : BigInt(grant.MaxQuantity)
    return used < most ? used : most
  }
  return freeBefore(span.until) - freeBefore(span.from)
}
