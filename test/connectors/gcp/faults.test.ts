import { describe, expect, test } from 'vitest'
import { fromReply, isFaultOf, problemsOf, toFault } from '../../../connectors/gcp/faults.ts'
import { Fault, type FaultCode } from '../../../src/core/fault.ts'
import { connectionOf, connectorWith, json, privateKeyPem, refused, service } from './support.ts'

const none = new Headers()
const body = (status: string, details: unknown[] = []) => ({
  error: { code: 400, status, message: 'words', details },
})
const info = (reason: string) => [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }]

describe('what Google says as what it means for us', () => {
  const table: [number, unknown, FaultCode, string][] = [
    [429, body('RESOURCE_EXHAUSTED'), 'throttled', 'RESOURCE_EXHAUSTED'],
    [
      429,
      body('RESOURCE_EXHAUSTED', info('RATE_LIMIT_EXCEEDED')),
      'throttled',
      'RESOURCE_EXHAUSTED/RATE_LIMIT_EXCEEDED',
    ],
    [
      429,
      body('RESOURCE_EXHAUSTED', info('RESOURCE_QUOTA_EXCEEDED')),
      'quota_exceeded',
      'RESOURCE_EXHAUSTED/RESOURCE_QUOTA_EXCEEDED',
    ],
    [
      403,
      body('PERMISSION_DENIED', info('RATE_LIMIT_EXCEEDED')),
      'throttled',
      'PERMISSION_DENIED/RATE_LIMIT_EXCEEDED',
    ],
    [503, body('UNAVAILABLE'), 'unavailable', 'UNAVAILABLE'],
    [500, body('INTERNAL'), 'unavailable', 'INTERNAL'],
    [500, body('UNKNOWN'), 'unavailable', 'UNKNOWN'],
    [500, body('DATA_LOSS'), 'unavailable', 'DATA_LOSS'],
    [499, body('CANCELLED'), 'unavailable', 'CANCELLED'],
    [504, body('DEADLINE_EXCEEDED'), 'timeout', 'DEADLINE_EXCEEDED'],
    [401, body('UNAUTHENTICATED'), 'unauthorised', 'UNAUTHENTICATED'],
    [
      401,
      body('UNAUTHENTICATED', info('ACCESS_TOKEN_EXPIRED')),
      'unauthorised',
      'UNAUTHENTICATED/ACCESS_TOKEN_EXPIRED',
    ],
    [403, body('PERMISSION_DENIED'), 'forbidden', 'PERMISSION_DENIED'],
    [
      403,
      body('PERMISSION_DENIED', info('SERVICE_DISABLED')),
      'forbidden',
      'PERMISSION_DENIED/SERVICE_DISABLED',
    ],
    [404, body('NOT_FOUND'), 'not_found', 'NOT_FOUND'],
    [400, body('INVALID_ARGUMENT'), 'invalid', 'INVALID_ARGUMENT'],
    [400, body('OUT_OF_RANGE'), 'invalid', 'OUT_OF_RANGE'],
    [501, body('UNIMPLEMENTED'), 'invalid', 'UNIMPLEMENTED'],
    [400, body('FAILED_PRECONDITION'), 'conflict', 'FAILED_PRECONDITION'],
    [409, body('ALREADY_EXISTS'), 'conflict', 'ALREADY_EXISTS'],
    [409, body('ABORTED'), 'locked', 'ABORTED'],
    [
      400,
      { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
      'unauthorised',
      'invalid_grant',
    ],
    [401, { error: 'invalid_client' }, 'unauthorised', 'invalid_client'],
    [400, { error: 'invalid_scope' }, 'unauthorised', 'invalid_scope'],
    [400, { error: 'unsupported_grant_type' }, 'invalid', 'unsupported_grant_type'],
    [503, { error: 'temporarily_unavailable' }, 'unavailable', 'temporarily_unavailable'],
    [400, { error: { status: 'BRAND_NEW' } }, 'invalid', 'BRAND_NEW'],
    [429, {}, 'throttled', 'HTTP 429'],
    [401, {}, 'unauthorised', 'HTTP 401'],
    [403, {}, 'forbidden', 'HTTP 403'],
    [404, {}, 'not_found', 'HTTP 404'],
    [408, {}, 'timeout', 'HTTP 408'],
    [409, {}, 'conflict', 'HTTP 409'],
    [423, {}, 'locked', 'HTTP 423'],
    [418, {}, 'invalid', 'HTTP 418'],
    [502, null, 'unavailable', 'HTTP 502'],
    [302, {}, 'unreadable_reply', 'HTTP 302'],
    [500, { error: { status: 'toString' } }, 'unavailable', 'toString'],
  ]
  test.each(table)('%i %j is %s', (status, told, code, cloudCode) => {
    expect(fromReply('Call', status, none, told)).toMatchObject({ code, cloudCode })
  })

  test('the wait Google asks for', () => {
    const retry = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }]
    expect(fromReply('Call', 429, none, body('RESOURCE_EXHAUSTED', retry)).retryAfterMs).toBe(3500)
    expect(fromReply('Call', 503, new Headers({ 'retry-after': '7' }), {}).retryAfterMs).toBe(7000)
    expect(fromReply('Call', 503, new Headers({ 'retry-after': 'soon' }), {}).retryAfterMs).toBeUndefined()
  })

  test('each violation is a problem, and there is always one', () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'title', description: 'is required' }, { field: 'term' }],
      },
      {
        '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
        violations: [{ type: 'STATE', subject: 'offer', description: 'is accepted' }],
      },
    ]
    expect(problemsOf(fromReply('Call', 400, none, body('INVALID_ARGUMENT', details)))).toMatchObject([
      { field: 'title', message: 'is required' },
      { field: 'term' },
      { field: 'offer', code: 'STATE' },
    ])
    expect(problemsOf(fromReply('Call', 400, none, body('INVALID_ARGUMENT')))).toMatchObject([
      { code: 'INVALID_ARGUMENT' },
    ])
  })

  test('a mistake of our own is none', () => {
    expect(toFault(new TypeError('x is not a function'), 'Call')).toBeUndefined()
    expect(toFault('text', 'Call')).toBeUndefined()
    expect(isFaultOf(new Fault('invalid', ''), 'invalid')).toBe(true)
  })
})

