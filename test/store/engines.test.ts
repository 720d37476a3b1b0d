// Clients that are lent: each holder's queries go through the holder's own pool, and nobody else's.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'
import { keepEngines } from '../../src/store/engines.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import {
  type DatabaseClient,
  type InstallationScope,
  type Scope,
  type Store,
  storeOn,
} from '../../src/store/index.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { sharedPostgres } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'

let server: PostgresServer
const pools: pg.Pool[] = []
beforeAll(async () => {
  server = await sharedPostgres()
  await migrate(openPool('migrations'), await readMigrations())
})
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  await server.stop()
})

/** A pool of one connection, known to the server by a name. */
function openPool(application_name: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: server.url, max: 1, application_name })
  // The pool calls itself ended before its connection is; the server stops in between.
  pool.on('error', () => {})
  pools.push(pool)
  return pool
}

function keep() {
  const made: DatabaseClient[] = []
  const engines = keepEngines((adapter) => {
    const client = new PrismaClient({ adapter })
    made.push(client)
    return client
  })
  const borrow = async (name: string) => {
    const lent = await engines.lend(openPool(name))
    const clocks = { business: wallClock, wall: wallClock }
    const store = storeOn(lent.client, { clocks, random: systemRandom, close: async () => {} })
    return { ...lent, store }
  }
  return { made, borrow }
}

type Name = { name: string }[]

async function nameOf(store: Store): Promise<string | undefined> {
  const rows = await store.inInstallation(
    ({ tx }) => tx.$queryRaw<Name>`SELECT current_setting('application_name') AS name`,
  )
  return rows[0]?.name
}

test('a client that was given back is lent again, and speaks through its new holder alone', async () => {
  const { made, borrow } = keep()
  const first = await borrow('first')
  expect(await nameOf(first.store)).toBe('first')
  first.giveBack()
  const second = await borrow('second')
  expect(made).toHaveLength(1)
  expect(await nameOf(second.store)).toBe('second')
})

test('two holders at once have two clients', async () => {
  const { made, borrow } = keep()
  const [left, right] = [await borrow('left'), await borrow('right')]
  expect(made).toHaveLength(2)
  // Inside each other: with one connection between them this would wait for ever.
  const seen = await left.store.inInstallation(async ({ tx }) => [
    await nameOf(right.store),
    (await tx.$queryRaw<Name>`SELECT current_setting('application_name') AS name`)[0]?.name,
  ])
  expect(seen).toEqual(['right', 'left'])
})

test('one that was given back answers nobody', async () => {
  const { borrow } = keep()
  const { store, giveBack } = await borrow('gone')
  giveBack()
  await expect(nameOf(store)).rejects.toThrow('given back')
})

test('what a holder rolled back is gone, and the next holder begins anew', async () => {
  const { borrow } = keep()
  const make = ({ tx, id, now }: InstallationScope) =>
    tx.organisation.create({
      data: { id: id('organisation'), kind: 'vendor', name: 'Vendor', created_at: now() },
    })
  const first = await borrow('first')
  const broken = first.store.inInstallation(async (scope) => {
    await make(scope)
    throw new Error('no')
  })
  await expect(broken).rejects.toThrow('no')
  first.giveBack()
  const { store } = await borrow('second')
  await store.inInstallation(make)
  expect(await store.inInstallation(({ tx }) => tx.organisation.count())).toBe(1)
})

test('a transaction that ended keeps no connection and takes no query', async () => {
  const { borrow } = keep()
  const { store } = await borrow('ended')
  let kept: Scope['tx'] | undefined
  await store.inInstallation(async ({ tx }) => {
    kept = tx
    await tx.organisation.count()
  })
  await expect(kept?.organisation.count()).rejects.toThrow()
})
