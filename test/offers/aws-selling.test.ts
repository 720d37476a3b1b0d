// The kinds of offers and resale that AWS has, from the deal to the money, through the API and the sandbox.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import { GLOBEX, INITECH } from '../../src/demo/clouds/aws/scenario.ts'
import {
  activeAuthorization,
  agreementOf,
  at,
  buyerAccepts,
  keyed,
  liveOffer,
  MINUTE,
  publish,
  readAgreement,
  readAuthorization,
  readOffer,
  refusal,
  type Seats,
  takeSeats,
  until,
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

const PRICE_LIST: Schemas['Terms'] = {
  kind: 'configurable',
  currency: 'USD',
  rates: [
    { duration_months: 12, prices: { seats: '1000' } },
    { duration_months: 24, prices: { seats: '1800.5' } },
  ],
  usage_prices: {},
}
const UNTIL = '2026-01-16'
const accepted = z.object({ agreement_id: z.string() })

/** What of an agreement is booked and not due, and what is expected of it by now. */
async function money(client: Client, agreement_id: string) {
  const books = await client.GET('/v1/ledger/accounts', { params: { query: { limit: 200 } } })
  const account = `bookings:open:${agreement_id}`
  const open = unwrap(books).items.find((one) => one.account === account)?.balance
  const query = { agreement_id, limit: 200 }
  const { items } = unwrap(await client.GET('/v1/reconciliation/expectations', { params: { query } }))
  const due = items.filter(({ kind }) => kind === 'instalment')
  return { open: open ?? '0.00', due: due.map((one) => [one.due_on, one.amount.amount]) }
}

async function offerOf(terms: Schemas['Terms'], options?: Record<string, unknown>, replaces?: string) {
  const { client, connection_id } = seats.vendor
  const body = {
    name: 'A deal',
    product_id,
    buyer: { name: GLOBEX.name, accounts: terms.kind === 'free_trial' ? {} : { aws: [GLOBEX.account_id] } },
    terms,
    ...(replaces === undefined ? {} : { replaces_agreement_id: replaces }),
  }
  const deal = unwrap(await client.POST('/v1/deals', { params: keyed(), body }))
  return client.POST('/v1/offers', {
    params: keyed(),
    body: {
      deal_id: deal.id,
      connection_id,
      expires_on: UNTIL,
      ...(options === undefined ? {} : { options }),
    },
  })
}

/** The buyer takes some seats for a length of its choice. */
async function choose(buyer: string, offer_id: string | null, selector: string, seatsTaken: number) {
  const configuration = { selector, dimensions: { seats: seatsTaken } }
  const answer = await service.control('POST', `/aws/buyers/${buyer}/accept`, { offer_id, configuration })
  await service.move(3 * MINUTE)
  return accepted.parse(answer).agreement_id
}

describe('a price list', () => {
  test('becomes what the buyer chose: three seats for two years are booked, due and invoiced at their price', async () => {
    const { client } = seats.vendor
    const { id } = unwrap(
      await offerOf(PRICE_LIST, { net_payment_days: 30, renewal: { price_increase_percent: '5' } }),
    )
    const offer = await until(service, ['live'], () => readOffer(client, id))
    expect(offer.options).toEqual({ net_payment_days: 30, renewal: { price_increase_percent: '5' } })
    const cloud_id = await choose(GLOBEX.account_id, offer.cloud_offer_id, 'P24M', 3)
    const agreement = await agreementOf(client, cloud_id)
    const today = service.now().toISOString().slice(0, 10)
    expect(agreement?.terms).toEqual({
      kind: 'contract',
      currency: 'USD',
      duration_months: 24,
      total: '5401.50',
      grants: [{ dimension: 'seats', quantity: 3 }],
      instalments: [{ due_on: today, amount: '5401.50' }],
    })
    await service.move(12 * 60 * MINUTE)
    expect(await money(client, agreement?.id ?? '')).toEqual({ open: '0.00', due: [[today, '5401.50']] })
    expect((await readOffer(client, id)).terms).toEqual(PRICE_LIST)
  })

  test('through a reseller is marked up in each price, and each side books its own price of the choice', async () => {
    const { vendor, reseller } = seats
    const authorization = await activeAuthorization(service, vendor, product_id, {
      terms: PRICE_LIST,
      expires_on: UNTIL,
    })
    const path = '/v1/opened-authorizations/{id}/accept'
    const body = { markup_percent: '10', expires_on: UNTIL }
    const made = await reseller.client.POST(path, { params: { ...at(authorization.id), ...keyed() }, body })
    const offer = await until(service, ['live'], () => readOffer(reseller.client, unwrap(made).id))
    const cloud_id = await choose(INITECH.account_id, offer.cloud_offer_id, 'P12M', 4)
    await service.move(15 * MINUTE)
    const theirs = await agreementOf(reseller.client, cloud_id)
    const ours = await agreementOf(vendor.client, cloud_id)
    expect(theirs?.terms).toMatchObject({ kind: 'contract', duration_months: 12, total: '4400.00' })
    expect(theirs?.wholesale).toMatchObject({ kind: 'contract', total: '4000.00' })
    // The vendor may not read the sale. It learns the choice from what the buyer may use.
    expect(ours).toMatchObject({ role: 'manufacturer', wholesale: null })
    expect(JSON.stringify(ours)).not.toContain('4400')
    expect(ours?.terms).toMatchObject({ kind: 'contract', duration_months: 12, total: '4000.00' })
  })

  test('that breaks a rule is refused with all that is wrong, and nothing is sent', async () => {
    const rates = [12, 12, 72].map((duration_months) => ({ duration_months, prices: { seats: '1' } }))
    const broken = { ...PRICE_LIST, rates: [...rates, { duration_months: 1, prices: { scans: '-1' } }] }
    const problem = refusal(await offerOf(broken, { ends_on: '2027-01-31', net_payment_days: 31 }), 422)
    const found = problem.errors?.map(({ field, rule }) => `${field} ${/\[(.*)\]$/.exec(rule)?.[1]}`)
    expect(found).toEqual([
      'terms.rates.1.duration_months rate-twice',
      'terms.rates.2.duration_months duration',
      'terms.rates.3.prices.scans unknown-dimension',
      'terms.rates.3.prices.scans rate-price',
      'options.net_payment_days option',
    ])
  })
})

test('a free trial is open to everybody, and costs nothing', async () => {
  const trial: Schemas['Terms'] = {
    kind: 'free_trial',
    currency: 'USD',
    trial_days: 20,
    grants: [{ dimension: 'seats', quantity: 5 }],
  }
  const { client } = seats.vendor
  const { id } = unwrap(await offerOf(trial))
  expect((await until(service, ['live'], () => readOffer(client, id))).buyer_account_ids).toEqual([])
  const deal_id = await writeDeal(client, product_id, { terms: trial })
  const query = { connection_id: seats.vendor.connection_id, expires_on: '2026-04-10' }
  const found = unwrap(await client.GET('/v1/deals/{id}/check', { params: { path: { id: deal_id }, query } }))
  expect(found.findings.map(({ rule }) => rule)).toEqual(['trial-buyers'])
  const answer = await client.GET('/v1/deals/{id}/check', {
    params: { path: { id: deal_id }, query: { ...query, options: '[1]' } },
  })
  expect(refusal(answer, 422).errors).toMatchObject([{ field: 'options' }])
})

describe('a replacement', () => {
  const TERMS: Schemas['Terms'] = {
    kind: 'contract',
    currency: 'USD',
    duration_months: 12,
    total: '100000.00',
    grants: [{ dimension: 'seats', quantity: 100 }],
    instalments: [{ due_on: '2026-02-25', amount: '100000.00' }],
  }

  test('ends the agreement before: what was due of it stays, and the rest is never expected', async () => {
    const { client } = seats.vendor
    const offer = await liveOffer(service, seats.vendor, product_id)
    const before = await agreementOf(client, await buyerAccepts(service, GLOBEX, offer).then(heard))
    const old = before?.id ?? ''
    expect((await money(client, old)).open).toBe('90000.00')
    await service.moveTo('2026-02-01T09:00:00Z')
    expect(await money(client, old)).toEqual({ open: '60000.00', due: [['2026-01-20', '30000.00']] })

    const options = { ends_on: '2027-01-31' }
    expect(refusal(await replace(undefined), 422).errors?.map(({ field }) => field)).toEqual([
      'options.ends_on',
    ])
    const made = unwrap(await replace(options))
    expect(made).toMatchObject({
      replaces_agreement_id: old,
      options,
      buyer_account_ids: [GLOBEX.account_id],
    })
    const live = await until(service, ['live'], () => readOffer(client, made.id))
    const after = await agreementOf(client, await buyerAccepts(service, GLOBEX, live).then(heard))
    expect(after).toMatchObject({ state: 'active', replaces_agreement_id: old, terms: TERMS })
    expect((await readAgreement(client, old)).state).toBe('replaced')

    await service.moveTo('2026-03-25T09:00:00Z')
    expect(await money(client, old)).toEqual({ open: '0.00', due: [['2026-01-20', '30000.00']] })
    expect(await money(client, after?.id ?? '')).toEqual({
      open: '0.00',
      due: [['2026-02-25', '100000.00']],
    })
    const problem = refusal(await replace(options), 422)
    expect(problem.errors).toMatchObject([{ field: 'replaces_agreement_id' }])
    expect(problem.detail).toContain('is replaced')

    async function replace(given: typeof options | undefined) {
      const { connection_id } = seats.vendor
      const day = service.now() < new Date('2026-03-01') ? '2026-02-20' : '2026-04-10'
      const terms =
        day < '2026-03' ? TERMS : { ...TERMS, instalments: [{ due_on: '2026-05-01', amount: '100000.00' }] }
      const body = {
        name: 'More seats',
        product_id,
        buyer: { name: GLOBEX.name, accounts: {} },
        terms,
        replaces_agreement_id: old,
      }
      const deal = unwrap(await client.POST('/v1/deals', { params: keyed(), body }))
      return client.POST('/v1/offers', {
        params: keyed(),
        body: { deal_id: deal.id, connection_id, expires_on: day, ...(given && { options: given }) },
      })
    }
  })

  test("of an agreement that is not the caller's is refused, as if there were none", async () => {
    const body = {
      name: 'Theirs',
      product_id,
      buyer: { name: 'Globex', accounts: {} },
      terms: TERMS,
      replaces_agreement_id: 'agr_of_somebody',
    }
    refusal(await seats.vendor.client.POST('/v1/deals', { params: keyed(), body }), 422)
  })
})

async function heard(cloud_agreement_id: string): Promise<string> {
  await service.move(3 * MINUTE)
  return cloud_agreement_id
}

describe('an authorization', () => {
  async function open(terms: Schemas['Terms'], more: { expires_on: string | null; single_use: boolean }) {
    const { client, connection_id } = seats.vendor
    const deal = { name: 'For anybody', product_id, buyer: { name: 'Anybody', accounts: {} }, terms }
    const { id: deal_id } = unwrap(await client.POST('/v1/deals', { params: keyed(), body: deal }))
    const body = {
      deal_id,
      connection_id,
      reseller_account_id: '444455556666',
      terms,
      markup_max_percent: '20',
      options: { net_payment_days: 60 },
      ...more,
    }
    return client.POST('/v1/resale-authorizations', { params: keyed(), body })
  }
  const accept = (id: string, more: object) =>
    seats.reseller.client.POST('/v1/opened-authorizations/{id}/accept', {
      params: { ...at(id), ...keyed() },
      body: { expires_on: '2026-07-10', buyer_account_ids: [INITECH.account_id], ...more },
    })
  const rulesOf = async (answer: ReturnType<typeof accept>) =>
    refusal(await answer, 422).errors?.map(({ rule }) => /\[(.*)\]$/.exec(rule)?.[1])

  const WHOLESALE: Schemas['Terms'] = {
    kind: 'contract',
    currency: 'USD',
    duration_months: 12,
    total: '1000.00',
    grants: [{ dimension: 'seats', quantity: 10 }],
    instalments: [
      { due_on: '2026-08-01', amount: '600.00' },
      { due_on: '2026-11-01', amount: '400.00' },
    ],
  }

  test('without end, for any buyer, is sold from again and again to buyers whom the reseller names', async () => {
    const { vendor, reseller } = seats
    refusal(await open(WHOLESALE, { expires_on: null, single_use: false }), 422)
    const made = unwrap(await open(PRICE_LIST, { expires_on: null, single_use: false }))
    const opened = await until(service, ['active'], () => readAuthorization(vendor.client, made.id))
    expect(opened).toMatchObject({ expires_on: null, options: { net_payment_days: 60 }, single_use: false })
    expect(await rulesOf(accept(opened.id, {}))).toEqual(['price'])
    expect(await rulesOf(accept(opened.id, { markup_percent: '21' }))).toEqual(['markup-band'])
    const nobody = { markup_percent: '5', buyer_account_ids: [] }
    expect(await rulesOf(accept(opened.id, nobody))).toEqual(['buyer-missing'])
    const unknown = { markup_percent: '5', options: { renewal: {} } }
    expect(await rulesOf(accept(opened.id, unknown))).toEqual(['option'])
    for (const markup_percent of ['5', '10']) {
      const { id } = unwrap(await accept(opened.id, { markup_percent, options: { net_payment_days: 30 } }))
      await until(service, ['live'], () => readOffer(reseller.client, id))
    }
  })

  test("with instalments is sold at the reseller's own, on the vendor's days and inside its band", async () => {
    const { vendor, reseller } = seats
    const made = unwrap(await open(WHOLESALE, { expires_on: '2026-07-15', single_use: true }))
    const { id } = await until(service, ['active'], () => readAuthorization(vendor.client, made.id))
    const plan = (...amounts: string[]) =>
      amounts.map((amount, index) => ({ due_on: ['2026-08-01', '2026-11-01'][index] ?? '', amount }))
    expect(await rulesOf(accept(id, { instalments: plan('800.01', '400.00') }))).toEqual(['markup-band'])
    expect(await rulesOf(accept(id, { instalments: plan('599.99', '500.00') }))).toEqual(['own-amount'])
    expect(await rulesOf(accept(id, { instalments: plan('1100.00') }))).toEqual(['own-days'])
    const moved = [...plan('600.00'), { due_on: '2026-11-02', amount: '500.00' }]
    expect(await rulesOf(accept(id, { instalments: moved }))).toEqual(['own-days'])

    const instalments = plan('600.00', '500.00')
    const asked = unwrap(await accept(id, { instalments }))
    const terms = { ...WHOLESALE, total: '1100.00', instalments }
    expect(asked).toMatchObject({ terms, wholesale: WHOLESALE, markup_percent: null })
    const offer = await until(service, ['live'], () => readOffer(reseller.client, asked.id))
    const cloud_id = await heard(await buyerAccepts(service, INITECH, offer))
    await service.moveTo('2026-11-02T09:00:00Z')
    const agreement = await agreementOf(reseller.client, cloud_id)
    const query = { agreement_id: agreement?.id ?? '', limit: 200 }
    const { items } = unwrap(
      await reseller.client.GET('/v1/reconciliation/expectations', { params: { query } }),
    )
    const parts = items.filter(({ kind }) => kind === 'instalment' || kind === 'wholesale')
    expect(parts.map(({ kind, due_on, amount }) => [kind, due_on, amount.amount]).sort()).toEqual([
      ['instalment', '2026-08-01', '600.00'],
      ['instalment', '2026-11-01', '500.00'],
      ['wholesale', '2026-08-01', '-600.00'],
      ['wholesale', '2026-11-01', '-400.00'],
    ])
  })
})
