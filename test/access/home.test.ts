// The organisation every installation begins with, and how a key finds it.
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authenticate } from '../../src/access/index.ts'
import { readConfig } from '../../src/config.ts'
import { seededRandom } from '../../src/core/random.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { findOrganisation, makeHome } from '../../src/organisations/index.ts'
import { readOrganisations } from '../../src/organisations/store.ts'
import type { Store } from '../../src/store/index.ts'
import { manualClock } from '../support/context.ts'
import { sharedPostgres } from '../support/databases.ts'
import { twoProcesses } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'

const KEY = 'sk_test_0123456789abcdefghijklmnop'

let server: PostgresServer
beforeAll(async () => {
  server = await sharedPostgres()
})
afterAll(() => server.stop())

const homes = async (store: Store) =>
  (await readOrganisations(store)).filter(({ name }) => name === 'My company')

/** Who a request is made for, as the rooms see it. */
function whoAmI(store: Store) {
  const app = new Hono<DoorEnv>()
  const clocks = { business: manualClock('2026-01-05T09:00:00Z'), wall: manualClock('2026-01-05T09:00:00Z') }
  const parts = { store, clocks, config: readConfig({}), random: seededRandom(1) }
  app.use(authenticate(parts, { operator_key: KEY }))
  app.get('/v1/me', (door) => door.text(door.get('caller').organisation_id))
  return async (headers: Record<string, string> = {}) =>
    (await app.request('/v1/me', { headers: { authorization: `Bearer ${KEY}`, ...headers } })).text()
}

test('started by two processes at once, an installation has one home', async () => {
  const { one, two, close } = await twoProcesses(server)
  expect(await findOrganisation(one.store, undefined)).toBeUndefined()
  await Promise.all(Array.from({ length: 10 }, (_, index) => makeHome((index % 2 === 0 ? one : two).store)))
  const found = await homes(one.store)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ kind: 'vendor' })
  expect(await findOrganisation(two.store, undefined)).toEqual(found[0])
  await makeHome(one.store)
  expect(await homes(one.store)).toHaveLength(1)
  await close()
})

test('where nobody made the home at a start, the first requests make one', async () => {
  const { one, two, close } = await twoProcesses(server)
  const asked = await Promise.all([one, two, one, two].map(({ store }) => whoAmI(store)()))
  const [home, ...others] = await homes(one.store)
  expect(others).toEqual([])
  expect(asked).toEqual(Array.from({ length: 4 }, () => home?.id))
  await close()
})

test('a request is made for the organisation it names, or else for the home', async () => {
  const { one, organisation_id, close } = await twoProcesses(server)
  await makeHome(one.store)
  const [home] = await homes(one.store)
  const ask = whoAmI(one.store)
  expect(await ask({ 'syndic-organisation': organisation_id })).toBe(organisation_id)
  expect(await ask()).toBe(home?.id)
  await close()
})
