// The Worker in workerd, in the order of a deploy: an empty database, an older one, one that is up to date.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { PRODUCT, STARTS_AT } from '../../src/demo/scenario.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { LATEST_MIGRATION } from '../../src/store/schema-version.ts'
import { awsSeller, azureSeller, gcpSeller, tell } from './clouds.ts'
import { type Edge, KEY, startEdge } from './edge.ts'

const STARTING_MS = 300_000
/** Where the clouds of the sandbox give out access tokens. */
const TOKEN = /\/token(\?|$)/
const MIGRATE = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url))

let edge: Edge
beforeAll(async () => {
  edge = await startEdge({ migrated: false })
}, STARTING_MS)
afterAll(() => edge?.stop(), STARTING_MS)

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
const send: Edge['send'] = (path, init) => edge.send(path, { headers, ...init })
const events = (name: string) => edge.logged().filter(({ event }) => event === name)

describe('before the database is as new as the program', () => {
  test('an empty one: the health and every door say what to do', async () => {
    const problem = 'The database is empty. Run "npm run migrate" with its DATABASE_URL.'
    expect(await send('/health')).toMatchObject({ status: 503, body: { status: 'not ready', problem } })
    for (const [path, method] of [
      ['/v1/organisations', 'GET'],
      ['/v1/usage', 'POST'],
      ['/v1/webhooks/conn_1', 'POST'],
      ['/sign-up/conn_1', 'POST'],
    ] as const) {
      const refused = await send(path, { method, ...(method === 'POST' ? { body: '{}' } : {}) })
      expect(refused).toMatchObject({
        status: 503,
        type: 'application/problem+json',
        body: { type: '/problems/schema-behind', detail: problem },
      })
    }
  })

  test('an older one: work that is due stays untouched', async () => {
    const migrations = await readMigrations()
    await migrate(edge.database, migrations.slice(0, -1))
    await edge.database.query(
      `INSERT INTO work (organisation_id, id, kind, key, payload, due_at, deadline_at, attempts, generation, created_at)
       VALUES ('org_none', 'work_1', 'ledger.roll_up', 'org_none', '{}', '2026-01-01', '2026-01-02', 0, 0, '2026-01-01')`,
    )
    expect(await send('/health')).toMatchObject({
      status: 503,
      body: {
        problem: `The database lacks migration ${LATEST_MIGRATION}. Run "npm run migrate" with its DATABASE_URL.`,
      },
    })
    await edge.cron()
    expect(events('tick.refused')).toEqual([
      { event: 'tick.refused', problem: expect.stringContaining(LATEST_MIGRATION) },
    ])
    const { rows } = await edge.database.query('SELECT attempts, lease_until FROM work')
    expect(rows).toEqual([{ attempts: 0, lease_until: null }])
  })

  test('after npm run migrate all is well, and the cron does what was due', async () => {
    const done = spawnSync(process.execPath, [MIGRATE], {
      env: { ...process.env, DATABASE_URL: edge.database_url, SYNDIC_MODE: 'sandbox' },
      encoding: 'utf8',
    })
    expect([done.stderr, done.stdout]).toEqual(['', `Applied ${LATEST_MIGRATION}.\n`])
    expect(await send('/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
    await edge.cron()
    expect((await edge.database.query('SELECT key FROM work')).rows).toEqual([])
    expect(events('work.failed')).toEqual([])
  })
})

describe('the API through Hyperdrive', () => {
  test('a write, its replay, and the read', async () => {
    const init = {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': 'edge-product' },
      body: JSON.stringify(PRODUCT),
    }
    const made = await send('/v1/products', init)
    expect(made).toMatchObject({
      status: 201,
      body: { name: PRODUCT.name, id: expect.stringMatching(/^prod_/) },
    })
    expect(await send('/v1/products', init)).toEqual(made)
    expect((await send('/v1/products')).body).toMatchObject({ items: [made.body] })
    expect((await edge.database.query('SELECT name FROM product')).rows).toEqual([{ name: PRODUCT.name }])
  })

  test('wrong input names the field, the rule and the fix; no key is no entry', async () => {
    const body = JSON.stringify({ kind: 'bank', name: '' })
    expect(await send('/v1/organisations', { method: 'POST', body })).toMatchObject({
      status: 422,
      type: 'application/problem+json',
      body: {
        errors: [{ field: 'kind', rule: expect.any(String), fix: expect.any(String) }, { field: 'name' }],
      },
    })
    expect(await send('/v1/organisations', { headers: {} })).toMatchObject({
      status: 401,
      body: { type: '/problems/unauthenticated' },
    })
  })
})

describe('the three clouds', () => {
  const AWS = [
    'sts:GetCallerIdentity',
    'aws-marketplace:ListEntities',
    'aws-marketplace:SearchAgreements',
    's3:ListBucket',
  ]
  const AZURE = ['login', 'saas-fulfilment', 'metering', 'product-ingestion', 'payouts']
  const GCP = [
    'Service account',
    'Procurement entitlements.list',
    'Procurement accounts.list',
    'commerceproducer.products.list',
    'commerceproducer.privateOffers.list',
    'servicemanagement.services.check',
    'storage.objects.list',
  ]

  test.each([
    ['aws', awsSeller, '111122223333', AWS],
    ['azure', azureSeller, '1234567', AZURE],
    ['gcp', gcpSeller, 'vendor-inc', GCP],
  ] as const)(
    '%s: a seller account is connected, every permission holds, and its agreements are read',
    async (_, seller, account_id, permissions) => {
      const client = edge.client()
      const draft = await seller(edge.control, account_id)
      const { id } = unwrap(await client.POST('/v1/connections', { body: draft }))
      const { test_result } = unwrap(
        await client.POST('/v1/connections/{id}/test', { params: { path: { id } } }),
      )
      expect(test_result?.map(({ permission, ok, detail }) => [permission, ok || detail])).toEqual(
        permissions.map((permission) => [permission, true]),
      )
      await edge.settle()
      const { rows } = await edge.database.query(
        "SELECT last_error, attempts, due_at > now AS later FROM work, (SELECT $2::timestamptz AS now) clock WHERE kind = 'agreements.pull' AND key = $1",
        [id, STARTS_AT],
      )
      expect(rows).toEqual([{ last_error: null, attempts: 0, later: true }])
    },
  )

  test('an access token outlives the request that asked for it', async () => {
    const asked = (ending: RegExp) => edge.asked.filter((address) => ending.test(address)).length
    const pull = async () => {
      await tell(edge.control, '/clock', { by: 'PT11M' })
      await edge.settle()
    }
    await pull()
    const [tokens, pulls] = [asked(TOKEN), asked(/\/saas\/subscriptions/)]
    await pull()
    expect(asked(/\/saas\/subscriptions/)).toBeGreaterThan(pulls)
    expect(asked(TOKEN)).toBe(tokens)
    expect(asked(/\/gcp\/token$/)).toBe(1)
  })
})

test('nothing but this machine was asked for anything', () => {
  expect(edge.asked.length).toBeGreaterThan(20)
  expect(new Set(edge.asked.map((address) => new URL(address).hostname))).toEqual(new Set(['127.0.0.1']))
})
