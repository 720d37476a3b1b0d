// The seats and the nouns of the demonstration's deal, made through the API as a person would make them.
import { expect } from 'vitest'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import {
  DIRECT_TERMS,
  GLOBEX,
  INITECH,
  LIST_PRICES,
  MARKUP,
  RESELLER,
  VENDOR,
  WHOLESALE_TERMS,
} from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON, PRODUCT } from '../../src/demo/scenario.ts'
import type { Service } from './service.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export type Seller = { client: Client; organisation_id: string; connection_id: string; secrets: string[] }
export type Seats = { vendor: Seller; reseller: Seller }

let written = 0

/** A key of its own for a write. */
export function keyed() {
  written += 1
  return { header: { 'idempotency-key': `test-${written}` } }
}

export function at(id: string) {
  return { path: { id } }
}

/** Vendor and reseller with their seller accounts connected and their clouds' events on the way to us. */
export async function takeSeats(service: Service): Promise<Seats> {
  for (const buyer of [GLOBEX, INITECH])
    await service.sandbox.account({ role: 'buyer', country: 'US', ...buyer })
  const home = service.client()
  const [first] = unwrap(await home.GET('/v1/organisations')).items.filter(
    ({ name }) => name === 'My company',
  )
  if (first === undefined) throw new Error('The installation has no first organisation')
  const reseller = await organisation(service, 'reseller', RESELLER.name)
  return {
    vendor: await seat(service, first.id, VENDOR),
    reseller: await seat(service, reseller, RESELLER),
  }
}

export async function organisation(
  service: Service,
  kind: 'vendor' | 'reseller',
  name: string,
): Promise<string> {
  const made = await service.client().POST('/v1/organisations', { params: keyed(), body: { kind, name } })
  return unwrap(made).id
}

/** Connects a seller account for an organisation and subscribes us to its events. */
export async function seat(
  service: Service,
  organisation_id: string,
  seller: { account_id: string; name: string },
): Promise<Seller> {
  const client = service.client(organisation_id)
  const account = await service.sandbox.account({ role: 'seller', country: 'US', ...seller })
  const { access_key_id, secret_access_key, feed_bucket } = account
  const body = {
    cloud: 'aws' as const,
    name: `${seller.name} on AWS`,
    account_id: seller.account_id,
    credentials: { access_key_id, secret_access_key },
    settings: feed_bucket === undefined ? {} : { feed_bucket },
  }
  const { id } = unwrap(await client.POST('/v1/connections', { params: keyed(), body }))
  // Only a connection that was tried proves that the account is the organisation's own.
  unwrap(await client.POST('/v1/connections/{id}/test', { params: { path: { id } } }))
  await service.sandbox.eventsTo(seller.account_id, `${service.url}/v1/webhooks/${id}`)
  return { client, organisation_id, connection_id: id, secrets: [access_key_id, secret_access_key] }
}

type Standing = { state: string; problems: { message: string; plain?: string }[] }

/** Moves the clock minute by minute until the cloud has made up its mind. */
export async function until<T extends Standing>(
  service: Service,
  wanted: string[],
  read: () => Promise<T>,
): Promise<T> {
  for (let minute = 0; minute < 15; minute += 1) {
    const found = await read()
    if (wanted.includes(found.state)) return found
    if (found.state === 'failed') throw new Error(`The cloud refused: ${JSON.stringify(found.problems)}`)
    await service.move(MINUTE)
  }
  throw new Error(`It did not become ${wanted.join(' or ')}`)
}

export const readOffer = async (client: Client, id: string) =>
  unwrap(await client.GET('/v1/offers/{id}', { params: at(id) }))
export const readListing = async (client: Client, id: string) =>
  unwrap(await client.GET('/v1/listings/{id}', { params: at(id) }))
export const readAuthorization = async (client: Client, id: string) =>
  unwrap(await client.GET('/v1/resale-authorizations/{id}', { params: at(id) }))
export const readAgreement = async (client: Client, id: string) =>
  unwrap(await client.GET('/v1/agreements/{id}', { params: at(id) }))

export type ProductDraft = typeof PRODUCT

export async function describeProduct(client: Client, change: Partial<ProductDraft> = {}): Promise<string> {
  const made = await client.POST('/v1/products', { params: keyed(), body: { ...PRODUCT, ...change } })
  return unwrap(made).id
}

/** The product of the demonstration, live on the vendor's connection. */
export async function publish(
  service: Service,
  { client, connection_id }: Seller,
  change: Partial<ProductDraft> = {},
): Promise<string> {
  const product_id = await describeProduct(client, change)
  const body = { product_id, connection_id, prices: LIST_PRICES }
  const { id } = unwrap(await client.POST('/v1/listings', { params: keyed(), body }))
  await until(service, ['live'], () => readListing(client, id))
  return product_id
}

