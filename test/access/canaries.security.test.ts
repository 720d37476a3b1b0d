// Distinctive secrets go in wherever a secret can, through every route, every refusal and every failure. None comes out
// again: not in the database, the log, an answer, an export, or what is kept of a change at a cloud.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SESSION_COOKIE } from '../../src/access/cookies.ts'
import { FLOW_COOKIE } from '../../src/access/flow.ts'
import { makePerson } from '../../src/access/people.ts'
import { openRoutes } from '../../src/access/route-permissions.ts'
import { makeSignInLink } from '../../src/access/sign-in-tokens.ts'
import { readAs, readEverything } from '../support/crawl.ts'
import { samples } from '../support/samples.ts'
import { keyed } from '../support/seats.ts'
import { KEY, SECRET_KEY } from '../support/service.ts'
import { type Answer, type Aviary, CLIENT_SECRET, isIn, openAviary } from './canaries.ts'
import { routesOf } from './routes.ts'

let aviary: Aviary
let send: Aviary['send']
let canary: Aviary['canary']
beforeAll(async () => {
  aviary = await openAviary()
  ;({ send, canary } = aviary)
  aviary.know("the operator's key", KEY)
  aviary.know('the secret key', SECRET_KEY)
  aviary.know('the client secret at the provider', CLIENT_SECRET)
  for (const seat of Object.values(aviary.world.seats))
    aviary.know(`the credential in use of ${seat.organisation_id}`, seat.secrets[1] ?? '')
})
afterAll(() => aviary.stop())

const operator = () => ({
  authorization: `Bearer ${KEY}`,
  'syndic-organisation': aviary.world.seats.vendor.organisation_id,
})
const guid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

/** Credentials that each cloud's connector takes, with a canary in them. */
const DRAFTS: Record<
  string,
  (n: number, what: string) => { account_id: string; credentials: object; settings: object }
> = {
  aws: (n, what) => ({
    account_id: `30000000000${n}`,
    credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: canary(what) },
    settings: {},
  }),
  azure: (n, what) => ({
    account_id: `seller-${n}`,
    credentials: { client_secret: canary(what) },
    settings: { tenant_id: guid(n), client_id: guid(n) },
  }),
  gcp: (n, what) => ({
    account_id: `provider-${n}`,
    credentials: {
      private_key: `-----BEGIN PRIVATE KEY-----\n${canary(what)}\n-----END PRIVATE KEY-----\n`,
    },
    settings: { service_account: `robot-${n}@example.iam.gserviceaccount.com`, project: `project-${n}` },
  }),
}

test.each(Object.keys(DRAFTS))(
  'credentials of %s: taken, refused, changed, and used while the cloud fails',
  async (cloud) => {
    const draft = (n: number) => ({
      cloud,
      name: `Account ${n}`,
      ...DRAFTS[cloud]?.(n, `${cloud} secret ${n}`),
    })
    const post = async (body: unknown, more = {}) =>
      (await send('POST', '/v1/connections', { ...operator(), ...more }, body)).status
    const key = { 'idempotency-key': `connect ${cloud}` }
    const made = await send('POST', '/v1/connections', { ...operator(), ...key }, draft(1))
    expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 })
    const { id } = made.json as { id: string }
    // The same again, the same with another body, another field, an account that is taken, no JSON at all.
    expect(await post(draft(1), key)).toBe(201)
    expect(await post(draft(2), key)).toBe(409)
    const wrong = draft(3)
    expect(
      await post({ ...wrong, credentials: { ...wrong.credentials, more: canary(`${cloud} more`) } }),
    ).toBe(422)
    expect(
      await post({ ...wrong, settings: { ...wrong.settings, secret: canary(`${cloud} setting`) } }),
    ).toBe(422)
    expect(await post({ ...draft(4), account_id: draft(1).account_id })).toBe(409)
    expect(await post(`{"credentials": "${canary(`${cloud} broken`)}"`)).toBe(400)
    const patch = async (path: string, n: number) =>
      (await send('PATCH', path, operator(), { credentials: draft(n).credentials })).status
    expect(await patch(`/v1/connections/${id}`, 5)).toBe(200)
    expect(await patch('/v1/connections/conn_none', 6)).toBe(404)
    const { network } = aviary.service
    for (const down of [undefined, /./]) {
      network.down = down
      expect((await send('POST', `/v1/connections/${id}/test`, operator())).status).toBeLessThan(600)
    }
    network.down = undefined
  },
)

