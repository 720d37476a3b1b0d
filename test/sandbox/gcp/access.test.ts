import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JWT } from 'google-auth-library'
import { afterEach, expect, test } from 'vitest'
import {
  accept,
  approve,
  authOf,
  entitlementOf,
  type Market,
  offer,
  openMarket,
  parent,
  provider,
  publishOffer,
} from './support.ts'

let market: Market
const directory = mkdtempSync(join(tmpdir(), 'sandbox-gcp-'))
afterEach(async () => {
  await market.server.stop()
  rmSync(directory, { recursive: true, force: true })
})

const list = () => market.procurement.providers.accounts.list({ parent: `providers/${provider}` })

test('a service account buys tokens that work for an hour of wall time', async () => {
  let wall = Date.now()
  market = await openMarket({ wall: () => wall })
  expect((await list()).data.accounts).toEqual([])
  const url = `${market.server.urls.gcp.procurement}/v1/providers/${provider}/accounts`
  const headers = await authOf(market.server, market.key).getRequestHeaders()
  expect(headers.get('authorization')).toMatch(/^Bearer ya29\./)
  expect((await fetch(url, { headers })).status).toBe(200)
  wall += 3_600_000
  const expired = await fetch(url, { headers })
  const body = (await expired.json()) as { error: { status: string; details: { reason: string }[] } }
  expect([expired.status, body.error.status, body.error.details[0]?.reason]).toEqual([
    401,
    'UNAUTHENTICATED',
    'ACCESS_TOKEN_EXPIRED',
  ])
  expect((await fetch(url)).status).toBe(401)
  expect((await fetch(url, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401)
})

test("a JWT signed with the account's key is taken in place of a token, a foreign one is not", async () => {
  market = await openMarket()
  const { client_email, private_key } = market.key
  const auth = new JWT({
    email: client_email,
    key: private_key,
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  })
  auth.useJWTAccessWithScope = true
  const url = `${market.server.urls.gcp.procurement}/v1/providers/${provider}/accounts`
  expect((await auth.request({ url })).status).toBe(200)
  const other = await market.control<{ service_account: typeof market.key }>('/gcp/accounts', {
    role: 'provider',
    account_id: 'other-inc',
    name: 'Other Inc',
  })
  const mixed = authOf(market.server, { client_email, private_key: other.service_account.private_key })
  await expect(mixed.getAccessToken()).rejects.toThrow(/invalid_grant/)
  await expect(authOf(market.server, other.service_account).request({ url })).rejects.toMatchObject({
    status: 403,
  })
})

test("faults are answered in Google's own words", async () => {
  market = await openMarket()
  const service = 'cloudcommerceprocurement'
  const plan = (fault: string, more = {}) =>
    market.control('/faults', { cloud: 'gcp', service, fault, ...more })
  for (const [fault, status] of [
    ['throttle', 429],
    ['error_500', 500],
    ['error_503', 503],
    ['expired_token', 401],
  ] as const) {
    // The client answers a 401 with a new token and a second attempt.
    await plan(fault, { times: fault === 'expired_token' ? 2 : 1 })
    await expect(list()).rejects.toMatchObject({ status })
  }
  await plan('drop_request')
  await expect(list()).rejects.toThrow()
  await market.control('/faults', {
    cloud: 'gcp',
    service: 'commerceproducer',
    operation: 'CreatePrivateOffer',
    fault: 'drop_answer',
  })
  const made = market.producer.createPrivateOffer({ parent, privateOffer: offer() })
  await expect(made).rejects.toThrow()
  expect((await market.producer.listPrivateOffers({ parent }))[0].length).toBe(1)
})

test('throttles can be set for an operation', async () => {
  market = await openMarket()
  const service = 'cloudcommerceprocurement'
  await market.control('/throttles', { service, operation: 'accounts.list', rate_per_second: 0.001 })
  await list()
  await expect(list()).rejects.toMatchObject({ status: 429 })
})

test('a directory brings keys and orders back, and the record holds no secrets', async () => {
  const record = join(directory, 'record.jsonl')
  const options = { data: join(directory, 'data'), record }
  market = await openMarket(options)
  const accepted = await accept(market, await publishOffer(market))
  await approve(market, accepted)
  await authOf(market.server, market.key).getAccessToken()
  const certificates = async () => (await fetch(`${market.server.urls.gcp.keys}/oauth2/v3/certs`)).text()
  const [key, certs] = [market.key, await certificates()]
  await market.server.stop()
  market = await openMarket(options)
  expect([market.key, await certificates()]).toEqual([key, certs])
  expect((await entitlementOf(market, accepted.entitlement_id)).state).toBe('ENTITLEMENT_ACTIVE')
  const lines = readFileSync(record, 'utf8').trim().split('\n')
  const names = lines.map((line) => {
    const { cloud, service, operation } = JSON.parse(line) as Record<string, string>
    return `${cloud} ${service} ${operation}`
  })
  expect(names).toContain('gcp oauth2 token')
  expect(names).toContain('gcp commerceproducer PublishPrivateOffer')
  expect(names).toContain('gcp cloudcommerceprocurement entitlements.approve')
  expect(lines.join()).not.toMatch(/ya29|PRIVATE KEY|assertion=e/)
})
