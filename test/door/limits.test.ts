// How often somebody may ask, and how an answer says so.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { makeLimiter } from '../../src/door/index.ts'
import { makeHome } from '../../src/organisations/index.ts'
import { makeServices } from '../../src/services.ts'
import { type TestContext, testContext } from '../support/context.ts'

const KEY = 'sk_test_0123456789abcdefghijklmnop'
const MINUTE = 60_000

let context: TestContext
let app: ReturnType<typeof makeApp>
let address: string | undefined
beforeEach(async () => {
  context = await testContext()
  await makeHome(context.store)
  address = '192.0.2.1'
  open({ SYNDIC_RATE_PER_MINUTE: '3', SYNDIC_OPEN_RATE_PER_MINUTE: '2' })
})
afterEach(() => context.close())

function open(settings: Record<string, string>): void {
  context.config = readConfig(settings)
  app = makeApp(makeServices(context), {
    development_key: KEY,
    version: 'test',
    refresh: async () => {},
    address: () => address,
  })
}

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await app.request(path, { headers })
  const { status } = answer
  const { policy, limit, retry } = {
    policy: answer.headers.get('ratelimit-policy'),
    limit: answer.headers.get('ratelimit'),
    retry: answer.headers.get('retry-after'),
  }
  return { status, policy, limit, retry, text: await answer.text() }
}

const bearer = { authorization: `Bearer ${KEY}` }
const mine = () => get('/v1/me', bearer)

test('a key is told what is left to it, is turned away when nothing is, and goes on a minute after it began', async () => {
  expect(await mine()).toMatchObject({
    status: 200,
    policy: '"caller";q=3;w=60',
    limit: '"caller";r=2;t=60',
    retry: null,
  })
  context.wall.move(20_500)
  expect(await mine()).toMatchObject({ status: 200, limit: '"caller";r=1;t=40' })
  expect(await mine()).toMatchObject({ status: 200, limit: '"caller";r=0;t=40' })
  const refused = await mine()
  expect(refused).toMatchObject({
    status: 429,
    policy: '"caller";q=3;w=60',
    limit: '"caller";r=0;t=40',
    retry: '40',
  })
  expect(JSON.parse(refused.text)).toMatchObject({ type: '/problems/too-many-requests', status: 429 })
  context.wall.move(MINUTE - 20_500 - 1)
  expect((await mine()).status).toBe(429)
  context.wall.move(1)
  expect(await mine()).toMatchObject({ status: 200, limit: '"caller";r=2;t=60' })
})

test('each key has its own window', async () => {
  const made = await app.request('/v1/api-keys', {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'program', scopes: ['catalog.read'] }),
  })
  const { secret } = (await made.json()) as { secret: string }
  for (let index = 0; index < 2; index += 1) await mine()
  expect((await mine()).status).toBe(429)
  const other = { authorization: `Bearer ${secret}` }
  expect(await get('/v1/products', other)).toMatchObject({ status: 200, limit: '"caller";r=2;t=60' })
})

test('the doors without a key are limited by address', async () => {
  const ask = () => get('/problems')
  expect(await ask()).toMatchObject({ status: 200, policy: '"open";q=2;w=60', limit: '"open";r=1;t=60' })
  await ask()
  expect(await ask()).toMatchObject({ status: 429, retry: '60' })
  expect((await get('/v1/webhooks/conn_none')).status).toBe(429)
  address = '192.0.2.2'
  expect((await ask()).status).toBe(200)
})

test('health is asked as often as anybody likes', async () => {
  for (let index = 0; index < 5; index += 1)
    expect(await get('/health')).toMatchObject({ status: 200, policy: null })
})

test('whoever guesses keys is turned away by address, and locks nobody else out', async () => {
  const guess = (text: string) => get('/v1/me', { authorization: `Bearer syn_${text}` })
  expect((await guess('one')).status).toBe(401)
  expect((await guess('two')).status).toBe(401)
  expect(await guess('three')).toMatchObject({ status: 429, retry: '60' })
  expect((await mine()).status).toBe(200)
})

test('a header says where a request came from only where a trusted proxy was named, and then its last part', async () => {
  const claim = (text: string) => get('/problems', { 'x-forwarded-for': text })
  await claim('198.51.100.1')
  await claim('198.51.100.2')
  expect((await claim('198.51.100.3')).status).toBe(429)
  open({ SYNDIC_OPEN_RATE_PER_MINUTE: '2', SYNDIC_ADDRESS_HEADER: 'X-Forwarded-For' })
  await claim('203.0.113.1, 198.51.100.1')
  await claim('203.0.113.2, 198.51.100.1')
  expect((await claim('203.0.113.3, 198.51.100.1')).status).toBe(429)
  expect((await claim('203.0.113.3, 198.51.100.2')).status).toBe(200)
})

describe('the counting', () => {
  const now = new Date('2026-01-05T09:00:00Z')

  test('0 means no limit', () => {
    expect(makeLimiter({ caller: 0, open: 1, sign_in: 1 }).take('caller', 'a', now)).toBeUndefined()
  })

  test('remembers so many callers and no more: the one that began first is forgotten', () => {
    const limiter = makeLimiter({ caller: 1, open: 1, sign_in: 1 })
    for (let index = 0; index < 50_000; index += 1) limiter.take('open', String(index), now)
    expect(limiter.take('open', '0', now)?.ok).toBe(false)
    expect(limiter.take('open', 'another', now)?.ok).toBe(true)
    expect(limiter.take('open', '1', now)?.ok).toBe(false)
    expect(limiter.take('open', '0', now)?.ok).toBe(true)
  })
})
