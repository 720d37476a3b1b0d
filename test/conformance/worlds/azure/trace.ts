// The rules of Microsoft behind the scenarios, each with the document that says so, by its name in
// connectors/azure/README.md.
import { by, byDefault, contractTrace } from '../../trace.ts'
import type { Trace } from '../../world.ts'

const accelerator = by('SaaS Accelerator')
const fulfilment = by('Fulfilment API')
const ingestion = by('Product Ingestion guide')
const login = by('Entra pages')
const metering = by('Metering API')
const meteredBilling = by('Metered billing page')
const multiparty = by('Multiparty offers page')
const payouts = by('Payout pages')
const privateOffers = by('Private offers guide')
const recorded = by('Recorded answers')
const schedules = by('Flexible billing page')
const webhook = by('Webhook page')

const connection: Trace = {
  'connection.permissions': login('An application asks for a token for each resource it calls'),
  'connection.wrong_secret': login('A wrong secret is AADSTS7000215'),
}

const selling: Trace = {
  'listings.publish': ingestion('Resources are configured, then submitted to preview, then to live'),
  'listings.read': ingestion('The resource tree of live, preview or draft has the custom meters'),
  'listings.publish_again': ingestion('A product is found by its external id'),
  'listings.unpriced': ingestion('A plan has a price'),
  'listings.refused': recorded('A product that was not certified fails with invalidState'),
  'listings.read_unknown': ingestion('A list filtered by an unknown external id is empty'),
  'listings.read_foreign': ingestion('Products of the own account are listed'),
  'offers.create': privateOffers('An offer is configured as a draft and then made live'),
  'offers.usage_only': privateOffers('A custom plan may have meters and a flat rate of nothing'),
  'offers.read': privateOffers('A private offer has name, state, sub-state and one beneficiary'),
  'offers.create_again': privateOffers('Offers can be queried; a job has no key against doubles'),
  'offers.create_twice_at_once': privateOffers('A draft may be deleted by its originator'),
  'offers.another': privateOffers('Each offer has an id of its own'),
  'offers.refused': recorded('A job fails with businessValidationError and words'),
  'offers.move_last_day': privateOffers('A live offer is withdrawn before it is changed'),
  'offers.withdraw': privateOffers('A withdrawn offer is a draft again'),
  'offers.expire': privateOffers('Expired is derived from the last day; the state stays live'),
  'offers.accepted': privateOffers('An accepted offer is not changed; only support cancels it'),
  'offers.read_unknown': privateOffers('An unknown offer is 404'),
  'offers.read_foreign': privateOffers('An offer is shown to its originator and its partner'),
  'offers.rules_buyer': privateOffers('A beneficiary is a billing account of a customer agreement'),
  'offers.rules_name': privateOffers('A name has at most 128 characters, of which our marker takes a part'),
  'offers.rules_instalments': schedules(
    'A schedule has up to 70 instalments on different days, over five years',
  ),
  'offers.rules_currencies': privateOffers('Prices are entered in US dollars'),
  'offers.rules_other_currency': privateOffers('Prices are entered in US dollars'),
  'offers.rules_fine_price': byDefault('A meter has a price of a few decimals; six is a setting of ours'),
}

const resale: Trace = {
  'syndication.authorize': multiparty('The originator names one partner, one customer and its price'),
  'syndication.authorize_again': privateOffers('Offers can be queried; a job has no key against doubles'),
  'syndication.shared': multiparty('The partner sees the offer while it waits for its part'),
  'syndication.shared_before_use': multiparty('The partner sees the offer while it waits for its part'),
  'syndication.hidden': multiparty('An offer has exactly one partner'),
  'syndication.reseller_offer': multiparty("The customer pays the partner's price raised by the markup"),
  'syndication.reseller_offer_again': multiparty('The partner submits its part once'),
  'syndication.reseller_offer_read': multiparty('Authorization and offer are one thing with one id'),
  'syndication.resold_agreement': multiparty('The originator fulfils the subscription'),
  'syndication.restrict': multiparty('The originator may withdraw while the partner has not submitted'),
  'syndication.restrict_again': privateOffers('A withdrawn offer is a draft again'),
  'syndication.unknown_reseller': multiparty('A partner is named by its seller id'),
  'syndication.other_buyer': multiparty('The originator names the customer'),
  'syndication.stranger': multiparty('An offer has exactly one partner'),
}

const agreements: Trace = {
  'agreements.pull': fulfilment('Subscriptions are listed whole; a plan names its private offer'),
  'agreements.pull_once': fulfilment('Subscriptions have no time of change that is filled'),
  'agreements.pull_change': fulfilment('A subscription that ended is Unsubscribed'),
  'agreements.read_unknown': fulfilment('An unknown subscription is 404'),
  'agreements.read_foreign': fulfilment('A subscription is shown to its publisher'),
  'agreements.cancelled': fulfilment('Ended and cancelled are one status, Unsubscribed'),
  'agreements.suspended': fulfilment('A customer who does not pay is Suspended, and Subscribed again'),
  'agreements.charged': schedules('The first part is charged at the purchase, the others on their days'),
  'agreements.resolve': fulfilment('A decoded token is resolved to its subscription'),
  'agreements.resolve_place': fulfilment('The landing page gets the parameter token'),
  'agreements.resolve_forged': fulfilment('A malformed token is 400'),
  'agreements.resolve_changed': fulfilment('A malformed token is 400'),
  'agreements.resolve_foreign': fulfilment('A token is resolved by the application of its publisher'),
  'agreements.resolve_old': fulfilment('A token lives 24 hours'),
  'agreements.activate': fulfilment('Billing begins with the activation'),
  'agreements.activate_again': fulfilment('A subscription that is Subscribed needs no activation'),
  'agreements.activate_ended': fulfilment('What is Unsubscribed is not activated'),
  'agreements.activate_charges': fulfilment('Billing begins with the activation'),
  'agreements.answer_yes': fulfilment('A change is granted by the status Success'),
  'agreements.answer_no': fulfilment('A change is refused by the status Failure'),
  'agreements.answer_changed_mind': fulfilment('An operation that ended is not changed'),
  'agreements.answer_other': webhook('The operation is read before a message is acted upon'),
  'agreements.answer_nobody_asked': webhook('The operation is read before a message is acted upon'),
}

