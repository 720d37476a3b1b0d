import { type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import type { ErrorDetail, Offer } from '../model.ts'
import { checkBuyers, hasPublicOffer, isPrivate } from './offer-rules.ts'

type Targeting = {
  PositiveTargeting?: { BuyerAccounts?: string[]; CountryCodes?: string[] }
  NegativeTargeting?: { CountryCodes: string[] }
}

export const updateTargeting: ChangeHandler<Offer> = (context, offer, details) => {
  const { PositiveTargeting, NegativeTargeting } = withoutNulls(details) as Targeting
  // The countries of an offer for everybody may change at any time; it stays one for everybody.
  if (offer.state === 'Released' && (isPrivate(offer) || PositiveTargeting?.BuyerAccounts)) {
    return [refuse('INCOMPATIBLE_TARGETING', 'The buyers of a released offer cannot change.')]
  }
  const replaced = context.world.agreements.get(offer.replaces_agreement_id ?? '')
  offer.buyer_accounts = PositiveTargeting?.BuyerAccounts
  offer.country_codes = PositiveTargeting?.CountryCodes
  offer.excluded_country_codes = NegativeTargeting?.CountryCodes
  const errors = countryProblems(offer)
  if (PositiveTargeting && !offer.buyer_accounts && !offer.country_codes) {
    errors.push(refuse('INVALID_TARGETING', 'PositiveTargeting needs buyers or countries.'))
  }
  if (replaced && offer.buyer_accounts?.join() !== replaced.acceptor) {
    const message = 'A replacement offer is for the buyer of the agreement it replaces.'
    errors.push(refuse('INCOMPATIBLE_BUYER_ACCOUNTS', message))
  }
  if (!offer.buyer_accounts) return errors
  errors.push(...checkBuyers(context, offer))
  if (!hasPublicOffer(context, offer.product_id)) {
    errors.push(refuse('INCOMPATIBLE_PRODUCT', 'First create a public offer for the product.'))
  }
  return errors
}

function countryProblems(offer: Offer): ErrorDetail[] {
  const { buyer_accounts, country_codes, excluded_country_codes } = offer
  const errors = [...(country_codes ?? []), ...(excluded_country_codes ?? [])]
    .filter((code) => !isCountry(code))
    .map((code) => refuse('INVALID_COUNTRY_CODES', `${code} is no country.`))
  if (buyer_accounts && (country_codes || excluded_country_codes)) {
    errors.push(refuse('INCOMPATIBLE_TARGETING', 'Name buyers or countries, not both.'))
  }
  if (country_codes && excluded_country_codes) {
    errors.push(refuse('INCOMPATIBLE_COUNTRY_CODES', 'Name the countries to sell in or not to, not both.'))
  }
  return errors
}

// Regions that have a two-letter code but are no country.
const noCountries = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !noCountries.includes(code) && regions.of(code) !== undefined
}
