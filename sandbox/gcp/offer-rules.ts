import { checkAmendment } from './amendments.ts'
import { invalid } from './errors.ts'
import type { JsonObject, PrivateOffer, Provider } from './model.ts'
import { findStandardOffer } from './names.ts'
import { instantOf, listOf, objectOf, productOf, targetOf, termOf, textOf } from './offer-values.ts'
import { checkPrice } from './price-rules.ts'
import { type Check, violations } from './shape.ts'
import { customerOf, resellerOf, type World } from './world.ts'
import { addZonedMonths, startOfZonedDay } from './zone.ts'

// What an offer must be to be published. A draft may be anything its fields' shapes allow.

const emailPattern = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
const termLimitMonths = 84

/** Throws INVALID_ARGUMENT with every rule the offer breaks. */
export function checkPublishable(world: World, provider: Provider, offer: PrivateOffer): void {
  const { check, found } = violations()
  checkLengths(offer.content, check)
  checkParties(world, offer, check)
  checkDates(world, offer, check)
  checkTerm(world, offer, check)
  checkProduct(world, provider, offer, check)
  checkDocuments(offer, check)
  if (found.length > 0) throw invalid(found)
}

/** Lengths hold for drafts too. */
export function checkLengths(content: JsonObject, check: Check): void {
  const longest: [string, string, number][] = [
    ['title', textOf(content.title), 256],
    ['internal_note', textOf(content.internalNote), 1500],
    ['customer_note', textOf(content.customerNote), 120],
    ['partner_contact.contact', textOf(objectOf(content.partnerContact).contact), 256],
    ['customer.entity_title', textOf(objectOf(content.customer).entityTitle), 256],
    ['customer.contact', textOf(objectOf(content.customer).contact), 256],
  ]
  for (const [field, value, most] of longest) {
    check(field, value.length > most, `must not be longer than ${most} characters`)
  }
}

function checkParties(world: World, offer: PrivateOffer, check: Check): void {
  const { content } = offer
  const partner = objectOf(content.partnerContact)
  const customer = objectOf(content.customer)
  check('title', textOf(content.title) === '', 'is required')
  const deal = textOf(content.offerDealType)
  check('offer_deal_type', deal === '' || deal === 'OFFER_DEAL_TYPE_UNSPECIFIED', 'is required')
  check('partner_contact.contact', textOf(partner.contact) === '', 'is required')
  check('partner_contact.email', !emailPattern.test(textOf(partner.email)), 'must be an email address')
  check('customer.entity_title', textOf(customer.entityTitle) === '', 'is required')
  check('customer.contact', textOf(customer.contact) === '', 'is required')
  const email = textOf(customer.email)
  check('customer.email', email !== '' && !emailPattern.test(email), 'must be an email address')
  checkBillingAccount(world, offer, textOf(customer.targetBillingAccount), check)
}

