import { afterAll, beforeAll, expect, test } from 'vitest'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { readEverything } from '../support/crawl.ts'
import {
  agreementOf,
  at,
  buyerAccepts,
  liveOffer,
  MINUTE,
  publish,
  refusal,
  type Seats,
  signUp,
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

test("another organisation's agreement is not there", async () => {
  const known = await agreementOf(seats.vendor.client, cloud_id)
  const answer = await seats.reseller.client.GET('/v1/agreements/{id}', { params: at(known?.id ?? '') })
  expect(refusal(answer, 404).detail).toBe(`There is no agreement ${known?.id}.`)
  expect(await agreementOf(seats.reseller.client, cloud_id)).toBeUndefined()
})

test('a token of one seller signs nobody up on the page of another', async () => {
  const { registration_token } = await service.sandbox.register(GLOBEX.account_id, cloud_id)
  const body = new URLSearchParams({ 'x-amzn-marketplace-token': registration_token })
  const { status } = await service.send(`/sign-up/${seats.reseller.connection_id}`, { method: 'POST', body })
  expect(status).toBeGreaterThanOrEqual(400)
  expect((await agreementOf(seats.vendor.client, cloud_id))?.signed_up_at).toBeNull()
})

test('the registration token is kept nowhere and the page repeats nothing of what it was sent', async () => {
  const { answer, token } = await signUp(service, GLOBEX, cloud_id)
  expect(answer.text).not.toContain(token)
  const script = '<script>alert(1)</script>'
  const body = new URLSearchParams({ 'x-amzn-marketplace-token': script })
  const refused = await service.send(`/sign-up/${seats.vendor.connection_id}`, { method: 'POST', body })
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  const values = { connection_id: seats.vendor.connection_id, expires_on: '2026-01-16', format: 'csv' }
  const all = await readEverything(service, seats.vendor.organisation_id, values)
  for (const read of all) expect(read.answer.text).not.toContain(token)
  expect(service.logged.join('\n')).not.toContain(token)
})
