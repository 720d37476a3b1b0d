// Distinctive secrets go in wherever a secret can, through every route, every refusal and every failure. None comes out
// again: not in the database, the log, an answer, or what is kept of a change at a cloud.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SESSION_COOKIE } from '../../src/access/cookies.ts'
import { makePerson } from '../../src/access/people.ts'
import { openRoutes } from '../../src/access/route-permissions.ts'
import { openSession } from '../../src/access/sessions.ts'
import { freshDatabase, withClient } from '../store/databases.ts'
import { readAs, readEverything } from '../support/crawl.ts'
import { type PostgresServer, postgresContext, startPostgres } from '../support/postgres.ts'
import { samples } from '../support/samples.ts'
import { keyed } from '../support/seats.ts'
import { type Answer, KEY, type Service, startService } from '../support/service.ts'
import { liveWorld, type World } from '../support/world.ts'
import { routesOf } from './routes.ts'

let server: PostgresServer
let database: PostgresServer
let service: Service
let world: World
/** Every answer of every request made here. */
const answers: { to: string; text: string }[] = []
beforeAll(async () => {
  server = await startPostgres()
  database = await freshDatabase(server)
  service = await startService(undefined, (start) => postgresContext(database, { start }))
  world = await liveWorld(service)
})
afterAll(async () => {
  await service.stop()
  await server.stop()
})

/** Secrets by what they are; the value of each stands nowhere else. */
const canaries = new Map<string, string>()
function canary(what: string): string {
  const found = canaries.get(what) ?? `canary${canaries.size}${what.replace(/\W/g, '')}${'x'.repeat(16)}`
  canaries.set(what, found)
  return found
}

async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
  const answer = await service.send(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(text === undefined ? {} : { body: text }),
  })
  answers.push({ to: `${method} ${path}`, text: `${answer.text}\n${JSON.stringify([...answer.headers])}` })
  return answer
}

const operator = () => ({
  authorization: `Bearer ${KEY}`,
  'syndic-organisation': world.seats.vendor.organisation_id,
})

/** Where a canary is, among everything that outlives the requests. */
async function seen(): Promise<string[]> {
  const dump = await withClient(database.url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    )
    const found: { place: string; text: string }[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)
      found.push({ place: `table ${name}`, text: rows.map(({ row }) => row).join('\n') })
    }
    return found
  })
  const places = [
    ...dump,
    { place: 'the log', text: service.logged.join('\n') },
    ...answers.map(({ to, text }) => ({ place: `the answer to ${to}`, text })),
  ]
  return places.flatMap(({ place, text }) =>
    [...canaries].filter(([, value]) => text.includes(value)).map(([what]) => `${what} in ${place}`),
  )
}

test('credentials: taken, refused, changed, tried, and used while the cloud fails', async () => {
  const draft = (n: number, more: Record<string, unknown> = {}) => ({
    cloud: 'aws',
    name: `Account ${n}`,
    account_id: `30000000000${n}`,
    credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: canary(`secret ${n}`), ...more },
    settings: {},
  })
  const made = await send('POST', '/v1/connections', { ...operator(), 'idempotency-key': 'c1' }, draft(1))
  expect(made.status).toBe(201)
  const { id } = made.json as { id: string }
  // The same again, the same with another body, a field that does not exist, an account that is taken, no JSON at all.
  await send('POST', '/v1/connections', { ...operator(), 'idempotency-key': 'c1' }, draft(1))
  expect(
    (await send('POST', '/v1/connections', { ...operator(), 'idempotency-key': 'c1' }, draft(2))).status,
  ).toBe(409)
  expect(
    (await send('POST', '/v1/connections', operator(), draft(3, { [canary('field')]: canary('value') })))
      .status,
  ).toBe(422)
  expect(
    (await send('POST', '/v1/connections', operator(), { ...draft(4), account_id: '300000000001' })).status,
  ).toBe(409)
  expect(
    (await send('POST', '/v1/connections', operator(), `{"credentials": "${canary('broken')}"`)).status,
  ).toBe(400)
  expect(
    (await send('PATCH', `/v1/connections/${id}`, operator(), { credentials: draft(5).credentials })).status,
  ).toBe(200)
  expect(
    (await send('PATCH', '/v1/connections/conn_none', operator(), { credentials: draft(6).credentials }))
      .status,
  ).toBe(404)
  await service.control('POST', '/faults', { fault: 'error_500', service: 'sts' }).catch(() => undefined)
  await send('POST', `/v1/connections/${id}/test`, operator())
  service.network.down = /./
  await send('POST', `/v1/connections/${id}/test`, operator())
  service.network.down = undefined
  canaries.set('the secret of the connection in use', world.seats.vendor.secrets[1] ?? '')
})

