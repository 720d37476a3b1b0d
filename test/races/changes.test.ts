// Every kind of change asked of a cloud, by two processes on one server: one key, one effect, whoever sends it how often.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationKinds } from '../../src/operations/model.ts'
import { sharedPostgres } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'
import { changes, write } from './changes.ts'
import { alone, comesBack } from './drive.ts'
import { explore } from './explore.ts'
import { startWorld, type World } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { share } from './share.ts'

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

test('every kind of change has a race', () => {
  expect(Object.keys(changes).sort()).toEqual([...operationKinds].sort())
  expect(Object.keys(world.one.services.operations).sort()).toEqual([...operationKinds].sort())
})

describe.each(operationKinds)('%s', (kind) => {
  const { call, ends, says } = changes[kind]
  const scenario: Scenario = { ends, says, arrange: (on, tenant) => write(on, tenant, kind) }

  test('of many that are due, two processes send each once', () => share(world, scenario, 8))

  test('a late answer is kept, and the request was the same', async () => {
    const right = await alone(world, scenario)
    for (const step of [`cloud: ${call} is asked`, `cloud: ${call} has answered`]) {
      const at = right.trail.indexOf(step)
      expect(at).toBeGreaterThan(0)
      const { tenant, stands } = await comesBack(world, scenario, at)
      expect(stands).toEqual(right.stands)
      const sent = world.cloud.callsOf(tenant.account).filter(({ name }) => name === call)
      expect(sent.map(({ process }) => process).sort()).toEqual(['one', 'two'])
      expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
      const { rows } = await world.watch.query(
        'SELECT number, outcome FROM operation_attempt WHERE organisation_id = $1 ORDER BY number',
        [tenant.organisation_id],
      )
      expect(rows).toEqual([
        { number: 1, outcome: 'succeeded' },
        { number: 2, outcome: 'succeeded' },
      ])
      expect(world.cloud.wrong).toEqual([])
    }
  })

  test(
    'however one process hangs, comes back or dies, the end is that of one alone',
    () => explore(world, scenario, { back: 5, late: 2, dead: 2, both: 2 }),
    600_000,
  )
})
