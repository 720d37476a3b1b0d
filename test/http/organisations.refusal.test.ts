import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyed, refusal } from '../support/seats.ts'
import { KEY, type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
const post = (body: string, more: Record<string, string> = {}) =>
  service.send('/v1/organisations', { method: 'POST', headers: { ...headers, ...more }, body })

test('every field that is wrong is named, with what to do', async () => {
  const { status, json } = await post('{"kind":"bank","name":" ","colour":"red"}')
  expect(status).toBe(422)
  expect(json).toMatchObject({
    type: '/problems/invalid-input',
    errors: [
      { field: 'kind', fix: 'Use one of: vendor, reseller' },
      { field: 'name' },
      { field: 'colour', rule: 'is not a known field' },
    ],
  })
})

test('a key owns nothing', async () => {
  const { status, json } = await post('{"kind":"vendor","name":"Mine","owned_by_me":true}')
  expect(status).toBe(422)
  expect(json).toMatchObject({
    errors: [{ field: 'owned_by_me', fix: expect.stringContaining('owner_email') }],
  })
})

test('what is no JSON cannot be read, and what does not say that it is JSON is not taken', async () => {
  for (const answer of [await post('{'), await post('')]) {
    expect(answer).toMatchObject({ status: 400, json: { type: '/problems/malformed-request' } })
  }
  const untold = await post('{}', { 'content-type': 'text/plain' })
  expect(untold).toMatchObject({ status: 415, json: { type: '/problems/unsupported-media-type' } })
})

test('a key that was used for another request is a conflict', async () => {
  const params = { header: { 'idempotency-key': 'once' } }
  await service.client().POST('/v1/organisations', { params, body: { kind: 'reseller', name: 'One' } })
  const again = await service
    .client()
    .POST('/v1/organisations', { params, body: { kind: 'reseller', name: 'Two' } })
  expect(refusal(again, 409).type).toBe('/problems/idempotency-conflict')
})

test('nothing can be done for an organisation that is not there', async () => {
  expect(refusal(await service.client('org_nobody').GET('/v1/products'), 404).detail).toContain('org_nobody')
})

// A text of JSON may hold what no text of the database holds; that is the sender's mistake, not ours.
test.each([
  ['NUL', '"a\\u0000b"'],
  ['half a surrogate pair, which is kept as the sign for it', '"a\\ud800b"'],
])('a name with %s never breaks anything', async (_, name) => {
  const { status } = await post(`{"kind":"reseller","name":${name}}`)
  expect([201, 422]).toContain(status)
  expect(await service.client().GET('/v1/organisations')).toMatchObject({ response: { status: 200 } })
})

test.each([
  '/v1/deals/%00',
  '/v1/offers/%00',
  '/v1/operations/a%00b',
  '/v1/deals?cursor=AA',
  '/v1/offers?deal_id=%00',
])('%s is refused, not broken', async (path) => {
  expect((await service.send(path, { headers })).status).toBe(422)
})

test.each(['/v1/deals?cursor=%F0%9F', '/v1/deals?limit=0', '/v1/deals?limit=many', '/v1/offers?state=sold'])(
  '%s names the parameter that is wrong',
  async (path) => {
    const { status, json } = await service.send(path, { headers })
    expect(status).toBe(422)
    expect(json).toMatchObject({ errors: [{ field: expect.stringMatching(/^query\./) }] })
  },
)

test('a key of a write is at most 200 characters', async () => {
  const params = { header: { 'idempotency-key': 'k'.repeat(201) } }
  const made = await service
    .client()
    .POST('/v1/organisations', { params, body: { kind: 'vendor', name: 'Long' } })
  expect(refusal(made, 422).errors?.[0]?.field).toContain('idempotency-key')
  expect(keyed().header['idempotency-key'].length).toBeLessThan(200)
})
