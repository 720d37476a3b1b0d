import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { MARKUP } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
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

const body = { markup_percent: MARKUP.chosen, expires_on: EXPIRES_ON }
const accept = (client: Seats['vendor']['client']) =>
  client.POST('/v1/opened-authorizations/{id}/accept', { params: { ...at(id), ...keyed() }, body })

test('a reseller with another account neither sees nor accepts it', async () => {
  const stranger = await organisation(service, 'reseller', 'Stranger')
  const { client } = await seat(service, stranger, { account_id: '666677778888', name: 'Stranger' })
  expect(unwrap(await client.GET('/v1/opened-authorizations')).items).toEqual([])
  expect(refusal(await accept(client), 404).type).toBe('/problems/not-found')
})

test('the vendor does not accept its own authorization', async () => {
  expect(refusal(await accept(seats.vendor.client), 404).type).toBe('/problems/not-found')
  expect(unwrap(await seats.vendor.client.GET('/v1/opened-authorizations')).items).toEqual([])
})

test("the reseller has no part in the vendor's side of it", async () => {
  const { client } = seats.reseller
  const answers = [
    await client.GET('/v1/resale-authorizations/{id}', { params: at(id) }),
    await client.POST('/v1/resale-authorizations/{id}/restrict', { params: { ...at(id), ...keyed() } }),
  ]
  for (const answer of answers) expect(refusal(answer, 404).type).toBe('/problems/not-found')
  expect(unwrap(await client.GET('/v1/resale-authorizations')).items).toEqual([])
  expect((await readAuthorization(seats.vendor.client, id)).state).toBe('active')
})

test("a vendor cannot open another vendor's deal, nor over another's account", async () => {
  const { deal_id, terms, reseller_account_id, connection_id } = await readAuthorization(
    seats.vendor.client,
    id,
  )
  const band = { markup_min_percent: '0', markup_max_percent: '9', single_use: true }
  const draft = { deal_id, connection_id, reseller_account_id, terms, expires_on: EXPIRES_ON, ...band }
  const theirs = { ...draft, connection_id: seats.reseller.connection_id }
  for (const wanted of [draft, theirs]) {
    const answer = await seats.reseller.client.POST('/v1/resale-authorizations', {
      params: keyed(),
      body: wanted,
    })
    expect(refusal(answer, 404).type).toBe('/problems/not-found')
  }
  const over = await seats.vendor.client.POST('/v1/resale-authorizations', { params: keyed(), body: theirs })
  expect(refusal(over, 404).detail).toContain(seats.reseller.connection_id)
})
