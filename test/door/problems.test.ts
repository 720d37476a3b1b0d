// The refusals of the whole service, as somebody outside meets them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp } from '../../src/app.ts'
import { Refusal } from '../../src/core/problem.ts'
import { makeHome } from '../../src/organisations/index.ts'
import { makeServices } from '../../src/services.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { type Answer, readAnswer } from './support.ts'

const KEY = 'sk_test_0123456789abcdefghijklmnop'
const MEBIBYTE = 1024 * 1024

let context: TestContext
let app: ReturnType<typeof makeApp>
let notReady: Refusal | undefined
beforeAll(async () => {
  context = await testContext()
  await makeHome(context.store)
  app = makeApp(makeServices(context), {
    development_key: KEY,
    version: 'test',
    refresh: async () => {},
    notReady: async () => notReady,
  })
})
afterAll(() => context.close())

type Sending = { headers?: Record<string, string>; key?: string | null; body?: RequestInit['body'] }

async function call(
  method: string,
  path: string,
  { headers = {}, key = KEY, body }: Sending = {},
): Promise<Answer> {
  const init = {
    method,
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  }
  return readAnswer(await app.request(path, init))
}

const json = { 'content-type': 'application/json' }
const create = (body: unknown, headers: Record<string, string> = {}) =>
  call('POST', '/v1/organisations', { headers: { ...json, ...headers }, body: JSON.stringify(body) })

