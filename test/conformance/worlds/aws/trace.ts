// The rules of AWS behind the scenarios, each with the document that says so, by its name in connectors/aws/README.md.
import { by, byDefault, contract, contractTrace } from '../../trace.ts'
import type { Trace } from '../../world.ts'
import { ownTrace } from './trace-own.ts'

const agreementModel = by('Agreement API model')
const catalogModel = by('Catalog API model')
const developerGuide = by('Developer guide')
const entitlementModel = by('Entitlement API model')
const feedQueries = by('Data feed queries')
const meteringModel = by('Metering API model')
const samples = by('Reference samples')
const sellerGuide = by('Seller guide')
const shapes = by('Shape library')
const sns = by('SNS developer guide')
const storage = by('S3 and STS references')

const connection: Trace = {
  'connection.permissions': storage('The caller can be asked who it is, and a bucket can be listed'),
  'connection.wrong_secret': samples(
    'A key that is not known is answered 403 with UnrecognizedClientException',
  ),
  'connection.foreign_account': storage('GetCallerIdentity names the account of the key'),
}

const selling: Trace = {
  'listings.publish': samples('Product and public offer are made and released in one change set'),
  'listings.read': shapes('The entity document has state, visibility and dimensions with their types'),
  'listings.publish_again': catalogModel('The same client token is the same change set'),
  'listings.unpriced': shapes('An offer is released with a pricing term'),
  'listings.refused': byDefault('The error codes of failed changes of a product'),
  'listings.read_unknown': catalogModel('DescribeEntity of an unknown id is ResourceNotFoundException'),
  'listings.read_foreign': catalogModel('DescribeEntity is for entities of the account'),
  'offers.create': samples('A private offer is made, priced, targeted and released in one change set'),
  'offers.usage_only': shapes('The pricing model Usage has a usage term and no schedule'),
  'offers.read': shapes('The offer document has name, state, targeting and availability'),
  'offers.create_again': catalogModel('The same client token is the same change set'),
  'offers.create_twice_at_once': catalogModel(
    'The same client token is the same change set, finished or not',
  ),
  'offers.another': catalogModel('Another client token is another change set'),
  'offers.refused': developerGuide('A change set fails with an error code for each change that is wrong'),
  'offers.move_last_day': developerGuide('After release the availability may still be changed'),
  'offers.withdraw': developerGuide('A last day in the past ends the offer'),
  'offers.expire': samples('A bare last day includes the whole day'),
  'offers.accepted': shapes('An offer has the states Draft and Released and none for accepted'),
  'offers.read_unknown': catalogModel('DescribeEntity of an unknown id is ResourceNotFoundException'),
  'offers.read_foreign': catalogModel('DescribeEntity is for entities of the account'),
  'offers.rules_buyer': shapes('An account has twelve digits'),
  'offers.rules_name': shapes('The name of an offer has at most 150 characters'),
  'offers.rules_instalments': shapes('A payment schedule has 1 to 60 charges on different days'),
  'offers.rules_currencies': developerGuide('Schedules are in USD, EUR, GBP, AUD or JPY'),
  'offers.rules_other_currency': developerGuide('Schedules are in USD, EUR, GBP, AUD or JPY'),
  'offers.rules_fine_price': shapes('A usage price has up to eight decimals'),
}

