import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { INITECH, MARKUP, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  activeAuthorization,
  at,
  authorizationBody,
  describeProduct,
  keyed,
  MINUTE,
  publish,
  readAuthorization,
  readOffer,
  refusal,
  resoldOffer,
  type Seats,
  takeSeats,
  writeDeal,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let product_id: string
let deal_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
  deal_id = await writeDeal(seats.vendor.client, product_id, { buyer: INITECH, terms: WHOLESALE_TERMS })
})
afterAll(() => service.stop())

type Body = ReturnType<typeof authorizationBody>
const authorize = (change: Partial<Body>) =>
  seats.vendor.client.POST('/v1/resale-authorizations', {
    params: keyed(),
    body: { ...authorizationBody(seats.vendor, deal_id), ...change },
  })
const accept = (id: string, change: Partial<{ markup_percent: string; expires_on: string }>) =>
  seats.reseller.client.POST('/v1/opened-authorizations/{id}/accept', {
    params: { ...at(id), ...keyed() },
    body: { markup_percent: MARKUP.chosen, expires_on: EXPIRES_ON, ...change },
  })

test.each<[string, Partial<Body>, string[]]>([
  ['a band turned round', { markup_min_percent: '20', markup_max_percent: '5' }, ['markup_max_percent']],
  ['a band below zero', { markup_min_percent: '-1' }, ['markup_min_percent']],
  ['a band that no column can hold', { markup_max_percent: '1000000000000000' }, ['markup_max_percent']],
  ['a band finer than is kept', { markup_min_percent: '0.123456789' }, ['markup_min_percent']],
  ['a last day that is over', { expires_on: '2026-01-04' }, ['expires_on']],
  ['a day that does not exist', { expires_on: '2026-02-30' }, ['expires_on']],
  [
    'a payment due on the last day, which AWS takes of an offer and not of what is opened',
    {
      expires_on: '2026-01-16',
      terms: {
        ...WHOLESALE_TERMS,
        instalments: [{ due_on: '2026-01-16', amount: '48000.01' }],
      } as Body['terms'],
    },
    ['terms.instalments'],
  ],
  [
    'wholesale terms that break rules',
    { terms: { ...WHOLESALE_TERMS, total: '48000.00', duration_months: 61 } as Body['terms'] },
    ['terms.duration_months', 'terms.instalments'],
  ],
])('%s is refused and nothing is sent', async (_, change, fields) => {
  const problem = refusal(await authorize(change), 422)
  expect(problem.errors?.map(({ field }) => field)).toEqual(fields)
  expect(unwrap(await seats.vendor.client.GET('/v1/resale-authorizations')).items).toEqual([])
})

test('a product that is not live is not opened', async () => {
  const unlisted = await describeProduct(seats.vendor.client, { name: 'Not listed' })
  const other = await writeDeal(seats.vendor.client, unlisted, { buyer: INITECH, terms: WHOLESALE_TERMS })
  const problem = refusal(await authorize({ deal_id: other }), 422)
  expect(problem.errors?.[0]?.rule).toContain('[listing-not-live]')
})

test('a reseller account that does not exist: the cloud says so, and we say it plainly', async () => {
  const { id } = unwrap(await authorize({ reseller_account_id: '000000000002' }))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  expect(await readAuthorization(seats.vendor.client, id)).toMatchObject({
    state: 'failed',
    problems: [{ code: 'INVALID_RESELLER_ACCOUNT', plain: expect.stringContaining('Ask the reseller') }],
  })
})

test('an acceptance stays inside the band and the days of the authorization', async () => {
  const { id } = await activeAuthorization(service, seats.vendor, product_id)
  for (const [change, field] of [
    [{ markup_percent: '4.99999999' }, 'markup_percent'],
    [{ markup_percent: '20.00000001' }, 'markup_percent'],
    [{ markup_percent: '-5' }, 'markup_percent'],
    [{ markup_percent: '12.123456789012345678' }, 'markup_percent'],
    [{ markup_percent: 'ten' }, 'markup_percent'],
    [{ expires_on: '2026-01-04' }, 'expires_on'],
    [{ expires_on: '2026-01-17' }, 'expires_on'],
  ] as const) {
    const [first] = refusal(await accept(id, change), 422).errors ?? []
    expect([change, first?.field]).toEqual([change, field])
  }
  expect(unwrap(await seats.reseller.client.GET('/v1/offers')).items).toEqual([])
  expect((await accept(id, { markup_percent: MARKUP.min })).response.status).toBe(202)
  const other = await activeAuthorization(service, seats.vendor, product_id)
  expect((await accept(other.id, { markup_percent: MARKUP.max })).response.status).toBe(202)
})

test('one that may be used once is used once', async () => {
  const { client } = seats.reseller
  const { id } = await activeAuthorization(service, seats.vendor, product_id)
  const first = await resoldOffer(service, seats.reseller, id)
  expect(refusal(await accept(id, {}), 409).detail).toContain(first.id)
  expect(unwrap(await client.GET('/v1/opened-authorizations')).items.map((item) => item.id)).not.toContain(id)
})

test('what the cloud refuses many times over is said once', async () => {
  const { organisation_id } = seats.vendor
  const { id } = await activeAuthorization(service, seats.vendor, product_id)
  await resoldOffer(service, seats.reseller, id)
  // Somebody used it outside of this service: we believe that it may be used again, and the cloud knows better.
  await service.services.context.store.inTenant(organisation_id, ({ tx }) =>
    tx.resale_authorization.update({
      where: { organisation_id_id: { organisation_id, id } },
      data: { single_use: false },
    }),
  )
  const second = unwrap(await accept(id, {}))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  const { state, problems, timeline } = await readOffer(seats.reseller.client, second.id)
  expect(state).toBe('failed')
  expect(problems[0]?.plain).toContain('was used up')
  const [sentence = ''] = timeline.filter(({ kind }) => kind === 'failed').map((event) => event.sentence)
  expect(sentence.match(/does not fit/g)).toHaveLength(1)
})

test('an authorization is taken back once, and one that is not active not at all', async () => {
  const { vendor } = seats
  const { id } = await activeAuthorization(service, vendor, product_id)
  const restrict = (subject: string) =>
    vendor.client.POST('/v1/resale-authorizations/{id}/restrict', { params: { ...at(subject), ...keyed() } })
  expect((await restrict(id)).response.status).toBe(202)
  expect(refusal(await restrict(id), 409).detail).toContain('already')
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  expect(refusal(await restrict(id), 409).detail).toContain('restricted')
  const asked = unwrap(await authorize({}))
  expect(refusal(await restrict(asked.id), 409).detail).toContain('publishing')
})
