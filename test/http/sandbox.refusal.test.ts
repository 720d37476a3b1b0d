import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, unwrap } from '../../src/client/index.ts'
import { openControl } from '../../src/sandbox/model.ts'
import {
  at,
  keyed,
  liveOffer,
  organisation,
  publish,
  refusal,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let client: Client
let offer_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  client = seats.vendor.client
  offer_id = (await liveOffer(service, seats.vendor, await publish(service, seats.vendor))).id
})
afterAll(() => service.stop())

const move = (body: object) =>
  // What is refused here fits no type of ours.
  client.POST('/v1/sandbox/clock', { params: keyed(), body: body as { by: string } })

test.each(['PT', 'P0D', '1 hour', 'P1M', '-PT1H', ''])('"%s" is no length of time', async (by) => {
  expect(refusal(await move({ by }), 422).type).toBe('/problems/invalid-input')
})

test('time moves forward only, and not further than anybody waits', async () => {
  const now = service.now()
  expect(refusal(await move({ to: now.toISOString() }), 422).errors?.[0]?.field).toBe('to')
  expect(refusal(await move({ to: '2020-01-01T00:00:00Z' }), 422).detail).toContain('is not after')
  expect(refusal(await move({ to: '2028-01-01T00:00:00Z' }), 422).detail).toContain('400 days')
  expect(unwrap(await client.GET('/v1/sandbox')).moving).toBeNull()
})

const accept = (body: { offer_id: string; buyer_account_id?: string }) =>
  client.POST('/v1/sandbox/accept', { params: keyed(), body })

test('an offer is accepted by its buyers only, while it is live', async () => {
  expect(refusal(await accept({ offer_id: 'offer_none' }), 404).detail).toContain('offer_none')
  const other = refusal(await accept({ offer_id, buyer_account_id: '999999999999' }), 422)
  expect(other.errors?.[0]).toMatchObject({
    field: 'buyer_account_id',
    fix: expect.stringContaining('777788889999'),
  })
  const { organisation_id } = seats.vendor
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.offer.updateMany({ where: { id: offer_id }, data: { state: 'publishing' } }),
  )
  expect(refusal(await accept({ offer_id }), 409).detail).toContain('publishing')
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.offer.updateMany({
      where: { id: offer_id },
      data: { state: 'live', cloud_offer_id: 'offer-of-nobody' },
    }),
  )
  expect(refusal(await accept({ offer_id }), 409).detail).toContain('The sandbox refused.')
})

test('what is not there is neither cancelled, paid, taken back nor done by hand', async () => {
  const cancel = await client.POST('/v1/sandbox/cancel', {
    params: keyed(),
    body: { agreement_id: 'agr_none' },
  })
  expect(refusal(cancel, 404).detail).toContain('agr_none')
  const body = { cloud: 'aws' as const, account_id: '000000000000', pays: false }
  expect(refusal(await client.POST('/v1/sandbox/pay', { params: keyed(), body }), 404).detail).toContain(
    '000000000000',
  )
  const fault = await client.DELETE('/v1/sandbox/faults/{id}', {
    params: { ...at('fault-none'), ...keyed() },
  })
  expect(refusal(fault, 404).detail).toContain('fault-none')
  const hand = await client.POST('/v1/sandbox/by-hand', {
    params: keyed(),
    body: { operation_id: 'op_none' },
  })
  expect(refusal(hand, 404).detail).toContain('op_none')
  const query = { connection_id: 'conn_none' }
  expect((await client.GET('/v1/sandbox/bank-statement', { params: { query } })).response.status).toBe(404)
})

test('what nobody could do now is refused: unknown offers, agreements and requests, and deeds that are none', async () => {
  const deed = (body: object) =>
    // What is refused here fits no type of ours.
    client.POST('/v1/sandbox/deeds', { params: keyed(), body: body as { deed: 'decline'; offer_id: string } })
  expect(refusal(await deed({ deed: 'decline', offer_id: 'offer_none' }), 404).detail).toContain('offer_none')
  const renew = { deed: 'renew', agreement_id: 'agr_none', renews: true }
  expect(refusal(await deed(renew), 404).detail).toContain('agr_none')
  for (const body of [
    { deed: 'bribe', agreement_id: 'agr_none' },
    { ...renew, renews: 'yes' },
    { deed: 'amend', agreement_id: 'agr_none', dimensions: { seats: -1 } },
    { deed: 'forgive', agreement_id: 'agr_none' },
  ]) {
    expect(refusal(await deed(body), 422).type).toBe('/problems/invalid-input')
  }
})

test('a step that waits for nobody, and one that the sandbox has no pages for, stay as they are', async () => {
  const [operation] = unwrap(await client.GET('/v1/operations')).items
  const id = operation?.id ?? ''
  const hand = () => client.POST('/v1/sandbox/by-hand', { params: keyed(), body: { operation_id: id } })
  expect(refusal(await hand(), 409).detail).toContain('does not wait for a person')
  const { organisation_id } = seats.vendor
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.operation.updateMany({ where: { id }, data: { state: 'waiting_for_person' } }),
  )
  expect(refusal(await hand(), 409).detail).toContain('does not do this step')
  const read = unwrap(await client.GET('/v1/operations/{id}', { params: at(id) }))
  expect(read.state).toBe('waiting_for_person')
})

test('a reseller is not connected where resellers have no interface', async () => {
  const reseller = service.client(await organisation(service, 'reseller', 'Fresh reseller'))
  const answer = await reseller.POST('/v1/sandbox/connect', { params: keyed(), body: { cloud: 'gcp' } })
  expect(refusal(answer, 422).errors?.[0]?.field).toBe('cloud')
  expect(unwrap(await reseller.GET('/v1/connections')).items).toEqual([])
})

test('when the sandbox is gone that is said, and a key with which nothing was done is free again', async () => {
  const { context } = service.services
  const { sandbox } = context
  const params = keyed()
  const body = { cloud: 'aws' as const, name: 'Later' }
  context.sandbox = { control: openControl('http://127.0.0.1:9/control'), refresh: async () => {} }
  try {
    expect(refusal(await client.POST('/v1/sandbox/buyers', { params, body }), 503).detail).toContain(
      'sandbox',
    )
    expect(refusal(await client.GET('/v1/sandbox'), 503).type).toBe('/problems/cloud-unavailable')
  } finally {
    context.sandbox = sandbox
  }
  expect(unwrap(await client.POST('/v1/sandbox/buyers', { params, body })).name).toBe('Later')
})
