// The clouds' events come late, twice, turned round or never. What an agreement ends up as is the same.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectedOf } from '../../src/agreements/connected.ts'
import { applyRecord } from '../../src/agreements/sync.ts'
import { unwrap } from '../../src/client/index.ts'
import { openConnection } from '../../src/connections/index.ts'
import { GLOBEX, INITECH, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  agreementOf,
  askForOffer,
  buyerAccepts,
  eventIn,
  HOUR,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  readOffer,
  resoldOffer,
  type Seats,
  signUp,
  takeSeats,
  until,
  writeDeal,
} from '../support/seats.ts'
import { type Letter, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())
beforeEach(() => {
  service.post.keepBack = false
})

/** The buyer accepts, and every event about it is kept back. */
async function acceptUnheard(): Promise<{ cloud_id: string; offer_id: string; letters: Letter[] }> {
  const offer = await liveOffer(service, seats.vendor, product_id)
  service.post.keepBack = true
  const before = service.post.letters.length
  const cloud_id = await buyerAccepts(service, GLOBEX, offer)
  await service.sandbox.moveTo(new Date(service.now().getTime() + 2 * MINUTE))
  const letters = service.post.letters.slice(before).filter(({ body }) => body.includes(cloud_id))
  expect(letters.map((letter) => eventIn(letter).type)).toEqual([
    'Purchase Agreement Created - Proposer',
    'License Updated - Proposer',
  ])
  return { cloud_id, offer_id: offer.id, letters }
}

async function deliver(...letters: Letter[]) {
  for (const letter of letters) {
    expect((await service.hand(letter)).status).toBe(200)
    await service.settle()
  }
}

