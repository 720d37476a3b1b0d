import { decimal, fromInteger, sum } from '../../money.ts'
import { addDuration } from '../../time.ts'
import { type ApplyContext, refuse } from '../catalog/change-context.ts'
import type { ErrorDetail, Offer, PercentageRange, RenewalInstalment, Term } from '../model.ts'
import { isPrivate, type Problem } from './offer-rules.ts'
import { agreementEnd, termOf } from './pricing-rules.ts'

const wholeDays = /^P([1-9]\d{0,6})D$/
const offset = /^P(\d{1,4})([MD])$/
const percentage = /^(100(\.0{1,2})?|[1-9]\d?(\.\d{1,2})?|0\.(0[1-9]|[1-9]\d?))$/

const daysOf = (duration: string) => Number(wholeDays.exec(duration)?.[1] ?? Number.NaN)

/** What is wrong with a renewal term by itself; `end` is when an agreement accepted at `now` would end. */
function renewalProblems(term: Term, now: number, end: number | undefined): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const outside = (duration: string) => end !== undefined && (addDuration(now, duration) ?? end) >= end
  const { LockoutPeriod, AdjustmentDeadline, PriceIncrease } = term
  if (LockoutPeriod !== undefined && (!wholeDays.test(LockoutPeriod) || outside(LockoutPeriod))) {
    const message = 'LockoutPeriod is a number of days, fewer than the agreement has.'
    errors.push(refuse('INVALID_LOCKOUT_PERIOD', message))
  }
  const range = PriceIncrease?.Range
  if (range && !isRange(range)) {
    const message = 'MinValue must be below MaxValue, and DefaultValue between them.'
    errors.push(refuse('INVALID_PERCENTAGE_RANGE', message))
  }
  if (range && AdjustmentDeadline === undefined) {
    const message = 'A range of increases needs the deadline by which one is chosen.'
    errors.push(refuse('MISSING_ADJUSTMENT_DEADLINE', message))
  }
  const tooLate = daysOf(AdjustmentDeadline ?? '') <= daysOf(LockoutPeriod ?? '')
  if (
    AdjustmentDeadline !== undefined &&
    (!range || !wholeDays.test(AdjustmentDeadline) || outside(AdjustmentDeadline) || tooLate)
  ) {
    const message =
      'AdjustmentDeadline is a number of days, more than the lockout has, and belongs to a range.'
    errors.push(refuse('INVALID_ADJUSTMENT_DEADLINE', message))
  }
  const templates = term.TermTemplates ?? []
  if (templates.length > 1) {
    errors.push(refuse('INVALID_UPDATE_REQUEST', 'One template says how a payment schedule renews.'))
  }
  const length = end === undefined ? undefined : end - now
  return [...errors, ...templates.flatMap(({ Schedule }) => templateProblems(Schedule, length))]
}

function isRange({ MinValue, MaxValue, DefaultValue }: PercentageRange): boolean {
  const [least, most, usual] = [decimal(MinValue), decimal(MaxValue), decimal(DefaultValue)]
  return least < most && least <= usual && usual <= most
}

function templateProblems(schedule: RenewalInstalment[], length: number | undefined): ErrorDetail[] {
  const errors: ErrorDetail[] = []
  const offsets = schedule.map(({ ChargeDateOffset }) => ChargeDateOffset)
  const units = new Set(offsets.map((text) => offset.exec(text)?.[2]))
  const late = (text: string) => length !== undefined && (addDuration(0, text) ?? 0) >= length
  if (units.has(undefined) || units.size > 1 || offsets.some(late)) {
    const message = 'Offsets are all whole months or all whole days, within the renewed agreement.'
    errors.push(refuse('INVALID_CHARGE_DATE_OFFSETS', message))
  }
  if (new Set(offsets).size < offsets.length) {
    errors.push(refuse('DUPLICATE_CHARGE_DATE_OFFSETS', 'Each offset appears once.'))
  }
  const shares = schedule.map(({ ChargePercentage }) => ChargePercentage)
  if (!shares.every((share) => percentage.test(share)) || sum(shares.map(decimal)) !== fromInteger(100)) {
    errors.push(refuse('INVALID_CHARGE_PERCENTAGES', 'The percentages must add up to 100.'))
  }
  const strangeDay = ({ ChargeDateOffset, DayOfMonth }: RenewalInstalment) =>
    DayOfMonth !== undefined && (DayOfMonth < 1 || DayOfMonth > 31 || !ChargeDateOffset.endsWith('M'))
  if (schedule.some(strangeDay)) {
    errors.push(refuse('INVALID_DAY_OF_MONTH', 'DayOfMonth is 1 to 31, with an offset in months.'))
  }
  return errors
}

/** The renewal beside the other terms: looked at when it changes and when the offer goes out. */
export function renewalConsistency(context: ApplyContext, offer: Offer): Problem[] {
  const looked = ['UpdateRenewalTerms', 'ReleaseOffer'].some((type) => context.changing(offer.id, type))
  const term = termOf(offer.terms, 'RenewalTerm')
  if (!looked || !term) return []
  const problem = (code: string, message: string) => refuse(code, message)
  const schedule = termOf(offer.terms, 'PaymentScheduleTerm')
  const errors = renewalProblems(term, context.now, agreementEnd(offer.terms, context.now))
  if (isPrivate(offer) && !term.PriceIncrease) {
    errors.push(
      problem('MISSING_PRICE_INCREASE', 'The renewal of a private offer says by how much prices rise.'),
    )
  }
  if (schedule && !term.TermTemplates) {
    const message = 'A payment schedule needs a template by which it renews.'
    errors.push(problem('MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE', message))
  }
  if (!schedule && term.TermTemplates) {
    errors.push(problem('INCOMPATIBLE_TERMS', 'A template renews a payment schedule, and there is none.'))
  }
  return errors.map((error) => ({ change: 'UpdateRenewalTerms', error }))
}