describe('a request through the official client', () => {
  const read = (answer: () => Response | Promise<Response>, connection = connectionOf()) => {
    const harness = connectorWith(answer)
    return { ...harness, asking: harness.connector.agreements?.read(connection, 'e-1') }
  }

  test.each([
    ['a refusal', () => refused(403, 'PERMISSION_DENIED'), 'forbidden'],
    [
      'a page of a load balancer',
      () => new Response('<html>Bad gateway</html>', { status: 502 }),
      'unavailable',
    ],
    [
      'a page that says all is well',
      () => new Response('<html>Hello</html>', { status: 200 }),
      'unreadable_reply',
    ],
    ['half a document', () => new Response('{"name":"provid', { status: 200 }), 'unreadable_reply'],
    ['a list', () => json([]), 'unreadable_reply'],
    ['nothing at all', () => new Response('', { status: 200 }), 'unreadable_reply'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      'unreadable_reply',
    ],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed')), 'connection_lost'],
  ])('%s is asked for once', async (_, answer, code) => {
    const { asking, requests, calls } = read(answer)
    await expect(asking).rejects.toMatchObject({ name: 'Fault', code })
    expect(requests).toHaveLength(1)
    expect(calls.at(-1)).toMatchObject({ call: 'GetEntitlement', outcome: code, cloud: 'gcp' })
  })

  test('carries the token and follows no redirect', async () => {
    const { asking, requests } = read(() => refused(404, 'NOT_FOUND'))
    await expect(asking).rejects.toMatchObject({ code: 'not_found' })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer token-1')
    expect(requests[0]?.redirect).toBe('manual')
    expect(requests[0]?.url).toBe(
      'https://cloudcommerceprocurement.googleapis.com/v1/providers/vendor-inc/entitlements/e-1',
    )
  })

  test('a key that is none is said without asking', async () => {
    const { asking, requests } = read(() => json({}), connectionOf({ credentials: { private_key: 'hello' } }))
    await expect(asking).rejects.toMatchObject({ code: 'unauthorised', cloudCode: 'BAD_PRIVATE_KEY' })
    expect(requests).toEqual([])
  })

  test('a key with escaped line ends is good', async () => {
    const escaped = connectionOf({ credentials: { private_key: privateKeyPem.replaceAll('\n', '\\n') } })
    await expect(read(() => refused(404, 'NOT_FOUND'), escaped).asking).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('a key never shows in what is remembered', async () => {
    const { asking } = read(() => refused(400, 'INVALID_ARGUMENT', `You sent ${privateKeyPem}`))
    const fault = await asking?.catch((error: unknown) => error)
    expect(String((fault as Fault).message)).not.toContain('BEGIN PRIVATE KEY')
    expect(JSON.stringify((fault as Fault).evidence)).not.toContain('BEGIN PRIVATE KEY')
  })

  test('a missing setting is said', async () => {
    const { connector } = connectorWith(() => json({}))
    const bare = connectionOf({ settings: {} })
    await expect(connector.listings?.read(bare, service)).rejects.toMatchObject({ code: 'invalid' })
    await expect(connector.agreements?.resolve(bare, 'x')).rejects.toMatchObject({ code: 'invalid' })
  })
})