test('keys and sessions: good, wrong, in the wrong place', async () => {
  const made = await send(
    'POST',
    '/v1/api-keys',
    { ...operator(), 'idempotency-key': 'k1' },
    { name: 'Program', scopes: ['catalog.read'] },
  )
  // Shown this once: what comes after must not have it.
  answers.pop()
  const { id, secret } = made.json as { id: string; secret: string }
  canaries.set('the secret of a key', secret)
  const again = await send(
    'POST',
    '/v1/api-keys',
    { ...operator(), 'idempotency-key': 'k1' },
    { name: 'Program', scopes: ['catalog.read'] },
  )
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const bearer = { authorization: `Bearer ${secret}` }
  expect((await send('GET', '/v1/products', bearer)).status).toBe(200)
  await send('GET', '/v1/offers', bearer)
  await send('GET', `/v1/products/${secret}`, bearer)
  answers.pop()
  await send('POST', `/v1/api-keys/${id}/revoke`, operator())
  service.services.context.clocks.wall.now()
  await send('GET', '/v1/me', { authorization: `Bearer ${canary('wrong key')}` })
  const { context } = service.services
  const token = await context.store.inInstallation(async (scope) => {
    const person = await makePerson(context, scope, {
      name: 'Canary Person',
      email: 'canary.person@example.com',
    })
    return (await openSession(context, scope, person)).token
  })
  canaries.set('the token of a session', token)
  canaries.set('the name of a person', 'Canary Person')
  canaries.set('the address of a person', 'canary.person@example.com')
  await send('GET', '/v1/products', { cookie: `${SESSION_COOKIE}=${token}` })
  await send(
    'POST',
    '/v1/products',
    { cookie: `${SESSION_COOKIE}=${token}`, origin: 'https://evil.example' },
    {},
  )
  await send('GET', '/v1/products', { cookie: `${SESSION_COOKIE}=${canary('wrong session')}` })
  canaries.set("the operator's key", KEY)
})

test('sign-in: passwords and one-time links that are wrong', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: service.url }
  const fields = (values: Record<string, string>) => new URLSearchParams(values).toString()
  await send('POST', '/sign-in', form, fields({ email: 'nobody@example.com', password: canary('password') }))
  await send('POST', '/sign-in/link', form, fields({ token: 'none', password: canary('new password') }))
  await send(
    'POST',
    '/sign-in/password',
    form,
    fields({ current: canary('current'), password: canary('next') }),
  )
})

test('every route: a canary where a secret might be sent by mistake, and a failure inside', async () => {
  for (const { name, method, path } of routesOf(service)) {
    if (name.startsWith('GET /docs') || name === 'GET /') continue
    const address = path.replace(/:\w+/g, 'none')
    const headers = name in openRoutes ? {} : operator()
    await send(
      method,
      address,
      { ...headers, 'x-api-key': canary('header') },
      method === 'GET' ? undefined : { password: canary('body') },
    )
    await send(method, address, { ...headers, authorization: `Bearer ${canary('bearer')}` })
  }
  for (const [index, [name, make]] of Object.entries(samples).entries()) {
    const { path, body, headers } = await make(world, `canary-${index}`)
    const seat = world.seats[name.includes('opened') ? 'reseller' : 'vendor'].organisation_id
    await send(
      name.split(' ')[0] ?? '',
      path,
      {
        ...operator(),
        ...headers,
        'syndic-organisation': seat,
        ...keyed().header,
        ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
      },
      body,
    )
    // An answer that shows a secret once has it there.
    if (name === 'POST /v1/api-keys') answers.pop()
  }
  for (let step = 0; step < 3; step += 1) await service.move(60_000)
})

test('a failure of the database is logged without what was sent', async () => {
  const { context } = service.services
  const broken = { ...context.store, inTenant: () => Promise.reject(new Error('the database went away')) }
  const whole = context.store
  context.store = broken
  try {
    const answer = await send('POST', '/v1/connections', operator(), {
      cloud: 'aws',
      name: 'Broken',
      account_id: '1',
      credentials: { secret_access_key: canary('while it broke') },
    })
    expect(answer.status).toBe(500)
  } finally {
    context.store = whole
  }
  const text = `nul \u0000 ${canary('unstorable')}`
  await send('POST', '/v1/organisations', operator(), { kind: 'vendor', name: text })
})

test('no canary is anywhere', async () => {
  const { vendor, reseller } = world.seats
  const values = { connection_id: vendor.connection_id, expires_on: '2026-03-01', format: 'csv' }
  for (const { path, answer } of await readEverything(service, vendor.organisation_id, values)) {
    answers.push({ to: `GET ${path}`, text: answer.text })
  }
  for (const path of ['/v1/audit/export', '/v1/operations?limit=200']) {
    answers.push({ to: path, text: (await readAs(service, reseller.organisation_id, path)).text })
  }
  expect(canaries.size).toBeGreaterThan(20)
  expect(answers.length).toBeGreaterThan(200)
  // Whoever runs the installation is shown who there is; the database and the log are not to have it in the clear.
  const allowed = /^the (name|address) of a person in the answer to GET \/v1\/people/
  expect((await seen()).filter((place) => !allowed.test(place))).toEqual([])
})

test('a secret that leaked would be found', async () => {
  service.logged.push(`{"event": "oops", "secret": "${canary('password')}"}`)
  expect(await seen()).toContain('password in the log')
  service.logged.pop()
  await world.tenant(({ tx, organisation_id }) =>
    tx.product.updateMany({ where: { organisation_id }, data: { short_description: canary('secret 1') } }),
  )
  expect(await seen()).toContain('secret 1 in table product')
})
