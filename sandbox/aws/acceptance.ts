import type { Collection } from '../journal.ts'
import { format } from '../money.ts'
import { Refusal } from '../problem.ts'
import { day, endOfDate, parseDate } from '../time.ts'
import { closeCancellationRequests } from './agreement/cancellation-requests.ts'
import { closePaymentRequests } from './agreement/payment-requests.ts'
import { renewalOf } from './agreement/renewal-rules.ts'
import { isTrialOnly, planTrialEnd } from './agreement/trial.ts'
import { emitAgreementCreated, emitAgreementEnded } from './events/agreement-events.ts'
import { tellSubscribed, tellUnsubscribed } from './events/topics.ts'
import type { Agreement, Offer, Term } from './model.ts'
import { planCharges, stopCharges } from './money/billing.ts'
import { feedAgreement } from './money/feeds.ts'
import { type Configuration, scheduleTotal, upfrontPrice } from './selling/prices.ts'
import { agreementEnd, termOf } from './selling/pricing-rules.ts'
import { authorization, offer as findOffer, product as findProduct, licenseArn, type World } from './world.ts'

/** Pay-as-you-go agreements have no end; the cloud writes this instant. */
export const noEnd = Date.parse('9999-01-01T00:00:00Z')

const declined = (world: World): Collection<true> => world.store.collection('aws.declined_offers')

/** A buyer does not want an offer. AWS tells the seller nothing about it. */
export function declineOffer(world: World, buyer: string, offerId: string): void {
  acceptable(world, buyer, offerId)
  declined(world).put(`${buyer}/${offerId}`, true)
}

function acceptable(world: World, buyer: string, offerId: string): Offer {
  const offer = findOffer(world, offerId)
  if (!offer)
    throw new Refusal(404, 'offer_id', 'names an offer that exists', `There is no offer ${offerId}.`)
  const no = (rule: string, fix: string) => new Refusal(409, 'offer_id', rule, fix)
  if (declined(world).get(`${buyer}/${offerId}`)) {
    throw no('the buyer has not declined the offer', 'Make another offer for the buyer.')
  }
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

export type Acceptance = {
  configuration?: Configuration | undefined
  auto_renew?: boolean | undefined
  /** The free trial of this buyer that the acceptance takes the place of. */
  replaces?: string | undefined
  /** Terms that AWS's own pages put into an offer and no published change type does. */
  extra_terms?: Term[] | undefined
}

/** A buyer subscribes before its trial is over: the trial is replaced (developer guide, replacing a SaaS free trial). */
function trialOf(world: World, offer: Offer, buyer: string, id: string | undefined): Agreement | undefined {
  if (id === undefined) return undefined
  const found = world.agreements.get(id)
  const runs = found?.acceptor === buyer && found.status === 'ACTIVE' && found.product_id === offer.product_id
  if (found && runs && isTrialOnly(found) && found.offer_id !== offer.id) return found
  const fix = 'Name an agreement of this buyer that is nothing but a trial, and active.'
  throw new Refusal(409, 'replaces', 'is a running free trial of the same product', fix)
}

export function acceptOffer(world: World, buyer: string, offerId: string, chosen: Acceptance): Agreement {
  const offer = acceptable(world, buyer, offerId)
  const configuration = configurationOf(offer, chosen.configuration)
  const source = authorization(world, offer.resale_authorization_id)
  const product = findProduct(world, offer.product_id)
  const replaced = offer.replaces_agreement_id
    ? world.agreements.get(offer.replaces_agreement_id)
    : trialOf(world, offer, buyer, chosen.replaces)
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
    offer_set_id: offer.offer_set_id,
    preceding_agreement_id: replaced?.id,
    renewals: 0,
    auto_renew: chosen.auto_renew ?? false,
    intent: replaced ? 'REPLACE' : 'NEW',
    status: 'ACTIVE',
    accepted_at: now,
    starts_at,
    ends_at: agreementEnd(offer.terms, starts_at, configuration?.selector) ?? noEnd,
    updated_at: now,
    license_arn: licenseArn(world),
    terms: [...offer.terms, ...(chosen.extra_terms ?? [])].map((term) => ({
      ...term,
      Id: world.id('term', 20),
    })),
    wholesale_terms: source?.terms,
    configuration,
    currency: offer.terms.find((term) => term.CurrencyCode)?.CurrencyCode ?? 'USD',
    value: format(
      scheduleTotal(termOf(offer.terms, 'PaymentScheduleTerm')) + upfrontPrice(offer.terms, configuration),
    ),
  }
  checkRepeat(world, agreement)
  if (replaced) endAgreement(world, replaced.id, 'REPLACED')
  return beginAgreement(world, agreement)
}

/** Days before an agreement's end at which its seller is told. */
const noticeDays = [180, 120, 90, 60, 30]

/** Everything that follows from an agreement being there: its licence, its end, its charges, its news. */
export function beginAgreement(world: World, agreement: Agreement): Agreement {
  world.agreements.put(agreement.id, agreement)
  world.licenses.put(agreement.license_arn, agreement.id)
  if (agreement.ends_at < noEnd) planEnd(world, agreement)
  planTrialEnd(world, agreement)
  feedAgreement(world, agreement)
  emitAgreementCreated(world, agreement)
  tellSubscribed(world, agreement)
  planCharges(world, agreement)
  return agreement
}

function planEnd(world: World, agreement: Agreement): void {
  const { id, ends_at } = agreement
  world.schedule.plan(`end/${id}`, ends_at, 'agreement_end', id)
  const renewal = renewalOf(agreement)
  const notices: [string, number][] = [
    ...noticeDays.map((days): [string, number] => [String(days), ends_at - days * day]),
    ...(renewal
      ? ([
          ['final', renewal.deadline_at],
          ['upcoming', renewal.lockout_at],
        ] as [string, number][])
      : []),
  ]
  for (const [what, at] of notices) {
    if (at > agreement.accepted_at) {
      world.schedule.plan(`ending/${id}/${what}`, at, 'agreement_ending', `${id}/${what}`)
    }
  }
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

export function endAgreement(world: World, id: string, status: Exclude<Agreement['status'], 'ACTIVE'>): void {
  const agreement = world.agreements.get(id)
  if (agreement?.status !== 'ACTIVE') return
  const now = world.clock.now()
  const ended: Agreement = { ...agreement, status, ended_at: now, updated_at: now }
  world.agreements.put(id, ended)
  world.schedule.cancel(`end/${id}`)
  world.schedule.cancel(`trial/${id}`)
  for (const what of [...noticeDays, 'final', 'upcoming']) world.schedule.cancel(`ending/${id}/${what}`)
  stopCharges(world, ended)
  closePaymentRequests(world, ended)
  closeCancellationRequests(world, ended)
  feedAgreement(world, ended)
  emitAgreementEnded(world, ended)
  tellUnsubscribed(world, ended)
}
