/**
 * Multiparty offers as their partner sees them. No event tells a partner of anything, so the list is read whole and what
 * changed is handed on.
 */
import type { Connection } from '../../connector.ts'
import type { Azure } from '../clients.ts'
import { isFaultOf } from '../faults.ts'
import { advance, fingerprintOf, type Listed, readCursor, START, writeCursor } from '../wire/cursor.ts'
import { readPage } from '../wire/lists.ts'
import { fromAzureOffer, offerList, type PrivateOffer } from './private-offers.ts'

const PARTNER = 'multipartyPromotionChannelPartner'

export function isPartnersOffer({ privateOfferType }: PrivateOffer): boolean {
  return privateOfferType === PARTNER
}

export type PartnerOffers = { offers: PrivateOffer[]; next: string; more: boolean }

/** Offers of which this account is the partner that are new or changed since the cursor, at most `limit`. */
export async function pullPartnerOffers(
  azure: Azure,
  connection: Connection,
  text: string | null,
  limit: number,
): Promise<PartnerOffers> {
  let cursor = readCursor(text)
  const read = () =>
    readPage(
      azure,
      connection,
      'QueryPrivateOffers',
      cursor.link === null ? offerList : { link: cursor.link },
    )
  let page: Awaited<ReturnType<typeof readPage>>
  try {
    page = await read()
  } catch (error) {
    // A link that was kept too long is refused; the list is then read from its start again.
    if (cursor.link === null || !isFaultOf(error, 'invalid', 'not_found', 'forbidden')) throw error
    cursor = { ...START, before: cursor.before }
    page = await read()
  }
  const listed: Listed<PrivateOffer>[] = []
  for (const value of page.values) {
    const offer = fromAzureOffer(value, 'QueryPrivateOffers')
    if (isPartnersOffer(offer)) listed.push({ fingerprint: await fingerprintOf(value), item: offer })
  }
  const { fresh, next, more } = advance(cursor, listed, page.link, limit)
  return { offers: fresh, next: writeCursor(next), more }
}
