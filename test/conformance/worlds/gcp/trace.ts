// The rules of Google behind the scenarios, each with the document that says so, by its name in connectors/gcp/README.md.
import { by, contract, contractTrace } from '../../trace.ts'
import type { Trace } from '../../world.ts'

const client = by('Official client')
const columns = by('Report columns')
const control = by('Service Control API')
const entitlements = by('Entitlements guide')
const offersGuide = by('Private offers guide')
const procurement = by('Partner Procurement API')
const producer = by('Commerce Producer API')
const push = by('Pub/Sub push page')
const reports = by('Seller reports guide')
const samples = by('Public samples')
const signUp = by('Sign-up guide')
const storage = by('Cloud Storage API')
const usageGuide = by('Usage reports guide')

const connection: Trace = {
  'connection.permissions': procurement('A linked service account lists orders and accounts'),
  'connection.wrong_secret': samples('An assertion that the key did not sign is invalid_grant'),
  'connection.foreign_account': procurement('A caller reads the orders of its own provider'),
}

const selling: Trace = {
  'listings.publish': producer('Products are read only; they are written in Producer Portal'),
  'listings.read': producer('A SKU has its metric, unit and price'),
  'listings.read_unknown': producer('An unknown service is NOT_FOUND'),
  'listings.read_foreign': producer('Services of the own project are read'),
  'offers.create': offersGuide('An offer is drafted, given its agreement, validated and published'),
  'offers.usage_only': producer('An offer without instalments is priced by usage alone'),
  'offers.read': producer('A private offer has title, customer, state and deadline'),
  'offers.create_again': producer('Creation has no key; the internal note is ours'),
  'offers.create_twice_at_once': producer('Creation has no key; the internal note is ours'),
  'offers.another': producer('Each offer has an id of its own'),
  'offers.refused': producer('The billing account of the customer must exist when it is published'),
  'offers.move_last_day': producer('After publishing the deadline may be moved ahead'),
  'offers.withdraw': producer('A published offer may be cancelled until it is accepted'),
  'offers.expire': producer('The deadline is a day boundary in Los Angeles'),
  'offers.accepted': producer('An accepted offer has the state ACCEPTED and is not cancelled'),
  'offers.read_unknown': producer('An unknown offer is NOT_FOUND'),
  'offers.read_foreign': producer('Offers of the own project are read'),
  'offers.rules_buyer': producer('A customer is named by its billing account'),
  'offers.rules_name': producer('A title has at most 256 characters'),
  'offers.rules_instalments': producer(
    'Instalments have rising dates, none before the deadline, over seven years',
  ),
  'offers.rules_currencies': producer('Amounts are in US dollars'),
  'offers.rules_other_currency': producer('Amounts are in US dollars'),
  'offers.rules_fine_price': producer('A discount on a SKU has two decimals'),
}

const resale: Trace = {
  'syndication.authorize': offersGuide('A plan for a reseller is made in Producer Portal and accepted'),
  'syndication.shared': producer('An offer made from a plan names the plan'),
  'syndication.hidden': producer('Offers of the own project are listed'),
  'syndication.reseller_offer': offersGuide('The reseller sets the price of its own offer'),
  'syndication.reseller_offer_read': producer('An offer made from a plan names the plan'),
  'syndication.resold_agreement': entitlements('An order of a reseller comes to the vendor as any other'),
  'syndication.restrict': offersGuide('A plan is cancelled in Producer Portal'),
}

const agreements: Trace = {
  'agreements.pull': procurement('Orders name state, offer, plan and reporting id'),
  'agreements.pull_once': procurement('The list has no filter by time; each order has its time of change'),
  'agreements.pull_change': procurement('A change moves updateTime'),
  'agreements.read_unknown': procurement('An unknown order is NOT_FOUND'),
  'agreements.read_foreign': procurement('A caller reads the orders of its own provider'),
  'agreements.cancelled': entitlements('A cancelled order has its reason and its time'),
  'agreements.charged': offersGuide('The first instalment is charged at the start, the others on their days'),
  'agreements.resolve': signUp('The token names the account and its orders'),
  'agreements.resolve_place': signUp('The browser posts the form field x-gcp-marketplace-token'),
  'agreements.resolve_forged': signUp('The token is a signed JWT'),
  'agreements.resolve_changed': signUp('The token is signed by a key of the pinned issuer'),
  'agreements.resolve_foreign': signUp('The audience is the domain of the product'),
  'agreements.resolve_old': signUp('A token lives five minutes'),
  'agreements.activate': entitlements('Account and order are approved, and then the order is active'),
  'agreements.activate_again': entitlements('An order that is active waits for nobody'),
  'agreements.activate_ended': entitlements('A cancelled order is not approved'),
  'agreements.activate_charges': entitlements('Billing begins when the order is active'),
  'agreements.answer_yes': procurement('A plan change is approved by the name of the pending plan'),
  'agreements.answer_no': procurement('A rejected plan change leaves the order on its plan'),
  'agreements.answer_changed_mind': procurement('Only a pending plan change is answered'),
  'agreements.answer_other': procurement('A plan change is approved by the name of the pending plan'),
  'agreements.answer_nobody_asked': procurement('Only a pending plan change is answered'),
}

