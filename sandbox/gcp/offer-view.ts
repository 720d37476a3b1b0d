import { iso } from '../time.ts'
import { shareOf } from './billing.ts'
import type { JsonObject, OfferDocument, PrivateOffer, Provider } from './model.ts'
import { privateOfferName } from './names.ts'
import { expectedTerm, standardIntervalOf, timeline, totalContractValue } from './offer-prices.ts'
import { documentShape, offerShape } from './offer-shape.ts'
import { dateTime, instantOf, moneyOf, objectOf, productOf, termOf } from './offer-values.ts'
import { write } from './shape.ts'
import { resellerOf, type World } from './world.ts'

const instant = (name: string, at: number | undefined) => (at === undefined ? {} : { [name]: iso(at) })

/** A private offer as it is answered; the full view adds what Google works out. */
export function offerJson(
  world: World,
  provider: Provider,
  offer: PrivateOffer,
  full: boolean,
  numbers: boolean,
): JsonObject {
  const reseller = resellerOf(world, offer.reseller)
  const product = {
    ...productOf(offer),
    ...(offer.service_level === undefined ? {} : { serviceLevel: offer.service_level }),
    ...(full ? workedOut(world, offer) : {}),
  }
  const end = offer.state === 'ENDED' ? undefined : effectiveEnd(offer)
  const term = {
    ...termOf(offer),
    ...(full && end !== undefined ? { effectiveTermEndTime: dateTime(end) } : {}),
  }
  const review = offer.publish_at !== undefined || offer.reviewed_at !== undefined
  const shown: JsonObject = {
    ...offer.content,
    name: privateOfferName(provider, offer.id),
    state: offer.state,
    ...(offer.content.singleProductOffer === undefined ? {} : { singleProductOffer: product }),
    ...(offer.content.term === undefined ? {} : { term }),
    createTime: iso(offer.created_at),
    updateTime: iso(offer.updated_at),
    ...instant('publishTime', offer.published_at),
    ...instant('acceptTime', offer.accepted_at),
    ...instant('cancelTime', offer.cancelled_at),
    ...instant('endTime', offer.ended_at),
    ...(offer.cancellation_note === undefined ? {} : { cancellationNote: offer.cancellation_note }),
    ...(review ? { publishRequirementGoogleReview: instant('reviewApproveTime', offer.reviewed_at) } : {}),
    ...(reseller ? { resellerContact: { contact: reseller.contact, email: reseller.email } } : {}),
  }
  return objectOf(write(offerShape, shown, numbers))
}

/** Known once the offer runs, or when its own dates fix it. */
function effectiveEnd(offer: PrivateOffer): number | undefined {
  if (offer.term_ends_at !== undefined) return offer.term_ends_at
  const term = termOf(offer)
  const scheduled = instantOf(term.scheduledEndTime)
  if (scheduled !== undefined) return scheduled
  return term.scheduledStartTime === undefined ? undefined : expectedTerm(offer, 0)?.end
}

function workedOut(world: World, offer: PrivateOffer): JsonObject {
  const now = offer.published_at ?? world.clock.now()
  const term = expectedTerm(offer, now)
  const draft = offer.state === 'DRAFT'
  const value = totalContractValue(offer, now)
  const dated = offer.starts_at !== undefined || termOf(offer).scheduledStartTime !== undefined
  const steps = dated && term && standardIntervalOf(offer) !== '' ? timeline(offer, term.start, term.end) : []
  const renewable = Number(termOf(offer).maxRenewalCount ?? 0) > 0
  const percent = (renewed: boolean) => ({ value: shareOf(world, offer, renewed) })
  return {
    ...(offer.reseller_plan === undefined ? {} : { resellerPrivateOfferPlanId: offer.reseller_plan }),
    ...(value === undefined ? {} : { contractValue: { totalContractValue: moneyOf(value) } }),
    ...(steps.length === 0
      ? {}
      : {
          effectiveInstallmentTimeline: steps.map(({ from, amount, model }) => ({
            startTime: dateTime(from),
            priceModel:
              model.flatFee === undefined
                ? model
                : { ...model, flatFee: { flatFeeOverride: moneyOf(amount) } },
          })),
        }),
    ...(draft
      ? {}
      : {
          revenueShare: {
            currentTermVendorNetRevenuePercent: percent(false),
            ...(renewable ? { renewalTermVendorNetRevenuePercent: percent(true) } : {}),
          },
        }),
  }
}

export function documentJson(
  provider: Provider,
  offer: PrivateOffer,
  document: OfferDocument,
  numbers: boolean,
): JsonObject {
  const shown = {
    ...document.content,
    name: `${privateOfferName(provider, offer.id)}/documents/${document.id}`,
    createTime: iso(document.created_at),
    updateTime: iso(document.updated_at),
  }
  return objectOf(write(documentShape, shown, numbers))
}