test('API keys: good, revoked, wrong, and in the wrong place', async () => {
  const wanted = { name: 'Program', scopes: ['catalog.read', 'keys.read'] }
  const make = () => send('POST', '/v1/api-keys', { ...operator(), 'idempotency-key': 'k1' }, wanted)
  const shows = ({ json }: Answer) => ({ 'the secret of a key': (json as { secret: string }).secret })
  const { json } = await send(
    'POST',
    '/v1/api-keys',
    { ...operator(), 'idempotency-key': 'k1' },
    wanted,
    shows,
  )
  const { id, secret } = json as { id: string; secret: string }
  expect((await make()).headers.get('idempotency-replayed')).toBe('true')
  const bearer = { authorization: `Bearer ${secret}` }
  expect((await send('GET', '/v1/products', bearer)).status).toBe(200)
  expect((await send('GET', '/v1/api-keys', bearer)).status).toBe(200)
  expect((await send('GET', '/v1/offers', bearer)).status).toBe(403)
  expect((await send('POST', `/v1/api-keys/${id}/revoke`, operator())).status).toBe(200)
  // A process believes a key for a moment before it looks again.
  await aviary.service.move(60_000)
  expect((await send('GET', '/v1/products', bearer)).status).toBe(401)
  expect((await send('GET', '/v1/me', { authorization: `Bearer ${canary('wrong key')}` })).status).toBe(401)
  expect((await send('GET', '/v1/me', { 'x-api-key': canary('key in a header') })).status).toBe(401)
})

/** The session's cookie of an answer. */
const cookieOf = ({ headers }: Answer, name = SESSION_COOKIE) =>
  headers.getSetCookie().map((line) => new RegExp(`^${name}=([^;]+)`).exec(line)?.[1])[0]

test('people: links, passwords and sessions, good and bad', async () => {
  const { context, service } = aviary
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: service.url }
  const fields = (values: Record<string, string>) => new URLSearchParams(values).toString()
  const email = 'canary.person@example.com'
  const person = { name: 'Canary Person', email }
  const link = await context.store.inInstallation(async (scope) =>
    makeSignInLink(context, scope, await makePerson(context, scope, person)),
  )
  aviary.know('the name of a person', person.name)
  aviary.know('the address of a person', email)
  const token = new URL(link, service.url).searchParams.get('token') ?? ''
  // The page takes the link's token into its form.
  await send('GET', link, {}, undefined, () => ({ 'the token of a link': token }))
  const session = (name: string) => (answer: Answer) => ({ [name]: cookieOf(answer) })
  const password = canary('password')
  const first = await send('POST', '/sign-in/link', form, fields({ token, password }), session('session 1'))
  expect(first.status).toBe(303)
  const again = await send('POST', '/sign-in', form, fields({ email, password }), session('session 2'))
  const cookie = { cookie: `${SESSION_COOKIE}=${cookieOf(again)}` }
  expect((await send('GET', '/v1/me/personal-data', cookie)).status).toBe(200)
  const change = (current: string, next: string) =>
    send('POST', '/sign-in/password', { ...form, ...cookie }, fields({ current, password: next }))
  expect((await change(canary('not the password'), canary('never taken'))).status).toBe(401)
  expect((await change(password, canary('the next password'))).status).toBe(200)
  for (const values of [
    { email, password: canary('a wrong password') },
    { email: 'nobody@example.com', password: canary('the password of nobody') },
  ])
    expect((await send('POST', '/sign-in', form, fields(values))).status).toBeGreaterThan(400)
  const used = { token, password: canary('for a used link') }
  expect((await send('POST', '/sign-in/link', form, fields(used))).status).toBe(401)
  const foreign = { ...cookie, origin: 'https://evil.example' }
  expect((await send('POST', '/v1/products', foreign, {})).status).toBe(403)
  await send('POST', '/sign-in/out', { ...form, ...cookie })
  expect((await send('GET', '/v1/me', cookie)).status).toBe(401)
  await send('GET', '/v1/me', { cookie: `${SESSION_COOKIE}=${canary('a wrong session')}` })
})

