import { describe, expect, test } from 'vitest'
import { Fault, type FaultCode, judge } from '../../../src/core/fault.ts'
import { connectionOf, connectorWith, json, loginAnswer, tenant } from './support.ts'

type Bad = [what: string, answer: () => Response | Promise<Response>, code: FaultCode, cloudCode?: string]

const words = 'In the words of the cloud'
const fulfilment = (code: string, status: number, headers: Record<string, string> = {}) =>
  json({ code, message: words, target: '', details: [] }, status, headers)
const wrapped = (code: string, status: number) =>
  json({ error: { code, message: words, details: [] } }, status)
const html = (status: number) =>
  new Response('<html><body>Bad Gateway</body></html>', { status, headers: { 'content-type': 'text/html' } })

function brokenBody(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"id":"a'))
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body)
}

const bad: Bad[] = [
  ['a malformed request', () => fulfilment('BadRequest', 400), 'invalid', 'BadRequest'],
  ['a token that is not taken', () => fulfilment('Unauthorized', 401), 'unauthorised', 'Unauthorized'],
  ['a stranger', () => fulfilment('Forbidden', 403), 'forbidden', 'Forbidden'],
  ['nothing there', () => fulfilment('NotFound', 404), 'not_found', 'NotFound'],
  ['a conflict', () => fulfilment('Conflict', 409), 'conflict', 'Conflict'],
  ['too much', () => fulfilment('TooManyRequests', 429), 'throttled', 'TooManyRequests'],
  ['too much, without a body', () => new Response(null, { status: 429 }), 'throttled', 'HTTP 429'],
  ['its own failure', () => wrapped('InternalServerError', 500), 'unavailable', 'InternalServerError'],
  ['a failure with a code of refusal', () => wrapped('productLocked', 500), 'unavailable', 'productLocked'],
  ['not there just now', () => wrapped('ServiceUnavailable', 503), 'unavailable'],
  ['a locked product', () => wrapped('productLocked', 400), 'locked', 'productLocked'],
  ['too many things', () => wrapped('collectionLimitExceeded', 400), 'quota_exceeded'],
  ['a resource that is not there', () => wrapped('resourceNotFound', 400), 'not_found'],
  ['a changed entity', () => wrapped('PreconditionFailed', 412), 'conflict'],
  [
    'no version named',
    () => json({ Error: { Code: 'ApiVersionUnspecified', Message: words } }, 400),
    'invalid',
    'ApiVersionUnspecified',
  ],
  ['a refusal without a body', () => new Response(null, { status: 403 }), 'forbidden', 'HTTP 403'],
  ['a code of tomorrow', () => fulfilment('BrandNew', 418), 'invalid', 'BrandNew'],
  ['a page of a load balancer', () => html(502), 'unavailable'],
  ['a page with status 200', () => html(200), 'unreadable_reply'],
  ['a page with status 403', () => html(403), 'unreadable_reply'],
  ['half a document', () => new Response('{"id":"a'), 'unreadable_reply'],
  ['an empty answer', () => new Response(''), 'unreadable_reply'],
  ['a word', () => new Response('"ok"'), 'unreadable_reply'],
  ['another shape', () => json({ subscription: {} }), 'unreadable_reply'],
  ['a body that breaks off', brokenBody, 'connection_lost'],
  ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'connection_lost'],
  [
    'a redirect',
    () => new Response('{}', { status: 302, headers: { location: 'https://x.example' } }),
    'unreadable_reply',
  ],
]

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Fault)) throw new Error(`Not a fault: ${String(error)}`)
  return error
}

describe('the services', () => {
  test.each(bad)('%s', async (what, answer, code, cloudCode) => {
    const { connector, calls } = connectorWith(answer)
    const fault = await faultOf(connector.agreements?.read(connectionOf(), 'sub-1') ?? Promise.resolve())
    expect(fault.code).toBe(code)
    if (cloudCode !== undefined) expect(fault.cloudCode).toBe(cloudCode)
    expect(fault.message).toContain('GetSubscription')
    // A whole JSON reply of another shape is judged by its reader, after the request itself went well.
    const wellSent = ['an empty answer', 'another shape'].includes(what)
    expect(calls).toMatchObject([
      { cloud: 'azure', call: 'GetSubscription', outcome: wellSent ? 'ok' : code },
    ])
  })

  test('are asked exactly once', async () => {
    const { connector, requests } = connectorWith(() => wrapped('InternalServerError', 500))
    await faultOf(connector.agreements?.read(connectionOf(), 'sub-1') ?? Promise.resolve())
    expect(requests).toHaveLength(1)
  })

  test('say how long to wait, and by which ids they can be asked about it', async () => {
    const headers = { 'retry-after': '7', 'x-ms-requestid': 'r-1', 'x-ms-activityid': 'a-1' }
    const { connector } = connectorWith(() => fulfilment('TooManyRequests', 429, headers))
    const fault = await faultOf(connector.agreements?.read(connectionOf(), 'sub-1') ?? Promise.resolve())
    expect(fault.retryAfterMs).toBe(7000)
    expect(fault.evidence).toMatchObject({ request_id: 'r-1', activity_id: 'a-1' })
  })

  test('get a token for their own audience, and no id can leave its place in the path', async () => {
    const { connector, requests } = connectorWith(() => json({ id: 'x' }))
    await faultOf(connector.agreements?.read(connectionOf(), '../operations') ?? Promise.resolve())
    expect(requests).toEqual([])
    await connector.agreements?.read(connectionOf(), 'a b?c').catch(() => undefined)
    const [request] = requests
    expect(request?.url).toBe(
      'https://marketplaceapi.microsoft.com/api/saas/subscriptions/a%20b%3Fc?api-version=2018-08-31',
    )
    expect(request?.headers.get('authorization')).toBe('Bearer token-of-the-test')
  })
})

