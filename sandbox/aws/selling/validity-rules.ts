import { endOfDate, parseDate, startOfDay } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import type { ErrorDetail, Offer, Term } from '../model.ts'
import { isContractLength, isContractTime } from './durations.ts'
import type { Problem } from './offer-rules.ts'
import { agreementEnd, replaceTerms, termOf } from './pricing-rules.ts'

export const updateValidity: ChangeHandler<Offer> = (context, offer, details) => {
  const { Terms } = withoutNulls(details) as { Terms: Term[] }
  offer.terms = replaceTerms(offer.terms, (type) => type === 'ValidityTerm', Terms)
  const term = Terms[0]
  if (!term) return []
  const { AgreementDuration, AgreementEndDate, AgreementStartDate } = term
  if ((AgreementDuration === undefined) === (AgreementEndDate === undefined)) {
    return [
      refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'Give AgreementDuration or AgreementEndDate, not both.'),
    ]
  }
  if (AgreementDuration !== undefined && !isContractLength(AgreementDuration)) {
    return [refuse('INVALID_AGREEMENT_DURATION', 'An agreement lasts at most five years.')]
  }
  if (AgreementStartDate && !AgreementEndDate) {
    return [refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'AgreementStartDate needs AgreementEndDate.')]
  }
  if (AgreementStartDate && offer.replaces_agreement_id) {
    const message = 'A replacement starts when it is accepted.'
    return [refuse('INCOMPATIBLE_AGREEMENT_START_DATE', message)]
  }
  return dateProblems(context.now, AgreementStartDate, AgreementEndDate)
}

function dateProblems(now: number, start: string | undefined, end: string | undefined): ErrorDetail[] {
  const from = start === undefined ? now : parseDate(start)
  if (end !== undefined && endOfDate(end) < now) {
    return [refuse('INVALID_AGREEMENT_END_DATE', 'AgreementEndDate must be in the future.')]
  }
  if (from < startOfDay(now)) {
    return [refuse('INVALID_AGREEMENT_START_DATE', 'AgreementStartDate must not be in the past.')]
  }
  if (start !== undefined && end !== undefined && start >= end) {
    return [refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'AgreementStartDate must be before AgreementEndDate.')]
  }
  // The whole last day counts, so the last instant is compared with the first of the day it starts on.
  if (end !== undefined && !isContractTime(startOfDay(from), parseDate(end) + 1)) {
    return [refuse('INVALID_AGREEMENT_TIME_INTERVAL', 'An agreement lasts at most five years.')]
  }
  return []
}

/** Dates of the agreement beside those of the offer, and beside instalments that can no longer move. */
export function validityConsistency(context: ApplyContext, offer: Offer): Problem[] {
  const problems: Problem[] = []
  const found = (code: string, message: string) =>
    problems.push({ change: 'UpdateValidityTerms', error: refuse(code, message) })
  const { AgreementStartDate, AgreementEndDate } = termOf(offer.terms, 'ValidityTerm') ?? {}
  const lastDay = offer.availability_end_date
  // Once the offer is out, its availability may be moved without looking at the agreement again.
  const looked =
    offer.state === 'Draft' ||
    ['ReleaseOffer', 'UpdateValidityTerms'].some((type) => context.changing(offer.id, type))
  if (!looked) return problems
  if (AgreementStartDate && lastDay && AgreementStartDate <= lastDay) {
    found('INCOMPATIBLE_AGREEMENT_START_DATE', 'AgreementStartDate must be after AvailabilityEndDate.')
  } else if (AgreementEndDate && lastDay && AgreementEndDate <= lastDay) {
    found('INCOMPATIBLE_AGREEMENT_END_DATE', 'AgreementEndDate must be after AvailabilityEndDate.')
  }
  if (offer.state === 'Released' && !context.changing(offer.id, 'ReleaseOffer')) {
    const end = agreementEnd(offer.terms, context.now)
    const late = termOf(offer.terms, 'PaymentScheduleTerm')?.Schedule?.some(
      ({ ChargeDate }) => end !== undefined && parseDate(ChargeDate) > end,
    )
    if (late) found('INCOMPATIBLE_TERMS', 'The agreement would end before its last instalment.')
  }
  return problems
}
