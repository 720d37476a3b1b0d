// Whose keys a request is signed with: static ones, those of a role, and never those of another connection.
import { expect, test } from 'vitest'
import { connectionOf, connectorWith, json, resellerAccount, vendorAccount } from './support.ts'

const role_arn = `arn:aws:iam::${vendorAccount}:role/syndic`

/** STS gives out a new key at each call; the catalog says nothing. */
function cloud(valid_ms: number) {
  let given = 0
  return connectorWith((request) => {
    if (!new URL(request.url).hostname.startsWith('sts.')) return json({ EntitySummaryList: [] })
    given += 1
    const until = new Date(Date.now() + valid_ms).toISOString()
    const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIAROLE${given}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>session-${given}</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult>
      <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>`
    return new Response(body, { headers: { 'content-type': 'text/xml' } })
  })
}

const keyOf = (request: Request) =>
  /Credential=([A-Z0-9]+)\//.exec(request.headers.get('authorization') ?? '')?.[1]
const isSts = (request: Request) => new URL(request.url).hostname.startsWith('sts.')

test('a role is taken on with its external id, by the injected fetch, and its session signs what follows', async () => {
  const { connector, requests } = cloud(3_600_000)
  const connection = connectionOf({ settings: { role_arn, external_id: 'shared & secret=1' } })
  await connector.syndication?.pullShared(connection, null)
  await connector.syndication?.pullShared(connection, null)
  const [taken, ...rest] = requests
  if (taken === undefined) throw new Error('nothing was asked')
  const form = new URLSearchParams(await taken.text())
  expect(Object.fromEntries(form)).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: role_arn,
    RoleSessionName: 'syndic',
    ExternalId: 'shared & secret=1',
  })
  expect(keyOf(taken)).toBe('AKIATESTTESTTESTTEST')
  // Once for both: the session lasts.
  expect(rest.filter(isSts)).toEqual([])
  expect(rest.map(keyOf)).toEqual(rest.map(() => 'ASIAROLE1'))
  expect(rest.map((request) => request.headers.get('x-amz-security-token'))).toEqual(
    rest.map(() => 'session-1'),
  )
})

test('a session that is about to end is taken on anew', async () => {
  const { connector, requests } = cloud(60_000)
  const connection = connectionOf({ settings: { role_arn } })
  await connector.syndication?.pullShared(connection, null)
  await connector.syndication?.pullShared(connection, null)
  expect(requests.filter(isSts).length).toBeGreaterThan(1)
  const last = requests.at(-1)
  expect(last && keyOf(last)).not.toBe('ASIAROLE1')
})

test('without an external id none is sent', async () => {
  const { connector, requests } = cloud(3_600_000)
  await connector.syndication?.pullShared(connectionOf({ settings: { role_arn } }), null)
  expect(new URLSearchParams(await requests[0]?.text()).has('ExternalId')).toBe(false)
})

test('several accounts side by side: each is asked with its own keys, also after one of them changed', async () => {
  const { connector, requests } = cloud(3_600_000)
  const one = connectionOf({ id: 'conn_one', account_id: vendorAccount })
  const two = connectionOf({
    id: 'conn_two',
    account_id: resellerAccount,
    credentials: { access_key_id: 'AKIATESTOTHEROTHER00', secret_access_key: 'another' },
  })
  const changed = { ...two, credentials: { ...two.credentials, access_key_id: 'AKIATESTCHANGED00000' } }
  for (const connection of [one, two, one, changed, one]) {
    const before = requests.length
    await connector.syndication?.pullShared(connection, null)
    const keys = new Set(requests.slice(before).map(keyOf))
    expect([...keys]).toEqual([connection.credentials.access_key_id])
  }
})