export async function writeDeal(
  client: Client,
  product_id: string,
  change: Partial<{
    name: string
    buyer: { name: string; account_id: string }
    terms: Schemas['Terms']
  }> = {},
): Promise<string> {
  const { name, buyer = GLOBEX, terms = DIRECT_TERMS } = change
  const body = {
    name: name ?? `${PRODUCT.name} for ${buyer.name}`,
    product_id,
    buyer: { name: buyer.name, accounts: { aws: [buyer.account_id] } },
    terms,
  }
  return unwrap(await client.POST('/v1/deals', { params: keyed(), body })).id
}

/** A direct private offer, asked for; the cloud is still at work. */
export async function askForOffer({ client, connection_id }: Seller, deal_id: string): Promise<string> {
  const body = { deal_id, connection_id, expires_on: EXPIRES_ON }
  return unwrap(await client.POST('/v1/offers', { params: keyed(), body })).id
}

export async function liveOffer(service: Service, vendor: Seller, product_id: string) {
  const id = await askForOffer(vendor, await writeDeal(vendor.client, product_id))
  return until(service, ['live'], () => readOffer(vendor.client, id))
}

export function authorizationBody(vendor: Seller, deal_id: string) {
  return {
    deal_id,
    connection_id: vendor.connection_id,
    reseller_account_id: RESELLER.account_id,
    terms: WHOLESALE_TERMS,
    markup_min_percent: MARKUP.min,
    markup_max_percent: MARKUP.max,
    expires_on: EXPIRES_ON,
    single_use: true,
  }
}

export async function activeAuthorization(
  service: Service,
  vendor: Seller,
  product_id: string,
  change: Partial<ReturnType<typeof authorizationBody>> = {},
) {
  const deal_id = await writeDeal(vendor.client, product_id, { buyer: INITECH, terms: WHOLESALE_TERMS })
  const body = { ...authorizationBody(vendor, deal_id), ...change }
  const { id } = unwrap(await vendor.client.POST('/v1/resale-authorizations', { params: keyed(), body }))
  return until(service, ['active'], () => readAuthorization(vendor.client, id))
}

/** The reseller's own offer, live. */
export async function resoldOffer(
  service: Service,
  { client }: Seller,
  authorization_id: string,
  markup_percent: string = MARKUP.chosen,
) {
  const made = await client.POST('/v1/opened-authorizations/{id}/accept', {
    params: { ...at(authorization_id), ...keyed() },
    body: { markup_percent, expires_on: EXPIRES_ON },
  })
  const { id } = unwrap(made)
  return until(service, ['live'], () => readOffer(client, id))
}

/** The buyer accepts at the cloud; nothing of ours has heard of it yet. */
export async function buyerAccepts(
  service: Service,
  buyer: { account_id: string },
  offer: { cloud_offer_id: string | null },
): Promise<string> {
  if (offer.cloud_offer_id === null) throw new Error('The offer is not at the cloud')
  return service.sandbox.accept(buyer.account_id, offer.cloud_offer_id)
}

/** The agreement of a seat that the cloud calls by this id; undefined when it is not known. */
export async function agreementOf(client: Client, cloud_agreement_id: string) {
  const query = { limit: 200 }
  const { items } = unwrap(await client.GET('/v1/agreements', { params: { query } }))
  return items.find((agreement) => agreement.cloud_agreement_id === cloud_agreement_id)
}

/** The refusal of an answer, which must have this status. */
export function refusal(
  answer: { data?: unknown; error?: unknown; response: Response },
  status: number,
): Schemas['Problem'] {
  expect({ status: answer.response.status, data: answer.data }).toEqual({ status, data: undefined })
  expect(answer.response.headers.get('content-type')).toBe('application/problem+json')
  return answer.error as Schemas['Problem']
}

/** What a letter of AWS tells: the event inside the notification. */
export function eventIn(letter: { body: string }): { id: string; type: string } {
  const envelope = JSON.parse(letter.body) as { Message: string }
  const event = JSON.parse(envelope.Message) as { id: string; 'detail-type': string }
  return { id: event.id, type: event['detail-type'] }
}

/** What the buyer's browser does: it carries the marketplace's token to the vendor's page. */
export async function signUp(service: Service, buyer: { account_id: string }, cloud_agreement_id: string) {
  const { registration_token, fulfillment_url } = await service.sandbox.register(
    buyer.account_id,
    cloud_agreement_id,
  )
  const body = new URLSearchParams({ 'x-amzn-marketplace-token': registration_token })
  const answer = await service.send(new URL(fulfillment_url).pathname, { method: 'POST', body })
  return { answer, token: registration_token }
}

/** Sold by the reseller: authorization, the reseller's offer, and the buyer's acceptance, heard by both sides. */
export async function resell(service: Service, { vendor, reseller }: Seats, product_id: string) {
  const authorization = await activeAuthorization(service, vendor, product_id)
  const offer = await resoldOffer(service, reseller, authorization.id)
  const cloud_agreement_id = await buyerAccepts(service, INITECH, offer)
  await service.move(3 * MINUTE)
  return { authorization, offer, cloud_agreement_id }
}
