/**
 * What AWS's error codes of a failed change set mean, in plain words with the way out. A code may mean something else
 * per change type; those come first. Source: the error tables per change type in the AWS Marketplace developer guide
 * (private offers, channel partner private offers, resale authorizations, offer sets), read in 2026.
 */
const byChange: Readonly<Record<string, string>> = {
  'CreateOffer/INCOMPATIBLE_PRODUCT':
    'The product has no released public offer yet, or cannot have offers. Publish the listing first.',
  'CreateOfferUsingResaleAuthorization/INCOMPATIBLE_RESALE_AUTHORIZATION':
    'The authorization is not active, was used up, or was given to another account. Ask the vendor for a new one.',
  'UpdateMarkup/INCOMPATIBLE_TERMS':
    'A markup cannot be combined with a payment schedule of your own. Use one of the two.',
  'UpdateTargeting/INCOMPATIBLE_RESALE_AUTHORIZATION':
    'The authorization names its buyers, and at least one of these is not among them.',
  'ReleaseOffer/INCOMPATIBLE_TARGETING': 'A private offer must name at least one buyer account.',
  'ReleaseResaleAuthorization/MISSING_MANDATORY_TERMS':
    'The authorization needs a price and the terms for the buyer before it can be released.',
  'AssociateOffers/TOO_MANY_OFFERS': 'An offer set has seven offers at most. Make a second set.',
  'RestrictResaleAuthorization/INCOMPATIBLE_STATUS': 'Only an active authorization can be ended.',
}

/** What a request meets before it becomes a change set. Source: the errors of the Catalog API model. */
const bySyncCode: Readonly<Record<string, string>> = {
  ValidationException:
    'AWS refused the request as it was written. Nothing was changed. Mend what its words name.',
  ResourceInUseException: 'AWS still works on an earlier change of the same thing. This one waits for it.',
  ServiceQuotaExceededException: 'The account has reached a limit of AWS. Wait, or have the limit raised.',
  ThrottlingException: 'AWS asks us to slow down. The request is made again by itself.',
  AccessDeniedException:
    'The connection may not do this. Add the permission to its user or role, then test the connection.',
  ResourceNotFoundException: 'AWS does not know it: it belongs to another account, or it is gone.',
  ResourceNotSupportedException: 'AWS does not do this with a thing of this kind.',
  InternalServiceException: 'AWS failed on its side. The request is made again by itself.',
}

