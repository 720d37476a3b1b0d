import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { INITECH, MARKUP, RESELLER, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  activeAuthorization,
  at,
  keyed,
  MINUTE,
  publish,
  readAuthorization,
  resoldOffer,
  type Seats,
  seat,
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

const opened = async (client = seats.reseller.client) =>
  unwrap(await client.GET('/v1/opened-authorizations')).items

test('the reseller sees what is opened to it when the cloud has made it, and accepts with its markup', async () => {
  const authorization = await activeAuthorization(service, seats.vendor, product_id)
  expect(authorization).toMatchObject({
    state: 'active',
    terms: WHOLESALE_TERMS,
    markup_min_percent: MARKUP.min,
    markup_max_percent: MARKUP.max,
    reseller_organisation_id: seats.reseller.organisation_id,
    timeline: [{ kind: 'asked' }, { kind: 'active' }],
  })
  const { timeline: _, ...shown } = authorization
  const mine = { standing: 'open', offer_id: null, vendor_name: 'My company' }
  expect(await opened()).toEqual([{ ...shown, ...mine }])
  const offer = await resoldOffer(service, seats.reseller, authorization.id)
  expect(offer).toMatchObject({
    channel: 'reseller',
    state: 'live',
    vendor_organisation_id: seats.vendor.organisation_id,
    wholesale: WHOLESALE_TERMS,
    markup_percent: MARKUP.chosen,
    buyer_account_ids: [INITECH.account_id],
    expires_on: EXPIRES_ON,
    terms: {
      total: '54000.01',
      instalments: [{ amount: '27000.01' }, { amount: '27000.00' }],
      usage_prices: { scans: '0.84375' },
    },
  })
})

test('taken back, it is restricted for the vendor, gone for the reseller, and no offer is made from it', async () => {
  const { vendor, reseller } = seats
  const { id } = await activeAuthorization(service, vendor, product_id)
  const params = { ...at(id), ...keyed() }
  unwrap(await vendor.client.POST('/v1/resale-authorizations/{id}/restrict', { params }))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  expect((await readAuthorization(vendor.client, id)).state).toBe('restricted')
  expect((await opened()).map((item) => item.id)).not.toContain(id)
  const answer = await reseller.client.POST('/v1/opened-authorizations/{id}/accept', {
    params: { ...at(id), ...keyed() },
    body: { markup_percent: MARKUP.chosen, expires_on: EXPIRES_ON },
  })
  expect(answer.response.status).toBe(409)
})

test('a reseller that connects its account later finds what was opened to it before', async () => {
  const late = { account_id: '555566667777', name: 'Late Partners' }
  await service.sandbox.account({ role: 'seller', country: 'US', ...late })
  const { vendor } = seats
  const { deal_id } = await activeAuthorization(service, vendor, product_id)
  const body = {
    deal_id,
    connection_id: vendor.connection_id,
    reseller_account_id: late.account_id,
    terms: WHOLESALE_TERMS,
    markup_min_percent: '0',
    markup_max_percent: '50',
    expires_on: EXPIRES_ON,
    single_use: true,
  }
  const { id } = unwrap(await vendor.client.POST('/v1/resale-authorizations', { params: keyed(), body }))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  const home = unwrap(
    await service
      .client()
      .POST('/v1/organisations', { params: keyed(), body: { kind: 'reseller', name: late.name } }),
  )
  expect(await opened(service.client(home.id))).toEqual([])
  const joined = await seat(service, home.id, late)
  expect((await opened(joined.client)).map((item) => item.id)).toEqual([id])
  const offer = await resoldOffer(service, joined, id, '0')
  expect(offer.terms).toEqual(WHOLESALE_TERMS)
  expect((await opened()).map((item) => item.reseller_account_id)).not.toContain(late.account_id)
  expect(RESELLER.account_id).not.toBe(late.account_id)
})
