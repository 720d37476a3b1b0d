// What a reseller makes of a price list by a payment plan of its own, and how it replaces what it sold, through the API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import { INITECH } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  agreementOf,
  at,
  buyerAccepts,
  keyed,
  MINUTE,
  publish,
  readAgreement,
  readOffer,
  refusal,
  type Seats,
  takeSeats,
  until,
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

const UNTIL = '2026-01-16'
const LIST: Schemas['Terms'] = {
  kind: 'configurable',
  currency: 'USD',
  rates: [
    { duration_months: 12, prices: { seats: '1000' } },
    { duration_months: 24, prices: { seats: '1800.5' } },
  ],
  usage_prices: { scans: '0.75' },
}

const open = (more: object = {}) =>
  activeAuthorization(service, seats.vendor, product_id, {
    terms: LIST,
    expires_on: UNTIL,
    single_use: false,
    markup_min_percent: '5',
    markup_max_percent: '20',
    ...more,
  })

const accept = (id: string, more: object) =>
  seats.reseller.client.POST('/v1/opened-authorizations/{id}/accept', {
    params: { ...at(id), ...keyed() },
    body: { expires_on: UNTIL, ...more },
  })

const found = async (answer: ReturnType<typeof accept>) =>
  refusal(await answer, 422).errors?.map(({ field, rule }) => `${field} ${/\[(.*)\]$/.exec(rule)?.[1]}`)

const liveOf = async (answer: ReturnType<typeof accept>) => {
  const { id } = unwrap(await answer)
  return until(service, ['live'], () => readOffer(seats.reseller.client, id))
}

/** Three seats for two years cost 5,401.50 by the list. */
const choice = { duration_months: 24, grants: [{ dimension: 'seats', quantity: 3 }] }
const plan = (first: string, second: string) => [
  { due_on: '2026-01-20', amount: first },
  { due_on: '2026-06-20', amount: second },
]

async function expected(client: Client, agreement_id: string) {
  const query = { agreement_id, limit: 200 }
  const { items } = unwrap(await client.GET('/v1/reconciliation/expectations', { params: { query } }))
  return items
    .filter(({ kind }) => kind === 'instalment' || kind === 'wholesale')
    .map(({ kind, due_on, amount }) => `${kind} ${due_on} ${amount.amount}`)
    .sort()
}

describe('a payment plan over a price list', () => {
  test('sells a fixed choice: the buyer pays the plan, and the list price is owed in its proportion', async () => {
    const { client } = seats.reseller
    const { id } = await open()
    const asked = unwrap(await accept(id, { instalments: plan('2000.00', '4000.00'), ...choice }))
    expect(asked).toMatchObject({
      markup_percent: null,
      terms: {
        kind: 'contract_with_consumption',
        total: '6000.00',
        duration_months: 24,
        grants: choice.grants,
        instalments: plan('2000.00', '4000.00'),
        usage_prices: { scans: '0.75' },
      },
      wholesale: {
        kind: 'contract_with_consumption',
        total: '5401.50',
        instalments: plan('1800.50', '3601.00'),
        usage_prices: { scans: '0.75' },
      },
    })
    const offer = await until(service, ['live'], () => readOffer(client, asked.id))
    const cloud_id = await buyerAccepts(service, INITECH, offer)
    await service.move(3 * MINUTE)
    await service.moveTo('2026-06-21T09:00:00Z')
    const agreement = await agreementOf(client, cloud_id)
    expect(agreement?.terms).toMatchObject({ total: '6000.00', duration_months: 24 })
    expect(await expected(client, agreement?.id ?? '')).toEqual([
      'instalment 2026-01-20 2000.00',
      'instalment 2026-06-20 4000.00',
      'wholesale 2026-01-20 -1800.50',
      'wholesale 2026-06-20 -3601.00',
    ])
    const vendors = seats.vendor.client
    const theirs = await agreementOf(vendors, cloud_id)
    expect(theirs).toMatchObject({ role: 'manufacturer', wholesale: null, terms: { total: '5401.50' } })
    expect(JSON.stringify(theirs)).not.toContain('6000')
    expect(await expected(vendors, theirs?.id ?? '')).toEqual([
      'instalment 2026-01-20 1800.50',
      'instalment 2026-06-20 3601.00',
    ])
    await service.moveTo('2026-09-20T09:00:00Z')
    for (const seat of [client, vendors]) {
      const { items } = unwrap(await seat.GET('/v1/exceptions', { params: { query: {} } }))
      expect(items.filter(({ kind }) => kind === 'line_unexplained')).toEqual([])
    }
  })

  test('that breaks a rule is refused with all that is wrong, and nothing is sent', async () => {
    const { id } = await open({ expires_on: '2026-10-31' })
    const later = (more: object) => found(accept(id, { expires_on: '2026-10-01', ...more }))
    const instalments = [
      { due_on: '2026-09-30', amount: '2000.00' },
      { due_on: '2026-12-20', amount: '4000.00' },
    ]
    expect(await later({ instalments })).toEqual(['duration_months own-choice'])
    expect(await later({ instalments, ...choice, duration_months: 36 })).toEqual([
      'duration_months own-choice',
    ])
    expect(await later({ instalments, ...choice, grants: [] })).toEqual(['grants own-choice'])
    const wrong = [
      { dimension: 'scans', quantity: 1 },
      { dimension: 'seats', quantity: 1 },
      { dimension: 'seats', quantity: 2 },
    ]
    expect(await later({ instalments, ...choice, grants: wrong })).toEqual([
      'grants.0.dimension own-choice',
      'grants.2.dimension own-choice',
    ])
    expect(await later({ markup_percent: '10', ...choice })).toEqual(['duration_months own-choice'])
    const cheap = [
      { due_on: '2026-09-30', amount: '5671.57' },
      { due_on: '2026-09-29', amount: '0' },
    ]
    expect(await later({ instalments: cheap, ...choice })).toEqual([
      'instalments markup-band',
      'instalments.1.amount instalment-amount',
      'instalments.1.due_on instalment-order',
      'instalments instalments-before-expiry',
    ])
    const { items } = unwrap(await seats.reseller.client.GET('/v1/offers', { params: { query: {} } }))
    expect(items.filter(({ authorization_id }) => authorization_id === id)).toEqual([])
  })
})

test('what a reseller sold is replaced by its next offer, which needs a last day', async () => {
  const { client } = seats.reseller
  const { id } = await open({ expires_on: '2026-10-31' })
  const wanted = { expires_on: '2026-10-10', markup_percent: '10' }
  const first = unwrap(await client.GET('/v1/agreements', { params: { query: {} } })).items[0]
  const replaces_agreement_id = first?.id ?? ''
  expect(await found(accept(id, { ...wanted, replaces_agreement_id }))).toEqual([
    'options.ends_on replacement-end',
  ])
  const day = { options: { ends_on: '2028-06-30' } }
  const instalments = [{ due_on: '2026-10-20', amount: '6000.00' }]
  const replacement = { expires_on: '2026-10-10', instalments, ...choice, replaces_agreement_id, ...day }
  const offer = await liveOf(accept(id, replacement))
  expect(offer).toMatchObject({ replaces_agreement_id, buyer_account_ids: [INITECH.account_id] })
  const cloud_id = await buyerAccepts(service, INITECH, offer)
  await service.move(3 * MINUTE)
  const next = await agreementOf(client, cloud_id)
  expect(next).toMatchObject({ replaces_agreement_id, state: 'active', terms: { total: '6000.00' } })
  expect((await readAgreement(client, replaces_agreement_id)).state).toBe('replaced')
})