function checkBillingAccount(world: World, offer: PrivateOffer, name: string, check: Check): void {
  const field = 'customer.target_billing_account'
  const shaped = /^billingAccounts\/[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/.test(name)
  if (!shaped) {
    check(field, true, 'must have the form billingAccounts/012345-567890-ABCDEF')
    return
  }
  const id = targetOf(offer)
  const parent = world.accounts
    .all()
    .some((account) => account.role === 'reseller' && account.billing_account === id)
  if (parent) {
    check(field, true, 'must not be the parent billing account of a reseller')
    return
  }
  const customer = customerOf(world, id)
  if (!customer) {
    check(field, true, 'the billing account does not exist')
    return
  }
  check(field, customer.free_trial, 'the billing account is in a free trial')
  const base = findStandardOffer(world, textOf(productOf(offer).baseStandardOffer))
  const resold = resellerOf(world, customer.reseller) !== undefined
  check(field, resold && base?.listing.reselling === false, 'the product is not enabled for reselling')
}

function checkDates(world: World, offer: PrivateOffer, check: Check): void {
  const now = world.clock.now()
  const deadline = objectOf(offer.content.acceptDeadlineTime)
  const at = instantOf(offer.content.acceptDeadlineTime)
  check('accept_deadline_time', at === undefined, 'is required')
  checkDay('accept_deadline_time', deadline, check)
  if (at === undefined) return
  check('accept_deadline_time', at <= now, 'must be in the future')
  const last = startOfZonedDay(addZonedMonths(now, 3))
  check('accept_deadline_time', at > last, 'must be within three months of publishing')
}

/** Every date of an offer is the start of a day in Los Angeles. */
export function checkDay(field: string, value: JsonObject, check: Check): void {
  if (Object.keys(value).length === 0) return
  const parts = [value.hours, value.minutes, value.seconds, value.nanos]
  const zone = textOf(objectOf(value.timeZone).id)
  const whole = parts.every((part) => part === undefined || part === 0)
  check(field, !whole || zone !== 'America/Los_Angeles', 'must be the start of a day in America/Los_Angeles')
}

function checkTerm(world: World, offer: PrivateOffer, check: Check): void {
  const now = world.clock.now()
  const term = termOf(offer)
  const starts = instantOf(term.scheduledStartTime)
  const ends = instantOf(term.scheduledEndTime)
  const scheduled = term.startPolicy === 'SCHEDULED_START_TIME'
  check('term.start_policy', !scheduled && term.startPolicy !== 'IMMEDIATE', 'is required')
  checkDay('term.scheduled_start_time', objectOf(term.scheduledStartTime), check)
  checkDay('term.scheduled_end_time', objectOf(term.scheduledEndTime), check)
  check(
    'term.scheduled_start_time',
    scheduled && (starts === undefined || starts <= now),
    'must be in the future',
  )
  check('term.scheduled_start_time', !scheduled && starts !== undefined, 'cannot be combined with IMMEDIATE')
  check(
    'term.scheduled_start_time',
    starts !== undefined && starts > addZonedMonths(now, 12),
    'must be within a year',
  )
  const months = Number(term.durationMonths ?? 0)
  const renewals = Number(term.maxRenewalCount ?? 0)
  if (term.endPolicy === 'AFTER_DURATION') check('term.duration_months', months <= 0, 'must be positive')
  else if (term.endPolicy === 'SCHEDULED_END_TIME') {
    const first = Math.max(now, starts ?? 0)
    check('term.scheduled_end_time', ends === undefined || ends <= first, 'must be after the start')
  } else if (term.endPolicy === 'MATCH_AMENDED_OFFER') {
    check('term.end_policy', true, 'MATCH_AMENDED_OFFER is not supported')
  } else check('term.end_policy', true, 'is required')
  check('term.max_renewal_count', renewals < 0, 'must not be negative')
  check(
    'term.duration_months',
    months * (renewals + 1) > termLimitMonths,
    'the term with its renewals must not exceed 7 years',
  )
}

function checkProduct(world: World, provider: Provider, offer: PrivateOffer, check: Check): void {
  const product = productOf(offer)
  const field = 'single_product_offer'
  if (offer.content.singleProductOffer === undefined) {
    check(field, true, 'is required')
    return
  }
  const base = findStandardOffer(world, textOf(product.baseStandardOffer))
  if (!base || base.listing.provider !== provider.account_id) {
    check(`${field}.base_standard_offer`, true, 'is not a standard offer of this project')
    return
  }
  const names = listOf(product.features).map((feature) => textOf(objectOf(feature).displayName))
  check(`${field}.features`, new Set(names).size < names.length, 'display names must be unique')
  check(`${field}.features`, names.includes(''), 'a display name must not be empty')
  const extra = product.additionalContractValue
  if (extra !== undefined) {
    const { eligibleSkus } = objectOf(extra)
    const none = listOf(eligibleSkus).length === 0
    check(`${field}.additional_contract_value.eligible_skus`, none, 'must not be empty')
  }
  checkPrice(offer, base, check)
  checkAmendment(world, offer, base, check)
}

function checkDocuments(offer: PrivateOffer, check: Check): void {
  const types = offer.documents.map((document) => textOf(document.content.documentType))
  check('documents', types.length === 0, 'an end user licence agreement or a statement of work is required')
}
