// What a seller asks about an agreement, against the embedded cloud: asked once, followed to its answer, and told.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, unwrap } from '../../src/client/index.ts'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  HOUR,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  refusal,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

const DAY = 24 * HOUR
let service: Service
let seats: Seats
let client: Client
let product_id: string
const sold: string[] = []
const next = () => sold.pop() ?? ''

beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  client = seats.vendor.client
  product_id = await publish(service, seats.vendor)
  for (let count = 0; count < 8; count += 1) sold.push((await soldAgreement()).id)
})

afterAll(() => service.stop())

/** Sold early: the offers' days go by while the tests move the clock. */
async function soldAgreement(more: object = {}): Promise<{ id: string; cloud_id: string }> {
  const offer = await liveOffer(service, seats.vendor, product_id)
  const accept = { offer_id: offer.cloud_offer_id, ...more }
  const path = `/aws/buyers/${GLOBEX.account_id}/accept`
  const { agreement_id: cloud_id } = (await service.control('POST', path, accept)) as { agreement_id: string }
  await service.move(2 * MINUTE)
  const found = await agreementOf(client, cloud_id)
  return { id: found?.id ?? '', cloud_id }
}

const asked = async (id: string) =>
  unwrap(await client.GET('/v1/agreements/{id}/requests', { params: { path: { id } } }))
const sentences = async (id: string) =>
  (await readAgreement(client, id)).timeline.map(({ sentence }) => sentence)
const cancel = (id: string, body = { reason: 'TEST_AGREEMENT', words: 'It was only a test.' }) =>
  client.POST('/v1/agreements/{id}/cancellations', { params: { path: { id }, ...keyed() }, body })
const refund = (id: string, body: object) =>
  client.POST('/v1/agreements/{id}/refunds', {
    params: { path: { id }, ...keyed() },
    body: {
      invoice_id: '',
      reason: 'BUYER_DISSATISFACTION',
      amount: { currency: 'USD', amount: '100' },
      ...body,
    },
  })

/** The cloud's id of the request that was made last, as its other side knows it. */
async function cloudIdOf(id: string): Promise<string> {
  const operation = unwrap(await client.GET('/v1/operations/{id}', { params: { path: { id } } }))
  return operation.reference?.split(' ')[2] ?? ''
}
const answer = (kind: string, id: string, decision: 'approve' | 'reject') =>
  service.control('POST', `/aws/buyers/${GLOBEX.account_id}/${kind}-requests/${id}`, { decision })

test('a payment is asked of buyers whose agreement allows it', async () => {
  const pay = (id: string) =>
    client.POST('/v1/agreements/{id}/payments', {
      params: { path: { id }, ...keyed() },
      body: { name: 'Workshop', amount: { currency: 'USD', amount: '120.5' } },
    })
  const without = { id: next() }
  unwrap(await pay(without.id))
  await service.settle()
  expect((await asked(without.id)).items).toMatchObject([
    { state: 'refused', problems: [{ code: 'MISSING_VARIABLE_PAYMENT_TERM' }] },
  ])
  const variable_payment = { maximum: '1000', approval: 'WAIT_FOR_APPROVAL' }
  const { id } = await soldAgreement({ variable_payment })
  const made = unwrap(await pay(id))
  expect(made.amount).toEqual({ currency: 'USD', amount: '120.50' })
  await service.settle()
  await service.move(5 * MINUTE)
  await answer('payment', await cloudIdOf(made.id), 'approve')
  await service.move(20 * MINUTE)
  expect((await asked(id)).items).toMatchObject([{ state: 'granted' }])
})

test('what cannot be asked is refused with its field, rule and fix, and nothing is written down', async () => {
  const id = next()
  const before = (await asked(id)).items
  const reason = refusal(await cancel(id, { reason: 'BECAUSE', words: 'x' }), 422)
  expect(reason).toMatchObject({ status: 422, errors: [{ field: 'reason' }] })
  const currency = refusal(await refund(id, { amount: { currency: 'EUR', amount: '1' } }), 422)
  expect(currency).toMatchObject({ status: 422 })
  const fine = refusal(
    await refund(id, { invoice_id: 'i', amount: { currency: 'USD', amount: '1.001' } }),
    422,
  )
  expect(fine).toMatchObject({ status: 422, errors: [{ field: 'amount.amount' }] })
  const zero = refusal(await refund(id, { invoice_id: 'i', amount: { currency: 'USD', amount: '0' } }), 422)
  expect(zero).toMatchObject({ status: 422, errors: [{ field: 'amount.amount' }] })
  expect((await asked(id)).items).toEqual(before)
})

