// The way to the cloud fails in every way it can: the listing goes live all the same, and there is one product.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { LIST_PRICES } from '../../src/demo/clouds/aws/scenario.ts'
import { describeProduct, keyed, readListing, type Seats, takeSeats, until } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
})
afterAll(() => service.stop())

const faults = [
  'drop_request',
  'drop_answer',
  'error_500',
  'error_503',
  'throttle',
  'truncated_json',
  'expired_token',
]
const cases = faults.flatMap((fault) =>
  ['StartChangeSet', 'DescribeChangeSet'].map((operation) => [fault, operation]),
)

async function productsAtTheCloud(name: string): Promise<number> {
  const sets = (await service.control('GET', '/aws/accepted?kind=change_sets')) as { status: string }[]
  return sets.filter((set) => JSON.stringify(set).includes(`"${name}"`)).length
}

test.each(cases)('%s of %s, twice in a row', async (fault, operation) => {
  const { client, connection_id } = seats.vendor
  const name = `After ${fault} of ${operation}`
  const product_id = await describeProduct(client, { name })
  await service.control('POST', '/faults', { fault, service: 'marketplace-catalog', operation, times: 2 })
  const body = { product_id, connection_id, prices: LIST_PRICES }
  const { id } = unwrap(await client.POST('/v1/listings', { params: keyed(), body }))
  const live = await until(service, ['live'], () => readListing(client, id))
  expect(live.timeline.map(({ kind }) => kind)).toEqual(['asked', 'live'])
  expect(await productsAtTheCloud(name)).toBe(1)
  await service.control('DELETE', '/faults')
})
