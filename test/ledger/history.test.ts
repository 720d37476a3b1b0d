// Random histories against a model that a child could check: a list of what moved where.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { balances, type EntryDraft, post, recipes } from '../../src/ledger/index.ts'
import { bookDate } from '../../src/ledger/model.ts'
import { closePeriod } from '../../src/ledger/periods.ts'
import { checkBooks, firstDifference, trialBalance } from '../../src/ledger/recompute.ts'
import { rollUp } from '../../src/ledger/roll-up.ts'
import { readEntries } from '../../src/ledger/store.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { anotherTenant } from './books.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext({ start: '2026-06-15T00:00:00.000Z' })
})
afterAll(() => context.close())

const names = ['clearing:a', 'clearing:b', 'receivable:invoiced:a', 'income:usage', 'asset:bank:main']
const days = ['2026-01-01', '2026-01-31', '2026-02-28', '2026-03-15', '2026-04-30']
const posting = fc
  .record({
    from: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
    asset: fc.constantFrom('USD/2' as const, 'JPY/0' as const),
    amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  })
  .filter(({ from, to }) => from !== to)
  .map(({ from, to, asset, amount }) => ({ from, to, money: { asset, amount } }))

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('post' as const),
      reference: fc.integer({ min: 0, max: 12 }),
      day: fc.constantFrom(...days),
      postings: fc.array(posting, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('repeat' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('correct' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('close' as const), day: fc.constantFrom(...days) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('roll up' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

type Model = { booked: (EntryDraft & { book_date: string })[]; closed: Set<string> }

/** One step on both; the model decides what the ledger must answer. */
async function play(scope: Scope, model: Model, action: Step): Promise<void> {
  const picked = 'pick' in action ? model.booked[action.pick % Math.max(model.booked.length, 1)] : undefined
  switch (action.does) {
    case 'roll up':
      await rollUp(scope, action.limit)
      return
    case 'close':
      await closePeriod(scope, action.day.slice(0, 7))
      model.closed.add(action.day.slice(0, 7))
      return
    case 'repeat':
      if (picked === undefined) return
      expect((await post(scope, [picked]))[0]?.replayed).toBe(true)
      return
    case 'correct': {
      if (picked === undefined) return
      const draft = recipes.correction(picked, { occurred_at: picked.occurred_at, evidence: {} })
      const known = model.booked.some((entry) => entry.reference === draft.reference)
      expect((await post(scope, [draft]))[0]?.replayed).toBe(known)
      if (!known) keep(model, draft)
      return
    }
    case 'post':
      await playPost(scope, model, action)
  }
}

async function playPost(scope: Scope, model: Model, action: Extract<Step, { does: 'post' }>): Promise<void> {
  const reference = `entry ${action.reference}`
  const draft: EntryDraft = {
    reference,
    kind: 'sale_invoiced',
    description: 'random',
    occurred_at: new Date(`${action.day}T23:00:00.000Z`),
    postings: action.postings.filter(({ money }) => money.amount > 0n),
    basis: 'evidence',
    evidence: {},
  }
  if (model.booked.some((entry) => entry.reference === reference)) return
  const posted = await post(scope, [{ ...draft, postings: action.postings }])
  expect(posted.length).toBe(draft.postings.length === 0 ? 0 : 1)
  if (draft.postings.length > 0) keep(model, draft)
}

function keep(model: Model, draft: EntryDraft): void {
  model.booked.push({
    ...draft,
    book_date: bookDate(draft.occurred_at.toISOString().slice(0, 10), model.closed),
  })
}

function naive(model: Model, until = '9999-12-31'): Record<string, bigint> {
  const found: Record<string, bigint> = {}
  for (const { postings, book_date } of model.booked) {
    if (book_date > until) continue
    for (const { from, to, money } of postings) {
      found[`${from} ${money.asset}`] = (found[`${from} ${money.asset}`] ?? 0n) - money.amount
      found[`${to} ${money.asset}`] = (found[`${to} ${money.asset}`] ?? 0n) + money.amount
    }
  }
  return found
}

test('after any history the ledger stands where the model stands, rolled up or not', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const tenant = await anotherTenant(context, 'random')
      await context.store.inTenant(tenant, async (scope) => {
        const model: Model = { booked: [], closed: new Set() }
        for (const action of steps) await play(scope, model, action)
        const shown = (rows: { account: string; asset: string; balance: bigint }[]) =>
          Object.fromEntries(rows.map((row) => [`${row.account} ${row.asset}`, row.balance]))
        expect(shown(await balances(scope, ''))).toEqual(naive(model))
        const half = await trialBalance(scope, '2026-02-28')
        expect(shown(half.accounts)).toEqual(naive(model, '2026-02-28'))
        expect(await firstDifference(scope)).toBeUndefined()
        const entries = await readEntries(scope, { limit: 100 })
        expect(entries.map((entry) => entry.book_date)).toEqual(model.booked.map((entry) => entry.book_date))
        expect((await checkBooks(scope)).ok).toBe(true)
      })
    }),
    { numRuns: 60 },
  )
})
