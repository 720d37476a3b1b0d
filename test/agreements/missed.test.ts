// No message of an agreement ever comes: the files of the cloud tell of it, and where they do not, a person is asked.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { INITECH } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  agreementOf,
  buyerAccepts,
  HOUR,
  publish,
  resoldOffer,
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
beforeEach(() => {
  service.post.keepBack = false
})

/** A buyer signs up for what a reseller sold, and no message of it ever comes. */
async function signedUpUnheard(): Promise<string> {
  const authorization = await activeAuthorization(service, seats.vendor, product_id)
  const offer = await resoldOffer(service, seats.reseller, authorization.id)
  service.post.keepBack = true
  const cloud_id = await buyerAccepts(service, INITECH, offer)
  expect((await signUp(service, INITECH, cloud_id)).answer.status).toBe(200)
  await service.settle()
  return cloud_id
}

async function forPeople(): Promise<string[]> {
  const params = { query: { kind: 'other' as const } }
  const { items } = unwrap(await seats.vendor.client.GET('/v1/exceptions', { params }))
  return items.map(({ sentence }) => sentence)
}

test("a sign-up whose messages never come is the agreement's when the feed tells of it", async () => {
  const cloud_id = await signedUpUnheard()
  expect(await agreementOf(seats.vendor.client, cloud_id)).toBeUndefined()
  for (let hour = 0; hour < 25; hour += 1) await service.move(HOUR)
  expect(await agreementOf(seats.vendor.client, cloud_id)).toMatchObject({
    role: 'manufacturer',
    state: 'active',
    signed_up_at: expect.any(String),
  })
  expect(await forPeople()).toEqual([])
})

test('a sign-up whose agreement never comes asks for a person after a day', async () => {
  await service.control('POST', '/faults', {
    cloud: 'aws',
    service: 's3',
    operation: 'ListObjectsV2',
    fault: 'error_503',
    times: 1000,
  })
  await signedUpUnheard()
  for (let hour = 0; hour < 25; hour += 1) await service.move(HOUR)
  expect(await forPeople()).toEqual([expect.stringContaining(INITECH.account_id)])
})
