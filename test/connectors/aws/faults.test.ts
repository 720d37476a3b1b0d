import { describe, expect, test } from 'vitest'
import { toFault } from '../../../connectors/aws/faults.ts'
import { Fault, type FaultCode, judge } from '../../../src/core/fault.ts'
import { connectionOf, connectorWith, json } from './support.ts'

type Bad = [what: string, answer: () => Response | Promise<Response>, code: FaultCode, cloudCode?: string]

const catalogError = (name: string, status: number, headers: Record<string, string> = {}) =>
  json({ Message: 'In the words of the cloud', message: 'In the words of the cloud' }, status, {
    'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.awsmarketplace.catalog/`,
    ...headers,
  })
const rpcError = (name: string, status = 400) =>
  json({ __type: name, message: 'In the words of the cloud' }, status)
const html = (status: number) =>
  new Response('<html><body>Bad Gateway</body></html>', { status, headers: { 'content-type': 'text/html' } })
const xml = (code: string, status: number) =>
  new Response(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>Words</Message></Error>`, {
    status,
    headers: { 'content-type': 'application/xml' },
  })

function brokenBody(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"ChangeSetId":"a'))
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body)
}

describe('the catalog', () => {
  const bad: Bad[] = [
    ['throttling', () => catalogError('ThrottlingException', 429), 'throttled', 'ThrottlingException'],
    ['a lock', () => catalogError('ResourceInUseException', 423), 'locked', 'ResourceInUseException'],
    ['a quota', () => catalogError('ServiceQuotaExceededException', 402), 'quota_exceeded'],
    ['no permission', () => catalogError('AccessDeniedException', 403), 'forbidden'],
    ['an unknown key', () => catalogError('UnrecognizedClientException', 403), 'unauthorised'],
    ['an expired key', () => catalogError('ExpiredTokenException', 403), 'unauthorised'],
    ['a wrong signature', () => catalogError('InvalidSignatureException', 403), 'unauthorised'],
    ['nothing there', () => catalogError('ResourceNotFoundException', 404), 'not_found'],
    ['a bad request', () => catalogError('ValidationException', 422), 'invalid', 'ValidationException'],
    ['an unsupported thing', () => catalogError('ResourceNotSupportedException', 415), 'invalid'],
    ['its own failure', () => catalogError('InternalServiceException', 500), 'unavailable'],
    ['a code of tomorrow', () => catalogError('BrandNewException', 400), 'invalid', 'BrandNewException'],
    ['a page of a load balancer', () => html(502), 'unavailable'],
    ['a page with status 200', () => html(200), 'unreadable_reply'],
    ['a page with status 403', () => html(403), 'unreadable_reply'],
    ['half a document', () => new Response('{"ChangeSetId":"a'), 'unreadable_reply'],
    ['an empty answer', () => new Response(''), 'unreadable_reply'],
    ['a list', () => json([]), 'unreadable_reply'],
    ['a body that breaks off', brokenBody, 'connection_lost'],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'connection_lost'],
    [
      'a redirect',
      () => new Response('{}', { status: 302, headers: { location: 'https://x.example' } }),
      'unreadable_reply',
    ],
  ]
  test.each(bad)('%s', async (_, answer, code, cloudCode) => {
    const { connector, calls } = connectorWith(answer)
    const fault = await connector.offers?.check(connectionOf(), 'change-1').then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code, ...(cloudCode ? { cloudCode } : {}) })
    expect(calls).toMatchObject([{ call: 'DescribeChangeSet', outcome: code, connection_id: 'conn_test' }])
  })

  test('a status that nobody knows is not taken for waiting', async () => {
    const { connector } = connectorWith(() => json({ ChangeSetId: 'c', Status: 'PONDERING' }))
    await expect(connector.offers?.check(connectionOf(), 'c')).rejects.toMatchObject({
      code: 'unreadable_reply',
    })
  })

  test('the time to wait is honoured', async () => {
    const { connector } = connectorWith(() =>
      catalogError('ThrottlingException', 429, { 'retry-after': '7' }),
    )
    await expect(connector.offers?.check(connectionOf(), 'c')).rejects.toMatchObject({ retryAfterMs: 7000 })
  })

  test('one attempt is made, whatever comes back', async () => {
    const { connector, requests } = connectorWith(() => catalogError('InternalServiceException', 500))
    await expect(connector.offers?.check(connectionOf(), 'c')).rejects.toBeInstanceOf(Fault)
    expect(requests).toHaveLength(1)
  })

  test('a refused request is a value with the words of the cloud', async () => {
    const { connector } = connectorWith(() => catalogError('ValidationException', 422))
    const change = await connector.syndication?.restrict(connectionOf(), 'resaleauthz-1', 'op_1')
    expect(change).toMatchObject({
      status: 'failed',
      problems: [
        { code: 'ValidationException', message: expect.stringContaining('In the words of the cloud') },
      ],
    })
  })
})

describe('metering', () => {
  const bad: Bad[] = [
    ['throttling with status 400', () => rpcError('ThrottlingException'), 'throttled'],
    ['its own failure with status 400', () => rpcError('InternalServiceErrorException'), 'unavailable'],
    [
      'a time out of bounds',
      () => rpcError('TimestampOutOfBoundsException'),
      'invalid',
      'TimestampOutOfBoundsException',
    ],
    ['an unknown licence', () => rpcError('InvalidLicenseException'), 'invalid', 'InvalidLicenseException'],
    ['a disabled service', () => rpcError('DisabledApiException'), 'forbidden'],
    ['an expired buyer token', () => rpcError('ExpiredTokenException'), 'invalid', 'ExpiredTokenException'],
    ['a wrong buyer token', () => rpcError('InvalidTokenException'), 'invalid', 'InvalidTokenException'],
    [
      'expired credentials under the same name',
      () =>
        json(
          {
            __type: 'ExpiredTokenException',
            message: 'The security token included in the request is expired',
          },
          400,
        ),
      'unauthorised',
    ],
  ]
  test.each(bad)('%s', async (_, answer, code, cloudCode) => {
    const { connector } = connectorWith(answer)
    await expect(connector.agreements?.resolve(connectionOf(), 'token')).rejects.toMatchObject({
      code,
      ...(cloudCode ? { cloudCode } : {}),
    })
  })
})

describe('the bucket', () => {
  const bad: Bad[] = [
    ['no permission', () => xml('AccessDenied', 403), 'forbidden', 'AccessDenied'],
    ['no bucket', () => xml('NoSuchBucket', 404), 'not_found', 'NoSuchBucket'],
    ['throttling with status 503', () => xml('SlowDown', 503), 'throttled', 'SlowDown'],
    ['an unknown key', () => xml('InvalidAccessKeyId', 403), 'unauthorised'],
    ['a page', () => html(503), 'unavailable'],
  ]
  test.each(bad)('%s', async (_, answer, code, cloudCode) => {
    const { connector } = connectorWith(answer)
    const pull = connector.settlements?.pull(connectionOf({ settings: { feed_bucket: 'feeds' } }), null)
    await expect(pull).rejects.toMatchObject({ code, ...(cloudCode ? { cloudCode } : {}) })
  })

  test('a file that ends early is told, not taken', async () => {
    const { connector } = connectorWith(
      () => new Response('a,b\n1', { headers: { 'content-length': '400', 'content-type': 'text/csv' } }),
    )
    const stream = await connector.settlements?.fetchFile(
      connectionOf({ settings: { feed_bucket: 'feeds' } }),
      'f.csv',
    )
    await expect(new Response(stream).text()).rejects.toMatchObject({ code: 'connection_lost' })
  })
})

test('credentials never get into a fault', async () => {
  const connection = connectionOf()
  const secret = connection.credentials.secret_access_key ?? ''
  const key = connection.credentials.access_key_id ?? ''
  const { connector } = connectorWith(() =>
    json({ message: `Signed with ${key} and ${secret}` }, 403, {
      'x-amzn-errortype': 'AccessDeniedException',
    }),
  )
  const fault = await connector.offers?.check(connection, 'c').catch((error: unknown) => error)
  const told = JSON.stringify([
    fault,
    fault instanceof Fault ? [fault.message, fault.stack, fault.evidence, fault.cause] : '',
  ])
  expect(told).not.toContain(secret)
  expect(told).not.toContain(key)
  expect(told).toContain('[credential]')
})

test('a bug of ours is not taken for a failure of the cloud', () => {
  expect(toFault(new RangeError('ours'), 'StartChangeSet')).toBeUndefined()
})

test('what may have been done is told apart from what was not', () => {
  expect(judge('connection_lost').outcome).toBe('unknown')
  expect(judge('throttled').outcome).toBe('none')
})
