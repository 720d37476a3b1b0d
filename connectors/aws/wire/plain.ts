/**
 * What AWS's error codes of a failed change set mean, in plain words with the way out. A code may mean something else
 * per change type; those come first. Source: the error tables per change type in the AWS Marketplace developer guide
 * (private offers, channel partner private offers, resale authorizations), read in 2026.
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
  'RestrictResaleAuthorization/INCOMPATIBLE_STATUS': 'Only an active authorization can be ended.',
}

const byCode: Readonly<Record<string, string>> = {
  DUPLICATE_CHARGE_DATES: 'Two instalments fall on the same day. Give each its own date.',
  DUPLICATE_CHARGE_DATE_OFFSETS: 'Two instalments of the renewal have the same offset. Give each its own.',
  DUPLICATE_DIMENSION_KEYS: 'A dimension is listed twice. Name each dimension once.',
  DUPLICATE_SELECTORS: 'Two prices are for the same duration. Keep one per duration.',
  DUPLICATE_TERM_TYPES: 'A kind of terms appears twice. Keep one of each kind.',
  INCOMPATIBLE_AGREEMENT:
    'The agreement being replaced does not allow this change: it ended or has other pricing.',
  INCOMPATIBLE_AGREEMENT_END_DATE: 'The end date does not fit the agreement being replaced.',
  INCOMPATIBLE_AGREEMENT_START_DATE:
    'A start date needs an end date and must lie after the last day of acceptance.',
  INCOMPATIBLE_BUYER_ACCOUNTS: 'The buyers of a released offer cannot be changed. Make a new offer.',
  INCOMPATIBLE_BUYER_TARGETING: 'The named buyers do not fit this authorization.',
  INCOMPATIBLE_COUNTRY_CODES: 'These countries do not fit the offer or its product.',
  INCOMPATIBLE_CURRENCY_CODE: 'All prices of an offer must be in one currency, and usage is priced in USD.',
  INCOMPATIBLE_MARKUP: 'The markup of a released offer cannot be changed. Make a new offer.',
  INCOMPATIBLE_MARKUP_PERCENTAGE: 'The payment schedule does not fit the markup that was set.',
  INCOMPATIBLE_PAYMENT_SETTINGS:
    "The seller account's payment settings do not allow this currency or schedule.",
  INCOMPATIBLE_PRE_EXISTING_AGREEMENT: 'The statement about an earlier agreement does not fit this offer.',
  INCOMPATIBLE_PRICING_MODEL:
    'The pricing model differs from what the product or the replaced agreement has.',
  INCOMPATIBLE_PRICING_TERM: 'The wholesale price and the payment schedule must be given together.',
  INCOMPATIBLE_PRODUCT:
    'The product does not allow this: check its pricing, its visibility and its public offer.',
  INCOMPATIBLE_RATES: 'The rates do not fit those of the product.',
  INCOMPATIBLE_RATE_CARD_CONSTRAINTS:
    'Choosing several dimensions and choosing quantities must be allowed together.',
  INCOMPATIBLE_RESALE_AUTHORIZATION:
    'The authorization does not allow this: check its status, buyers, dates and prices.',
  INCOMPATIBLE_SELECTOR_DURATION: 'The duration of this price does not fit the offer.',
  INCOMPATIBLE_SELLER_VERIFICATION:
    'The seller account is not verified for this. Finish its tax and bank details with AWS.',
  INCOMPATIBLE_STATUS: 'It is not in a state in which this can be done.',
  INCOMPATIBLE_TARGETING: 'The named buyers do not fit the kind of offer.',
  INCOMPATIBLE_TERMS: 'These terms cannot be combined, or cannot be changed after release.',
  INVALID_ADJUSTMENT_DEADLINE: 'The last day to change renewal prices does not fit the other renewal dates.',
  INVALID_AGREEMENT_DURATION: 'The duration is not one that AWS takes for this offer.',
  INVALID_AGREEMENT_END_DATE: 'The end date is in the past or too far away.',
  INVALID_AGREEMENT_START_DATE: 'The start date is in the past or too far away.',
  INVALID_AGREEMENT_TIME_INTERVAL: 'The agreement would end before it starts.',
  INVALID_AVAILABILITY_END_DATE:
    'The last day of acceptance is not allowed: it is in the past, too late, or after a payment.',
  INVALID_BUYER_ACCOUNTS:
    'At least one buyer account does not exist. Ask the buyer for the 12 digits of their AWS account.',
  INVALID_CHARGE_DATES: 'An instalment is due in the past or after the agreement ends.',
  INVALID_CHARGE_DATE_OFFSETS: 'An instalment of the renewal lies outside the renewed term.',
  INVALID_CHARGE_PERCENTAGES: 'The parts of the renewal schedule must add up to one hundred per cent.',
  INVALID_COUNTRY_CODES: 'At least one country code is unknown.',
  INVALID_CURRENCY_CODE: 'AWS does not take this currency here.',
  INVALID_DAY_OF_MONTH: 'The day of the month must be from 1 to 31.',
  INVALID_DURATION: 'The duration is not one that AWS takes, such as P12M.',
  INVALID_GRANTS: 'The quantities are not allowed: check that each dimension belongs to the product.',
  INVALID_LEGAL_DOCUMENTS: 'The agreement document cannot be read. Give an address AWS can fetch a PDF from.',
  INVALID_LOCKOUT_PERIOD: 'The lockout before a renewal is longer than AWS takes.',
  INVALID_MARKUP_PERCENTAGE: 'The markup is not a percentage that AWS takes.',
  INVALID_MAXIMUM_AGREEMENT_START_DATE: 'The latest start date is not allowed.',
  INVALID_PAYMENT_DUE_PERIOD: 'The payment period is not one of those that AWS offers.',
  INVALID_PERCENTAGE_RANGE: 'The range of the price increase is turned round or too wide.',
  INVALID_PRICE_CHANGE: 'The price cannot be changed this way.',
  INVALID_RATE_CARD: 'A price names a dimension that the product does not have for this kind of pricing.',
  INVALID_RESELLER_ACCOUNT:
    'The reseller account does not exist or is not registered as a seller. Ask the reseller.',
  INVALID_SELECTOR_DURATION_VALUE: 'The duration of a price is not one that AWS takes, such as P12M.',
  INVALID_TARGETING: 'The named buyers cannot be used like this.',
  INVALID_TAX_INFORMATION: 'The seller account has no valid tax details. Complete them with AWS.',
  INVALID_UPDATE_REQUEST: 'The change does not fit what is there.',
  LIMIT_EXCEEDED_LEGAL_DOCUMENT_SIZE: 'The agreement document is too large.',
  MISSING_ADJUSTMENT_DEADLINE: 'A range of price increases needs a last day to choose one.',
  MISSING_AGREEMENT_END_DATE: 'A replacement needs the date on which the agreement ends.',
  MISSING_AGREEMENT_START_DATE: 'The start date is missing.',
  MISSING_AVAILABILITY_END_DATE: 'The last day of acceptance is missing.',
  MISSING_BUYER_ACCOUNTS: 'A private offer must name at least one buyer account.',
  MISSING_COUNTRY_CODES: 'The countries are missing.',
  MISSING_DESCRIPTION: 'The offer has no description.',
  MISSING_DURATION: 'The duration is missing.',
  MISSING_MANDATORY_TERMS: 'Required terms are missing: check price, agreement text and duration.',
  MISSING_NAME: 'The offer has no name.',
  MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE:
    'The renewal of an offer with instalments needs a schedule of its own.',
  MISSING_PRICE_INCREASE: 'A renewal of a private offer must say by how much the price rises.',
  TOO_MANY_BACKDATED_CHARGES: 'Only one instalment may be due on or before the last day of acceptance.',
  TOO_MANY_BUYER_ACCOUNTS: 'Too many buyer accounts are named.',
  TOO_MANY_CHARGES: 'There are more instalments than AWS takes.',
  TOO_MANY_GRANTS: 'There are more dimensions than AWS takes in one offer.',
  TOO_MANY_OFFERS: 'The product has as many offers as AWS allows. Expire old ones or ask AWS for more.',
  TOO_MANY_RATES: 'There are more prices than AWS takes.',
  TOO_MANY_RATE_CARDS: 'There are more durations than AWS takes.',
  SERVER_FAULT: 'AWS failed on its side and changed nothing. Try again.',
  CANCELLED: 'The change was cancelled before AWS applied it.',
}

/** Our words for a code of a change type; undefined for one that is not documented. */
export function plain(changeType: string, code: string): string | undefined {
  const own = `${changeType}/${code}`
  if (Object.hasOwn(byChange, own)) return byChange[own]
  return Object.hasOwn(byCode, code) ? byCode[code] : undefined
}