const resale: Trace = {
  'syndication.authorize': samples(
    'An authorization is made, priced, bounded and released in one change set',
  ),
  'syndication.authorize_again': catalogModel('The same client token is the same change set'),
  'syndication.shared': catalogModel('Entities that others shared are listed with ownership SHARED'),
  'syndication.shared_before_use': byDefault('A released authorization is shared with its reseller at once'),
  'syndication.hidden': catalogModel('SHARED lists what was shared with this account'),
  'syndication.reseller_offer': developerGuide('A markup raises every price and charge of the authorization'),
  'syndication.reseller_offer_again': catalogModel('The same client token is the same change set'),
  'syndication.reseller_offer_read': catalogModel('The list of offers names the authorization behind each'),
  'syndication.reseller_agreement': agreementModel('The proposer of an agreement is its seller of record'),
  'syndication.restrict': shapes('RestrictResaleAuthorization ends an active authorization for good'),
  'syndication.restrict_seen': catalogModel('An authorization has the status Restricted afterwards'),
  'syndication.restrict_again': catalogModel('The same client token is the same change set'),
  'syndication.unknown_reseller': developerGuide('An unknown reseller account has an error code of its own'),
  'syndication.other_buyer': developerGuide('Buyers of the offer are a subset of those of the authorization'),
  'syndication.stranger': developerGuide('An authorization is used by the account it was given to'),
}

const agreements: Trace = {
  'agreements.pull': agreementModel('Agreements, their terms and charges are searched and read as proposer'),
  'agreements.pull_once': agreementModel('The search filters and sorts by time of last update'),
  'agreements.pull_change': agreementModel('A change moves the time of last update'),
  'agreements.read_unknown': agreementModel('An unknown agreement is ResourceNotFoundException'),
  'agreements.read_foreign': agreementModel('Proposer and acceptor read an agreement'),
  'agreements.cancelled': agreementModel('A cancelled agreement has the status CANCELLED and its end'),
  'agreements.charged': developerGuide('Each charge of the schedule is invoiced on its date'),
  'agreements.entitlements': entitlementModel('Entitlements are filtered by licence, and have a value each'),
  'agreements.resolve': meteringModel('ResolveCustomer names account, product code and licence'),
  'agreements.resolve_place': sellerGuide('The browser posts the form field x-amzn-marketplace-token'),
  'agreements.resolve_forged': meteringModel('A token that is none is InvalidTokenException'),
  'agreements.resolve_changed': meteringModel('A token that is none is InvalidTokenException'),
  'agreements.resolve_foreign': meteringModel('A token is good for the seller of its product'),
  'agreements.resolve_old': agreementModel('A registration token lives half an hour'),
}

const usage: Trace = {
  'metering.rules': meteringModel('25 records, 1 MB, 24 hours, month closed at 06:00 UTC, whole quantities'),
  'metering.accepted': meteringModel('A record that was taken has an id and the status Success'),
  'metering.exact': meteringModel('A quantity is at most 2147483647'),
  'metering.charged': developerGuide('Usage is priced by the usage term of the agreement'),
  'metering.full_batch': meteringModel('A batch has at most 25 records'),
  'metering.beyond_batch': meteringModel('A batch has at most 25 records'),
  'metering.duplicate': meteringModel('The identical request again changes nothing'),
  'metering.same_hour': meteringModel('Another quantity for the same time is DuplicateRecord'),
  'metering.negative': meteringModel('A quantity is zero or more'),
  'metering.zero': meteringModel('A quantity is zero or more'),
  'metering.nameless': meteringModel('A record names a licence, or the request a product code'),
  'metering.usage_only': shapes('The pricing model Usage has a usage term and no schedule'),
  'metering.unprocessed': meteringModel('Records that were not looked at come back to be sent again'),
  'metering.window': meteringModel('A timestamp is less than 24 hours old'),
  'metering.long_ago': meteringModel('One record out of range throws back the whole batch'),
  'metering.future': meteringModel('A timestamp ahead is out of range'),
  'metering.month_cutoff': meteringModel('Usage of last month is taken until 06:00 UTC on the first'),
  'metering.unknown_dimension': meteringModel('An unknown dimension is InvalidUsageDimensionException'),
  'metering.unknown_agreement': meteringModel('An unknown licence is InvalidLicenseException'),
  'metering.foreign_agreement': meteringModel('A licence belongs to the seller of its product'),
  'metering.after_end': sellerGuide('For about an hour after the end the last records are taken'),
}

