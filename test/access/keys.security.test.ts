// Keys of programs: forged, expired, revoked, and asked to do more than they may.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEY_CACHE_MS } from '../../src/access/authenticate.ts'
import { hashOf } from '../../src/access/secret.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { firstPerson, type House, OPERATOR_KEY, openHouse, SITE } from './browser.ts'

let house: House
let cookie: string
beforeAll(async () => {
  house = await openHouse()
  const ann = house.browser()
  await firstPerson(house, ann)
  cookie = `__Host-syndic=${ann.cookies.get('__Host-syndic')}`
})
afterAll(() => house.close())

async function send(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  const all = { origin: SITE, 'content-type': 'application/json', ...headers }
  const answer = await house.fetch(new Request(`${SITE}${path}`, { method, headers: all, ...init }))
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const works = async (secret: string) => (await send('GET', '/v1/me', bearer(secret))).status === 200

type Made = { id: string; secret: string; expires_at: string }
let keys = 0
async function newKey(scopes: string[], days?: number, headers: Record<string, string> = { cookie }) {
  keys += 1
  const draft = { name: `Key ${keys}`, scopes, ...(days === undefined ? {} : { days }) }
  return send('POST', '/v1/api-keys', { 'idempotency-key': `key-${keys}`, ...headers }, draft)
}
async function made(scopes: string[], days?: number): Promise<Made> {
  const { status, body } = await newKey(scopes, days)
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

test('a key that was forged, cut, lengthened, or is what the database keeps, is none', async () => {
  const { secret, id } = await made(['catalog.read'])
  expect(await works(secret)).toBe(true)
  const digest = await hashOf(secret)
  const forged = [id, digest, `syn_${digest}`, secret.slice(4), secret.slice(0, -1), `${secret}A`]
  for (const one of [...forged, secret.toUpperCase(), `${secret},${secret}`, OPERATOR_KEY.slice(0, -1)]) {
    expect([one, (await send('GET', '/v1/me', bearer(one))).status]).toEqual([one, 401])
  }
  expect((await send('GET', '/v1/me', { authorization: secret })).status).toBe(401)
  expect((await send('GET', '/v1/me', { cookie: `__Host-syndic=${secret}` })).status).toBe(401)
})

test('a key that expired works no longer, by wall time and to the millisecond', async () => {
  const { wall, clock } = house.context
  const { secret, expires_at } = await made(['catalog.read'], 1)
  const unseen = await made(['catalog.read'], 1)
  expect(expires_at).toBe(new Date(wall.now().getTime() + DAY_MS).toISOString())
  clock.move(100 * DAY_MS)
  wall.move(DAY_MS - 1)
  expect(await works(secret)).toBe(true)
  // It was looked up a millisecond ago, and is not believed for that.
  wall.move(1)
  for (const one of [secret, unseen.secret]) expect(await works(one)).toBe(false)
  wall.set('2026-01-05T09:00:00.000Z')
})

test('a key that was revoked ends when a process has forgotten that it was good, and at once where none saw it', async () => {
  const [seen, unseen] = [await made(['catalog.read']), await made(['catalog.read'])]
  expect(await works(seen.secret)).toBe(true)
  for (const { id } of [seen, unseen]) {
    const revoked = await send('POST', `/v1/api-keys/${id}/revoke`, { cookie })
    expect([revoked.status, revoked.body.revoked_at]).toEqual([200, expect.any(String)])
  }
  expect(await works(unseen.secret)).toBe(false)
  house.context.wall.move(KEY_CACHE_MS)
  expect(await works(seen.secret)).toBe(false)
})

test('a key makes no key that may do more than itself, nor outlives its year', async () => {
  const { secret } = await made(['keys.manage', 'catalog.read'])
  const more = await newKey(['catalog.read', 'ledger.manage'], 1, bearer(secret))
  expect(more).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'scopes', rule: 'ledger.manage is more than you may do yourself' }] },
  })
  expect((await newKey(['catalog.read'], 1, bearer(secret))).status).toBe(201)
  expect((await newKey(['catalog.read'], 367)).status).toBe(422)
  expect((await newKey(['operator'])).status).toBe(422)
})

test('the secret is told once, and not again by a repetition or a list', async () => {
  const { secret } = await made(['catalog.read'])
  const again = await send(
    'POST',
    '/v1/api-keys',
    { cookie, 'idempotency-key': `key-${keys}` },
    { name: `Key ${keys}`, scopes: ['catalog.read'] },
  )
  expect(again.status).toBe(201)
  expect(JSON.stringify(again.body)).not.toContain(secret)
  expect(JSON.stringify((await send('GET', '/v1/api-keys', { cookie })).body)).not.toContain(secret)
})

test('where the clouds are real, the operator key sees no organisation from inside', async () => {
  const live = await openHouse({ environment: { SYNDIC_MODE: 'live' }, seed: 3 })
  const status = async (path: string) =>
    (await live.fetch(new Request(`${SITE}${path}`, { headers: bearer(OPERATOR_KEY) }))).status
  expect(await Promise.all(['/v1/organisations', '/v1/me', '/v1/people'].map(status))).toEqual([
    200, 200, 200,
  ])
  const closed = ['/v1/ledger/accounts', '/v1/offers', '/v1/connections', '/v1/audit', '/v1/api-keys']
  expect(await Promise.all(closed.map(status))).toEqual(closed.map(() => 403))
  await live.close()
})