/** Every refusal is a problem with a type of its own, a status that agrees, and a sentence. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.status).toBe(status)
  expect(answer.body).toMatchObject({ type: `/problems/${code}`, status, title: expect.any(String) })
  expect((answer.body as { detail: string }).detail).toMatch(/\S+ \S+/)
}

test('health needs no key', async () => {
  expect(await call('GET', '/health', { key: null })).toMatchObject({
    status: 200,
    body: { status: 'ok', version: 'test' },
  })
})

test.each([
  ['no key', null],
  ['a wrong key', `${KEY}x`],
  ['a part of the key', KEY.slice(0, -1)],
  ['an empty key', ''],
])('%s is not let in', async (_, key) => {
  expectProblem(await call('GET', '/v1/organisations', { key }), 401, 'unauthenticated')
})

test('the key is a bearer key and nothing else', async () => {
  for (const authorization of [KEY, `Basic ${KEY}`, `bearer${KEY}`]) {
    const answer = await call('GET', '/v1/organisations', { key: null, headers: { authorization } })
    expectProblem(answer, 401, 'unauthenticated')
  }
})

test('an organisation that is not there is not found, whatever is asked of it', async () => {
  const headers = { 'syndic-organisation': 'org_none' }
  const answer = await call('GET', '/v1/operations', { headers })
  expectProblem(answer, 404, 'not-found')
  expect(answer.text).toContain('org_none')
  expect((await call('GET', '/v1/operations', { headers: { 'syndic-organisation': '' } })).status).toBe(404)
})

test('an address where nothing is', async () => {
  expectProblem(await call('GET', '/v1/nothing'), 404, 'not-found')
  expectProblem(await call('GET', '/elsewhere', { key: null }), 404, 'not-found')
  expectProblem(await call('GET', '/v1/operations/op_none'), 404, 'not-found')
})

test.each([
  ['DELETE', '/v1/organisations', ['GET', 'POST']],
  ['PUT', '/v1/operations/op_1', ['GET']],
  ['GET', '/v1/operations/op_1/complete', ['POST']],
  ['PATCH', '/health', ['GET']],
])(
  '%s %s is a method that the address does not take, and the answer says which it takes',
  async (method, path, allowed) => {
    const answer = await call(method, path)
    expectProblem(answer, 405, 'method-not-allowed')
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed)
  },
)

test('a method on an unknown address is not found rather than not allowed', async () => {
  expectProblem(await call('DELETE', '/v1/organisations/org_1/more/of/it'), 404, 'not-found')
})

test('a body that is not JSON cannot be read', async () => {
  for (const body of ['{"kind": "vendor",', 'kind=vendor', '']) {
    const answer = await call('POST', '/v1/organisations', { headers: json, body })
    expectProblem(answer, 400, 'malformed-request')
  }
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/jsonish'])(
  'a body of type %s is not taken',
  async (type) => {
    const body = JSON.stringify({ kind: 'vendor', name: 'X' })
    const answer = await call('POST', '/v1/organisations', { headers: { 'content-type': type }, body })
    expectProblem(answer, 415, 'unsupported-media-type')
  },
)

test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json'])(
  'a body of type %s is taken',
  async (type) => {
    const body = JSON.stringify({ kind: 'vendor', name: type })
    const answer = await call('POST', '/v1/organisations', { headers: { 'content-type': type }, body })
    expect(answer.status).toBe(201)
  },
)

test('everything wrong with an input is told at once, each with its rule and what to do', async () => {
  const answer = await create({ kind: 'bank', name: '', colour: 'red', size: 3 })
  expectProblem(answer, 422, 'invalid-input')
  const { errors } = answer.body as { errors: { field: string; rule: string; fix: string }[] }
  expect(errors.map(({ field }) => field).toSorted()).toEqual(['colour', 'kind', 'name', 'size'])
  for (const { rule, fix } of errors) expect([rule, fix].every((text) => text.length > 5)).toBe(true)
  expect(errors.find(({ field }) => field === 'colour')).toMatchObject({ rule: 'is not a known field' })
  expect(errors.find(({ field }) => field === 'kind')?.fix).toContain('vendor, reseller')
})

test('a field deep inside is named by its path', async () => {
  const answer = await call('POST', '/v1/operations/op_1/complete', {
    headers: { ...json, 'idempotency-key': 'k' },
    body: JSON.stringify({ outcome: 'succeeded', target: { offer_id: 7 }, evidence: 'x' }),
  })
  expect(answer.body).toMatchObject({ errors: [{ field: 'target.offer_id' }] })
})

test('a body that is no object is named as the body', async () => {
  expect((await create([1])).body).toMatchObject({ errors: [{ field: 'body' }] })
  expect((await create(null)).body).toMatchObject({ errors: [{ field: 'body' }] })
})

test('where an Idempotency-Key is needed its absence is told, with the reason', async () => {
  const answer = await call('POST', '/v1/operations/op_1/complete', {
    headers: json,
    body: JSON.stringify({ outcome: 'succeeded', evidence: 'x' }),
  })
  expectProblem(answer, 400, 'idempotency-required')
  expect(answer.text).toMatch(/reaches a cloud or moves money.*Send an Idempotency-Key/)
})

test.each(['!!!', 'not a cursor', '%FF%FE', '_w', 'a'])('the cursor %s is none of ours', async (cursor) => {
  const answer = await call('GET', `/v1/operations?cursor=${encodeURIComponent(cursor)}`)
  expectProblem(answer, 422, 'invalid-input')
  expect(answer.body).toMatchObject({ errors: [{ field: 'query.cursor' }] })
})

test.each(['0', '201', '1.5', 'ten', '-1'])('a page of %s is refused', async (limit) => {
  const answer = await call('GET', `/v1/operations?limit=${limit}`)
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'query.limit' }] } })
})

test('a body above four mebibytes is turned away, whether it says its length or not', async () => {
  const large = JSON.stringify({ kind: 'vendor', name: 'x'.repeat(4 * MEBIBYTE) })
  const length = { 'content-length': String(large.length) }
  expectProblem(
    await call('POST', '/v1/organisations', { headers: { ...json, ...length }, body: large }),
    413,
    'too-large',
  )
  const streamed = new Blob([large]).stream()
  expectProblem(await call('POST', '/v1/organisations', { headers: json, body: streamed }), 413, 'too-large')
})

test('a body just below the limit is read', async () => {
  const text = JSON.stringify({ kind: 'vendor', name: 'x' })
  const padded = text + ' '.repeat(4 * MEBIBYTE - text.length)
  const headers = { ...json, 'content-length': String(padded.length) }
  expect((await call('POST', '/v1/organisations', { headers, body: padded })).status).toBe(201)
})

test('an error of our own says nothing about itself, and is logged', async () => {
  context.logged.length = 0
  const broken = makeApp(makeServices(context), {
    development_key: KEY,
    version: 'test',
    refresh: async () => {
      throw new TypeError('secret detail')
    },
  })
  const answer = await readAnswer(await broken.request('/v1/organisations'))
  expectProblem(answer, 500, 'internal')
  expect(answer.text).not.toContain('secret detail')
  expect(context.logged.join()).toContain('secret detail')
})

test('a request whose first one still runs is told when to come back', async () => {
  const busy = makeApp(makeServices(context), {
    development_key: KEY,
    version: 'test',
    refresh: async () => {
      throw new Refusal('idempotency-in-flight', 'Still running.')
    },
  })
  const answer = await readAnswer(await busy.request('/v1/organisations'))
  expectProblem(answer, 409, 'idempotency-in-flight')
  expect(answer.headers.get('retry-after')).toBe('1')
})

test('nothing is served while the database is behind the program, and the health says why', async () => {
  notReady = new Refusal('schema-behind', 'The database lacks a migration.')
  try {
    expectProblem(await call('GET', '/v1/organisations'), 503, 'schema-behind')
    expect(await call('GET', '/health', { key: null })).toMatchObject({
      status: 503,
      body: { status: 'not ready', problem: 'The database lacks a migration.' },
    })
  } finally {
    notReady = undefined
  }
})
