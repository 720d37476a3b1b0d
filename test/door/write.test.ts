import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { callers, type Door } from './support.ts'
import { clearThings, thingRoutes, things } from './things.ts'

const START = '2026-01-05T09:00:00.000Z'

let context: TestContext
let door: Door
let other: Door
beforeAll(async () => {
  context = await testContext()
  door = callers(thingRoutes(context), context.organisation_id)
  other = callers(thingRoutes(context), 'org_other')
})
afterAll(() => context.close())
beforeEach(async () => {
  context.wall.set(START)
  await clearThings(context)
  await clearThings({ ...context, organisation_id: 'org_other' })
})

const send = (name: string, key?: string, path = '/things/a', from = door) =>
  from.post(path, { name }, key === undefined ? {} : { 'idempotency-key': key })

/** Sends it again as long as it is told that the first one with its key is still running. */
async function sendUntilAnswered(name: string): ReturnType<typeof send> {
  const answer = await send(name, 'k')
  return JSON.parse(answer.text).type === '/problems/idempotency-in-flight' ? sendUntilAnswered(name) : answer
}

test('the same request with the same key has one effect and answers the same, byte for byte', async () => {
  const first = await send('one', 'k')
  const second = await send('one', 'k')
  expect(first.status).toBe(201)
  expect([second.status, second.text]).toEqual([first.status, first.text])
  expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
  expect(first.headers.get('idempotency-replayed')).toBeNull()
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect(await things(context)).toEqual(['one'])
})

test('without a key every request has its effect', async () => {
  await send('one')
  await send('one')
  expect(await things(context)).toEqual(['one', 'one'])
})

test.each([
  ['body', 'two', '/things/a'],
  ['address', 'one', '/things/b'],
  ['query', 'one', '/things/a?colour=red'],
])('the same key with another %s is a conflict and has no effect', async (_, name, path) => {
  await send('one', 'k')
  const answer = await send(name, 'k', path)
  expect(answer).toMatchObject({ status: 409, body: { type: '/problems/idempotency-conflict' } })
  expect(await things(context)).toEqual(['one'])
})

test('another tenant may use the same key', async () => {
  await send('one', 'k')
  expect((await send('two', 'k', '/things/a', other)).status).toBe(201)
  expect(await things(context)).toEqual(['one'])
  expect(await things({ ...context, organisation_id: 'org_other' })).toEqual(['two'])
})

test.each(['refused', 'broken'])('a write that is %s leaves neither effect nor key behind', async (name) => {
  await send(name, 'k').catch(() => undefined)
  expect(await things(context)).toEqual([])
  expect((await send('good', 'k')).status).toBe(201)
})

test('input that does not fit does not use up the key', async () => {
  const bad = await door.post('/things/a', { nome: 'one' }, { 'idempotency-key': 'k' })
  expect(bad.status).toBe(422)
  expect((await send('one', 'k')).status).toBe(201)
})

test('a key is kept for seven days of wall time', async () => {
  await send('one', 'k')
  context.clock.move(365 * DAY_MS)
  context.wall.move(7 * DAY_MS - 1)
  expect((await send('one', 'k')).headers.get('idempotency-replayed')).toBe('true')
  context.wall.move(1)
  const fresh = await send('two', 'k')
  expect(fresh.status).toBe(201)
  expect(fresh.headers.get('idempotency-replayed')).toBeNull()
  expect(await things(context)).toEqual(['one', 'two'])
  context.wall.move(DAY_MS)
  expect((await send('two', 'k')).text).toBe(fresh.text)
})

test.each([
  ['empty', ''],
  ['longer than 200 characters', 'k'.repeat(201)],
])('a key that is %s is refused', async (_, key) => {
  const answer = await send('one', key)
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'header.idempotency-key' }] } })
  expect(await things(context)).toEqual([])
})

test('however often and in whatever order two requests are sent under one key, the first one alone counts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('one', 'two', 'refused'), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (names, together) => {
        await clearThings(context)
        const answers = []
        if (together) answers.push(...(await Promise.all(names.map(sendUntilAnswered))))
        else for (const name of names) answers.push(await send(name, 'k'))
        const made = await things(context)
        const winner = names.find((name) => name !== 'refused')
        expect(made).toHaveLength(winner === undefined ? 0 : 1)
        const texts = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text))
        expect(texts.size).toBe(made.length)
        for (const [index, answer] of answers.entries()) {
          const fits = names[index] === made[0]
          expect(answer.status).toBe(fits ? 201 : 409)
        }
      },
    ),
    { numRuns: 40 },
  )
})
