// Every kind of work, done by two processes on one server: shared, taken over, come back to late, left by the dead.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workKinds } from '../../src/work/model.ts'
import { sharedPostgres } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'
import { explore } from './explore.ts'
import { startWorld, type World } from './processes.ts'
import { share } from './share.ts'
import { work } from './work.ts'

let server: PostgresServer
let world: World
beforeAll(async () => {
  server = await sharedPostgres()
  world = await startWorld(server)
}, 120_000)
afterAll(async () => {
  await world.close()
  await server.stop()
})

test('every kind of work has a race', () => {
  expect(Object.keys(work).sort()).toEqual([...workKinds].sort())
})

test.each(workKinds)('%s: of many that are due, two processes do each once', (kind) =>
  share(world, work[kind], 10),
)

test.each(workKinds)(
  '%s: however one process hangs, comes back or dies, the end is that of one alone',
  (kind) => explore(world, work[kind], { back: 8, late: 3, dead: 3, both: 4 }),
  600_000,
)