test('a cancellation waits for the buyer, and ends the agreement when granted', async () => {
  const id = next()
  const made = unwrap(await cancel(id))
  expect(made).toMatchObject({ kind: 'cancellation', state: 'asked', can_be_withdrawn: false })
  await service.settle()
  expect((await asked(id)).items).toMatchObject([{ id: made.id, state: 'asked', can_be_withdrawn: true }])
  refusal(await cancel(id), 409)
  await answer('cancellation', await cloudIdOf(made.id), 'approve')
  await service.move(16 * MINUTE)
  expect((await asked(id)).items).toMatchObject([{ state: 'granted', can_be_withdrawn: false }])
  await service.move(16 * MINUTE)
  expect((await readAgreement(client, id)).state).toBe('cancelled')
  expect(await sentences(id)).toContain('The request to end the agreement was granted.')
})

test('its answer comes with the event, long before it would have been asked for', async () => {
  const id = next()
  const made = unwrap(await cancel(id))
  await service.move(16 * MINUTE)
  await answer('cancellation', await cloudIdOf(made.id), 'reject')
  await service.move(2 * MINUTE)
  expect((await asked(id)).items).toMatchObject([{ state: 'declined' }])
  expect(await sentences(id)).toContain('The request to end the agreement was declined.')
})

test('what nobody decided is taken back, once', async () => {
  const id = next()
  const made = unwrap(await cancel(id))
  const take = () =>
    client.POST('/v1/agreements/{id}/requests/{request_id}/withdraw', {
      params: { path: { id, request_id: made.id }, ...keyed() },
      body: { words: 'A mistake' },
    })
  refusal(await take(), 409)
  await service.settle()
  unwrap(await take())
  await service.settle()
  expect((await asked(id)).items).toMatchObject([{ state: 'withdrawn' }])
  refusal(await take(), 409)
})

test('an invoice is told, and part of it given back', async () => {
  const id = next()
  const read = async () =>
    unwrap(await client.GET('/v1/agreements/{id}/invoices', { params: { path: { id } } }))
  await service.move(32 * DAY)
  const { items } = await read()
  const [invoice] = items
  expect(invoice).toMatchObject({ kind: 'invoice', amount: { currency: 'USD' } })
  const { invoice_id = '', refundable } = invoice ?? {}
  const made = unwrap(await refund(id, { invoice_id }))
  await service.settle()
  expect(made).toMatchObject({ kind: 'refund', amount: { currency: 'USD', amount: '100.00' } })
  await service.move(2 * DAY)
  expect((await asked(id)).items).toMatchObject([{ state: 'granted', invoice_id }])
  const after = (await read()).items.find((one) => one.invoice_id === invoice_id)
  expect(Number(after?.refundable?.amount)).toBe(Number(refundable?.amount) - 100)
  const too_much = unwrap(await refund(id, { invoice_id, amount: { currency: 'USD', amount: '99999999' } }))
  await service.settle()
  await service.move(2 * DAY)
  expect((await asked(id)).items.find((one) => 'id' in too_much && one.id === too_much.id)).toMatchObject({
    state: 'refused',
  })
})

test('without an answer it counts as agreed, when the cloud says so', async () => {
  const id = next()
  unwrap(await cancel(id))
  await service.settle()
  const days = (await asked(id)).cancellation_granted_after_days ?? 0
  await service.move(days * DAY + HOUR)
  await service.move(20 * MINUTE)
  expect((await asked(id)).items).toMatchObject([{ state: 'granted' }])
})

test('money goes back only when a second person agrees, where the organisation asks for it', async () => {
  const id = next()
  const { organisation_id } = seats.vendor
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.organisation.update({ where: { id: organisation_id }, data: { two_person: ['agreements.refund'] } }),
  )
  const answered = await refund(id, { invoice_id: 'inv-1' })
  expect(answered.response.status).toBe(202)
  expect(answered.data).toMatchObject({ act: 'agreements.refund', state: 'waiting' })
  expect((await asked(id)).items).toEqual([])
})