const money: Trace = {
  'settlements.pull_once': storage('A rewritten object has another ETag'),
  'settlements.pull_new': feedQueries('Feeds grow by rows and are delivered daily'),
  'settlements.sale': feedQueries('SELLER_REV_SHARE rows that are INVOICED carry the claim'),
  'settlements.fee': sellerGuide('The listing fee of a private offer below a million is 3 %'),
  'settlements.payout': feedQueries('DISBURSED rows negate their parent and point to one DISBURSEMENT'),
  'settlements.keys': feedQueries('billing_event_id is the key, update_date and valid_from the version'),
  'settlements.usage': feedQueries('The daily usage feed has quantities by agreement, dimension and day'),
  'settlements.tax': feedQueries('AWS_TAX_SHARE is remitted by AWS and moves no balance'),
  'settlements.reseller': feedQueries('RESALE rows on the BUYING side are the wholesale cost'),
  'settlements.foreign': storage('A bucket of another account is AccessDenied'),
  'settlements.missing_file': storage('An object that is not there is NoSuchKey'),
  'settlements.restated': feedQueries('A correction keeps billing_event_id and has a later update_date'),
}

const messages: Trace = {
  'webhooks.genuine': sellerGuide('Events of agreements name the agreement and come to its proposer'),
  'webhooks.again': sns('A message is delivered at least once'),
  'webhooks.different': sellerGuide('Each event has an id of its own'),
  'webhooks.forged_unproved': sns('A message has a signature'),
  'webhooks.forged_signature': sns('The signature is of the canonical text of the message'),
  'webhooks.forged_content': sns('The signature covers message, id, time, topic and type'),
  'webhooks.forged_key': sns('The certificate comes from an address of SNS over https'),
  'webhooks.forged_algorithm': sns('Signature versions are 1 and 2'),
  'webhooks.foreign': sns('A topic belongs to one account'),
  'webhooks.audience': sns('A message names its topic'),
  'webhooks.unknown_agreement': sellerGuide('An event says what happened; the API says what is'),
  'webhooks.told': sellerGuide('A manufacturer hears of resold agreements by events only'),
  'webhooks.old': sns('A message carries its time'),
  'webhooks.confirm': sns('A subscription is confirmed by visiting the address it names'),
  'webhooks.confirm_elsewhere': sns('The address to confirm at is one of SNS'),
}

const again = 'The same client token is the same change set, and a name finds it again'

const faults: Trace = {
  'faults.read.throttle': agreementModel('Asked too often it answers ThrottlingException'),
  'faults.read.error_500': agreementModel('A failure of its own is InternalServerException'),
  'faults.read.error_503': agreementModel('What is not there for now answers 503'),
  'faults.read.expired_token': storage('Credentials that ran out are ExpiredTokenException'),
  'faults.listings.publish': catalogModel(again),
  'faults.offers.create': catalogModel(again),
  'faults.offers.expire': catalogModel(again),
  'faults.syndication.authorize': catalogModel(again),
  'faults.syndication.createOffer': catalogModel(again),
  'faults.syndication.restrict': catalogModel(again),
  'faults.calls': contract('Every call is in the table of mishaps'),
  'faults.calls.test': contract('What went wrong with a permission is told in its line'),
  'faults.calls.listings': catalogModel(again),
  'faults.calls.offers': catalogModel(again),
  'faults.calls.offers.sets': catalogModel(again),
  'faults.calls.syndication': catalogModel(again),
  'faults.calls.agreements': agreementModel('Asked too often it answers ThrottlingException'),
  'faults.calls.requests': agreementModel('The same client token is the same request'),
  'faults.calls.metering': meteringModel('The identical request again changes nothing'),
  'faults.calls.settlements': storage('SlowDown and InternalError are to be tried again'),
  'faults.calls.webhooks': sns('A message that is not taken is delivered again'),
  'faults.metering.report': meteringModel('The identical request again changes nothing'),
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
  ...ownTrace,
}
