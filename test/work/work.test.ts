import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../src/core/time.ts'
import {
  done,
  dropLeases,
  outlook,
  schedule,
  tick,
  type WorkItem,
  type WorkOutcome,
} from '../../src/work/index.ts'
import { LEASE_MS } from '../../src/work/model.ts'
import { claim, settle } from '../../src/work/store.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { ask, everyKind, kept } from './support.ts'

const START = '2026-01-05T09:00:00.000Z'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set(START)
  context.wall.set(START)
  context.logged.length = 0
  await context.store.inInstallation(({ tx }) => tx.work.deleteMany())
})

const take = (owner: string) => claim(context.store, owner)

async function taken(owner: string): Promise<WorkItem> {
  const item = await take(owner)
  if (item === undefined) throw new Error('Nothing was due')
  return item
}

/** Ticks with a handler that notes what it does. */
async function work(
  handle: (item: WorkItem) => Promise<WorkOutcome> = async () => done,
  budget?: { milliseconds: number; pieces: number },
): Promise<{ keys: string[]; pieces: number; more: boolean }> {
  const keys: string[] = []
  const handlers = everyKind((item) => {
    keys.push(item.key)
    return handle(item)
  })
  return { ...(await tick(context, handlers, 'one', budget)), keys }
}

test('the same key is one piece of work, with the newest payload', async () => {
  await ask(context, ['a', 'a'], { payload: { turn: 1 } })
  await ask(context, ['a'], { payload: { turn: 2 } })
  expect(await take('one')).toMatchObject({ key: 'a', payload: { turn: 2 } })
  expect(await take('two')).toBeUndefined()
})

test('the same key under another kind or for another tenant is other work', async () => {
  await ask(context, ['a'])
  await context.store.inTenant(context.organisation_id, (scope) =>
    schedule(scope, { kind: 'agreements.pull', key: 'a' }),
  )
  await ask({ store: context.store, organisation_id: 'org_other' }, ['a'])
  expect((await work()).pieces).toBe(3)
})

test('asking again moves work earlier, never later', async () => {
  const now = context.clock.now()
  await ask(context, ['a'], { due_at: plus(now, HOUR_MS) })
  await ask(context, ['a'], { due_at: plus(now, DAY_MS) })
  expect((await kept(context))[0]?.due_at).toEqual(plus(now, HOUR_MS))
  await ask(context, ['a'], { due_at: plus(now, MINUTE_MS) })
  expect((await kept(context))[0]?.due_at).toEqual(plus(now, MINUTE_MS))
})

test('work is done when its time has come, not before', async () => {
  await ask(context, ['later'], { due_at: plus(context.clock.now(), HOUR_MS) })
  expect(await outlook(context.store)).toEqual({ due: 0, next_at: plus(context.clock.now(), HOUR_MS) })
  context.clock.move(HOUR_MS - 1)
  expect((await work()).keys).toEqual([])
  context.clock.move(1)
  expect((await outlook(context.store)).due).toBe(1)
  expect((await work()).keys).toEqual(['later'])
  expect(await kept(context)).toEqual([])
})

test('work that is asked for while it runs runs once more', async () => {
  await ask(context, ['a'])
  let runs = 0
  const { keys, more } = await work(async () => {
    runs += 1
    if (runs === 1) await ask(context, ['a', 'a'])
    return done
  })
  expect({ keys, more }).toEqual({ keys: ['a', 'a'], more: false })
  expect(await kept(context)).toEqual([])
})

test('work that is asked for while it runs does not wait for the time the run named', async () => {
  await ask(context, ['a'])
  const item = await taken('one')
  await ask(context, ['a'])
  await settle(context.store, item, 'one', { done: false, again_at: plus(context.clock.now(), DAY_MS) })
  expect((await take('one'))?.key).toBe('a')
})

test('work again at a time is not an error: the attempts start anew', async () => {
  await ask(context, ['a'])
  const again_at = plus(context.clock.now(), HOUR_MS)
  await work(async () => ({ done: false, again_at }))
  expect(await kept(context)).toEqual([{ key: 'a', attempts: 0, last_error: null, due_at: again_at }])
})

test('a lease is held by wall time; when it ends another process takes over', async () => {
  await ask(context, ['a'])
  await take('one')
  context.clock.move(DAY_MS)
  context.wall.move(LEASE_MS)
  expect(await take('two')).toBeUndefined()
  context.wall.move(1)
  expect(await take('two')).toMatchObject({ key: 'a', attempts: 2 })
})

