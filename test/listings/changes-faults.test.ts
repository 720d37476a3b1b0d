// The way to the cloud fails in every way it can: a change of a listing is made all the same, and once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { at, keyed, MINUTE, publish, readListing, type Seats, takeSeats } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  await publish(service, seats.vendor)
  id = unwrap(await seats.vendor.client.GET('/v1/listings')).items[0]?.id ?? ''
})
afterAll(() => service.stop())

const faults = ['drop_request', 'drop_answer', 'error_500', 'throttle', 'truncated_json', 'expired_token']
const cases = faults.flatMap((fault) =>
  ['StartChangeSet', 'ListChangeSets', 'DescribeEntity', 'DescribeChangeSet'].map((operation) => [
    fault,
    operation,
  ]),
)

/** How many change sets the cloud took that say this. */
async function taken(words: string): Promise<number> {
  const sets = (await service.control('GET', '/aws/accepted?kind=change_sets')) as unknown[]
  return sets.filter((set) => JSON.stringify(set).includes(`"${words}"`)).length
}

test.each(cases)('%s of %s, twice in a row', async (fault, operation) => {
  const { client } = seats.vendor
  const title = `After ${fault} of ${operation}`
  await service.control('POST', '/faults', { fault, service: 'marketplace-catalog', operation, times: 2 })
  const params = { ...keyed(), ...at(id) }
  unwrap(await client.POST('/v1/listings/{id}/update', { params, body: { title } }))
  for (let turn = 0; turn < 10; turn += 1) {
    if ((await readListing(client, id)).content.title === title) break
    await service.move(MINUTE)
  }
  const shown = await readListing(client, id)
  expect(shown).toMatchObject({ state: 'live', problems: [], wanted: null, content: { title } })
  expect(await taken(title)).toBe(1)
  await service.control('DELETE', '/faults')
})
