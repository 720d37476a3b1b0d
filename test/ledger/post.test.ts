import { afterAll, beforeAll, expect, test } from 'vitest'
import { accounts, balance, type EntryDraft, post, recipes } from '../../src/ledger/index.ts'
import { checkBooks } from '../../src/ledger/recompute.ts'
import { rollUp, rollUpHandler } from '../../src/ledger/roll-up.ts'
import { lastSequence } from '../../src/ledger/store.ts'
import { claim } from '../../src/work/store.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { book, standing, usd } from './books.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const occurred_at = new Date('2026-01-04T12:00:00.000Z')
function sale(key: string, amount: string, agreement_id = 'agr_1'): EntryDraft {
  const draft = recipes.saleInvoiced({
    key,
    agreement_id,
    amount: usd(amount),
    occurred_at,
    evidence: { key },
  })
  if (draft === null) throw new Error('nothing to book')
  return draft
}
const asked = <T>(work: Parameters<typeof context.store.inTenant<T>>[1]) =>
  context.store.inTenant(context.organisation_id, work)

test('the same reference with the same postings is a replay and books nothing', async () => {
  const [first] = await book(context, sale('replay', '10.00', 'agr_replay'))
  const [again] = await book(context, { ...sale('replay', '10.00', 'agr_replay'), description: 'told again' })
  expect(first?.replayed).toBe(false)
  expect(again).toEqual({ ...first, replayed: true })
  expect(await standing(context, 'receivable:invoiced:agr_replay')).toEqual({
    'receivable:invoiced:agr_replay': 1000n,
  })
})

test('the same reference with other postings is a conflict that names the difference, and nothing of the call is booked', async () => {
  await book(context, sale('twice', '10.00'))
  const before = await asked(lastSequence)
  await expect(book(context, sale('other', '5.00'), sale('twice', '10.01'))).rejects.toThrow(
    'Booked: clearing:agr_1 → receivable:invoiced:agr_1 USD 10.00. ' +
      'Wanted: clearing:agr_1 → receivable:invoiced:agr_1 USD 10.01.',
  )
  await expect(book(context, sale('in one call', '1.00'), sale('in one call', '2.00'))).rejects.toMatchObject(
    {
      code: 'conflict',
    },
  )
  expect(await asked(lastSequence)).toBe(before)
})

test('postings may come in another order; zero postings are dropped; an entry of nothing is not booked', async () => {
  const two = recipes.taxInvoiced({
    key: 't',
    agreement_id: 'agr_1',
    amount: usd('2.00'),
    occurred_at,
    evidence: 0,
  })
  if (two === null) throw new Error('nothing to book')
  const zero = { from: accounts.tax, to: accounts.clearing('agr_1'), money: usd('0') }
  await book(context, two)
  const [again] = await book(context, { ...two, postings: [zero, ...two.postings.toReversed()] })
  expect(again?.replayed).toBe(true)
  expect(await book(context, { ...two, reference: 'nothing', postings: [zero] })).toEqual([])
})

test.each([
  ['an account that is not in the chart', { from: 'income:typo', to: 'clearing:agr_1', money: usd('1') }],
  ['an account without its last part', { from: 'clearing:', to: 'expense:wholesale', money: usd('1') }],
  ['a blank in an account', { from: 'clearing:a b', to: 'expense:wholesale', money: usd('1') }],
  ['a negative amount', { from: 'clearing:a', to: 'expense:wholesale', money: usd('-1') }],
  ['two books in one posting', { from: 'commitment:remaining:c', to: 'clearing:a', money: usd('1') }],
  ['a posting to itself', { from: 'clearing:a', to: 'clearing:a', money: usd('1') }],
])('the ledger takes no %s', async (_, posting) => {
  await expect(book(context, { ...sale('refused', '1'), postings: [posting] })).rejects.toThrow('Entry')
})

test('two books cannot meet in one entry either', async () => {
  const money = usd('1')
  const postings = [
    { from: 'clearing:a', to: 'expense:wholesale', money },
    { from: 'commitment:remaining:c', to: 'commitment:drawn:c', money },
  ]
  await expect(book(context, { ...sale('mixed', '1'), postings })).rejects.toThrow('two books')
})

