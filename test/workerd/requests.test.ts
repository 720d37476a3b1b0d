// What an isolate holds and what a request holds, in workerd: clients of the database are closed whatever happens, and
// work that must not wait is begun by the request that brought it.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { theBuyersSignUp, theCloudsMessage } from '../support/wake.ts'
import { type Edge, EYES, KEY, SECRETS, startEdge } from './edge.ts'

const STARTING_MS = 300_000
const WORKING_MS = 180_000
const WAITING = { timeout: 30_000, interval: 20 }

let edge: Edge
beforeAll(async () => {
  edge = await startEdge({ migrated: true })
}, STARTING_MS)
afterAll(() => edge?.stop(), STARTING_MS)

const headers = { authorization: `Bearer ${KEY}` }
const send: Edge['send'] = (path, init) => edge.send(path, { headers, ...init })
const events = (name: string) => edge.logged().filter(({ event }) => event === name)

describe('database clients', () => {
  const none = () => vi.waitFor(async () => expect(await edge.databaseClients()).toBe(0), WAITING)

  /** Holds a table until told, so that whoever reads it waits. */
  async function hold(table: string, during: () => Promise<void>): Promise<void> {
    const holder = new pg.Client({ connectionString: edge.database_url, application_name: EYES })
    await holder.connect()
    try {
      await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      await during()
    } finally {
      await holder.end()
    }
  }

  test('two requests at once have one each, and both are closed', async () => {
    await none()
    let both: ReturnType<Edge['send']>[] = []
    await hold('organisation', async () => {
      both = [send('/v1/organisations'), send('/v1/organisations')]
      await vi.waitFor(async () => expect(await edge.databaseClients()).toBe(2), WAITING)
    })
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200])
    await none()
  })

  test('a request that fails on our side closes its own', async () => {
    await edge.database.query('ALTER TABLE product RENAME TO product_away')
    try {
      expect(await send('/v1/products')).toMatchObject({ status: 500, body: { type: '/problems/internal' } })
    } finally {
      await edge.database.query('ALTER TABLE product_away RENAME TO product')
    }
    await none()
  })

  test('a tick that fails closes its own', async () => {
    await edge.database.query('ALTER TABLE work RENAME TO work_away')
    try {
      await expect(edge.cron()).rejects.toThrow('The cron ended')
    } finally {
      await edge.database.query('ALTER TABLE work_away RENAME TO work')
    }
    expect(events('tick.failed')).toMatchObject([{ reason: expect.stringContaining('work') }])
    await none()
  })

  test('a file is read from the database to its end', async () => {
    const books = await send('/v1/ledger/export?format=hledger')
    expect(books).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' })
    expect(books.body).toContain('tag entry')
    await none()
  })
})

describe('without the cron', () => {
  test("the work of a cloud's message is begun at once", () => theCloudsMessage(edge), WORKING_MS)
  test("the work of a buyer's sign-up is begun at once", () => theBuyersSignUp(edge), WORKING_MS)
})

describe('secrets', () => {
  test('with another key than the one that sealed the credentials, nothing is served', async () => {
    await edge.restart({ ...SECRETS, SYNDIC_SECRET_KEY: '2f'.repeat(32) })
    const problem = expect.stringContaining('SYNDIC_SECRET_KEY')
    expect(await send('/health')).toMatchObject({ status: 503, body: { problem } })
    expect(await send('/v1/organisations')).toMatchObject({
      status: 503,
      body: { type: '/problems/misconfigured', detail: problem },
    })
  })

  test('without them, nothing is served, and the log says why', async () => {
    await edge.restart({ SYNDIC_KEY: KEY })
    expect(await send('/health')).toMatchObject({
      status: 503,
      type: 'application/problem+json',
      body: { type: '/problems/misconfigured' },
    })
    expect(events('worker.misconfigured').at(-1)).toMatchObject({
      reason: expect.stringContaining('SYNDIC_SECRET_KEY'),
    })
  })
})