describe('the login', () => {
  const aad = (error: string, number: number, status: number) =>
    json({ error, error_description: `AADSTS${number}: ${words}`, error_codes: [number] }, status)
  const refusals: Bad[] = [
    ['a wrong secret', () => aad('invalid_client', 7000215, 401), 'unauthorised', 'invalid_client'],
    ['an expired secret', () => aad('invalid_client', 7000222, 401), 'unauthorised', 'invalid_client'],
    [
      'an unknown application',
      () => aad('unauthorized_client', 700016, 400),
      'unauthorised',
      'unauthorized_client',
    ],
    ['an unknown resource', () => aad('invalid_resource', 500011, 400), 'forbidden', 'invalid_resource'],
    ['too much', () => new Response('{}', { status: 429, headers: { 'retry-after': '3' } }), 'throttled'],
    ['its own failure', () => new Response('', { status: 503 }), 'unavailable'],
    ['a page of a load balancer', () => html(502), 'unavailable'],
    ['a page with status 200', () => html(200), 'unreadable_reply'],
    ['a page with status 403', () => html(403), 'unreadable_reply'],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'connection_lost'],
    ['a body that breaks off', brokenBody, 'connection_lost'],
    ['no token in it', () => json({ token_type: 'Bearer' }), 'unreadable_reply'],
  ]
  test.each(refusals)('%s', async (_, answer, code, cloudCode) => {
    let tokens = 0
    const { connector, requests } = connectorWith(() => json({}), {
      login(request) {
        if (request.method === 'GET') return loginAnswer(request)
        tokens += 1
        return answer()
      },
    })
    const fault = await faultOf(connector.agreements?.read(connectionOf(), 'sub-1') ?? Promise.resolve())
    expect(fault.code).toBe(code)
    if (cloudCode !== undefined) expect(fault.cloudCode).toBe(cloudCode)
    expect(requests).toEqual([])
    expect(tokens).toBe(1)
    expect(JSON.stringify([fault.message, fault.evidence])).not.toContain('secretsecret')
  })

  test('gives one token for many calls, and another after it was refused', async () => {
    let tokens = 0
    let refuse = false
    const { connector } = connectorWith(
      () => (refuse ? fulfilment('Unauthorized', 401) : json({ id: 'x' })),
      {
        login(request) {
          if (request.method === 'POST') tokens += 1
          return loginAnswer(request)
        },
      },
    )
    const read = () =>
      faultOf(
        connector.agreements?.answer?.(
          connectionOf(),
          { agreement_id: 'a', wish_id: 'b', action: 'plan', plan: 'c', quantity: null },
          true,
          'k',
        ) ?? Promise.resolve(),
      ).catch(() => undefined)
    await read()
    await read()
    expect(tokens).toBe(1)
    refuse = true
    await read()
    await read()
    expect(tokens).toBe(2)
  })

  test('a tenant that cannot be one is refused without asking', async () => {
    const { connector } = connectorWith(() => json({}))
    const settings = { ...connectionOf().settings, tenant_id: 'no/tenant' }
    const fault = await faultOf(
      connector.agreements?.read(connectionOf({ settings }), 'sub-1') ?? Promise.resolve(),
    )
    expect(fault.code).toBe('unauthorised')
  })

  test('metadata that leads to another host is not followed', async () => {
    const seen: string[] = []
    const { connector } = connectorWith(
      (request) => {
        seen.push(new URL(request.url).host)
        return json({ access_token: 'x' })
      },
      {
        login: () =>
          json({
            token_endpoint: `https://evil.example/${tenant}/token`,
            authorization_endpoint: `https://evil.example/${tenant}/authorize`,
            issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
            jwks_uri: 'https://evil.example/keys',
          }),
      },
    )
    await faultOf(connector.agreements?.read(connectionOf(), 'sub-1') ?? Promise.resolve()).catch(
      () => undefined,
    )
    expect(seen).not.toContain('evil.example')
  })
})

describe('judged by the core', () => {
  test('what Azure certainly did not do may be sent again, and a lost answer is unknown', () => {
    expect(judge('locked')).toEqual({ retry: true, outcome: 'none' })
    expect(judge('connection_lost')).toEqual({ retry: true, outcome: 'unknown' })
  })
})