test('a correction of an entry that does not exist is refused', async () => {
  const draft = { ...sale('c', '1.00'), reverses: 'sale_invoiced:never' }
  await expect(book(context, draft)).rejects.toThrow('There is no entry sale_invoiced:never')
})

test('the answer is in the order of the drafts, also for thousands', async () => {
  const drafts = Array.from({ length: 2500 }, (_, index) => sale(`many-${2500 - index}`, '0.01', 'agr_many'))
  const posted = await book(context, ...drafts)
  expect(posted.map((item) => item.reference)).toEqual(drafts.map((draft) => draft.reference))
  expect(new Set(posted.map((item) => item.entry_id)).size).toBe(2500)
  expect(await asked((scope) => balance(scope, accounts.invoiced('agr_many'), 'USD/2'))).toEqual([
    usd('25.00'),
  ])
})

test('a balance is the same before, during and after its roll-up, and rolling up again changes nothing', async () => {
  const before = await standing(context)
  expect(await asked((scope) => rollUp(scope, 3))).toBe(3)
  expect(await standing(context)).toEqual(before)
  while ((await asked((scope) => rollUp(scope))) > 0);
  expect(await standing(context)).toEqual(before)
  expect(await asked((scope) => rollUp(scope))).toBe(0)
})

test('posting asks for its roll-up, and the handler does it', async () => {
  while ((await claim(context.store, 'before')) !== undefined);
  await book(context, sale('work', '1.00'))
  const item = await claim(context.store, 'me')
  expect(item?.kind).toBe('ledger.roll_up')
  if (item === undefined) return
  expect(await rollUpHandler(context)(item)).toEqual({ done: true })
  expect(await asked(({ tx }) => tx.unrolled_entry.count())).toBe(0)
})

test('a tenant may not change, remove or empty entries and postings', async () => {
  const refused = (statement: string) =>
    expect(asked(({ tx }) => tx.$executeRawUnsafe(statement))).rejects.toThrow('permission denied')
  for (const table of ['entry', 'posting']) {
    await refused(`UPDATE ${table} SET book_date = '2020-01-01'`)
    await refused(`DELETE FROM ${table}`)
    await refused(`TRUNCATE ${table}`)
  }
})

test('a balance that somebody changed is found and named', async () => {
  const where = { account: accounts.invoiced('agr_1') }
  await expect(
    asked(async (scope) => {
      await scope.tx.account_balance.updateMany({ where, data: { debits: { increment: 1 } } })
      const found = await checkBooks(scope)
      const failed = found.assertions.filter((item) => !item.ok)
      throw new Error(failed.map((item) => `${item.name}: ${item.detail}`).join('\n'))
    }),
  ).rejects.toThrow('rolled_up_equals_recomputed: receivable:invoiced:agr_1')
  expect((await asked(checkBooks)).ok).toBe(true)
})

test('a posting that somebody added is found by its entry', async () => {
  await expect(
    asked(async (scope) => {
      const row = await scope.tx.posting.findFirstOrThrow()
      await scope.tx.posting.create({ data: { ...row, number: 99 } })
      const found = await checkBooks(scope)
      const failed = found.assertions.find((item) => item.name === 'entries_are_as_they_were_booked')
      throw new Error(failed?.detail)
    }),
  ).rejects.toThrow('are not the ones it was booked with')
})

test('an account of strange letters, and entries of many postings, are as they were booked', async () => {
  const strange = ['agr_\u{1F600}', 'agr_\uFF21', 'agr_"quoted"\\', 'agr_\n', 'agr_B', 'agr_a']
  const postings = strange.flatMap((agreement_id) => sale('odd', '1.00', agreement_id).postings)
  await book(context, { ...sale('odd', '1.00'), postings })
  expect((await asked(checkBooks)).assertions.filter(({ ok }) => !ok)).toEqual([])
})

test('posting nothing is nothing', async () => {
  expect(await asked((scope) => post(scope, []))).toEqual([])
})
