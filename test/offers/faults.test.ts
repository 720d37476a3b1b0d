// An answer that is lost on the way is not an offer made twice: the vendor's, the authorization, and the reseller's.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { MARKUP } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  liveOffer,
  publish,
  resoldOffer,
  type Seats,
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
beforeEach(async () => {
  await service.control('DELETE', '/faults')
  for (const operation of ['StartChangeSet', 'DescribeChangeSet']) {
    const fault = { fault: 'drop_answer', service: 'marketplace-catalog', operation }
    await service.control('POST', '/faults', fault)
  }
})

async function made(kind: 'offers' | 'change_sets'): Promise<number> {
  return ((await service.control('GET', `/aws/accepted?kind=${kind}`)) as unknown[]).length
}

test('a direct offer', async () => {
  const before = await made('offers')
  await liveOffer(service, seats.vendor, product_id)
  expect(await made('offers')).toBe(before + 1)
})

test("an authorization, and the reseller's offer from it", async () => {
  const before = await made('change_sets')
  const { id } = await activeAuthorization(service, seats.vendor, product_id)
  expect(await made('change_sets')).toBe(before + 1)
  const fault = { fault: 'drop_answer', service: 'marketplace-catalog', operation: 'StartChangeSet' }
  await service.control('POST', '/faults', fault)
  await resoldOffer(service, seats.reseller, id, MARKUP.max)
  expect(await made('change_sets')).toBe(before + 2)
})
