import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitmentsRoutes, draw } from '../../src/commitments/index.ts'
import { drawOf, eligiblePart, limitOf } from '../../src/commitments/model.ts'
import { decimal } from '../../src/core/decimal.ts'
import { money } from '../../src/core/money.ts'
import { anotherTenant, door, standing, usd } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
let vendor: ReturnType<typeof door>
let buyers = 0

beforeAll(async () => {
  context = await testContext({ start: '2026-03-01T00:00:00.000Z' })
  vendor = door(commitmentsRoutes(context), context.organisation_id)
})
afterAll(() => context.close())

const newBuyer = () => `buyer-${++buyers}`

async function promise(buyer_account_id: string, more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await vendor.post('/v1/commitments', {
    name: 'EDP 2026',
    cloud: 'aws',
    buyer_account_id,
    amount: { currency: 'USD', amount: '100000.00' },
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    cap_percent: '25',
    source: "The buyer's mail of 3 January",
    ...more,
  })
  expect(status).toBe(201)
  return (body as { id: string }).id
}

function sale(buyer_account_id: string, line_key: string, amount: string, day = '2026-02-01') {
  return context.store.inTenant(context.organisation_id, (scope) =>
    draw(scope, {
      agreement: { id: 'agr_1' },
      buyer_account_id,
      cloud: 'aws',
      amount: usd(amount),
      line_key: `${buyer_account_id} ${line_key}`,
      occurred_at: new Date(`${day}T00:00:00.000Z`),
    }),
  )
}

type Shown = {
  balance: Record<string, { amount: { amount: string }; basis: string }>
  drawdowns: { items: unknown[] }
}
async function figures(id: string): Promise<Record<string, string>> {
  const { body } = await vendor.get(`/v1/commitments/${id}`)
  const { balance } = body as Shown
  return Object.fromEntries(Object.entries(balance).map(([name, figure]) => [name, figure.amount.amount]))
}

test('a promise of 100,000 of which a quarter may come from the marketplace', async () => {
  const buyer = newBuyer()
  const id = await promise(buyer)
  await sale(buyer, 'l1', '20000.00')
  await sale(buyer, 'l2', '20000.00')
  expect(await figures(id)).toEqual({
    promised: '100000.00',
    invoiced: '40000.00',
    eligible_invoiced: '40000.00',
    drawn: '25000.00',
    remaining: '75000.00',
    drawable: '0.00',
  })
  expect(await standing(context, `commitment:drawn:${id}`)).toEqual({ [`commitment:drawn:${id}`]: 2500000n })
})

test('every figure says whether somebody told us, a document shows it, or we computed it', async () => {
  const id = await promise(newBuyer())
  const { body } = await vendor.get(`/v1/commitments/${id}`)
  const bases = Object.entries((body as Shown).balance).map(([name, figure]) => [name, figure.basis])
  expect(Object.fromEntries(bases)).toEqual({
    promised: 'given',
    invoiced: 'evidence',
    eligible_invoiced: 'evidence',
    drawn: 'estimate',
    remaining: 'estimate',
    drawable: 'estimate',
  })
})

test('a line draws once; with another amount it is refused', async () => {
  const buyer = newBuyer()
  const id = await promise(buyer)
  const first = await sale(buyer, 'l1', '10.00')
  expect(await sale(buyer, 'l1', '10.00')).toEqual(first)
  await expect(sale(buyer, 'l1', '11.00')).rejects.toThrow('drew on a commitment with USD 10.00')
  expect((await figures(id)).drawn).toBe('10.00')
})

test('only the eligible part counts, and a refund above the cap gives nothing back', async () => {
  const buyer = newBuyer()
  const id = await promise(buyer, { eligible_percent: '50' })
  await sale(buyer, 'l1', '60000.00')
  expect((await figures(id)).drawn).toBe('25000.00')
  await sale(buyer, 'refund 1', '-10000.00')
  expect((await figures(id)).drawn).toBe('25000.00')
  await sale(buyer, 'refund 2', '-10000.00')
  expect(await figures(id)).toMatchObject({ eligible_invoiced: '20000.00', drawn: '20000.00' })
})

test('a sale of another buyer, on another cloud or outside the term draws nothing', async () => {
  const buyer = newBuyer()
  const id = await promise(buyer, { cloud: 'azure' })
  const early = newBuyer()
  const other = await promise(early, { starts_on: '2026-02-02' })
  expect(await sale(newBuyer(), 'l', '1.00')).toEqual([])
  expect(await sale(buyer, 'l', '1.00')).toEqual([])
  expect(await sale(early, 'l', '1.00', '2026-02-01')).toEqual([])
  expect([(await figures(id)).drawn, (await figures(other)).drawn]).toEqual(['0.00', '0.00'])
})

test('of two promises the one that ends first is drawn until it is full; a promise to the vendor counts beside them', async () => {
  const buyer = newBuyer()
  const later = await promise(buyer)
  const sooner = await promise(buyer, {
    ends_on: '2026-06-30',
    amount: { currency: 'USD', amount: '4000.00' },
  })
  const prepaid = await promise(buyer, { kind: 'vendor', cloud: undefined, cap_percent: '100' })
  await sale(buyer, 'l1', '1000.00')
  await sale(buyer, 'l2', '300.00')
  const drawn = await Promise.all([later, sooner, prepaid].map(async (id) => (await figures(id)).drawn))
  expect(drawn).toEqual(['300.00', '1000.00', '1300.00'])
})

test('in any order the lines draw the same in the end, never below nothing and never above the limit', () => {
  const terms = { amount: money('USD', 100000n), eligible_percent: decimal('80'), cap_percent: decimal('25') }
  const limit = limitOf(terms)
  expect(limit).toBe(25000n)
  const run = (lines: readonly bigint[]) => {
    const state = { eligible: 0n, drawn: 0n }
    for (const line of lines) {
      const eligible = eligiblePart(money('USD', line), terms).amount
      state.drawn += drawOf(state, eligible, limit)
      state.eligible += eligible
      expect(state.drawn >= 0n && state.drawn <= limit).toBe(true)
    }
    return state
  }
  const lines = fc.array(fc.bigInt({ min: -30000n, max: 30000n }), { maxLength: 20 })
  fc.assert(
    fc.property(lines, (list) => {
      expect(run(list.toReversed())).toEqual(run(list))
    }),
  )
})

test.each([
  [{ ends_on: '2025-12-31' }, 'ends_on'],
  [{ cloud: undefined }, 'cloud'],
  [{ amount: { currency: 'USD', amount: '0' } }, 'amount'],
  [{ amount: { currency: 'USD', amount: '1.001' } }, 'amount.amount'],
  [{ cap_percent: '101' }, 'cap_percent'],
  [{ source: '' }, 'source'],
])('a promise with %o is refused at %s', async (more, field) => {
  const { status, body } = await vendor.post('/v1/commitments', {
    name: 'EDP',
    cloud: 'aws',
    buyer_account_id: newBuyer(),
    amount: { currency: 'USD', amount: '1.00' },
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    source: 'mail',
    ...more,
  })
  expect(status).toBe(422)
  expect(body).toMatchObject({ errors: [{ field }] })
})

test('another tenant sees no promise', async () => {
  const id = await promise(newBuyer())
  const stranger = door(commitmentsRoutes(context), await anotherTenant(context, 'Stranger'))
  expect((await stranger.get(`/v1/commitments/${id}`)).status).toBe(404)
  expect((await stranger.get('/v1/commitments')).body).toEqual({ items: [], next: null })
})
