import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import {
  DIRECT_TERMS,
  GLOBEX,
  INITECH,
  RESELLER,
  VENDOR,
  WHOLESALE_TERMS,
} from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  buyerAccepts,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  readAuthorization,
  readOffer,
  resell,
  type Seats,
  signUp,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

async function open(client: Seats['vendor']['client']): Promise<Record<string, string>> {
  const { items } = unwrap(await client.GET('/v1/ledger/accounts', { params: { query: { limit: 200 } } }))
  return Object.fromEntries(items.map(({ account, balance }) => [account, balance]))
}

test('what a buyer accepts becomes an agreement with its offer, its license, its entitlements and its booking', async () => {
  const { client } = seats.vendor
  const offer = await liveOffer(service, seats.vendor, product_id)
  const cloud_id = await buyerAccepts(service, GLOBEX, offer)
  await service.move(3 * MINUTE)
  const known = await agreementOf(client, cloud_id)
  const agreement = await readAgreement(client, known?.id ?? '')
  expect(agreement).toMatchObject({
    role: 'seller',
    state: 'active',
    offer_id: offer.id,
    deal_id: offer.deal_id,
    product_id,
    buyer_account_id: GLOBEX.account_id,
    seller_account_id: VENDOR.account_id,
    terms: DIRECT_TERMS,
    wholesale: null,
    license: expect.stringContaining(':license:'),
    product_code: expect.any(String),
    ended_at: null,
    signed_up_at: null,
    entitlements: [{ dimension: 'seats', value: '80' }],
  })
  expect((await readOffer(client, offer.id)).state).toBe('accepted')
  expect((await open(client))[`bookings:open:${agreement.id}`]).toBe('90000.00')
})

test("the buyer's browser signs up, once and again, and is thanked each time", async () => {
  const { client } = seats.vendor
  const cloud_id = await buyerAccepts(service, GLOBEX, await liveOffer(service, seats.vendor, product_id))
  await service.move(3 * MINUTE)
  const { answer } = await signUp(service, GLOBEX, cloud_id)
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('registered') })
  const signed_up_at = service.now().toISOString()
  await service.move(MINUTE)
  expect((await signUp(service, GLOBEX, cloud_id)).answer.status).toBe(200)
  const known = await agreementOf(client, cloud_id)
  const { timeline, sign_up, ...agreement } = await readAgreement(client, known?.id ?? '')
  expect(agreement.signed_up_at).toBe(signed_up_at)
  expect(timeline.filter(({ kind }) => kind === 'signed_up')).toHaveLength(1)
  expect(sign_up).toEqual({
    buyer_account_id: GLOBEX.account_id,
    license: agreement.license,
    product_code: agreement.product_code,
  })
})

test("a reseller's sale is two agreements: the reseller's with the buyer, and the vendor's as the maker", async () => {
  const { authorization, offer, cloud_agreement_id } = await resell(service, seats, product_id)
  const theirs = await agreementOf(seats.reseller.client, cloud_agreement_id)
  const ours = await agreementOf(seats.vendor.client, cloud_agreement_id)
  expect(theirs).toMatchObject({
    role: 'seller',
    offer_id: offer.id,
    terms: offer.terms,
    wholesale: WHOLESALE_TERMS,
  })
  expect(ours).toMatchObject({
    role: 'manufacturer',
    state: 'active',
    offer_id: null,
    authorization_id: authorization.id,
    product_id,
    terms: WHOLESALE_TERMS,
    wholesale: null,
    buyer_account_id: INITECH.account_id,
    seller_account_id: RESELLER.account_id,
    license: theirs?.license,
  })
  const events = (await readAuthorization(seats.vendor.client, authorization.id)).timeline
  expect(events.map(({ kind }) => kind)).toEqual(['asked', 'active', 'accepted'])
  expect((await open(seats.vendor.client))[`bookings:open:${ours?.id}`]).toBe('48000.01')
  expect((await open(seats.reseller.client))[`bookings:open:${theirs?.id}`]).toBe('54000.01')
})
