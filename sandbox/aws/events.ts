import { endOfDate, iso, isoSeconds, second } from '../time.ts'
import type { Agreement, ChangeSet, Json, Offer, OfferSet } from './model.ts'
import { entityArn, offer as findOffer, product as findProduct, type World } from './world.ts'

// Events as EventBridge carries them. Change set events write their detail in capitals, all others do not.

/** Seconds after the deed, as published captures of the sequence show them. */
export const delays = {
  created: 11 * second,
  licenseUpdated: 71 * second,
  ended: 5 * second,
  licenseDeprovisioned: 36 * second,
  catalog: 2 * second,
}

type Detail = { [key: string]: Json }

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
  world.events.put(id, {
    id,
    account_id: account,
    created_at: at,
    detail_type: parts.type,
    body: JSON.stringify(body),
    message_id: world.random.uuid(),
    state: 'pending',
    attempts: [],
  })
  world.schedule.plan(`deliver/${id}`, at, 'event_delivery', id)
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

function party(world: World, account: string): Detail {
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

/** The seller of record hears as proposer; under a resale authorization the vendor hears as manufacturer. */
function listeners(agreement: Agreement): [string, string][] {
  const all: [string, string][] = [[agreement.proposer, 'Proposer']]
  if (agreement.manufacturer !== agreement.proposer) all.push([agreement.manufacturer, 'Manufacturer'])
  return all
}

function agreementEvent(
  world: World,
  agreement: Agreement,
  name: string,
  delay: number,
  detail: Detail,
): void {
  for (const [account, role] of listeners(agreement)) {
    emit(world, account, {
      source: 'aws.agreement-marketplace',
      type: `${name} - ${role}`,
      resources: [`arn:aws:aws-marketplace::aws:agreement:${agreement.id}`],
      delay,
      detail: { catalog: 'AWSMarketplace', ...detail },
    })
  }
}

function parties(agreement: Agreement): Detail {
  return { acceptor: { accountId: agreement.acceptor }, proposer: { accountId: agreement.proposer } }
}

/** No product and no licence here: only the agreement's id ties the four events of an agreement together. */
export function emitAgreementCreated(world: World, agreement: Agreement): void {
  agreementEvent(world, agreement, 'Purchase Agreement Created', delays.created, {
    agreement: {
      id: agreement.id,
      intent: agreement.intent,
      status: 'ACTIVE',
      acceptanceTime: isoSeconds(agreement.accepted_at),
      startTime: isoSeconds(agreement.starts_at),
      endTime: isoSeconds(agreement.ends_at),
    },
    resaleAuthorization: agreement.resale_authorization_id ? { id: agreement.resale_authorization_id } : null,
    ...parties(agreement),
    offer: { id: agreement.offer_id },
  })
  licenseEvent(world, agreement, 'License Updated', delays.licenseUpdated)
}

/** The event of the end names no offer, unlike its documentation. */
export function emitAgreementEnded(world: World, agreement: Agreement): void {
  agreementEvent(world, agreement, 'Purchase Agreement Ended', delays.ended, {
    agreement: { id: agreement.id, status: agreement.status },
    resaleAuthorization: agreement.resale_authorization_id ? { id: agreement.resale_authorization_id } : null,
    ...parties(agreement),
  })
  licenseEvent(world, agreement, 'License Deprovisioned', delays.licenseDeprovisioned)
}

function licenseEvent(world: World, agreement: Agreement, name: string, delay: number): void {
  agreementEvent(world, agreement, name, delay, {
    agreement: { id: agreement.id },
    product: {
      code: findProduct(world, agreement.product_id)?.product_code ?? null,
      id: agreement.product_id,
    },
    license: { arn: agreement.license_arn },
    ...parties(agreement),
    offer: { id: agreement.offer_id },
  })
}
