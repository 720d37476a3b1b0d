import { format } from '../money.ts'
import { Refusal } from '../problem.ts'
import { endOfDate, parseDate } from '../time.ts'
import { planCharges, stopCharges } from './billing.ts'
import { emitAgreementCreated, emitAgreementEnded } from './events.ts'
import { feedAgreement } from './feeds.ts'
import type { Agreement, Offer } from './model.ts'
import { type Configuration, scheduleTotal, upfrontPrice } from './prices.ts'
import { agreementEnd, termOf } from './pricing-rules.ts'
import { authorization, offer as findOffer, product as findProduct, licenseArn, type World } from './world.ts'

/** Pay-as-you-go agreements have no end; the cloud writes this instant. */
export const noEnd = Date.parse('9999-01-01T00:00:00Z')

function acceptable(world: World, buyer: string, offerId: string): Offer {
  const offer = findOffer(world, offerId)
  if (!offer)
    throw new Refusal(404, 'offer_id', 'names an offer that exists', `There is no offer ${offerId}.`)
  const no = (rule: string, fix: string) => new Refusal(409, 'offer_id', rule, fix)
  if (offer.state !== 'Released') throw no('the offer is released', 'Release the offer first.')
  if (offer.availability_end_date && endOfDate(offer.availability_end_date) < world.clock.now()) {
    throw no('the offer is still available', `It ended on ${offer.availability_end_date}; extend it first.`)
  }
  if (offer.buyer_accounts && !offer.buyer_accounts.includes(buyer)) {
    throw no('the offer is meant for the buyer', `Accept as one of ${offer.buyer_accounts.join(', ')}.`)
  }
  const product = findProduct(world, offer.product_id)
  const open = offer.buyer_accounts !== undefined || product?.visibility === 'Public'
  if (!open && !product?.targeting.includes(buyer)) {
    throw no('the product is visible to the buyer', 'Make it public or target the buyer.')
  }
  return offer
}

function configurationOf(offer: Offer, given: Configuration | undefined): Configuration | undefined {
  const term = termOf(offer.terms, 'ConfigurableUpfrontPricingTerm')
  if (!term) return undefined
  const card = term.RateCards?.find((candidate) => !given || candidate.Selector?.Value === given.selector)
  if (!card?.Selector) {
    throw new Refusal(
      422,
      'configuration.selector',
      'is a selector of the offer',
      'Use a duration the offer has.',
    )
  }
  const dimensions = given?.dimensions ?? { [card.RateCard[0]?.DimensionKey ?? '']: 1 }
  const unknown = Object.keys(dimensions).find(
    (key) => !card.RateCard.some((rate) => rate.DimensionKey === key),
  )
  if (unknown !== undefined) {
    throw new Refusal(
      422,
      `configuration.dimensions.${unknown}`,
      'is priced by the offer',
      'Use a priced dimension.',
    )
  }
  return { selector: card.Selector.Value, dimensions }
}

export function acceptOffer(world: World, buyer: string, offerId: string, given?: Configuration): Agreement {
  const offer = acceptable(world, buyer, offerId)
  const configuration = configurationOf(offer, given)
  const source = authorization(world, offer.resale_authorization_id)
  const product = findProduct(world, offer.product_id)
  const replaced = offer.replaces_agreement_id ? world.agreements.get(offer.replaces_agreement_id) : undefined
  const now = world.clock.now()
  const start = termOf(offer.terms, 'ValidityTerm')?.AgreementStartDate
  const starts_at = start ? Math.max(parseDate(start), now) : now
  const id = world.id('agmt', 25)
  const agreement: Agreement = {
    id,
    initial_agreement_id: replaced?.initial_agreement_id ?? id,
    proposer: offer.owner,
    acceptor: buyer,
    manufacturer: product?.owner ?? offer.owner,
    product_id: offer.product_id,
    offer_id: offer.id,
    resale_authorization_id: source?.id,
    intent: replaced ? 'REPLACE' : 'NEW',
    status: 'ACTIVE',
    accepted_at: now,
    starts_at,
    ends_at: agreementEnd(offer.terms, starts_at, configuration?.selector) ?? noEnd,
    updated_at: now,
    license_arn: licenseArn(world),
    terms: offer.terms.map((term) => ({ ...term, Id: world.id('term', 20) })),
    wholesale_terms: source?.terms,
    configuration,
    currency: offer.terms.find((term) => term.CurrencyCode)?.CurrencyCode ?? 'USD',
    value: format(
      scheduleTotal(termOf(offer.terms, 'PaymentScheduleTerm')) + upfrontPrice(offer.terms, configuration),
    ),
  }
  checkRepeat(world, agreement)
  world.agreements.put(agreement.id, agreement)
  world.licenses.put(agreement.license_arn, agreement.id)
  if (replaced) endAgreement(world, replaced.id, 'REPLACED')
  if (agreement.ends_at < noEnd) {
    world.schedule.plan(`end/${agreement.id}`, agreement.ends_at, 'agreement_end', agreement.id)
  }
  feedAgreement(world, agreement)
  emitAgreementCreated(world, agreement)
  planCharges(world, agreement)
  return agreement
}

/** A private offer is used up by its buyer's acceptance. */
function checkRepeat(world: World, agreement: Agreement): void {
  const offer = findOffer(world, agreement.offer_id)
  if (!offer?.buyer_accounts) return
  const taken = world.agreements
    .all()
    .some(
      (other) =>
        other.offer_id === offer.id && other.acceptor === agreement.acceptor && other.status === 'ACTIVE',
    )
  if (taken) {
    throw new Refusal(
      409,
      'offer_id',
      'is not accepted yet by this buyer',
      'Make another offer for the buyer.',
    )
  }
}

export function endAgreement(world: World, id: string, status: 'CANCELLED' | 'EXPIRED' | 'REPLACED'): void {
  const agreement = world.agreements.get(id)
  if (agreement?.status !== 'ACTIVE') return
  const now = world.clock.now()
  const ended: Agreement = { ...agreement, status, ended_at: now, updated_at: now }
  world.agreements.put(id, ended)
  world.schedule.cancel(`end/${id}`)
  stopCharges(world, ended)
  feedAgreement(world, ended)
  emitAgreementEnded(world, ended)
}
