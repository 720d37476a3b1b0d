import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAws } from '../../../connectors/aws/clients.ts'
import { documents } from '../../../connectors/aws/connecting/documents.ts'
import { permissions } from '../../../connectors/aws/connecting/permissions.ts'
import { testConnection } from '../../../connectors/aws/test-connection.ts'
import { capabilities } from '../../../src/connections/capabilities.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { wallClock } from '../../../src/core/time.ts'

const nothing = { webhook: null, sign_up: null }
const bucket = { feed_bucket: 'feeds-of-acme', feed_prefix: 'data/' }

type Policy = { Statement: { Sid: string; Action: string | string[]; Resource?: string }[] }
function documentOf(name: string, facts: Parameters<typeof documents>[0]): Policy {
  const found = documents(facts).find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no ${name}`)
  return JSON.parse(found.text)
}
const actionsOf = (policy: Policy) => policy.Statement.flatMap(({ Action }) => Action)

test('the policy of a seller allows every permission of the table and nothing else', () => {
  const policy = documentOf('policy', { side: 'seller', settings: bucket, ...nothing })
  const wanted = permissions.map(({ permission }) => permission).filter((one) => !one.startsWith('sts:'))
  expect(actionsOf(policy).sort()).toEqual(wanted.sort())
  expect(policy.Statement.map(({ Resource }) => Resource)).toEqual([
    '*',
    'arn:aws:s3:::feeds-of-acme',
    'arn:aws:s3:::feeds-of-acme/data/*',
  ])
})

test('a reseller needs less, and without a bucket nothing of S3', () => {
  const actions = actionsOf(documentOf('policy', { side: 'reseller', settings: {}, ...nothing }))
  for (const action of ['BatchMeterUsage', 'ResolveCustomer', 'GetEntitlements']) {
    expect(actions).not.toContain(`aws-marketplace:${action}`)
  }
  expect(actions).toContain('aws-marketplace:StartChangeSet')
  expect(actions.filter((action) => action.startsWith('s3:'))).toEqual([])
})

test('a role is trusted with the external id, and the user may take on that role only', () => {
  const role_arn = 'arn:aws:iam::100000000001:role/syndic'
  const settings = { role_arn, external_id: 'syndic-1' }
  const facts = { side: 'seller' as const, account_id: '100000000001', settings, ...nothing }
  expect(documentOf('trust', facts).Statement).toEqual([
    {
      Sid: 'TakeOn',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::100000000001:root' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'syndic-1' } },
    },
  ])
  expect(documentOf('assume', facts).Statement[0]?.Resource).toBe(role_arn)
})

test('our addresses are given once there are some, and a reseller has no page for buyers', () => {
  const addresses = { webhook: 'https://us.example/v1/webhooks/c', sign_up: 'https://us.example/sign-up/c' }
  const textOf = (side: 'seller' | 'reseller', name: string) =>
    documents({ side, settings: {}, ...addresses }).find((one) => one.name === name)?.text
  expect(textOf('seller', 'subscription')).toBe(addresses.webhook)
  expect(textOf('seller', 'fulfillment_url')).toBe(addresses.sign_up)
  expect(textOf('reseller', 'subscription')).toBe(addresses.webhook)
  expect(textOf('reseller', 'fulfillment_url')).toBeUndefined()
})

test('what is filled in stays a text: nobody writes a statement through a name', () => {
  const settings = { feed_bucket: 'x"}],"Statement":[{"Action":"*' }
  const policy = documentOf('policy', { side: 'seller', settings, ...nothing })
  expect(policy.Statement).toHaveLength(3)
  expect(actionsOf(policy)).not.toContain('*')
})

/** Every call of an official client that the connector makes. */
function calledOperations(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'keys' ? [] : calledOperations(path)
    const text = readFileSync(path, 'utf8')
    const calls = [
      ...text.matchAll(/guard\(\s*connection,\s*'([A-Z]\w+)'/g),
      ...text.matchAll(/CALL = '([A-Z]\w+)'/g),
    ]
    return calls.map(([, name = '']) => name)
  })
}

test('each call that the connector makes has its permission in the table', () => {
  const called = new Set(calledOperations(new URL('../../../connectors/aws', import.meta.url).pathname))
  expect(called.size).toBeGreaterThan(12)
  // What S3 calls the permission to list is not what it calls the request.
  const named = permissions.map(({ permission }) => permission.split(':')[1])
  const missing = [...called].filter(
    (call) => !named.includes(call === 'ListObjectsV2' ? 'ListBucket' : call),
  )
  // The two pages of SNS are visited without a key.
  expect(missing).toEqual([])
})

test('each permission is needed for something that there is, and what is not tested says why', () => {
  const names = capabilities.map(({ name }) => name)
  for (const { for: needed } of permissions) for (const name of needed) expect(names).toContain(name)
  const untested = permissions.filter((one) => one.untested !== undefined)
  expect(untested.map(({ permission }) => permission.split(':')[1])).toEqual([
    'StartChangeSet',
    'BatchMeterUsage',
    'SendAgreementCancellationRequest',
    'CancelAgreementCancellationRequest',
    'SendAgreementPaymentRequest',
    'CancelAgreementPaymentRequest',
    'BatchCreateBillingAdjustmentRequest',
  ])
})

/** An AWS that forbids one operation and says of everything else that there is no such thing. */
function forbidding(action: string) {
  const answer = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    const target = request.headers.get('x-amz-target') ?? new URL(request.url).pathname
    const denied = target.endsWith(action)
    const [name, status] = denied ? ['AccessDeniedException', 403] : ['ResourceNotFoundException', 404]
    const message = denied ? `User is not authorized to perform: aws-marketplace:${action}` : 'No such thing'
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': name }
    return new Response(JSON.stringify({ __type: name, message }), { status, headers })
  }
  const clocks = { wall: wallClock, business: wallClock }
  const config = { region: 'us-east-1', endpoints: {} }
  return createAws({ config, fetch: answer, clocks, random: seededRandom(1) })
}

test('where the key itself is refused, no policy is to be mended first', async () => {
  const credentials = { access_key_id: 'AKIA0000000000000000', secret_access_key: 'wrong' }
  const connection = { id: 'conn_1', account_id: '100000000001', credentials, settings: {} }
  const name = 'UnrecognizedClientException'
  const refuse: typeof fetch = async () =>
    new Response(JSON.stringify({ __type: name, message: 'The security token is invalid.' }), {
      status: 403,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    })
  const clocks = { wall: wallClock, business: wallClock }
  const config = { region: 'us-east-1', endpoints: {} }
  const aws = createAws({ config, fetch: refuse, clocks, random: seededRandom(1) })
  const found = (await testConnection(aws, connection)).find(({ permission }) =>
    permission.endsWith('SearchAgreements'),
  )
  expect(found).toMatchObject({ ok: false, fix: 'Give other credentials first: AWS does not take these' })
})

test.each([
  'DescribeEntity',
  'GetAgreementTerms',
  'ListAgreementInvoiceLineItems',
  'GetEntitlements',
  'ResolveCustomer',
])("a lacking %s is told with AWS's words and the fix", async (action) => {
  const credentials = { access_key_id: 'AKIA0000000000000000', secret_access_key: 'secret' }
  const connection = { id: 'conn_1', account_id: '100000000001', credentials, settings: {} }
  const tests = await testConnection(forbidding(action), connection)
  const found = tests.find(({ permission }) => permission === `aws-marketplace:${action}`)
  expect(found).toMatchObject({ ok: false })
  expect(found?.detail).toContain('not authorized to perform')
  expect(found?.fix).toContain(`Allow the user aws-marketplace:${action}`)
  const other = action === 'DescribeEntity' ? 'GetAgreementTerms' : 'DescribeEntity'
  expect(tests.find(({ permission }) => permission.endsWith(other))).toMatchObject({ ok: true })
})