test('what a former owner brings changes nothing', async () => {
  await ask(context, ['a'])
  const former = await taken('one')
  context.wall.move(LEASE_MS + 1)
  const present = await taken('two')
  await settle(context.store, former, 'one', done)
  await settle(context.store, former, 'one', { done: false, again_at: context.clock.now(), reason: 'late' })
  expect(await kept(context)).toMatchObject([{ key: 'a', last_error: null, attempts: 2 }])
  expect(await take('three')).toBeUndefined()
  await settle(context.store, present, 'two', done)
  expect(await kept(context)).toEqual([])
})

test('a process that knows it is alone takes over at once what its former life held', async () => {
  await ask(context, ['a'])
  await take('former life')
  await dropLeases(context.store)
  expect((await take('one'))?.key).toBe('a')
})

test('what is soonest lost goes first, whatever was asked first', async () => {
  const now = context.clock.now()
  await ask(context, ['tomorrow'], { deadline_at: plus(now, DAY_MS) })
  await ask(context, ['today'], { deadline_at: plus(now, HOUR_MS) })
  await ask(context, ['in a week'], { deadline_at: plus(now, 7 * DAY_MS) })
  await ask(context, ['in a week'], { deadline_at: plus(now, MINUTE_MS) })
  expect((await work()).keys).toEqual(['in a week', 'today', 'tomorrow'])
})

test('a budget of pieces ends a tick, and says that there may be more', async () => {
  await ask(context, ['a', 'b', 'c'])
  const first = await work(undefined, { milliseconds: 1000, pieces: 2 })
  expect(first).toMatchObject({ pieces: 2, more: true })
  expect(await work(undefined, { milliseconds: 1000, pieces: 2 })).toMatchObject({ pieces: 1, more: false })
})

test('a budget of wall time ends a tick after the piece that used it up', async () => {
  await ask(context, ['a', 'b', 'c'])
  const slow = async () => {
    context.wall.move(3 * SECOND_MS)
    return done
  }
  expect(await work(slow, { milliseconds: 5000, pieces: 10 })).toMatchObject({ pieces: 2, more: true })
})

test('work whose handler throws stays, is seen, waits longer each time, and harms no other work', async () => {
  await ask(context, ['broken', 'sound'])
  const broken = async (item: WorkItem) => {
    if (item.key === 'broken') throw new TypeError('cannot read properties of undefined')
    return done
  }
  expect((await work(broken)).keys.toSorted()).toEqual(['broken', 'sound'])
  const [first] = await kept(context)
  expect(first).toMatchObject({
    key: 'broken',
    attempts: 1,
    last_error: 'cannot read properties of undefined',
  })
  expect(context.logged).toHaveLength(1)
  expect(JSON.parse(context.logged[0] ?? '')).toMatchObject({
    event: 'work.failed',
    key: 'broken',
    attempts: 1,
  })
  const wait = Number(first?.due_at) - context.clock.now().getTime()
  context.clock.set(first?.due_at ?? '')
  await work(broken)
  const [second] = await kept(context)
  expect(second?.attempts).toBe(2)
  expect(Number(second?.due_at) - context.clock.now().getTime()).toBeGreaterThan(wait)
  context.clock.set(second?.due_at ?? '')
  await work()
  expect(await kept(context)).toEqual([])
})

test('a fault that may pass is waited for as long as the cloud asks, and is no failure', async () => {
  await ask(context, ['a'])
  await work(async () => {
    throw new Fault('throttled', 'slow down', { retryAfterMs: 10 * MINUTE_MS })
  })
  const [row] = await kept(context)
  expect(row).toMatchObject({ last_error: 'slow down', due_at: plus(context.clock.now(), 10 * MINUTE_MS) })
  expect(context.logged.map((line) => JSON.parse(line).event)).toEqual(['work.delayed'])
})

test('a fault that will not pass by itself is logged as a failure', async () => {
  await ask(context, ['a'])
  await work(async () => {
    throw new Fault('forbidden', 'not yours')
  })
  expect(context.logged.map((line) => JSON.parse(line).event)).toEqual(['work.failed'])
  expect(await kept(context)).toHaveLength(1)
})

test('a handler runs outside any transaction', async () => {
  await ask(context, ['a'])
  const { keys } = await work(async () => {
    await context.store.inTenant(context.organisation_id, ({ tx }) => tx.organisation.count())
    return done
  })
  expect(keys).toEqual(['a'])
})
