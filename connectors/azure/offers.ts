/** Private offers to a customer: found by their marker, drafted, made live; withdrawn and read. */
import { dateOf } from '../../src/core/time.ts'
import type { Connection, OfferRules, Offers, ReadOffer } from '../connector.ts'
import type { Azure } from './clients.ts'
import { isFaultOf } from './faults.ts'
import { customerTerms } from './map.ts'
import { BILLING_ACCOUNT, draftOffer, failed } from './selling/draft-offer.ts'
import { checkOfferStage, expireOffer } from './selling/offer-stages.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { type PrivateOffer, readPrivateOffer, toOfferId } from './selling/private-offers.ts'

const offerRules: OfferRules = {
  kinds: ['contract', 'usage', 'contract_with_consumption'],
  opened_kinds: ['contract', 'usage', 'contract_with_consumption'],
  rates_max: 0,
  trials_are_public: true,
  trial_days_max: 0,
  opens_without_end: false,
  replaces: false,
  instalments_max: 70,
  buyers_max: 1,
  name_max: 85,
  currencies: ['USD'],
  usage_currencies: ['USD'],
  usage_price_digits: 6,
  buyer_account_pattern: BILLING_ACCOUNT,
  buyer_account_form: 'a billing account: two ids with a colon between them, then an underscore and a date',
  duration_months_max: 60,
  instalments_before_expiry_max: 1,
  opened_instalments_before_expiry_max: 1,
  source:
    "Microsoft's private-offer schema 2023-07-15 (name of 128 characters, of which the marker takes a part; one beneficiary), its pages on flexible billing (70 instalments with different dates, terms of up to five years), read in 2026. Six digits of a meter's price, US dollars only and one instalment charged at the purchase are settings of ours.",
}

export function azureOffers(azure: Azure): Offers {
  return {
    rules: offerRules,
    resolution: 'search_marker',
    async create(connection, draft, _key) {
      const read = readOptions(optionShapes.offer, draft.options)
      if (!read.ok) return failed(read.problems)
      const parts = customerTerms(draft.eula)
      return draftOffer(azure, connection, draft, read.options, 'customerPromotion', parts)
    },
    expire: (connection, offer_id, expires_on, _key) =>
      expireOffer(azure, connection, offer_id, expires_on, 'offer_id'),
    check: (connection, reference) => checkOfferStage(azure, connection, reference),
    read: (connection, offer_id) => readOffer(azure, connection, offer_id),
  }
}

async function readOffer(
  azure: Azure,
  connection: Connection,
  offer_id: string,
): Promise<ReadOffer | undefined> {
  try {
    const { offer, body } = await readPrivateOffer(azure, connection, offer_id)
    const shared = offer.privateOfferType?.startsWith('multiparty') === true
    return {
      offer_id: toOfferId(offer_id),
      state: fromAzureOfferState(offer, azure.parts.clocks.business.now()),
      name: offer.name ?? '',
      buyer_account_ids: (offer.beneficiaries ?? []).flatMap(({ id }) => id ?? []),
      // A multiparty offer is one offer of two sellers: the vendor's permission and the partner's offer have one id.
      ...(shared ? { authorization_id: toOfferId(offer_id) } : {}),
      evidence: azure.evidence({ offer_id }, body),
    }
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}

/** Azure keeps an offer live when its last day is over; the day says that it expired. */
export function fromAzureOfferState(
  offer: Pick<PrivateOffer, 'state' | 'subState' | 'acceptBy' | 'privateOfferType'>,
  now: Date,
): ReadOffer['state'] {
  switch (offer.state) {
    case 'draft':
      return 'draft'
    case 'withdrawn':
    case 'deleted':
      return 'withdrawn'
    case 'live':
      break
    default:
      return 'unknown'
  }
  if (offer.subState === 'accepted') return 'accepted'
  if (offer.acceptBy && offer.acceptBy < dateOf(now)) return 'expired'
  // To the partner the offer is a draft until its own part is written.
  if (offer.subState === 'pendingPartnerAction')
    return offer.privateOfferType === 'multipartyPromotionChannelPartner' ? 'draft' : 'live'
  return offer.subState === 'pendingAcceptance' || !offer.subState ? 'live' : 'unknown'
}
