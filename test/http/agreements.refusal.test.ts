import { afterAll, beforeAll, expect, test } from 'vitest'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import {
  agreementOf,
  buyerAccepts,
  HOUR,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let cloud_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const product_id = await publish(service, seats.vendor)
  cloud_id = await buyerAccepts(service, GLOBEX, await liveOffer(service, seats.vendor, product_id))
  await service.move(3 * MINUTE)
})
afterAll(() => service.stop())

const TOKEN = 'x-amzn-marketplace-token'
const page = () => `/sign-up/${seats.vendor.connection_id}`
const visit = (body: BodyInit | null, headers: HeadersInit = {}) =>
  service.send(page(), { method: 'POST', body, headers })

test.each<[string, () => BodyInit | null]>([
  ['no form', () => null],
  ['a form without the token', () => new URLSearchParams({ token: 'x' })],
  ['an empty token', () => new URLSearchParams({ [TOKEN]: '' })],
  ['JSON', () => JSON.stringify({ [TOKEN]: 'x' })],
])('%s: the token is missing, and the page says how to get one', async (_, body) => {
  expect(await visit(body())).toMatchObject({
    status: 422,
    json: { errors: [{ field: TOKEN, rule: 'is missing', fix: expect.stringContaining('marketplace') }] },
  })
})

test('a body that is no form, though it says so, is the sender’s mistake', async () => {
  const { status } = await visit('nothing', { 'content-type': 'multipart/form-data; boundary=x' })
  expect(status).toBe(400)
})

test('a token that the cloud does not know, or that has expired, is refused and nobody is signed up', async () => {
  const { registration_token } = await service.sandbox.register(GLOBEX.account_id, cloud_id)
  await service.move(HOUR)
  for (const token of ['nonsense', registration_token]) {
    expect(await visit(new URLSearchParams({ [TOKEN]: token }))).toMatchObject({
      status: 422,
      json: { errors: [{ field: TOKEN, rule: expect.stringContaining('expired') }] },
    })
  }
  const known = await agreementOf(seats.vendor.client, cloud_id)
  expect((await readAgreement(seats.vendor.client, known?.id ?? '')).signed_up_at).toBeNull()
})

test('a cloud that does not answer is no fault of the buyer: the page asks to try again', async () => {
  const { registration_token } = await service.sandbox.register(GLOBEX.account_id, cloud_id)
  const fault = { fault: 'error_503', service: 'meteringmarketplace', operation: 'ResolveCustomer' }
  await service.control('POST', '/faults', fault)
  const body = () => new URLSearchParams({ [TOKEN]: registration_token })
  expect(await visit(body())).toMatchObject({ status: 503, json: { type: '/problems/cloud-unavailable' } })
  expect(await visit(body())).toMatchObject({ status: 200 })
})

test.each(['/sign-up/conn_nobody', '/sign-up/%00'])('%s is not a page', async (path) => {
  const { status } = await service.send(path, { method: 'POST', body: new URLSearchParams({ [TOKEN]: 'x' }) })
  expect([404, 422]).toContain(status)
})
