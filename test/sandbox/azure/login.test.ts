import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, credentialOf, type Market, marketplaceApp, openMarket, scopes } from './support.ts'

const directory = mkdtempSync(join(tmpdir(), 'sandbox-azure-'))
const record = join(directory, 'record.jsonl')
let wall = Date.parse('2026-11-01T00:00:00Z')
let market: Market
beforeAll(async () => {
  market = await openMarket({ data: directory, record, wall: () => wall })
})
afterAll(async () => {
  await market.server.stop()
  rmSync(directory, { recursive: true, force: true })
})

const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })
const secretOf = ({ keys }: Market) => ({
  grant_type: 'client_credentials',
  client_id: keys.vendor.client_id,
  client_secret: keys.vendor.client_secret,
})
const ask = async (path: string, fields: Record<string, string>) => {
  const response = await fetch(`${market.server.urls.azure.login}/${path}`, form(fields))
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

describe('tokens', () => {
  test('are signed by the keys the tenant publishes, and name application, tenant and audience', async () => {
    const { tenant_id, client_id } = market.keys.vendor
    const base = `${market.server.urls.azure.login}/${tenant_id}`
    const metadata = (await (await fetch(`${base}/v2.0/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >
    expect(metadata.issuer).toBe(`https://login.microsoftonline.com/${tenant_id}/v2.0`)
    const { token } = await credentialOf(market.server, market.keys.vendor).getToken(scopes.fulfilment)
    const keys = createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''))
    const { payload } = await jwtVerify(token, keys, {
      audience: marketplaceApp,
      currentDate: new Date(wall),
    })
    expect(payload).toMatchObject({
      appid: client_id,
      tid: tenant_id,
      iss: `https://sts.windows.net/${tenant_id}/`,
    })
  })

  test('of the first version write their numbers as text', async () => {
    const { tenant_id } = market.keys.vendor
    const { body } = await ask(`${tenant_id}/oauth2/token`, { ...secretOf(market), resource: marketplaceApp })
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: '3599', resource: marketplaceApp })
  })

  test('are refused with the numbers Entra uses', async () => {
    const { tenant_id } = market.keys.vendor
    const path = `${tenant_id}/oauth2/v2.0/token`
    const good = { ...secretOf(market), scope: scopes.fulfilment }
    const refused = async (at: string, fields: Record<string, string>) => {
      const { status, body } = await ask(at, { ...good, ...fields })
      return [status, body.error, /AADSTS\d+/.exec(body.error_description ?? '')?.[0]]
    }
    expect(await refused(path, { client_secret: 'wrong' })).toEqual([401, 'invalid_client', 'AADSTS7000215'])
    expect(await refused(path, { client_id: 'nobody' })).toEqual([400, 'unauthorized_client', 'AADSTS700016'])
    expect(await refused('elsewhere/oauth2/v2.0/token', {})).toEqual([400, 'invalid_request', 'AADSTS90002'])
    expect(await refused(path, { grant_type: 'password' })).toEqual([
      400,
      'unsupported_grant_type',
      'AADSTS70003',
    ])
    expect(await refused(path, { scope: 'https://elsewhere/.default' })).toEqual([
      400,
      'invalid_resource',
      'AADSTS500011',
    ])
    expect(await refused(path, { scope: 'openid' })).toEqual([400, 'invalid_scope', 'AADSTS1002012'])
  })

  test('are checked by every API: audience, signature, expiry', async () => {
    const { fulfilment, ingestion } = market.server.urls.azure
    const url = `${fulfilment}/saas/subscriptions?api-version=2018-08-31`
    const as = async (address: string, token: string) =>
      (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).status
    const credential = credentialOf(market.server, market.keys.vendor)
    const { token } = await credential.getToken(scopes.fulfilment)
    expect((await fetch(url)).status).toBe(401)
    expect(await as(url, token)).toBe(200)
    expect(await as(`${ingestion}/product?$version=2022-07-01`, token)).toBe(401)
    const [head, body, signature = ''] = token.split('.')
    const forged = Buffer.from(JSON.stringify({ aud: marketplaceApp, exp: 9e9 })).toString('base64url')
    expect(await as(url, `${head}.${forged}.${signature}`)).toBe(401)
    expect(await as(url, `${head}.${body}`)).toBe(401)
    wall += 3_600_000
    expect(await as(url, token)).toBe(401)
  })

  test('outlive a restart and never reach the record', async () => {
    const { token } = await credentialOf(market.server, market.keys.vendor).getToken(scopes.fulfilment)
    await market.server.stop()
    market = await openMarket({ data: directory, record, wall: () => wall })
    const url = `${market.server.urls.azure.fulfilment}/saas/subscriptions?api-version=2018-08-31`
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
    const lines = readFileSync(record, 'utf8')
    expect(lines).toContain('"cloud":"azure","service":"login","operation":"Token"')
    expect(lines).not.toContain(token)
    expect(lines).not.toContain(market.keys.vendor.client_secret)
  })
})

describe('faults', () => {
  test('are met by cloud, service and operation', async () => {
    const client = clientOf(market.server, market.keys.vendor)
    const fault = (name: string) =>
      market.control('/faults', {
        cloud: 'azure',
        service: 'saas-fulfillment',
        operation: 'ListSubscriptions',
        fault: name,
      })
    const list = () => client('fulfilment', 'GET', '/saas/subscriptions')
    await fault('throttle')
    const throttled = await list()
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '1'])
    await fault('error_503')
    expect((await list()).status).toBe(503)
    await fault('expired_token')
    expect((await list()).status).toBe(401)
    await fault('drop_request')
    await expect(list()).rejects.toThrow()
    await fault('truncated_json')
    await expect(list()).rejects.toThrow()
    expect((await list()).status).toBe(200)
  })

  test('a version is asked for', async () => {
    const { token } = await credentialOf(market.server, market.keys.vendor).getToken(scopes.fulfilment)
    const call = async (query: string) => {
      const url = `${market.server.urls.azure.fulfilment}/saas/subscriptions${query}`
      return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()
    }
    expect(await call('')).toMatchObject({ Error: { Code: 'ApiVersionUnspecified' } })
    expect(await call('?api-version=2017-04-15')).toMatchObject({ Error: { Code: 'UnsupportedApiVersion' } })
  })
})
