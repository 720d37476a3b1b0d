import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { MARKUP } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  activeAuthorization,
  at,
  keyed,
  publish,
  refusal,
  resoldOffer,
  type Seats,
  takeSeats,
} from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

const open = async () => (await activeAuthorization(service, seats.vendor, product_id)).id
const decline = (id: string, reason = 'Not our market', header = keyed()) =>
  seats.reseller.client.POST('/v1/opened-authorizations/{id}/decline', {
    params: { ...at(id), ...header },
    body: { reason },
  })
const accept = (id: string) =>
  seats.reseller.client.POST('/v1/opened-authorizations/{id}/accept', {
    params: { ...at(id), ...keyed() },
    body: { markup_percent: MARKUP.chosen, expires_on: EXPIRES_ON },
  })

test('a reason is asked for, and a key', async () => {
  const id = await open()
  expect(refusal(await decline(id, '  '), 422).errors?.[0]?.field).toBe('reason')
  expect(refusal(await decline(id, 'x'.repeat(501)), 422).errors?.[0]?.field).toBe('reason')
  const path = `/v1/opened-authorizations/${id}/decline`
  const headers = {
    authorization: `Bearer ${KEY}`,
    'syndic-organisation': seats.reseller.organisation_id,
    'content-type': 'application/json',
  }
  const answer = await service.send(path, { method: 'POST', headers, body: '{"reason":"no"}' })
  expect(answer.json).toMatchObject({ type: '/problems/idempotency-required' })
})

test('declined once, it is neither declined again nor accepted; the same request again answers the same', async () => {
  const id = await open()
  const key = keyed()
  const [first, again] = [unwrap(await decline(id, 'No', key)), unwrap(await decline(id, 'No', key))]
  expect(again).toEqual(first)
  expect(refusal(await decline(id), 409).detail).toContain('was declined')
  expect(refusal(await accept(id), 409).detail).toContain('Ask the vendor to open the deal again')
})

test('what is used up cannot be declined', async () => {
  const id = await open()
  const offer = await resoldOffer(service, seats.reseller, id)
  expect(refusal(await decline(id), 409).detail).toContain(offer.id)
})

test('of an acceptance and a refusal at the same moment one holds', async () => {
  const id = await open()
  const answers = await Promise.all([accept(id), decline(id)])
  expect(answers.map(({ response }) => response.ok).filter(Boolean)).toHaveLength(1)
})

test('economics are asked for percentages that could be a markup', async () => {
  const id = await open()
  for (const markup_percent of ['-1', 'ten', '1001', '1.123456789', Array<string>(21).fill('5')]) {
    const answer = await seats.reseller.client.GET('/v1/opened-authorizations/{id}/economics', {
      params: { ...at(id), query: { markup_percent } },
    })
    expect(refusal(answer, 422).errors?.[0]?.field).toMatch(/^query\.markup_percent/)
  }
})
