// The rules of AWS behind the scenarios of its own breadth, and behind changes of listings and requests.
import { by, byDefault, contract } from '../../trace.ts'
import type { Trace } from '../../world.ts'

const agreementModel = by('Agreement API model')
const catalogModel = by('Catalog API model')
const developerGuide = by('Developer guide')
const sellerGuide = by('Seller guide')
const shapes = by('Shape library')
const feedQueries = by('Data feed queries')
const meteringModel = by('Metering API model')
const sns = by('SNS developer guide')

const listings: Trace = {
  'listings.update': shapes('Each part of a product and of its public offer has a change type of its own'),
  'listings.drift': contract(
    'What the cloud shows in another way is told by field, and what stops usage by dimension',
  ),
  'listings.update_all': developerGuide('A change set holds up to 20 changes, each type once per entity'),
  'listings.update_nothing': contract('Only what differs is sent'),
  'listings.update_again': catalogModel(
    'The same client token is the same change set, and a name finds it again',
  ),
  'listings.update_unit': shapes('UpdateDimensions has name, description and types, and no unit'),
  'listings.public': shapes('UpdateVisibility makes a limited product public'),
  'listings.restricted': shapes('UpdateVisibility restricts a product and may name its replacement'),
}

const offers: Trace = {
  'offers.contract': shapes('The pricing model Contract has a fixed term with grants and a schedule'),
  'offers.configurable': shapes('A configurable term has a rate card for each length, and the buyer selects'),
  'offers.configurable_one': shapes('Both constraints of a rate card are the same'),
  'offers.free_trial': developerGuide('A free trial is an offer of the pricing model Free without targeting'),
  'offers.custom_eula': shapes('A legal term names the standard contract with its version, or a document'),
  'offers.net_payment': developerGuide('UpdateNetPaymentTerms sets the days until an invoice is due'),
  'offers.renewal': developerGuide('UpdateRenewalTerms holds increase, lockout and the most renewals'),
  'offers.renewal_range': developerGuide('A range of increases has a default and a deadline for choosing'),
  'offers.future_start': developerGuide('A validity term has a first and a last day, or a duration'),
  'offers.end_date': developerGuide('A validity term has a first and a last day, or a duration'),
  'offers.replacement': developerGuide(
    'CreateReplacementOffer names an agreement, which ends when it is accepted',
  ),
  'offers.impossible_options': contract(
    'What does not go together is found before sending, with field and fix',
  ),
  'offers.extend': developerGuide('After release the availability may still be changed'),
  'offers.set': developerGuide('A set is released with offers that were made for it and are released'),
  'offers.set_taken': developerGuide('Each offer of a set is accepted by itself'),
  'offers.set_told': sellerGuide('OfferSet Released names the offers of the set'),
  'offers.set_again': catalogModel('The same client token is the same change set, and a name finds it again'),
  'offers.set_strangers_offer': developerGuide('CreateOffer names the set, and no later change does'),
  'offers.set_number': developerGuide('A set has two to seven offers'),
  'offers.set_words': byDefault('A name has 150 letters at most, and notes for the buyer have 1,000'),
  'offers.set_foreign': catalogModel('An entity of another account is AccessDeniedException'),
  'offers.set_impossible': contract('What does not go together is found before sending, with field and fix'),
  'offers.set_refused': developerGuide(
    'Offers of a set are released, of different products, for one buyer, in one currency, until one day',
  ),
}

const channel: Trace = {
  'syndication.once': developerGuide('An authorization with instalments is for one offer, until a day'),
  'syndication.until': developerGuide('An authorization may have a last day and no number of offers'),
  'syndication.unlimited': developerGuide('Without availability an authorization has no end'),
  'syndication.list_price': shapes('A configurable resale term has a rate card for each length'),
  'syndication.markup_of_list_prices': developerGuide(
    'A markup raises every price and charge of the authorization',
  ),
  'syndication.own_schedule': developerGuide('A reseller sets a markup or a payment schedule of its own'),
  'syndication.net_payment': developerGuide(
    'Net payment terms of an offer are at most those of its authorization',
  ),
  'syndication.contract': shapes('Legal terms of an authorization are for the buyer and for the reseller'),
  'syndication.restricted_use': shapes('RestrictResaleAuthorization ends an active authorization for good'),
  'syndication.replacement': shapes(
    'CreateReplacementOfferUsingResaleAuthorization names authorization and agreement',
  ),
  'syndication.fixed_of_list_prices': developerGuide(
    'A fixed upfront term with instalments takes the place of a configurable one',
  ),
  'syndication.fixed_below_list_prices': developerGuide(
    'Length, quantities and total of a fixed term follow the authorization',
  ),
  'syndication.in_set': developerGuide('CreateOfferUsingResaleAuthorization names the set of an offer'),
  'syndication.any_buyer': shapes('Buyer targeting of an authorization is optional'),
}