const usage: Trace = {
  'metering.rules': metering('25 events, one an hour, 24 hours back, above zero'),
  'metering.accepted': metering('An event that was taken has an id and the status Accepted'),
  'metering.exact': metering('A quantity is a double'),
  'metering.charged': meteredBilling("Usage is charged at the meter's price, every month"),
  'metering.full_batch': metering('A batch has at most 25 events'),
  'metering.beyond_batch': metering('A batch has at most 25 events'),
  'metering.duplicate': recorded('A duplicate carries the event that was taken'),
  'metering.same_hour': metering('One event for each resource, dimension and hour'),
  'metering.negative': metering('A quantity is above zero'),
  'metering.zero': metering('A quantity is above zero'),
  'metering.nameless': metering('An event names the plan of the subscription'),
  'metering.usage_only': meteredBilling('Meters stand beside a flat rate, which may be nothing'),
  'metering.unprocessed': metering('An event with the status Error may be sent again'),
  'metering.window': metering('An event is at most 24 hours old'),
  'metering.long_ago': metering('What is older is Expired'),
  'metering.future': byDefault('An event that lies ahead is BadArgument'),
  'metering.unknown_dimension': metering('An unknown meter is InvalidDimension'),
  'metering.unknown_agreement': metering('An unknown subscription is ResourceNotFound'),
  'metering.foreign_agreement': metering('The subscription of another publisher is ResourceNotAuthorized'),
  'metering.after_end': meteredBilling('After a cancellation the hours before it are taken for a day'),
  'metering.unpaid': metering('A suspended subscription is ResourceNotActive'),
}

const money: Trace = {
  'settlements.pull_once': payouts('An export is asked for, written within a day, and has an id'),
  'settlements.pull_new': payouts('An export shows what is known when it is written'),
  'settlements.sale': payouts('A row is one earning with its transaction amount'),
  'settlements.fee': payouts('The store fee is 3 %'),
  'settlements.payout': payouts('paymentId joins earnings to their payment'),
  'settlements.keys': payouts('An earning has an id, and is calculated anew when it changes'),
  'settlements.usage': metering('Usage can be read back by day, dimension and subscription'),
  'settlements.tax': payouts('Tax that Microsoft remits stands beside the earning'),
  'settlements.reseller': multiparty('The partner earns its markup, without a fee'),
  'settlements.foreign': payouts('An export belongs to the account that asked for it'),
  'settlements.missing_file': payouts('An export that is not known is 404'),
  'settlements.restated': payouts('An earning that is calculated anew keeps its id'),
}

const messages: Trace = {
  'webhooks.genuine': webhook('A message names action, subscription and operation'),
  'webhooks.again': webhook('A message is tried again until it is taken'),
  'webhooks.different': webhook('Each operation has an id'),
  'webhooks.forged_unproved': webhook('A message carries a bearer token'),
  'webhooks.forged_signature': accelerator("The signature is checked with the login's keys"),
  'webhooks.forged_content': accelerator("The signature is checked with the login's keys"),
  'webhooks.forged_key': accelerator("The signature is checked with the login's keys"),
  'webhooks.forged_algorithm': login('Tokens are signed with RS256'),
  'webhooks.foreign': accelerator('Tenant and audience are those of the technical configuration'),
  'webhooks.audience': accelerator('The audience is the application of the technical configuration'),
  'webhooks.unknown_agreement': webhook('The body is not signed; the subscription is read back'),
  'webhooks.old': login('A token has an expiry'),
  'webhooks.wish': webhook('ChangePlan arrives InProgress and waits ten seconds for an answer'),
}

const queried = 'Offers can be queried; a job has no key against doubles'

const faults: Trace = {
  'faults.read.throttle': recorded('Asked too often it answers 429 with Retry-After'),
  'faults.read.error_500': fulfilment('A failure of its own is 500 with InternalServerError'),
  'faults.read.error_503': fulfilment('What is not there for now answers 503'),
  'faults.read.expired_token': fulfilment('A token that ran out is 401'),
  'faults.listings.publish': ingestion('A product is found by its external id, a submission by its product'),
  'faults.offers.create': privateOffers(queried),
  'faults.offers.expire': privateOffers('State and last day of an offer can be read'),
  'faults.syndication.authorize': privateOffers(queried),
  'faults.syndication.createOffer': multiparty('The partner submits its part once'),
  'faults.syndication.restrict': privateOffers('State and last day of an offer can be read'),
  'faults.agreements.activate': fulfilment('A subscription that is Subscribed needs no activation'),
  'faults.agreements.answer': fulfilment('An operation tells its status'),
  'faults.metering.report': recorded('A duplicate carries the event that was taken'),
}

export const trace: Trace = {
  ...contractTrace,
  ...connection,
  ...selling,
  ...resale,
  ...agreements,
  ...usage,
  ...money,
  ...messages,
  ...faults,
}
