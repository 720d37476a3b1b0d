// Exceptions by age, by money, by kind and by what they are about.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exceptionRoutes, openException, resolveException } from '../../src/exceptions/index.ts'
import { anotherTenant, door } from '../ledger/books.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
let mine: ReturnType<typeof door>
beforeEach(async () => {
  context = await testContext({ start: '2026-03-01T00:00:00.000Z' })
  mine = door(exceptionRoutes(context), context.organisation_id)
  const open = (
    subject_id: string,
    kind: 'bank_amount' | 'other',
    amount?: [asset: `${string}/${number}`, minor: bigint],
  ) =>
    context.store.inTenant(context.organisation_id, (scope) =>
      openException(scope, {
        kind,
        subject_id,
        sentence: `Something about ${subject_id}.`,
        fix: 'Look at it.',
        ...(amount === undefined ? {} : { amount: { asset: amount[0], amount: amount[1] } }),
      }),
    )
  await open('small', 'bank_amount', ['USD/2', 150n])
  context.clock.set(new Date('2026-03-02T00:00:00Z'))
  // 900 yen are more than 2 dollars by their figures, and less than 1,000 dollars taken from us.
  await open('yen', 'bank_amount', ['JPY/0', 900n])
  context.clock.set(new Date('2026-03-03T00:00:00Z'))
  await open('taken', 'other', ['USD/2', -100_000n])
  await open('none', 'other')
})
afterEach(() => context.close())

type Items = { items: { subject_id: string }[]; next: string | null }
const subjects = async (query: string, from = mine) => {
  const { body } = await from.get(`/v1/exceptions?${query}`)
  return (body as Items).items.map(({ subject_id }) => subject_id)
}

test('the newest first; the oldest; the largest whichever way the money goes', async () => {
  expect(await subjects('')).toEqual(['none', 'taken', 'yen', 'small'])
  expect(await subjects('sort=created_at')).toEqual(['small', 'yen', 'taken', 'none'])
  expect(await subjects('sort=-amount')).toEqual(['taken', 'yen', 'small', 'none'])
  const seen: string[] = []
  let cursor = ''
  do {
    const { items, next } = (await mine.get(`/v1/exceptions?sort=-amount&limit=1${cursor}`)).body as Items
    seen.push(...items.map(({ subject_id }) => subject_id))
    cursor = next === null ? '' : `&cursor=${next}`
  } while (cursor !== '')
  expect(seen).toEqual(['taken', 'yen', 'small', 'none'])
})

test('by kind, state, subject and words', async () => {
  await context.store.inTenant(context.organisation_id, (scope) =>
    resolveException(scope, 'bank_amount', 'yen'),
  )
  expect(await subjects('kind=bank_amount&state=open')).toEqual(['small'])
  expect(await subjects('state=resolved')).toEqual(['yen'])
  expect(await subjects('subject_id=taken')).toEqual(['taken'])
  expect(await subjects('q=ABOUT%20none')).toEqual(['none'])
  expect((await mine.get('/v1/exceptions?sort=weight')).status).toBe(422)
  const stranger = door(exceptionRoutes(context), await anotherTenant(context, 'Stranger'))
  expect(await subjects('', stranger)).toEqual([])
})

test('money that changes is ordered by what it is now', async () => {
  await context.store.inTenant(context.organisation_id, (scope) =>
    openException(scope, {
      kind: 'bank_amount',
      subject_id: 'small',
      sentence: 'It has grown.',
      fix: 'Look at it.',
      amount: { asset: 'USD/2', amount: 200_000n },
    }),
  )
  expect((await subjects('sort=-amount'))[0]).toBe('small')
})