const byCode: Readonly<Record<string, string>> = {
  // Failed changes of products are not documented; these are the names that their kind goes by elsewhere.
  INVALID_DELIVERY_OPTION_ID:
    'The product has no such place where buyers are sent. Read the listing back, then ask again.',
  INVALID_DIMENSION_KEY: 'The product has no such dimension. Read the listing back, then ask again.',
  MISSING_DELIVERY_OPTIONS:
    'The product says nowhere where buyers are sent. Publish it from here, or add it at AWS.',
  MISSING_DIMENSIONS: 'The product has nothing that can be bought. Add a dimension.',
  MISSING_MANDATORY_FIELDS:
    'Something that every listing needs is empty. Its own words say what: fill it in.',
  // Of offer sets, whose codes stand in the page on them.
  DRAFT_OFFERS: 'An offer of the set is not released yet. Release the set when all of them are live.',
  EXPIRED_OFFERS:
    'The last day of an offer of the set is over. Move it, to the same day for all of them, and release the set again.',
  INCOMPATIBLE_OFFER_SET_REFERENCE:
    'An offer was not made for this set. An offer belongs to a set from its making: make it anew for this one.',
  INCOMPATIBLE_OFFER_TARGETING_RULE:
    'An offer of the set names no buyer. Only private offers can be in a set.',
  INCONSISTENT_OFFER_AVAILABILITY_END_DATE:
    'The offers of a set must all have the same last day. Move those that differ, and release the set again.',
  INCONSISTENT_OFFER_CURRENCY_CODE: 'The offers of a set must all be in one currency.',
  INCONSISTENT_OFFER_TARGETING_RULE: 'The offers of a set must all be for the same buyers.',
  INCOMPATIBLE_SOLUTION_ASSOCIATION:
    'The set belongs to another solution, or the solution is not one of yours. Change it in the AWS Marketplace Management Portal.',
  INCOMPATIBLE_SOLUTION_STATE:
    'The solution that the set belongs to is not released yet. Release it at AWS, then release the set again.',
  MISSING_BUYER_NOTES: 'The set says nothing to the buyer. Give it a note.',
  MISSING_OFFERS: 'An offer set needs at least two offers. Add one.',
  TOO_MANY_OFFERS_PER_PRODUCT: 'An offer set has one offer of each product at most. Leave one out.',
  DUPLICATE_CHARGE_DATES: 'Two instalments fall on the same day. Give each its own date.',
  DUPLICATE_CHARGE_DATE_OFFSETS: 'Two instalments of the renewal have the same offset. Give each its own.',
  DUPLICATE_DIMENSION_KEYS: 'A dimension is listed twice. Name each dimension once.',
  DUPLICATE_SELECTORS: 'Two prices are for the same duration. Keep one per duration.',
  DUPLICATE_TERM_TYPES: 'A kind of terms appears twice. Keep one of each kind.',
  INCOMPATIBLE_AGREEMENT:
    'The agreement being replaced does not allow this change: it ended or has other pricing. Make a new offer in its place.',
  INCOMPATIBLE_AGREEMENT_END_DATE:
    'The end date does not fit the agreement being replaced. Choose one after the day it ends now.',
  INCOMPATIBLE_AGREEMENT_START_DATE:
    'A start date needs an end date and must lie after the last day of acceptance.',
  INCOMPATIBLE_BUYER_ACCOUNTS: 'The buyers of a released offer cannot be changed. Make a new offer.',
  INCOMPATIBLE_BUYER_TARGETING:
    'The named buyers do not fit this authorization. Name those it was given for, or none.',
  INCOMPATIBLE_COUNTRY_CODES:
    'These countries do not fit the offer or its product. Take some that the product is sold in.',
  INCOMPATIBLE_CURRENCY_CODE:
    'All prices of an offer must be in one currency, and usage is priced in USD. Use one currency throughout.',
  INCOMPATIBLE_MARKUP: 'The markup of a released offer cannot be changed. Make a new offer.',
  INCOMPATIBLE_MARKUP_PERCENTAGE:
    'The payment schedule does not fit the markup that was set. Give the markup, or the schedule, not both.',
  INCOMPATIBLE_PAYMENT_SETTINGS:
    "The seller account's payment settings do not allow this currency or schedule. Change them in the AWS Marketplace Management Portal, or take another currency.",
  INCOMPATIBLE_PRE_EXISTING_AGREEMENT:
    'The statement about an earlier agreement does not fit this offer. Leave it out, or correct it.',
  INCOMPATIBLE_PRICING_MODEL:
    'The pricing model differs from what the product or the replaced agreement has. Use the same kind of pricing.',
  INCOMPATIBLE_PRICING_TERM: 'The wholesale price and the payment schedule must be given together.',
  INCOMPATIBLE_PRODUCT:
    'The product does not allow this: check its pricing, its visibility and its public offer.',
  INCOMPATIBLE_RATES:
    'The rates do not fit those of the product. Price the dimensions that the product has, for what they are sold as.',
  INCOMPATIBLE_RATE_CARD_CONSTRAINTS:
    'Choosing several dimensions and choosing quantities must be allowed together.',
  INCOMPATIBLE_RESALE_AUTHORIZATION:
    'The authorization does not allow this: check its status, buyers, dates and prices.',
  INCOMPATIBLE_SELECTOR_DURATION:
    'The duration of this price does not fit the offer. Give the price for the duration that is offered.',
  INCOMPATIBLE_SELLER_VERIFICATION:
    'The seller account is not verified for this. Finish its tax and bank details with AWS.',
  INCOMPATIBLE_STATUS:
    'It is not in a state in which this can be done. Read it back, then see what it is in.',
  INCOMPATIBLE_TARGETING:
    'The named buyers do not fit the kind of offer. A private offer names buyers, a public one none.',
  INCOMPATIBLE_TERMS:
    'These terms cannot be combined, or cannot be changed after release. Make a new offer where a released one must differ.',
  INVALID_ADJUSTMENT_DEADLINE:
    'The last day to change renewal prices does not fit the other renewal dates. Put it before the renewal.',
  INVALID_AGREEMENT_DURATION: 'The duration is not one that AWS takes for this offer. Choose whole months.',
  INVALID_AGREEMENT_END_DATE: 'The end date is in the past or too far away. Choose another day.',
  INVALID_AGREEMENT_START_DATE: 'The start date is in the past or too far away. Choose another day.',
  INVALID_AGREEMENT_TIME_INTERVAL: 'The agreement would end before it starts. Correct one of the two days.',
  INVALID_AVAILABILITY_END_DATE:
    'The last day of acceptance is not allowed: it is in the past, too late, or after a payment. Choose another day.',
  INVALID_BUYER_ACCOUNTS:
    'At least one buyer account does not exist. Ask the buyer for the 12 digits of their AWS account.',
  INVALID_CHARGE_DATES: 'An instalment is due in the past or after the agreement ends. Move it.',
  INVALID_CHARGE_DATE_OFFSETS:
    'An instalment of the renewal lies outside the renewed term. Move it into the term.',
  INVALID_CHARGE_PERCENTAGES: 'The parts of the renewal schedule must add up to one hundred per cent.',
  INVALID_COUNTRY_CODES: 'At least one country code is unknown. Use two letters, such as US.',
  INVALID_CURRENCY_CODE:
    'AWS does not take this currency here. Use USD, or one that the account is set up for.',
  INVALID_DAY_OF_MONTH: 'The day of the month must be from 1 to 31.',
  INVALID_DURATION: 'The duration is not one that AWS takes, such as P12M.',
  INVALID_GRANTS: 'The quantities are not allowed: check that each dimension belongs to the product.',
  INVALID_LEGAL_DOCUMENTS: 'The agreement document cannot be read. Give an address AWS can fetch a PDF from.',
  INVALID_BUYER_LEGAL_DOCUMENTS:
    "The buyer's agreement document cannot be taken. Give an address in S3 that AWS can fetch a PDF from.",
  INVALID_RESALE_LEGAL_DOCUMENTS:
    "The reseller's agreement document cannot be taken. Give an address in S3 that AWS can fetch a PDF from.",
  INVALID_LOCKOUT_PERIOD: 'The lockout before a renewal is longer than AWS takes. Shorten it.',
  INVALID_MARKUP_PERCENTAGE:
    'The markup is not a percentage that AWS takes. Give a plain number that is not negative.',
  INVALID_MAXIMUM_AGREEMENT_START_DATE:
    'The latest start date is not allowed. Choose one that is not in the past.',
  INVALID_PAYMENT_DUE_PERIOD: 'The payment period is not one of those that AWS offers. Choose one of them.',
  INVALID_PERCENTAGE_RANGE:
    'The range of the price increase is turned round or too wide. Put the smaller percentage first.',
  INVALID_PRICE_CHANGE:
    'The price cannot be changed this way: AWS limits how far and how often public prices rise. Wait, or change it less.',
  INVALID_RATE_CARD:
    'A price names a dimension that the product does not have for this kind of pricing. Add the dimension first, or take the price out.',
  INVALID_RESELLER_ACCOUNT:
    'The reseller account does not exist or is not registered as a seller. Ask the reseller.',
  INVALID_SELECTOR_DURATION_VALUE: 'The duration of a price is not one that AWS takes, such as P12M.',
  INVALID_TARGETING: 'The named buyers cannot be used like this. Check the account numbers.',
  INVALID_TAX_INFORMATION: 'The seller account has no valid tax details. Complete them with AWS.',
  INVALID_UPDATE_REQUEST:
    'The change does not fit what is there. Read it back, then ask for what still differs.',
  LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE: 'The agreement document is too large. Give a smaller PDF.',
  MISSING_ADJUSTMENT_DEADLINE: 'A range of price increases needs a last day to choose one.',
  MISSING_AGREEMENT_END_DATE: 'A replacement needs the date on which the agreement ends. Give it.',
  MISSING_AGREEMENT_START_DATE: 'The start date is missing. Give it, with the end date.',
  MISSING_AVAILABILITY_END_DATE: 'The last day of acceptance is missing. Give it.',
  MISSING_BUYER_ACCOUNTS: 'A private offer must name at least one buyer account.',
  MISSING_COUNTRY_CODES: 'The countries are missing. Name at least one.',
  MISSING_DESCRIPTION: 'The offer has no description. Give it one.',
  MISSING_DURATION: 'The duration is missing. Give it, such as 12 months.',
  MISSING_MANDATORY_TERMS: 'Required terms are missing: check price, agreement text and duration.',
  MISSING_NAME: 'The offer has no name. Give it one.',
  MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE:
    'The renewal of an offer with instalments needs a schedule of its own.',
  MISSING_PRICE_INCREASE: 'A renewal of a private offer must say by how much the price rises.',
  TOO_MANY_BACKDATED_CHARGES: 'Only one instalment may be due on or before the last day of acceptance.',
  TOO_MANY_BUYER_ACCOUNTS: 'Too many buyer accounts are named. Make several offers.',
  TOO_MANY_CHARGES: 'There are more instalments than AWS takes. Put some together.',
  TOO_MANY_GRANTS: 'There are more dimensions than AWS takes in one offer. Leave some out.',
  TOO_MANY_OFFERS: 'The product has as many offers as AWS allows. Expire old ones or ask AWS for more.',
  TOO_MANY_RATES: 'There are more prices than AWS takes. Leave some dimensions out.',
  TOO_MANY_RATE_CARDS: 'There are more durations than AWS takes. Leave some out.',
  SERVER_FAULT: 'AWS failed on its side and changed nothing. Try again.',
  CANCELLED: 'The change was cancelled before AWS applied it. Ask for it again if it is still wanted.',
}

/** Our words for a code of a change type; undefined for one that is not documented. */
export function plain(changeType: string, code: string): string | undefined {
  const own = `${changeType}/${code}`
  if (Object.hasOwn(byChange, own)) return byChange[own]
  if (Object.hasOwn(byCode, code)) return byCode[code]
  return Object.hasOwn(bySyncCode, code) ? bySyncCode[code] : undefined
}
