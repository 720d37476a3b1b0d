// Two processes on one real server: what one connection cannot show.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS, plus } from '../../src/core/time.ts'
import { done, schedule, tick, type WorkItem } from '../../src/work/index.ts'
import { LEASE_MS } from '../../src/work/model.ts'
import { claim, settle } from '../../src/work/store.ts'
import { sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, twoProcesses } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { ask, everyKind, kept } from './support.ts'

let server: PostgresServer
let processes: Awaited<ReturnType<typeof twoProcesses>>
beforeAll(async () => {
  server = await sharedPostgres()
  processes = await twoProcesses(server)
})
afterAll(async () => {
  await processes.close()
  await server.stop()
})

const budget = { milliseconds: 60_000, pieces: 10_000 }

test('five hundred pieces of work, four loops in two processes: each is done exactly once', async () => {
  const { one, two } = processes
  const keys = Array.from({ length: 500 }, (_, index) => `piece ${index}`)
  await ask(one, keys)
  const runs: string[] = []
  const handlers = everyKind(async ({ key }: WorkItem) => {
    runs.push(key)
    return done
  })
  const loop = (process: PostgresStore, owner: string) =>
    tick({ store: process.store, clocks: process.clocks, log: () => {} }, handlers, owner, budget)
  const ticks = await Promise.all([loop(one, 'a'), loop(one, 'b'), loop(two, 'c'), loop(two, 'd')])
  expect(runs.toSorted()).toEqual(keys.toSorted())
  expect(ticks.filter(({ pieces }) => pieces > 0).length).toBeGreaterThan(1)
  expect(await kept(one)).toEqual([])
})

test('one piece of work wanted by many at once is leased by one', async () => {
  const { one, two } = processes
  for (const key of ['first', 'second', 'third']) {
    await ask(one, [key])
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => claim((index % 2 === 0 ? one : two).store, `owner ${index}`)),
    )
    expect(claims.filter((item) => item !== undefined)).toHaveLength(1)
    const owner = `owner ${claims.findIndex((item) => item !== undefined)}`
    const item = claims.find((found) => found !== undefined)
    if (item !== undefined) await settle(one.store, item, owner, done)
  }
  expect(await kept(one)).toEqual([])
})

test('the same key asked for by many at once is one piece of work', async () => {
  const { one, two, organisation_id } = processes
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      ask({ store: (index % 2 === 0 ? one : two).store, organisation_id }, ['wanted']),
    ),
  )
  expect((await kept(one)).map(({ key }) => key)).toEqual(['wanted'])
  const item = await claim(one.store, 'one')
  if (item !== undefined) await settle(one.store, item, 'one', done)
})

test('asked for at the moment it is finished, work is either still there or done after the asking', async () => {
  const { one, two, organisation_id } = processes
  for (let round = 0; round < 40; round += 1) {
    await ask(one, ['again'])
    const item = await claim(one.store, 'one')
    if (item === undefined) throw new Error('Nothing was due')
    await Promise.all([
      settle(one.store, item, 'one', done),
      ask({ store: two.store, organisation_id }, ['again']),
    ])
    const next = await claim(two.store, 'two')
    expect(next?.key).toBe('again')
    if (next !== undefined) await settle(two.store, next, 'two', done)
    expect(await kept(one)).toEqual([])
  }
})

test('a process that hangs is replaced when its lease ends, and its late word does not count', async () => {
  const { one, two, organisation_id } = processes
  await ask(one, ['hung'])
  const former = await claim(one.store, 'one')
  two.wall.move(LEASE_MS + 1)
  const present = await claim(two.store, 'two')
  expect(present?.id).toBe(former?.id)
  if (former === undefined || present === undefined) return
  await two.store.inTenant(organisation_id, (scope) =>
    schedule(scope, {
      kind: 'ledger.roll_up',
      key: 'hung',
      deadline_at: plus(scope.now(), MINUTE_MS),
    }),
  )
  await Promise.all([
    settle(one.store, former, 'one', done),
    settle(two.store, present, 'two', { done: false, again_at: plus(two.clock.now(), DAY_MS) }),
  ])
  expect(await kept(one)).toMatchObject([{ key: 'hung' }])
  expect((await claim(two.store, 'two'))?.key).toBe('hung')
})
