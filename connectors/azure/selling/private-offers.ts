/**
 * Private offers at the ingestion API: found by our marker in their name, read, changed by jobs. Two jobs make one: a
 * draft that nobody but the seller sees, and then the same made live. An answer that was lost in between can only
 * leave a second draft behind, which is deleted when the first is made live.
 */
import { z } from 'zod'
import type { ChangeProblem, Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { shaped } from '../faults.ts'
import { type Resource, type Started, startJob } from '../wire/jobs.ts'
import { readAll } from '../wire/lists.ts'
import { PRIVATE_OFFER_VERSION, schemas } from '../wire/schemas.ts'

const text = z.string().nullish().catch(null)
const partyShape = z.looseObject({ id: text })
const pricingShape = z.looseObject({
  product: text,
  plan: text,
  markupPercentage: z.union([z.number(), z.string()]).nullish().catch(null),
  newPlanDetails: z.looseObject({ id: text }).nullish().catch(null),
})
const parties = z.array(partyShape).nullish().catch(null)
const pricing = z.array(pricingShape).nullish().catch(null)
const offerShape = z.looseObject({
  id: z.string().min(1),
  name: text,
  state: text,
  subState: text,
  privateOfferType: text,
  offerPricingType: text,
  acceptBy: text,
  lastModified: text,
  beneficiaries: parties,
  partners: parties,
  pricing,
  originatorPricing: pricing,
})
export type PrivateOffer = z.infer<typeof offerShape>

export const offerList = { path: '/private-offer/query', query: { $version: PRIVATE_OFFER_VERSION } }

export function fromAzureOffer(value: unknown, call: string): PrivateOffer {
  return shaped(offerShape, value, call)
}

/** Every offer of this account that carries the marker, oldest id first so that each asker chooses the same. */
export async function findByMarker(
  azure: Azure,
  connection: Connection,
  marker: string,
): Promise<PrivateOffer[]> {
  const values = await readAll(azure, connection, 'QueryPrivateOffers', offerList.path, offerList.query)
  return values
    .map((value) => fromAzureOffer(value, 'QueryPrivateOffers'))
    .filter(({ name, state }) => name?.endsWith(markOf(marker)) === true && state !== 'deleted')
    .sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** Ids are durable ones; the fulfilment API names the same offer by its guid alone. */
export function toOfferId(id: string): string {
  return id.startsWith('private-offer/') ? id : `private-offer/${id}`
}

export async function readPrivateOffer(
  azure: Azure,
  connection: Connection,
  offer_id: string,
): Promise<{ offer: PrivateOffer; body: unknown }> {
  const { body } = await azure.call(connection, 'ingestion', {
    call: 'GetPrivateOffer',
    path: path(toOfferId(offer_id)),
    query: { $version: PRIVATE_OFFER_VERSION },
  })
  return { offer: fromAzureOffer(body, 'GetPrivateOffer'), body }
}

// ---------------------------------------------------------------- names

const NAME_MAX = 128
const FORBIDDEN = /[!<>^[\]@#%/\p{Cc}\u007e-\u00ff]/u

function markOf(marker: string): string {
  return ` (${marker})`
}

/** The seller's own search, and ours, find the offer by the marker behind its name. */
export function nameWith(name: string, marker: string): string {
  return `${name}${markOf(marker)}`
}

export function nameProblems(name: string, marker: string): ChangeProblem[] {
  const whole = nameWith(name, marker)
  const say = (code: string, plain: string): ChangeProblem[] => [
    { code, message: plain, field: 'name', plain },
  ]
  if (whole.length > NAME_MAX) {
    const room = NAME_MAX - markOf(marker).length
    return say('NAME_TOO_LONG', `The name has ${name.length} characters; Azure leaves room for ${room}.`)
  }
  const sign = FORBIDDEN.exec(whole)?.[0]
  return sign === undefined ? [] : say('NAME_SIGN', `Azure takes no "${sign}" in the name. Leave it out.`)
}

// ---------------------------------------------------------------- changes

/** What the service writes itself and does not take back. */
const READ_ONLY = ['validations', 'subState', 'acceptanceLinks', 'lastModified']

function writable(offer: PrivateOffer): Resource {
  return Object.fromEntries(
    Object.entries(offer).filter(([name, value]) => !READ_ONLY.includes(name) && value !== undefined),
  )
}

/** The same offer made live, perhaps with another last day or a partner's part; surplus drafts go in the same job. */
export function makeLive(
  azure: Azure,
  connection: Connection,
  offer: PrivateOffer,
  changes: Resource = {},
  surplus: readonly PrivateOffer[] = [],
): Promise<Started> {
  return startJob(azure, connection, [
    { ...writable(offer), $schema: schemas.privateOffer, ...changes, state: 'live' },
    ...surplus.map((item) => stateOf(item, 'deleted')),
  ])
}

export function withdraw(azure: Azure, connection: Connection, offer: PrivateOffer): Promise<Started> {
  return startJob(azure, connection, [stateOf(offer, 'withdrawn')])
}

function stateOf(offer: PrivateOffer, state: 'withdrawn' | 'deleted'): Resource {
  return {
    $schema: schemas.privateOffer,
    id: offer.id,
    name: offer.name,
    privateOfferType: offer.privateOfferType,
    ...(offer.offerPricingType ? { offerPricingType: offer.offerPricingType } : {}),
    state,
  }
}