const requests: Trace = {
  'requests.cancellation_granted': agreementModel('An approved cancellation request ends the agreement'),
  'requests.cancellation_declined': agreementModel('A rejected cancellation request changes nothing'),
  'requests.cancellation_silence': sellerGuide('Without an answer it counts as approved after seven days'),
  'requests.cancellation_withdrawn': agreementModel('A request that is pending approval can be cancelled'),
  'requests.again': agreementModel('The same client token is the same request; a second one is a conflict'),
  'requests.unknown_reason': agreementModel('Reasons are an enumeration'),
  'requests.reasons': agreementModel('Reasons are an enumeration'),
  'requests.payment_granted': agreementModel('An approved payment request is charged'),
  'requests.payment_declined': agreementModel('A rejected payment request changes nothing'),
  'requests.payment_withdrawn': agreementModel('A request that is pending approval can be cancelled'),
  'requests.payment_impossible': agreementModel('A payment request names the variable payment term'),
  'requests.invoices': agreementModel('Invoice lines by invoice carry the most that can be adjusted'),
  'requests.refund': agreementModel('A billing adjustment gives back part of an invoice by a credit memo'),
  'requests.refund_too_much': agreementModel('An adjustment is at most what is left of the invoice'),
}

const deals: Trace = {
  'agreements.several': agreementModel('A buyer may hold several agreements, each with a licence of its own'),
  'agreements.search_by_time': agreementModel('AfterLastUpdateTime leaves out what did not change'),
  'agreements.search_names_licence': agreementModel(
    'A found agreement names its entitlements with the LicenseArn',
  ),
  'agreements.entitlements_of_each': by('Entitlement API model')('Entitlements are filtered by licence'),
  'agreements.terms': agreementModel(
    'GetAgreementTerms has schedule, usage prices and grants of an agreement',
  ),
  'agreements.terms_trial': agreementModel('A free trial term has its days and what is granted'),
  'agreements.terms_recurring': agreementModel('A recurring term has currency, period and price'),
  'agreements.terms_byol': agreementModel(
    'A term of a licence brought along stands for what was paid elsewhere',
  ),
  'agreements.renewed_by_range': developerGuide(
    'A range of increases has a default and a deadline for choosing',
  ),
  'agreements.of_customer': by('Entitlement API model')('Entitlements are filtered by customer'),
  'agreements.failed_payment': agreementModel('TERMINATED is an agreement that AWS ended'),
  'agreements.expired': agreementModel('EXPIRED is an agreement that reached its end'),
  'metering.two_licences': meteringModel(
    'A record names its licence, and one batch holds records of several',
  ),
  'metering.never_mixed': meteringModel('Records by licence and by product code do not share a request'),
  'metering.older_product': meteringModel(
    'An older product is metered by its code and the account of the buyer',
  ),
  'metering.newer_product': meteringModel(
    'Products since June 2026 are metered by LicenseArn and account alone',
  ),
  'metering.split': meteringModel(
    'A record has allocations by tags that add up, the untagged one without Tags',
  ),
  'metering.split_otherwise': meteringModel('Only the identical record again is the same record'),
  'metering.split_wrong': meteringModel('At most 2500 allocations with 5 tags of 100 and 256 characters'),
  'metering.split_large': meteringModel('A request is smaller than 1 MB'),
  'settlements.refund': feedQueries('Refund rows have types of their own and another sign'),
  'settlements.failed_payout': feedQueries('DISBURSEMENT_FAILURE takes back a pay-out that came back'),
  'settlements.feeds': feedQueries('Every feed has a name of its own and is read'),
  'settlements.described': feedQueries(
    'Agreements name offers and accounts, and offers their products, by ids of the feeds',
  ),
  'settlements.tax_items': feedQueries('Tax items carry the invoice, the jurisdiction and the rate of a tax'),
  'settlements.described_anew': feedQueries(
    'Of one key and validity the latest update stands, and rows with a delete date are dropped',
  ),
  'settlements.no_people': contract('Of a row that names people only what is used is handed on'),
  'settlements.reports': sellerGuide(
    'Billed revenue, and collections and disbursements, have a row per invoiced line',
  ),
  'settlements.both_words': byDefault('The pay-out is spelt DISBURSEMENT or DISBURSED'),
  'webhooks.events': sellerGuide('Each event names what changed'),
  'webhooks.older_topics': sellerGuide('Topics of a product tell of subscriptions and entitlements'),
  'webhooks.older_topics_told': sellerGuide(
    'A message of a product names customer, product and private offer',
  ),
  'webhooks.forged_thousand': sns(
    'A message is believed by signature, certificate host, topic, account and time',
  ),
}

export const ownTrace: Trace = { ...listings, ...offers, ...channel, ...requests, ...deals }