async function expectWhole(cloud_id: string, offer_id: string) {
  const { client } = seats.vendor
  const known = await agreementOf(client, cloud_id)
  const { timeline, ...agreement } = await readAgreement(client, known?.id ?? '')
  expect(agreement).toMatchObject({
    state: 'active',
    role: 'seller',
    offer_id,
    license: expect.stringContaining('license'),
  })
  expect(timeline.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
  const offer = await readOffer(client, offer_id)
  expect(offer.state).toBe('accepted')
  expect(offer.timeline.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
  expect(await bookings(agreement.id)).toEqual(['90000.00'])
  return agreement
}

async function bookings(agreement_id: string): Promise<string[]> {
  const params = { query: { limit: 200 } }
  const { items } = unwrap(await seats.vendor.client.GET('/v1/ledger/entries', { params }))
  return items
    .filter(({ kind }) => kind === 'offer_accepted')
    .flatMap(({ postings }) => postings)
    .filter(({ to }) => to === `bookings:open:${agreement_id}`)
    .map(({ money }) => money.amount)
}

test('in order, or turned round, they make the same agreement', async () => {
  const inOrder = await acceptUnheard()
  await deliver(...inOrder.letters)
  const first = await expectWhole(inOrder.cloud_id, inOrder.offer_id)
  const turned = await acceptUnheard()
  await deliver(...turned.letters.toReversed())
  const second = await expectWhole(turned.cloud_id, turned.offer_id)
  expect(second.product_code).toBe(first.product_code)
})

test('twice, and twice again, changes nothing', async () => {
  const { cloud_id, offer_id, letters } = await acceptUnheard()
  await deliver(...letters)
  const once = await expectWhole(cloud_id, offer_id)
  for (const letter of [...letters, ...letters.toReversed()]) {
    expect((await service.hand(letter)).json).toEqual({ outcome: 'repeated' })
  }
  await service.settle()
  expect(await expectWhole(cloud_id, offer_id)).toEqual(once)
})

test('never: the pull finds the agreement, and an event that comes after it changes nothing', async () => {
  const { cloud_id, offer_id, letters } = await acceptUnheard()
  await service.move(12 * MINUTE)
  const pulled = await expectWhole(cloud_id, offer_id)
  await deliver(...letters)
  const { product_code: _, entitlements: __, ...rest } = await expectWhole(cloud_id, offer_id)
  expect(pulled).toMatchObject(rest)
})

test('before we know that our own offer is made: the agreement finds its offer afterwards', async () => {
  const { client } = seats.vendor
  const id = await askForOffer(seats.vendor, await writeDeal(client, product_id))
  await service.settle()
  // The cloud makes the offer and the buyer accepts it before we have asked how far it came.
  await service.sandbox.moveTo(new Date(service.now().getTime() + MINUTE))
  const offers = (await service.control('GET', '/aws/accepted?kind=offers')) as {
    id: string
    released_at: number
  }[]
  const cloud_offer_id =
    offers.toSorted((left, right) => left.released_at - right.released_at).at(-1)?.id ?? null
  const cloud_id = await buyerAccepts(service, GLOBEX, { cloud_offer_id })
  const { connectors, store } = service.services.context
  expect((await readOffer(client, id)).cloud_offer_id).toBeNull()
  const { organisation_id, connection_id } = seats.vendor
  const open = await openConnection(service.services.context, organisation_id, connection_id)
  const { connection } = open
  const record = await connectors.aws?.agreements?.read(connection, cloud_id)
  if (record === undefined) throw new Error('The cloud knows the agreement')
  const early = await store.inTenant(organisation_id, (scope) =>
    applyRecord(scope, connectedOf(open), record),
  )
  expect(early).toMatchObject({ offer_id: null, product_id: null, terms: { total: '90000' } })
  await until(service, ['accepted'], () => readOffer(client, id))
  await expectWhole(cloud_id, id)
})

test('the maker of what a reseller sold knows it from events alone, in any order', async () => {
  const authorization = await activeAuthorization(service, seats.vendor, product_id)
  const offer = await resoldOffer(service, seats.reseller, authorization.id)
  service.post.keepBack = true
  const before = service.post.letters.length
  const cloud_id = await buyerAccepts(service, INITECH, offer)
  await service.sandbox.moveTo(new Date(service.now().getTime() + 2 * MINUTE))
  const letters = service.post.letters
    .slice(before)
    .filter((letter) => eventIn(letter).type.endsWith('Manufacturer'))
  expect(letters).toHaveLength(2)
  await deliver(...letters.toReversed())
  const ours = await agreementOf(seats.vendor.client, cloud_id)
  expect(ours).toMatchObject({
    role: 'manufacturer',
    state: 'active',
    authorization_id: authorization.id,
    cloud_authorization_id: authorization.cloud_authorization_id,
    product_id,
    terms: WHOLESALE_TERMS,
    license: expect.stringContaining('license'),
  })
  expect(await bookings(ours?.id ?? '')).toEqual(['48000.01'])
})

test('a cancelled agreement is over, once, and an older message does not revive it', async () => {
  const { client } = seats.vendor
  const authorization = await activeAuthorization(service, seats.vendor, product_id)
  const offer = await resoldOffer(service, seats.reseller, authorization.id)
  const before = service.post.letters.length
  const cloud_id = await buyerAccepts(service, INITECH, offer)
  service.post.keepBack = true
  await service.move(2 * MINUTE)
  const created = service.post.letters
    .slice(before)
    .filter((letter) => eventIn(letter).type.endsWith('Created - Manufacturer'))
  const middle = service.post.letters.length
  await service.control('POST', `/aws/buyers/${INITECH.account_id}/cancel`, { agreement_id: cloud_id })
  await service.sandbox.moveTo(new Date(service.now().getTime() + 2 * MINUTE))
  const ended = service.post.letters
    .slice(middle)
    .filter((letter) => eventIn(letter).type.endsWith('Manufacturer'))
  expect(ended.map((letter) => eventIn(letter).type)).toEqual([
    'Purchase Agreement Ended - Manufacturer',
    'License Deprovisioned - Manufacturer',
  ])
  await deliver(...ended, ...created)
  const ours = await agreementOf(client, cloud_id)
  expect(ours).toMatchObject({
    state: 'cancelled',
    authorization_id: authorization.id,
    ended_at: expect.any(String),
  })
  await service.move(HOUR)
  expect((await agreementOf(client, cloud_id))?.state).toBe('cancelled')
  expect(await agreementOf(seats.reseller.client, cloud_id)).toMatchObject({ state: 'cancelled' })
})

test('a buyer who signs up before we have heard anything is signed up when we have', async () => {
  const { cloud_id, letters } = await acceptUnheard()
  const arrived = service.now().toISOString()
  const { answer } = await signUp(service, GLOBEX, cloud_id)
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('on its way') })
  expect(await agreementOf(seats.vendor.client, cloud_id)).toBeUndefined()
  await deliver(...letters)
  await service.move(2 * MINUTE)
  const known = await agreementOf(seats.vendor.client, cloud_id)
  const { timeline, ...agreement } = await readAgreement(seats.vendor.client, known?.id ?? '')
  expect(Date.parse(agreement.signed_up_at ?? '')).toBeGreaterThanOrEqual(Date.parse(arrived))
  expect(timeline.filter(({ kind }) => kind === 'signed_up')).toHaveLength(1)
})