const usage: Trace = {
  'metering.rules': usageGuide('Reported within an hour; a month closes at 01:00 in Los Angeles'),
  'metering.accepted': control('An operation that no report error names was taken'),
  'metering.exact': control('An int64 value is text and keeps every digit'),
  'metering.charged': usageGuide('Google multiplies quantity and price'),
  'metering.full_batch': control('A report has up to 1 MB of operations'),
  'metering.duplicate': control('An operation has an id by which doubles can be told'),
  'metering.same_hour': control('Operations of one window add up'),
  'metering.negative': control('A metric value is zero or more'),
  'metering.zero': contract('Where the rules say that zero is not allowed, it is not sent'),
  'metering.nameless': usageGuide('The consumer is the usageReportingId of the order'),
  'metering.usage_only': producer('An offer without instalments is priced by usage alone'),
  'metering.unprocessed': control('A report may fail for some of its operations'),
  'metering.window': usageGuide('Usage is reported within an hour of its end'),
  'metering.long_ago': usageGuide('Usage is reported within an hour of its end'),
  'metering.future': control('An operation ends before it is reported'),
  'metering.unknown_dimension': control('A metric is one of the service configuration'),
  'metering.unknown_agreement': control('A consumer that is not known is refused by the check'),
  'metering.foreign_agreement': control('Check and report need permissions on the service'),
  'metering.after_end': usageGuide('After a cancellation usage before it is taken for an hour'),
  'metering.unpaid': usageGuide('While billing is off usage is kept and reported later'),
}

const money: Trace = {
  'settlements.pull_once': storage('An object that is written anew has another generation'),
  'settlements.pull_new': reports('Reports of a month come by the tenth business day'),
  'settlements.sale': columns('cust_charges is what the customer was charged'),
  'settlements.fee': reports("Google's share of a new deal below a million is 3 %"),
  'settlements.payout': reports('A row of the detailed report sums to its pay-out'),
  'settlements.keys': columns('Rows are told apart by SKU, account, order, offer and standing'),
  'settlements.usage': reports('Insights have usage by order, SKU and day in Los Angeles'),
  'settlements.foreign': storage('A bucket of another project is forbidden'),
  'settlements.missing_file': storage('An object that is not there is 404'),
  'settlements.restated': columns('report_creation_date is the day of the report'),
}

const messages: Trace = {
  'webhooks.genuine': entitlements('A message names its event, provider and order'),
  'webhooks.again': push('A message is delivered at least once, with one id'),
  'webhooks.different': push('Each message has an id of its own'),
  'webhooks.forged_unproved': push('A push carries a bearer token'),
  'webhooks.forged_signature': push("The token is signed by Google's keys"),
  'webhooks.forged_content': push("The token is signed by Google's keys"),
  'webhooks.forged_key': push("The token is signed by Google's keys"),
  'webhooks.forged_algorithm': push('The token is signed with RS256'),
  'webhooks.foreign': entitlements('A message names the provider it is for'),
  'webhooks.audience': push('The token names the audience of the subscription'),
  'webhooks.unknown_agreement': entitlements('A message is a hint; the order is read back'),
  'webhooks.old': push('A token lives an hour'),
  'webhooks.wish': entitlements('A plan change waits for approval, and the order tells the pending plan'),
}

const once = 'Creation has no key; the internal note is ours, and a state tells how far an offer came'

const faults: Trace = {
  'faults.read.throttle': procurement('Asked too often it answers RESOURCE_EXHAUSTED'),
  'faults.read.error_500': procurement('A failure of its own is INTERNAL'),
  'faults.read.error_503': procurement('What is not there for now is UNAVAILABLE'),
  'faults.read.expired_token': procurement('A token that ran out is UNAUTHENTICATED'),
  'faults.offers.create': producer(once),
  'faults.offers.expire': producer('The deadline of an offer can be read'),
  'faults.agreements.activate': entitlements('An order that is active waits for nobody'),
  'faults.agreements.answer': procurement('Only a pending plan change is answered'),
  'faults.metering.report': control('An operation has an id by which doubles can be told'),
}

const own: Trace = {
  'offers.official_client': client('Our client sends for all 21 methods what the official package sends'),
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
  ...own,
}
