import { endOfDate, iso, isoSeconds, second } from '../../time.ts'
import type { ChangeSet, Json, Offer, OfferSet } from '../model.ts'
import { entityArn, offer as findOffer, product as findProduct, type World } from '../world.ts'

// Events as EventBridge carries them. Change set events write their detail in capitals, all others do not.

/** Seconds after the deed, as published captures of the sequence show them. */
export const delays = {
  created: 11 * second,
  licenseUpdated: 71 * second,
  ended: 5 * second,
  licenseDeprovisioned: 36 * second,
  catalog: 2 * second,
}

export type Detail = { [key: string]: Json }

type EventParts = { source: string; type: string; resources: string[]; detail: Detail; delay: number }

/** Writes an event down for one account and plans its delivery. */
export function emit(world: World, account: string, parts: EventParts): void {
  const at = world.clock.now() + parts.delay
  const id = world.random.uuid()
  const body = {
    version: '0',
    id,
    'detail-type': parts.type,
    source: parts.source,
    account,
    time: isoSeconds(at),
    region: 'us-east-1',
    resources: parts.resources,
    detail: { requestId: world.random.uuid(), ...parts.detail },
  }
  keep(world, { account, type: parts.type, body: JSON.stringify(body), at, id })
}

type Kept = { id: string; account: string; type: string; body: string; at: number; topic?: string }

function keep(world: World, { id, account, type, body, at, topic }: Kept): void {
  world.events.put(id, {
    id,
    account_id: account,
    ...(topic === undefined ? {} : { topic_arn: topic }),
    created_at: at,
    detail_type: type,
    body,
    message_id: world.random.uuid(),
    state: 'pending',
    attempts: [],
  })
  world.schedule.plan(`deliver/${id}`, at, 'event_delivery', id)
}

type Notification = { account: string; topic: string; name: string; message: object; delay: number }

/** Writes a message of a product's own topic down, which is no EventBridge event. */
export function emitNotification(world: World, { account, topic, name, message, delay }: Notification): void {
  const at = world.clock.now() + delay
  keep(world, { id: world.random.uuid(), account, topic, type: name, body: JSON.stringify(message), at })
}

export function emitChangeSetEvent(world: World, changeSet: ChangeSet): void {
  const outcome = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', CANCELLED: 'Cancelled' }[
    changeSet.status as string
  ]
  if (!outcome) return
  emit(world, changeSet.account_id, {
    source: 'aws.marketplacecatalog',
    type: `Change Set ${outcome}`,
    resources: [entityArn(changeSet.account_id, 'ChangeSet', changeSet.id)],
    delay: delays.catalog,
    detail: {
      Catalog: 'AWSMarketplace',
      ChangeSetId: changeSet.id,
      ChangeSetName: changeSet.name,
      StartTime: isoSeconds(changeSet.started_at),
      EndTime: isoSeconds(changeSet.ended_at ?? changeSet.started_at),
      ...(changeSet.failure_code ? { FailureCode: changeSet.failure_code } : {}),
    },
  })
}

export function party(world: World, account: string): Detail {
  return { accountId: account, name: world.accounts.get(account)?.name ?? account }
}

export function emitOfferReleased(world: World, offer: Offer): void {
  const product = findProduct(world, offer.product_id)
  if (!product) return
  const end = offer.availability_end_date
  const arn = entityArn(offer.owner, 'Offer', offer.id)
  const title = product.information.ProductTitle ?? null
  for (const account of new Set([offer.owner, product.owner])) {
    emit(world, account, {
      source: 'aws.marketplacecatalog',
      type: 'Offer Released',
      resources: [arn],
      delay: delays.catalog,
      detail: {
        catalog: 'AWSMarketplace',
        offer: {
          id: offer.id,
          arn,
          name: offer.name ?? null,
          expirationDate: end ? iso(endOfDate(end)) : null,
        },
        product: { id: product.id, arn: entityArn(product.owner, 'SaaSProduct', product.id), title },
        manufacturer: party(world, product.owner),
        sellerOfRecord: party(world, offer.owner),
        targetedBuyerAccountIds: offer.buyer_accounts ?? [],
      },
    })
  }
}

/** Tells the seller; the offers inside were told of when each of them was released. */
export function emitOfferSetReleased(world: World, set: OfferSet): void {
  const arn = entityArn(set.owner, 'OfferSet', set.id)
  emit(world, set.owner, {
    source: 'aws.marketplacecatalog',
    type: 'OfferSet Released',
    resources: [arn],
    delay: delays.catalog,
    detail: {
      catalog: 'AWSMarketplace',
      offerSet: { id: set.id, arn, name: set.name },
      associatedOffers: set.offer_ids.map((id) => ({
        offer: { id, arn: entityArn(set.owner, 'Offer', id), name: findOffer(world, id)?.name ?? null },
      })),
    },
  })
}
