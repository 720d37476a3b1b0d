// Two processes, one database: a change is decided, sent and ended once.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { completeByHand } from '../../src/operations/index.ts'
import { takeToken } from '../../src/operations/store-quota.ts'
import { LEASE_MS } from '../../src/work/model.ts'
import { sharedPostgres } from '../support/databases.ts'
import { type PostgresStore, twoProcesses } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { CONNECTION, connect, connectors, decide, endings, fakeCloud, look, work } from './support.ts'

let server: PostgresServer
let processes: Awaited<ReturnType<typeof twoProcesses>>
beforeAll(async () => {
  server = await sharedPostgres()
  processes = await twoProcesses(server)
  await connect(processes.one)
})
afterAll(async () => {
  await processes.close()
  await server.stop()
})

beforeEach(() => {
  for (const { wall } of [processes.one, processes.two]) wall.set('2026-01-05T09:00:00.000Z')
})

const plain = { seal: async (text: string) => text, open: async (text: string) => text }
const logged: string[] = []

function contextOf(process: PostgresStore) {
  const { store, clocks } = process
  const log = (event: string) => void logged.push(event)
  return { store, clocks, organisation_id: processes.organisation_id, seal: plain, log, connectors }
}

/** A gate that opens once, and what waits at it. */
function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

test('a change decided by many at once is one operation', async () => {
  const one = contextOf(processes.one)
  const two = contextOf(processes.two)
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, index) => decide(index % 2 === 0 ? one : two, 'same')),
  )
  expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  const decided = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => decide(one, 'differs', { request: { price: `${index}` } })),
  )
  expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const answer of decided) {
    if (answer.status === 'rejected')
      expect(answer.reason).toMatchObject({ name: 'Refusal', code: 'conflict' })
  }
  await work(one, fakeCloud())
})

test('a request that outlives its lease is sent again by another process; consequences follow once', async () => {
  const one = contextOf(processes.one)
  const two = contextOf(processes.two)
  const before = (await endings(one)).length
  const cloud = fakeCloud()
  const { id } = await decide(one, 'slow')
  const arrived = gate()
  const released = gate()
  cloud.script.push(async (act) => {
    arrived.open()
    await released.opened
    return act()
  })
  const slow = work(one, cloud, 'one')
  await arrived.opened
  processes.two.wall.move(LEASE_MS + 1)
  await work(two, cloud, 'two')
  expect((await look(two, id)).operation.state).toBe('succeeded')
  released.open()
  await slow
  const { operation, attempts } = await look(one, id)
  expect(operation).toMatchObject({ state: 'succeeded', attempts: 2 })
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded'])
  expect(cloud.made.size).toBe(1)
  expect(await endings(one)).toHaveLength(before + 1)
  expect(logged).toEqual([])
})

test('two people who complete one step at once: one is told that it is done', async () => {
  const one = contextOf(processes.one)
  const before = (await endings(one)).length
  const cloud = fakeCloud()
  const { id } = await decide(one, 'by hand')
  cloud.script.push(() => ({
    status: 'human',
    task: { title: 'Do it', steps: ['Do'], evidence: 'A link' },
    evidence: {},
  }))
  await work(one, cloud)
  const completion = { outcome: 'succeeded' as const, target: { offer_id: 'x' }, evidence: 'seen' }
  const answers = await Promise.allSettled(
    Array.from({ length: 6 }, () =>
      one.store.inTenant(one.organisation_id, (scope) =>
        completeByHand(scope, cloud.handlers, id, completion),
      ),
    ),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const answer of answers) {
    if (answer.status === 'rejected')
      expect(answer.reason).toMatchObject({ name: 'Refusal', code: 'conflict' })
  }
  expect(await endings(one)).toHaveLength(before + 1)
})

test('hundreds of changes worked on by both processes: each sent once, each ended once', async () => {
  const one = contextOf(processes.one)
  const two = contextOf(processes.two)
  const before = (await endings(one)).length
  const cloud = fakeCloud()
  const keys = Array.from({ length: 150 }, (_, index) => `many ${index}`)
  await Promise.all(keys.map((key) => decide(one, key)))
  await Promise.all([
    work(one, cloud, 'a'),
    work(two, cloud, 'b'),
    work(one, cloud, 'c'),
    work(two, cloud, 'd'),
  ])
  expect(cloud.calls.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
  expect(await endings(one)).toHaveLength(before + keys.length)
})

test('a quota is one for both processes, even when their clocks disagree', async () => {
  const { one, two, organisation_id } = processes
  const quota = { name: 'shared', per_second: 5, burst: 5 }
  const start = new Date('2026-02-01T00:00:00.000Z').getTime()
  const ask = ({ store }: PostgresStore) =>
    store.inTenant(organisation_id, (scope) => takeToken(scope, CONNECTION, quota))
  const SKEW_MS = 400
  one.wall.set(new Date(start))
  let taken = (await ask(one)) === 0 ? 1 : 0
  for (let elapsed = 0; elapsed <= 4000; elapsed += 250) {
    one.wall.set(new Date(start + elapsed))
    two.wall.set(new Date(start + elapsed - SKEW_MS))
    const waits = await Promise.all([ask(one), ask(two), ask(one), ask(two), ask(two), ask(one)])
    taken += waits.filter((wait) => wait === 0).length
    expect(taken).toBeLessThanOrEqual(quota.burst + (elapsed / 1000) * quota.per_second)
    for (const wait of waits) expect(wait === 0 || wait >= 200).toBe(true)
  }
  // And it was used to the full.
  expect(taken).toBe(quota.burst + 4 * quota.per_second)
})

test('quotas of other names and other connections are apart', async () => {
  const { one, organisation_id } = processes
  const quota = { name: 'apart', per_second: 1, burst: 1 }
  const ask = (connection: string, name: string) =>
    one.store.inTenant(organisation_id, (scope) => takeToken(scope, connection, { ...quota, name }))
  expect(await ask('conn_a', 'x')).toBe(0)
  expect(await ask('conn_a', 'x')).toBeGreaterThan(0)
  expect(await ask('conn_b', 'x')).toBe(0)
  expect(await ask('conn_a', 'y')).toBe(0)
})
