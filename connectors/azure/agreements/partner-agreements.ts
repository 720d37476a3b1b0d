/**
 * What a partner sold. The fulfilment API shows a subscription to its publisher alone, so a partner's agreement is the
 * multiparty offer that the customer accepted: it has the offer's id, and the plan that was made for it, which the
 * partner's payouts name.
 */
import { Fault } from '../../../src/core/fault.ts'
import { decodeCursor, encodeCursor } from '../../../src/core/page.ts'
import { dateOf } from '../../../src/core/time.ts'
import type { AgreementRecord, Connection, Pulled } from '../../connector.ts'
import type { Azure } from '../clients.ts'
import { isFaultOf } from '../faults.ts'
import { isPartnersOffer, pullPartnerOffers } from '../selling/partner-offers.ts'
import { type PrivateOffer, readPrivateOffer, toOfferId } from '../selling/private-offers.ts'
import { instant } from './map-agreements.ts'

const OFFERS_PER_PULL = 100

/** Whether an agreement of ours is an offer that this account is the partner of. */
export function isPartnerAgreement(agreement_id: string): boolean {
  return agreement_id === toOfferId(agreement_id)
}

export async function readPartnerAgreement(
  azure: Azure,
  connection: Connection,
  agreement_id: string,
): Promise<AgreementRecord> {
  const { offer } = await readPrivateOffer(azure, connection, agreement_id)
  const record = fromAzurePartnerOffer(azure, connection, offer)
  if (record === undefined) throw new Fault('not_found', `No customer has accepted ${agreement_id}`)
  return record
}

/** An account that may not read private offers is no partner. */
export async function pullPartnerAgreements(
  azure: Azure,
  connection: Connection,
  cursor: string | null,
): Promise<Pulled<AgreementRecord>> {
  try {
    const { offers, next, more } = await pullPartnerOffers(azure, connection, cursor, OFFERS_PER_PULL)
    const items = offers.flatMap((offer) => fromAzurePartnerOffer(azure, connection, offer) ?? [])
    return { items, next, more }
  } catch (error) {
    if (!isFaultOf(error, 'forbidden', 'unauthorised', 'not_found')) throw error
    return { items: [], next: cursor, more: false }
  }
}

function fromAzurePartnerOffer(
  azure: Azure,
  connection: Connection,
  offer: PrivateOffer,
): AgreementRecord | undefined {
  if (!isPartnersOffer(offer) || offer.subState !== 'accepted') return undefined
  const priced = offer.originatorPricing?.[0] ?? offer.pricing?.[0]
  return {
    agreement_id: offer.id,
    role: 'seller',
    offer_id: offer.id,
    authorization_id: offer.id,
    product_id: priced?.product ?? null,
    buyer_account_id: offer.beneficiaries?.[0]?.id ?? '',
    seller_account_id: connection.account_id,
    // What becomes of the subscription is told to its publisher only.
    state: 'active',
    cloud_state: offer.subState,
    accepted_at: acceptedAt(offer, azure.parts.clocks.business.now()),
    starts_at: null,
    ends_at: null,
    currency: null,
    value: null,
    instalments: [],
    usage_prices: {},
    grants: [],
    updated_at: null,
    license: null,
    plan: priced?.newPlanDetails?.id ?? null,
    evidence: azure.evidence({ offer_id: offer.id }, offer),
  }
}

/** Nothing changes an accepted offer, so its last change is the acceptance. Azure tells the day: today's is just now. */
function acceptedAt({ lastModified }: PrivateOffer, now: Date): Date | null {
  const told = instant(lastModified)
  return told !== null && dateOf(told) === dateOf(now) ? now : told
}

// ---------------------------------------------------------------- two lists, one cursor

export type TwoCursors = { subscriptions: string | null; offers: string | null }

export function readTwo(text: string | null): TwoCursors {
  const nothing = { subscriptions: null, offers: null }
  if (text === null) return nothing
  try {
    const found: unknown = JSON.parse(decodeCursor(text))
    if (!Array.isArray(found) || found.length !== 2) return nothing
    const [subscriptions, offers] = found.map((one) => (typeof one === 'string' ? one : null))
    return { subscriptions: subscriptions ?? null, offers: offers ?? null }
  } catch {
    return nothing
  }
}

export function writeTwo({ subscriptions, offers }: TwoCursors): string {
  return encodeCursor(JSON.stringify([subscriptions, offers]))
}
