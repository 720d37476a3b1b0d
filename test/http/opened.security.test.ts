import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import {
  activeAuthorization,
  at,
  keyed,
  organisation,
  publish,
  readAuthorization,
  refusal,
  type Seats,
  seat,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  id = (await activeAuthorization(service, seats.vendor, await publish(service, seats.vendor))).id
})
afterAll(() => service.stop())

const routes = async (client: Seats['vendor']['client'], wanted: string) => [
  await client.GET('/v1/opened-authorizations/{id}', { params: at(wanted) }),
  await client.GET('/v1/opened-authorizations/{id}/economics', { params: at(wanted) }),
  await client.POST('/v1/opened-authorizations/{id}/decline', {
    params: { ...at(wanted), ...keyed() },
    body: { reason: 'None of my business' },
  }),
]

test('whom it was not opened to finds nothing: another reseller, and the vendor itself', async () => {
  const stranger = await organisation(service, 'reseller', 'Stranger')
  const { client } = await seat(service, stranger, { account_id: '666677778888', name: 'Stranger' })
  const nobody = `${id.slice(0, id.indexOf('_') + 1)}${'0'.repeat(26)}`
  for (const other of [client, seats.vendor.client]) {
    const [missing] = await routes(other, nobody)
    for (const answer of await routes(other, id)) {
      expect(refusal(answer, 404).detail.replace(id, 'ID')).toBe(
        refusal(missing ?? answer, 404).detail.replace(nobody, 'ID'),
      )
    }
    const all = await other.GET('/v1/opened-authorizations', { params: { query: { standing: 'all' } } })
    expect(all.data).toEqual({ items: [], next: null })
  }
  expect((await readAuthorization(seats.vendor.client, id)).state).toBe('active')
})

test('the account number alone proves nothing: an untested connection sees nothing', async () => {
  const home = await organisation(service, 'reseller', 'Pretender')
  const client = service.client(home)
  const body = {
    cloud: 'aws' as const,
    name: 'Pretended',
    account_id: '444455556666',
    credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: 'wrong' },
    settings: {},
  }
  await client.POST('/v1/connections', { params: keyed(), body })
  for (const answer of await routes(client, id)) refusal(answer, 404)
})

test("the reseller reads its own timeline, never the vendor's with the cloud's words", async () => {
  const { client } = seats.reseller
  const read = unwrap(await client.GET('/v1/opened-authorizations/{id}', { params: at(id) }))
  expect(read.timeline).toEqual([])
})
