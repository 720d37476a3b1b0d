// Promises as a list, month by month, and by the sales that drew on them.
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { burnDown } from '../../src/commitments/burn-down.ts'
import { commitmentsRoutes, draw } from '../../src/commitments/index.ts'
import { decimal } from '../../src/core/decimal.ts'
import { anotherTenant, door, usd } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'

const promise = (starts_on: string, ends_on: string, amount: string, cap = '100') => ({
  amount: usd(amount),
  cap_percent: decimal(cap),
  starts_on,
  ends_on,
})

test('a promise burns down month by month; what has not come has no figures', () => {
  const drawn = new Map([
    ['2026-01', 2500n],
    ['2026-02', -500n],
  ])
  const months = burnDown(promise('2026-01-01', '2026-03-31', '90.00'), drawn, '2026-02-10')
  expect(months).toEqual([
    { month: '2026-01', drawn: 2500n, remaining: 6500n, drawable: 6500n, even: 5900n },
    { month: '2026-02', drawn: -500n, remaining: 7000n, drawable: 7000n, even: 3100n },
    { month: '2026-03', drawn: null, remaining: null, drawable: null, even: 0n },
  ])
})

test('a cap leaves less to draw than is left of the promise', () => {
  const [month] = burnDown(
    promise('2026-01-10', '2026-01-20', '100.00', '25'),
    new Map([['2026-01', 1000n]]),
    '2026-01-15',
  )
  expect(month).toEqual({ month: '2026-01', drawn: 1000n, remaining: 9000n, drawable: 1500n, even: 0n })
})

test('an even draw never rises, ends at nothing, and no month is left out', () => {
  const days = fc.integer({ min: 0, max: 1500 })
  fc.assert(
    fc.property(days, days, fc.bigInt({ min: 1n, max: 10n ** 15n }), (from, span, amount) => {
      const day = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10)
      const wanted = {
        ...promise(day(from), day(from + span), '1.00'),
        amount: { asset: 'USD/2' as const, amount },
      }
      const months = burnDown(wanted, new Map(), '2026-01-01')
      expect(months.at(-1)).toMatchObject({ month: day(from + span).slice(0, 7), even: 0n })
      expect(new Set(months.map(({ month }) => month)).size).toBe(months.length)
      for (const [index, { even }] of months.entries()) {
        expect(even <= (months[index - 1]?.even ?? amount)).toBe(true)
      }
    }),
  )
})

let context: TestContext
let mine: ReturnType<typeof door>
let stranger: ReturnType<typeof door>
beforeEach(async () => {
  context = await testContext({ start: '2026-03-10T00:00:00.000Z' })
  mine = door(commitmentsRoutes(context), context.organisation_id)
  stranger = door(commitmentsRoutes(context), await anotherTenant(context, 'Stranger'))
})
afterEach(() => context.close())

async function write(
  name: string,
  cloud: 'aws' | 'gcp',
  starts_on: string,
  ends_on: string,
): Promise<string> {
  const { status, body } = await mine.post('/v1/commitments', {
    name,
    kind: 'cloud',
    cloud,
    buyer_account_id: `buyer of ${name}`,
    amount: { currency: 'USD', amount: '100.00' },
    starts_on,
    ends_on,
    source: 'Told by the buyer',
  })
  expect(status).toBe(201)
  return (body as { id: string }).id
}

const sale = (line_key: string, amount: string, day: string, agreement_id = 'agr_1') =>
  context.store.inTenant(context.organisation_id, (scope) =>
    draw(scope, {
      agreement: { id: agreement_id },
      buyer_account_id: 'buyer of Running',
      cloud: 'aws',
      amount: usd(amount),
      line_key,
      occurred_at: new Date(`${day}T08:00:00Z`),
    }),
  )

type Items = { items: Record<string, unknown>[]; next: string | null }
const names = async (query: string) =>
  ((await mine.get(`/v1/commitments?${query}`)).body as Items).items.map(({ name }) => name)

test('promises by standing, cloud and name, in order, each with how far it is drawn', async () => {
  const id = await write('Running', 'aws', '2026-01-01', '2026-12-31')
  await write('Over', 'gcp', '2025-01-01', '2025-12-31')
  await write('Ahead', 'aws', '2026-06-01', '2027-05-31')
  await sale('l1', '30.00', '2026-02-01')
  expect(await names('sort=name')).toEqual(['Ahead', 'Over', 'Running'])
  expect(await names('sort=-ends_on')).toEqual(['Ahead', 'Running', 'Over'])
  expect(await names('state=running')).toEqual(['Running'])
  expect(await names('state=over')).toEqual(['Over'])
  expect(await names('state=ahead&cloud=aws')).toEqual(['Ahead'])
  expect(await names('q=OF%20over')).toEqual(['Over'])
  const { body } = await mine.get('/v1/commitments?q=running')
  expect((body as Items).items).toMatchObject([
    {
      id,
      drawn: { amount: { amount: '30.00' }, basis: 'estimate' },
      remaining: { amount: { amount: '70.00' } },
    },
  ])
})

test('the sales that drew on one, in order, by agreement, page by page; and its months', async () => {
  const id = await write('Running', 'aws', '2026-01-01', '2026-12-31')
  await sale('z', '30.00', '2026-01-20')
  await sale('a', '20.00', '2026-02-20', 'agr_2')
  await sale('b', '10.00', '2026-02-20')
  const lines = async (query: string) =>
    ((await mine.get(`/v1/commitments/${id}/drawdowns?${query}`)).body as Items).items.map(
      ({ line_key }) => line_key,
    )
  expect(await lines('')).toEqual(['z', 'a', 'b'])
  expect(await lines('sort=-occurred_at')).toEqual(['b', 'a', 'z'])
  expect(await lines('agreement_id=agr_2')).toEqual(['a'])
  const first = (await mine.get(`/v1/commitments/${id}/drawdowns?limit=2`)).body as Items
  expect(await lines(`limit=2&cursor=${first.next}`)).toEqual(['b'])
  const { body } = await mine.get(`/v1/commitments/${id}`)
  expect((body as { burn_down: Record<string, unknown>[] }).burn_down.slice(0, 4)).toMatchObject([
    { month: '2026-01', drawn: { amount: '30.00' }, drawable: { amount: '70.00' } },
    { month: '2026-02', drawn: { amount: '30.00' }, drawable: { amount: '40.00' } },
    { month: '2026-03', drawn: { amount: '0.00' }, drawable: { amount: '40.00' } },
    { month: '2026-04', drawn: null, drawable: null },
  ])
})

test('a foreign or a mistyped one is refused', async () => {
  const id = await write('Running', 'aws', '2026-01-01', '2026-12-31')
  expect((await stranger.get(`/v1/commitments/${id}/drawdowns`)).status).toBe(404)
  expect((await stranger.get('/v1/commitments')).body).toEqual({ items: [], next: null })
  expect((await mine.get(`/v1/commitments/${id}/drawdowns?cursor=YWJj`)).status).toBe(422)
  expect((await mine.get('/v1/commitments?state=gone')).status).toBe(422)
})
