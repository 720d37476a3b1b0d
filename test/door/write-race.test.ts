// One key, many connections: what one connection cannot show.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, sharedPostgres, withClient } from '../support/databases.ts'
import { type PostgresStore, postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { callers } from './support.ts'
import { clearThings, type During, thingRoutes, things } from './things.ts'

let server: PostgresServer
let database: PostgresServer
let base: PostgresStore
beforeAll(async () => {
  server = await sharedPostgres()
  database = await freshDatabase(server)
  base = await postgresStore(database)
})
afterAll(async () => {
  await base.close()
  await server.stop()
})
beforeEach(() => clearThings(base))

const doorOf = (process: PostgresStore, during?: During) =>
  callers(thingRoutes({ store: process.store }, during), base.organisation_id)

const key = { 'idempotency-key': 'k' }

test('the same key sent by many at once has exactly one effect; the others replay it or are told to come back', async () => {
  const second = await postgresStore(database)
  const doors = [doorOf(base), doorOf(second)]
  for (let round = 0; round < 10; round += 1) {
    await clearThings(base)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => doors[index % 2]?.post('/things/a', { name: 'one' }, key)),
    )
    expect(await things(base)).toEqual(['one'])
    const made = answers.filter((answer) => answer?.status === 201)
    expect(new Set(made.map((answer) => answer?.text)).size).toBe(1)
    expect(made.filter((answer) => answer?.headers.get('idempotency-replayed') === null)).toHaveLength(1)
    for (const answer of answers) {
      if (answer?.status !== 201)
        expect(answer).toMatchObject({ status: 409, body: { type: '/problems/idempotency-in-flight' } })
    }
  }
  await second.close()
})

test('while the first request runs the second is told to come back, and then gets its answer', async () => {
  let meanwhile: unknown
  const first = await doorOf(base, async () => {
    meanwhile = await doorOf(base).post('/things/a', { name: 'one' }, key)
  }).post('/things/a', { name: 'one' }, key)
  expect(meanwhile).toMatchObject({ status: 409, body: { type: '/problems/idempotency-in-flight' } })
  const again = await doorOf(base).post('/things/a', { name: 'one' }, key)
  expect(again.text).toBe(first.text)
  expect(await things(base)).toEqual(['one'])
})

test('a key survives a restart', async () => {
  const before = await postgresStore(database)
  const first = await doorOf(before).post('/things/a', { name: 'one' }, key)
  await before.close()
  const after = await postgresStore(database)
  const again = await doorOf(after).post('/things/a', { name: 'one' }, key)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect([again.status, again.text]).toEqual([first.status, first.text])
  // Every store of a test begins with an organisation of its own: the thing was made for the first one's.
  expect(await things({ store: after.store, organisation_id: base.organisation_id })).toEqual(['one'])
  await after.close()
})

test('a process that dies before the end leaves neither effect nor key, and the key is free at once', async () => {
  const dying = await postgresStore(database)
  const cut = await doorOf(dying, async ({ tx }) => {
    const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
    await withClient(database.url, (client) => client.query('SELECT pg_terminate_backend($1)', [row?.pid]))
  })
    .post('/things/a', { name: 'one' }, key)
    .catch((error: unknown) => error)
  expect(cut).toBeInstanceOf(Error)
  expect(await things(base)).toEqual([])
  expect((await doorOf(base).post('/things/a', { name: 'one' }, key)).status).toBe(201)
  await dying.close()
})
