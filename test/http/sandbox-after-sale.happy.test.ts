// What buyers and the cloud do after a sale, through the panel's door, and what this service then knows of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  at,
  HOUR,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  readOffer,
  refusal,
  type Seats,
  takeSeats,
  until,
  writeDeal,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

const DAY = 24 * HOUR
let service: Service
let seats: Seats
let client: Client
let product_id: string
/** An agreement whose buyer will not pay, made while the days of its terms are still to come. */
let owed: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  client = seats.vendor.client
  product_id = await publish(service, seats.vendor)
  owed = await accepted((await liveOffer(service, seats.vendor, product_id)).id)
})
afterAll(() => service.stop())

const panel = async () => unwrap(await client.GET('/v1/sandbox'))
const openOf = async (id: string) => (await panel()).agreements.find((one) => one.id === id)?.open
const deed = async (body: Schemas['SandboxDeed'], after = 5 * MINUTE) => {
  const done = unwrap(await client.POST('/v1/sandbox/deeds', { params: keyed(), body }))
  await service.move(after)
  return done
}

/** A buyer accepts through the panel; the vendor knows of it when time has passed. */
async function accepted(offer_id: string): Promise<string> {
  const body = { offer_id }
  unwrap(await client.POST('/v1/sandbox/accept', { params: keyed(), body }))
  await service.move(5 * MINUTE)
  const { items } = unwrap(await client.GET('/v1/agreements', { params: { query: { limit: 100 } } }))
  return items.find((one) => one.offer_id === offer_id)?.id ?? ''
}

test('a buyer declines an offer, which it then cannot accept; its seller is told nothing', async () => {
  const { id: offer_id } = await liveOffer(service, seats.vendor, product_id)
  expect((await panel()).offers.find(({ id }) => id === offer_id)).toMatchObject({ declinable: true })
  const before = (await readOffer(client, offer_id)).state
  expect(await deed({ deed: 'decline', offer_id })).toEqual({ deed: 'decline', subject_id: offer_id })
  expect((await readOffer(client, offer_id)).state).toBe(before)
  const accept = await client.POST('/v1/sandbox/accept', { params: keyed(), body: { offer_id } })
  expect(refusal(accept, 409).detail).toContain('has not declined')
})

test('a buyer stops its renewal, wants it again, and takes more of what it chose', async () => {
  const terms: Schemas['Terms'] = {
    kind: 'configurable',
    currency: 'USD',
    rates: [{ duration_months: 12, prices: { seats: '1200' } }],
    usage_prices: {},
  }
  const deal_id = await writeDeal(client, product_id, { terms })
  const { connection_id } = seats.vendor
  const options = { renewal: { price_increase_percent: '5' } }
  const body = { deal_id, connection_id, expires_on: '2026-01-31', options }
  const { id } = unwrap(await client.POST('/v1/offers', { params: keyed(), body }))
  await until(service, ['live'], () => readOffer(client, id))
  const agreement_id = await accepted(id)
  expect(await openOf(agreement_id)).toMatchObject({ auto_renew: false, dimensions: { seats: 1 } })
  await deed({ deed: 'renew', agreement_id, renews: true })
  expect(await openOf(agreement_id)).toMatchObject({ auto_renew: true })
  await deed({ deed: 'amend', agreement_id, dimensions: { seats: 4 } })
  expect(await openOf(agreement_id)).toMatchObject({ dimensions: { seats: 4 } })
  const shown = await readAgreement(client, agreement_id)
  expect(shown.terms).toMatchObject({ total: '4800.00', grants: [{ dimension: 'seats', quantity: 4 }] })
  const told = shown.timeline.map(({ sentence }) => sentence)
  expect(told).toContain('The buyer took more: seats 1 → 4. It adds USD 3,600.00 to the agreement.')
  expect(told).toContain('The buyer changed the agreement: it is to be renewed.')
  const less = { deed: 'amend' as const, agreement_id, dimensions: { seats: 2 } }
  const answer = await client.POST('/v1/sandbox/deeds', { params: keyed(), body: less })
  expect(refusal(answer, 409).detail).toContain('is at least the 4 bought already')
})

test('a buyer answers what it was asked, and the cloud makes a refund or refuses it', async () => {
  const agreement_id = await accepted((await liveOffer(service, seats.vendor, product_id)).id)
  const params = { ...at(agreement_id), ...keyed() }
  const asked = async () =>
    unwrap(await client.GET('/v1/agreements/{id}/requests', { params: at(agreement_id) })).items.map(
      ({ kind, state }) => [kind, state],
    )
  const reason = { reason: 'TEST_AGREEMENT', words: 'It was only a test.' }
  unwrap(await client.POST('/v1/agreements/{id}/cancellations', { params, body: reason }))
  await service.settle()
  const waits = (await openOf(agreement_id))?.cancellation_requests[0]?.id ?? ''
  await deed({ deed: 'answer_cancellation', agreement_id, request_id: waits, yes: false })
  expect(await asked()).toEqual([['cancellation', 'declined']])
  expect((await openOf(agreement_id))?.cancellation_requests).toEqual([])

  await service.move(25 * DAY)
  const [invoice] = (await openOf(agreement_id))?.invoices ?? []
  const body = {
    invoice_id: invoice?.id ?? '',
    amount: { currency: 'USD' as const, amount: '100' },
    reason: 'BUYER_DISSATISFACTION',
  }
  unwrap(
    await client.POST('/v1/agreements/{id}/refunds', { params: { ...at(agreement_id), ...keyed() }, body }),
  )
  await service.settle()
  const [refund] = (await openOf(agreement_id))?.refunds ?? []
  expect(refund).toMatchObject({ money: { currency: 'USD', amount: '100.00' } })
  await deed({ deed: 'answer_refund', agreement_id, request_id: refund?.id ?? '', yes: false })
  expect((await asked()).filter(([kind]) => kind === 'refund')).toEqual([['refund', 'refused']])
})

test('the cloud forgives what its buyer does not pay: the invoice is open no more and nothing of it comes', async () => {
  const agreement_id = owed
  const pay = { cloud: 'aws' as const, account_id: GLOBEX.account_id, pays: false }
  unwrap(await client.POST('/v1/sandbox/pay', { params: keyed(), body: pay }))
  await service.move(60 * DAY)
  const invoices = (await openOf(agreement_id))?.invoices ?? []
  expect(invoices.length).toBeGreaterThan(0)
  for (const { id: invoice_id } of invoices) {
    expect(await deed({ deed: 'forgive', agreement_id, invoice_id })).toMatchObject({ deed: 'forgive' })
  }
  expect((await openOf(agreement_id))?.invoices).toEqual([])
  const [first] = invoices
  const again = await client.POST('/v1/sandbox/deeds', {
    params: keyed(),
    body: { deed: 'forgive', agreement_id, invoice_id: first?.id ?? '' },
  })
  expect(refusal(again, 404).detail).toContain(first?.id)
})
