/**
 * Resale. Private offer plans are made, accepted and used in Google's pages only, so each step is a person's; what came
 * of a plan is seen on the private offers that name it.
 */
import type { Connection, Pulled, SharedAuthorization, Syndication } from '../connector.ts'
import type { Gcp } from './clients.ts'
import { planTask, resellerOfferTask, stillHuman, withdrawTask } from './selling/human.ts'
import { readPrivateOffer } from './selling/offer-stages.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { advance, readCursor, writeCursor } from './wire/cursor.ts'
import { lastOf, parentOf, within } from './wire/names.ts'
import type { PrivateOffer } from './wire/producer-replies.ts'

/** Each resold offer of a page may cost a request, so pages are small. */
const PAGE_MAX = 50

export function gcpSyndication(gcp: Gcp): Syndication {
  return {
    resolution: 'read_back',
    by_hand: ['authorize', 'restrict', 'createOffer'],
    async authorize(_, draft) {
      const read = readOptions(optionShapes.none, draft.options)
      if (!read.ok) return { status: 'failed', problems: read.problems, evidence: {} }
      return planTask(draft)
    },
    restrict: async (_, authorization_id) => withdrawTask(authorization_id),
    createOffer: async (_, draft) => resellerOfferTask(draft),
    check: async (_, reference) => stillHuman(reference),
    pullShared: (connection, cursor) => pullShared(gcp, connection, cursor),
  }
}

/** A plan is known from the offers that were made of it; one that nobody used yet cannot be seen. */
async function pullShared(
  gcp: Gcp,
  connection: Connection,
  text: string | null,
): Promise<Pulled<SharedAuthorization>> {
  const cursor = readCursor(text)
  const started = gcp.parts.clocks.business.now()
  const request = {
    parent: parentOf(connection),
    pageSize: PAGE_MAX,
    orderBy: 'update_time',
    ...(cursor.since === null ? {} : { filter: `update_time > "${cursor.since}"` }),
    ...(cursor.token === null ? {} : { pageToken: cursor.token }),
  }
  const answer = await gcp.producer(connection, 'ListPrivateOffers', (client, options) =>
    client('listPrivateOffers', request, options),
  )
  const page = (answer.privateOffers ?? []).flatMap((item) => {
    const resold = item.resellerContact || item.singleProductOffer?.resellerPrivateOfferPlanId
    if (!resold || !item.name || !item.updateTime) return []
    return [{ key: `${item.name} ${item.updateTime}`, changed_at: new Date(item.updateTime), item }]
  })
  const { fresh, next } = advance(cursor, page, answer.nextPageToken || null, started)
  const items: SharedAuthorization[] = []
  for (const { item } of fresh) {
    // The list may leave the plan out; the offer itself has it.
    const listed = item.singleProductOffer?.resellerPrivateOfferPlanId
    const offer = listed ? item : await readPrivateOffer(gcp, connection, lastOf(item.name))
    const shared = fromGcpPlan(offer, connection.account_id)
    if (shared !== undefined) items.push({ ...shared, evidence: gcp.evidence(request, offer) })
  }
  return { items, next: writeCursor(next), more: next.token !== null }
}

function fromGcpPlan(
  offer: PrivateOffer,
  account_id: string,
): Omit<SharedAuthorization, 'evidence'> | undefined {
  const plan = offer.singleProductOffer?.resellerPrivateOfferPlanId
  if (!plan) return undefined
  return {
    authorization_id: lastOf(plan),
    product_id: within(offer.singleProductOffer?.baseStandardOffer, 'services') ?? '',
    name: offer.title ?? '',
    vendor_account_id: account_id,
    // That an offer was made of it says that it was ready then, not that it still is.
    state: offer.state === 'PUBLISHED' || offer.state === 'ACCEPTED' ? 'active' : 'unknown',
  }
}
