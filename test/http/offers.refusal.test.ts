import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Schemas, unwrap } from '../../src/client/index.ts'
import { DIRECT_TERMS, GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  askForOffer,
  at,
  buyerAccepts,
  describeProduct,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readOffer,
  refusal,
  type Seats,
  takeSeats,
  writeDeal,
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

type Fixed = Extract<Schemas['Terms'], { kind: 'contract_with_consumption' }>
const fixed = DIRECT_TERMS as Fixed
const instalments = (...dates: [string, string][]) => dates.map(([due_on, amount]) => ({ due_on, amount }))

const broken: [string, Partial<Fixed>, [string, string][]][] = [
  [
    'instalments that do not sum to the total',
    { total: '90000.01' },
    [['instalments-sum', 'terms.instalments']],
  ],
  [
    'instalments that are not in order',
    { instalments: instalments(['2026-02-20', '30000'], ['2026-02-20', '30000'], ['2026-01-20', '30000']) },
    [
      ['instalment-order', 'terms.instalments.1.due_on'],
      ['instalment-order', 'terms.instalments.2.due_on'],
    ],
  ],
  [
    'an instalment in the past',
    { instalments: instalments(['2026-01-04', '30000'], ['2026-02-20', '60000']) },
    [['instalment-past', 'terms.instalments.0.due_on']],
  ],
  [
    "an instalment after the agreement's end",
    { instalments: instalments(['2026-02-20', '30000'], ['2027-01-05', '60000']) },
    [['instalment-after-end', 'terms.instalments.1.due_on']],
  ],
  [
    'two instalments before the last day of acceptance',
    { instalments: instalments(['2026-01-10', '30000'], ['2026-01-16', '60000']) },
    [['instalments-before-expiry', 'terms.instalments']],
  ],
  [
    'an amount with a fraction of a cent',
    { instalments: instalments(['2026-01-20', '89999.999'], ['2026-02-20', '0.001']) },
    [
      ['instalment-amount', 'terms.instalments.0.amount'],
      ['instalment-amount', 'terms.instalments.1.amount'],
    ],
  ],
  [
    'dimensions that the product does not have',
    { grants: [{ dimension: 'scans', quantity: 1 }], usage_prices: { seats: '1' } },
    [
      ['unknown-dimension', 'terms.usage_prices.seats'],
      ['unknown-dimension', 'terms.grants'],
    ],
  ],
  ['a currency that usage is not priced in', { currency: 'EUR' }, [['usage-currency', 'terms.currency']]],
  ['a currency that the cloud does not take', { currency: 'CHF' }, [['currency', 'terms.currency']]],
  ['an unheard-of currency', { currency: 'ZZZ' }, [['currency', 'terms.currency']]],
  [
    'a price with nine decimals',
    { usage_prices: { scans: '0.123456789' } },
    [['usage-price', 'terms.usage_prices.scans']],
  ],
  [
    'a dimension granted twice',
    { grants: [1, 2].map((quantity) => ({ dimension: 'seats', quantity })) },
    [['dimension-twice', 'terms.grants']],
  ],
  ['a duration that is too long', { duration_months: 61 }, [['duration', 'terms.duration_months']]],
]

test.each(broken)('%s: found before anything is sent', async (_, change, expected) => {
  const { client, connection_id } = seats.vendor
  const deal_id = await writeDeal(client, product_id, { terms: { ...fixed, ...change } })
  const query = { connection_id, expires_on: EXPIRES_ON }
  const { findings } = unwrap(await client.GET('/v1/deals/{id}/check', { params: { ...at(deal_id), query } }))
  expect(findings.map(({ rule, field }) => [rule, field])).toEqual(expected)
  for (const finding of findings) expect(Object.values(finding).every((text) => text.length > 3)).toBe(true)
  await nothingIsSent(deal_id, findings)
})

test('the name, the accounts and the last day are held against the rules, all at once', async () => {
  const { client, connection_id } = seats.vendor
  const deal_id = await writeDeal(client, product_id, { buyer: { name: 'Globex', account_id: '12345' } })
  const query = { connection_id, expires_on: '2026-01-04' }
  const { findings } = unwrap(await client.GET('/v1/deals/{id}/check', { params: { ...at(deal_id), query } }))
  expect(findings.map(({ rule }) => rule)).toEqual(['buyer-account-form', 'expiry-past'])
  const body = { deal_id, connection_id, expires_on: EXPIRES_ON, name: 'n'.repeat(151) }
  const long = await client.POST('/v1/offers', { params: keyed(), body })
  expect(refusal(long, 422).errors?.map(({ field }) => field)).toEqual(['name'])
})

test('a buyer without an account on the cloud, and a product that is not live there, are found', async () => {
  const { client, connection_id } = seats.vendor
  const unlisted = await describeProduct(client, { name: 'Not listed' })
  const body = {
    name: 'Elsewhere',
    product_id: unlisted,
    buyer: { name: 'G', accounts: { gcp: ['x'] } },
    terms: fixed,
  }
  const deal_id = unwrap(await client.POST('/v1/deals', { params: keyed(), body })).id
  const query = { connection_id, expires_on: EXPIRES_ON }
  const { findings } = unwrap(await client.GET('/v1/deals/{id}/check', { params: { ...at(deal_id), query } }))
  expect(findings.map(({ rule, field }) => [rule, field])).toEqual([
    ['buyer-missing', 'buyer.accounts'],
    ['listing-not-live', 'connection_id'],
  ])
  await nothingIsSent(deal_id, findings)
})

/** The offer is refused with the same findings, and neither an offer nor an operation is written. */
async function nothingIsSent(deal_id: string, findings: Schemas['Finding'][]) {
  const { client, connection_id } = seats.vendor
  const before = await changeSets()
  const body = { deal_id, connection_id, expires_on: EXPIRES_ON }
  const problem = refusal(await client.POST('/v1/offers', { params: keyed(), body }), 422)
  expect(problem.errors).toEqual(
    findings.map(({ rule, field, reason, fix }) => ({ field, rule: `${reason} [${rule}]`, fix })),
  )
  await service.move(MINUTE)
  expect(await changeSets()).toBe(before)
  expect(unwrap(await client.GET('/v1/offers', { params: { query: { deal_id } } })).items).toEqual([])
}

async function changeSets(): Promise<number> {
  return ((await service.control('GET', '/aws/accepted?kind=change_sets')) as unknown[]).length
}

test('what only the cloud can know is told in its words and in ours', async () => {
  const { client } = seats.vendor
  const stranger = { name: 'Stranger', account_id: '000000000001' }
  const id = await askForOffer(seats.vendor, await writeDeal(client, product_id, { buyer: stranger }))
  for (let minute = 0; minute < 3; minute += 1) await service.move(MINUTE)
  const failed = await readOffer(client, id)
  expect(failed).toMatchObject({
    state: 'failed',
    cloud_offer_id: null,
    problems: [
      {
        code: 'INVALID_BUYER_ACCOUNTS',
        message: expect.stringContaining('000000000001'),
        plain: expect.stringContaining('Ask the buyer for the 12 digits'),
      },
    ],
    timeline: [{ kind: 'asked' }, { kind: 'failed', sentence: expect.stringContaining('Ask the buyer') }],
  })
})

test('only a live offer is moved or withdrawn, to a day that is not over, and by one change at a time', async () => {
  const { client } = seats.vendor
  const move = (id: string, expires_on: string | null) =>
    client.POST('/v1/offers/{id}/expiry', { params: { ...at(id), ...keyed() }, body: { expires_on } })
  const asked = await askForOffer(seats.vendor, await writeDeal(client, product_id))
  expect(refusal(await move(asked, null), 409).detail).toContain('publishing')
  const { id } = await liveOffer(service, seats.vendor, product_id)
  expect(refusal(await move(id, '2026-01-04'), 422).errors?.[0]?.field).toBe('expires_on')
  expect(refusal(await move(id, '2026-02-30'), 422).errors?.[0]?.field).toBe('expires_on')
  expect((await move(id, '2026-01-20')).response.status).toBe(202)
  expect(refusal(await move(id, null), 409).detail).toContain('already')
})

test('a buyer who accepts while the offer is being withdrawn has an accepted offer', async () => {
  const { client } = seats.vendor
  const offer = await liveOffer(service, seats.vendor, product_id)
  const params = { ...at(offer.id), ...keyed() }
  unwrap(await client.POST('/v1/offers/{id}/expiry', { params, body: { expires_on: null } }))
  await buyerAccepts(service, GLOBEX, offer)
  for (let minute = 0; minute < 4; minute += 1) await service.move(MINUTE)
  expect((await readOffer(client, offer.id)).state).toBe('accepted')
})
