// The Worker in workerd, in the order of a deploy: an empty database, an older one, one that is up to date.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { permissions } from '../../connectors/aws/connecting/permissions.ts'
import { unwrap } from '../../src/client/index.ts'
import { PRODUCT, STARTS_AT } from '../../src/demo/scenario.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { LATEST_MIGRATION } from '../../src/store/schema-version.ts'
import { awsSeller, awsSellerByRole, azureSeller, gcpSeller, tell } from './clouds.ts'
import { type Edge, KEY, startEdge } from './edge.ts'

const STARTING_MS = 300_000
/** Where the clouds of the sandbox give out access tokens. */
const TOKEN = /\/token(\?|$)/
const MIGRATE = fileURLToPath(new URL('../../src/store/main.ts', import.meta.url))
const SIGN_IN = fileURLToPath(new URL('../../src/sign-in-link.ts', import.meta.url))

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

  test('the console: its page under our rules, its files for good, and a screen at any address', async () => {
    const page = await fetch(`${edge.url}/console/offers/some`)
    const text = await page.text()
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(text)?.[1]
    const file = await fetch(`${edge.url}${script}`)
    expect(file.status).toBe(200)
    expect(file.headers.get('content-type')).toMatch(/javascript/)
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100_000)
    expect((await fetch(`${edge.url}/console/assets/none.js`)).status).toBe(404)
    const home = await fetch(`${edge.url}/`, { redirect: 'manual' })
    expect(home.headers.get('location')).toBe('/console/')
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

describe('a person', () => {
  const ANN = { name: 'Ann Example', email: 'ann@example.com', password: 'a long enough password' }
  const form = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${edge.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: edge.url, cookie },
      body: new URLSearchParams(fields),
    })
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''

  test('comes by the link of npm run sign-in, chooses a password, and signs in with it again', async () => {
    const made = spawnSync(process.execPath, [SIGN_IN], {
      env: { ...process.env, DATABASE_URL: edge.database_url, SYNDIC_PUBLIC_URL: edge.url },
      encoding: 'utf8',
    })
    const link = new URL(made.stdout.trim())
    expect([link.origin, link.pathname]).toEqual([edge.url, '/sign-in'])
    const token = link.searchParams.get('token') ?? ''
    expect(await (await fetch(link)).text()).toContain('Set up this installation')
    const joined = await form('/sign-in/link', { token, ...ANN, with: 'password' })
    expect([joined.status, joined.headers.get('location')]).toEqual([303, '/'])
    expect((await form('/sign-in/link', { token, ...ANN, with: 'password' })).status).toBe(401)
    const wrong = await form('/sign-in', { email: ANN.email, password: 'not the right one' })
    expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([401, []])
    const signed_in = await form('/sign-in', ANN)
    expect(signed_in.status).toBe(303)
    const cookie = cookieOf(signed_in)
    expect(await send('/v1/me', { headers: { cookie } })).toMatchObject({
      status: 200,
      body: { actor: { kind: 'person' }, permissions: expect.arrayContaining(['operator']) },
    })
    expect((await form('/sign-in/out', {}, cookie)).status).toBe(303)
    expect((await send('/v1/me', { headers: { cookie } })).status).toBe(401)
  })
})

describe('the three clouds', () => {
  const AWS = permissions
    .filter(({ sides, untested }) => sides.includes('seller') && untested === undefined)
    .map(({ permission }) => permission)
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
    ['aws by a role', awsSellerByRole, '444455556666', AWS],
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

  test('aws: a role is not taken on without the external id that its trust policy asks for', async () => {
    const client = edge.client()
    const { settings, ...draft } = await awsSellerByRole(edge.control, '555566667777')
    const { external_id: _, ...without } = settings
    const body = { ...draft, settings: without }
    const { id } = unwrap(await client.POST('/v1/connections', { body }))
    const tested = unwrap(await client.POST('/v1/connections/{id}/test', { params: { path: { id } } }))
    expect(tested.test_result?.filter(({ ok }) => ok)).toEqual([])
    expect(tested.test_result?.[0]?.detail).toContain('AccessDenied')
  })

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