test('a provider that repeats what it was sent', async () => {
  const begun = await send('GET', '/sign-in/oidc', {}, undefined, (answer) => ({
    'the cookie of a flow': cookieOf(answer, FLOW_COOKIE),
  }))
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state')
  const back = `/sign-in/oidc/callback?code=${canary('code')}&state=${state}&iss=https://login.example`
  const answer = await send('GET', back, { cookie: `${FLOW_COOKIE}=${cookieOf(begun, FLOW_COOKIE)}` })
  expect(answer.status).toBe(401)
  expect(aviary.service.logged.join()).toContain('sign_in.provider_refused')
})

test('every route: a canary where a secret might be sent by mistake, and every write with what it takes', async () => {
  const { service, world } = aviary
  for (const { name, method, path } of routesOf(service)) {
    if (name.startsWith('GET /docs') || name === 'GET /') continue
    const address = path.replace(/:\w+/g, 'none')
    const headers = name in openRoutes ? {} : operator()
    const body = method === 'GET' ? undefined : { password: canary('in a body') }
    await send(method, address, { ...headers, 'x-api-key': canary('in a header') }, body)
    await send(method, address, { ...headers, authorization: `Bearer ${canary('bearer')}` })
  }
  for (const [index, [name, make]] of Object.entries(samples).entries()) {
    const { path, body, headers, seat = 'vendor' } = await make(world, `canary-${index}`)
    const type = typeof body === 'string' ? 'text/csv' : 'application/json'
    const own = headers ?? { ...operator(), 'syndic-organisation': world.seats[seat].organisation_id }
    const shows = ({ json }: Answer) => ({ 'another key': (json as { secret?: string }).secret })
    const all = { origin: service.url, ...own, ...keyed().header, 'content-type': type }
    const once = name === 'POST /v1/api-keys' ? shows : undefined
    const { status, text } = await send(name.split(' ')[0] ?? '', path, all, body, once)
    expect(status < 300 ? [] : [name, text]).toEqual([])
  }
  for (let step = 0; step < 3; step += 1) await service.move(60_000)
})

test('a failure inside is logged without what was sent', async () => {
  const { context } = aviary
  const whole = context.store
  context.store = { ...whole, inTenant: () => Promise.reject(new Error('the database went away')) }
  try {
    const body = { cloud: 'aws', name: 'Broken', ...DRAFTS.aws?.(7, 'sent while it broke') }
    expect((await send('POST', '/v1/connections', operator(), body)).status).toBe(500)
  } finally {
    context.store = whole
  }
  const text = `nul \u0000 ${canary('cannot be stored')}`
  expect((await send('POST', '/v1/organisations', operator(), { kind: 'vendor', name: text })).status).toBe(
    422,
  )
})

test('no canary is anywhere', async () => {
  const { service, world, heard } = aviary
  const { vendor, reseller } = world.seats
  const values = { connection_id: vendor.connection_id, expires_on: '2026-03-01', format: 'csv' }
  const read = await readEverything(service, vendor.organisation_id, values)
  for (const { path, answer } of read) heard(`GET ${path}`, answer.text)
  for (const path of ['/v1/audit/export', '/v1/ledger/export?format=csv', '/v1/operations?limit=200']) {
    const { status, text } = await readAs(service, reseller.organisation_id, path)
    expect({ path, status }).toEqual({ path, status: 200 })
    heard(path, text)
  }
  expect(read.map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/audit/export']))
  expect(aviary.known().length).toBeGreaterThan(50)
  // People are shown what is theirs, and whoever runs the installation who there is; the database and the log are not to
  // have it in the clear.
  const allowed =
    /^the (name|address) of a person in the answer to (GET \/v1\/(people|me\/personal-data)|(GET|POST) \/sign-in)/
  expect((await aviary.seen()).filter((place) => !allowed.test(place))).toEqual([])
})

test('a secret that leaked would be found, also in base64', async () => {
  const { service, world } = aviary
  const basic = Buffer.from(`me:${canary('password')}`).toString('base64')
  service.logged.push(JSON.stringify({ event: 'oops', headers: { authorization: `Basic ${basic}` } }))
  expect(await aviary.seen()).toContain('password in the log')
  service.logged.pop()
  await world.tenant(({ tx, organisation_id }) =>
    tx.product.updateMany({
      where: { organisation_id },
      data: { short_description: canary('aws secret 1') },
    }),
  )
  expect(await aviary.seen()).toContain('aws secret 1 in table product')
  expect(isIn('a secret of its own', 'nothing of it')).toBe(false)
})
