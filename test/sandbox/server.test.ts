import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeEntityCommand,
  MarketplaceCatalogClient,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog'
import { GetEntitlementsCommand } from '@aws-sdk/client-marketplace-entitlement-service'
import { BatchMeterUsageCommand, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSandbox } from '../../sandbox/sandbox.ts'
import {
  accept,
  buyer,
  change,
  changesOf,
  clientsOf,
  controlOf,
  type Keys,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  productChanges,
  publish,
  vendor,
} from './support.ts'

const Catalog = 'AWSMarketplace'
const directories: string[] = []
function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-'))
  directories.push(made)
  return made
}
afterAll(() => {
  for (const made of directories) rmSync(made, { recursive: true, force: true })
})

function run(...flags: string[]) {
  const child = spawn(process.execPath, ['sandbox/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return { child, output, ended, ready: Promise.race([ready, ended]) }
}

describe('the command', () => {
  test('prints one line of base URLs and stops on SIGTERM', async () => {
    const { child, output, ended, ready } = run('--port', '0', '--start', '2026-11-01T00:00:00Z')
    await ready
    const urls = JSON.parse(output.out) as { control: string; aws: Record<string, string> }
    expect(Object.keys(urls.aws)).toEqual([
      'catalog',
      'metering',
      'agreement',
      'entitlement',
      'sts',
      's3',
      'sns',
    ])
    const clock = await (await fetch(`${urls.control}/clock`)).json()
    expect(clock).toEqual({ now: '2026-11-01T00:00:00.000Z', mode: 'stopped' })
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(output.out.trim().split('\n').length).toBe(1)
  })

  test('names everything that is wrong with its flags', async () => {
    const { output, ended } = run('--prot', '1', '--start', 'soon')
    expect(await ended).toBe(2)
    expect(output.err).toMatch(/unknown flag --prot.*--port is missing.*--start soon/)
    expect(output.err.trim().split('\n').length).toBe(1)
  })

  test('refuses a directory that another process uses, and takes over what a killed one left', async () => {
    const data = directory()
    const first = run('--port', '0', '--data', data)
    await first.ready
    const second = run('--port', '0', '--data', data)
    expect(await second.ended).toBe(1)
    expect(second.output.err).toContain(data)
    expect(second.output.err).toContain(String((first.child as ChildProcess).pid))
    first.child.kill('SIGKILL')
    await first.ended
    const third = run('--port', '0', '--data', data)
    await third.ready
    expect(third.output.err).toBe('')
    third.child.kill('SIGINT')
    expect(await third.ended).toBe(0)
  })
})

describe('a directory', () => {
  test('brings back state, keys and clock', async () => {
    const data = directory()
    const before = await openMarket({ data })
    const { productId } = await publish(before)
    const offerId = madeBy(await change(before, before.vendor, privateOfferChanges(productId)), 'O')
    const { agreement_id } = await accept(before, offerId)
    const pem = await (await fetch(`${before.server.urls.aws.sns}/any.pem`)).text()
    const now = (await before.control<{ now: string }>('/clock')).now
    await before.server.stop()

    // A kill in the middle of a write leaves half a line behind.
    appendFileSync(join(data, 'journal.jsonl'), '{"put":[["aws.accounts","12')
    const after = await openMarket({ data, start: '2030-01-01T00:00:00Z' })
    expect(after.keys).toEqual(before.keys)
    expect((await after.control<{ now: string }>('/clock')).now).toBe(now)
    expect(await (await fetch(`${after.server.urls.aws.sns}/any.pem`)).text()).toBe(pem)
    const entity = await after.vendor.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: offerId }))
    expect(entity.EntityIdentifier).toBe(`${offerId}@1`)
    const agreements = await after.control<{ id: string }[]>(
      `/aws/accepted?kind=agreements&account_id=${vendor}`,
    )
    expect(agreements.map(({ id }) => id)).toEqual([agreement_id])
    // What was planned before the restart still happens.
    await after.to('2026-11-20T00:00:01Z')
    expect(await after.control('/aws/invoices')).toMatchObject([{ kind: 'INSTALLMENT', amount: '600.00' }])
    await after.server.stop()
  })

  test('is locked in process as well, and given back', () => {
    const data = directory()
    const first = createSandbox({ data })
    expect(() => createSandbox({ data })).toThrow(new RegExp(`${data}.*process ${process.pid}`))
    first.close()
    createSandbox({ data }).close()
    writeFileSync(join(data, 'lock'), '2147483646\n')
    createSandbox({ data }).close()
  })

  test('is damaged only when a whole line is', () => {
    const data = directory()
    createSandbox({ data }).close()
    const path = join(data, 'journal.jsonl')
    writeFileSync(path, `broken\n${readFileSync(path, 'utf8')}`)
    expect(() => createSandbox({ data })).toThrow(/damaged in line 1/)
  })
})

test('the same seed gives the same ids', async () => {
  const register = async (seed: string) => {
    const sandbox = createSandbox({ seed, start: '2026-11-01T00:00:00Z' })
    const body = JSON.stringify({ name: 'Vendor', role: 'seller' })
    const request = new Request('http://sandbox.localhost/control/aws/accounts', { method: 'POST', body })
    return (await sandbox.fetch(request)).json()
  }
  expect(await register('one')).toEqual(await register('one'))
  expect(await register('one')).not.toEqual(await register('two'))
})

describe('a caller', () => {
  let market: Market
  beforeAll(async () => {
    market = await openMarket()
  })
  afterAll(() => market.server.stop())

  test("with an unknown key is refused in each service's own way", async () => {
    const keys: Keys = { ...market.keys.vendor, access_key_id: 'AKIAUNKNOWN' }
    const { catalog, metering, entitlement, s3, sts } = clientsOf(market.server, keys)
    const unrecognised = { name: 'UnrecognizedClientException' }
    await expect(
      catalog.send(new DescribeEntityCommand({ Catalog, EntityId: 'prod-1' })),
    ).rejects.toMatchObject({
      ...unrecognised,
      $metadata: { httpStatusCode: 403 },
    })
    await expect(metering.send(new ResolveCustomerCommand({ RegistrationToken: 'x' }))).rejects.toMatchObject(
      unrecognised,
    )
    await expect(entitlement.send(new GetEntitlementsCommand({ ProductCode: 'x' }))).rejects.toMatchObject(
      unrecognised,
    )
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'b' }))).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
    })
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    })
  })

  test('may assume a role of a known account and act with its keys', async () => {
    const { Credentials } = await market.vendor.sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${vendor}:role/seller`, RoleSessionName: 'test' }),
    )
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now())
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
    const endpoint = market.server.urls.aws.catalog
    const catalog = new MarketplaceCatalogClient({
      region: 'us-east-1',
      maxAttempts: 1,
      endpoint,
      credentials,
    })
    const failed = catalog.send(new DescribeEntityCommand({ Catalog, EntityId: 'prod-1' }))
    await expect(failed).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('a planned fault', () => {
  let market: Market
  beforeAll(async () => {
    market = await openMarket()
  })
  afterAll(() => market.server.stop())
  afterEach(() => market.control('/faults', undefined, 'DELETE'))

  const start = () =>
    market.vendor.catalog.send(
      new StartChangeSetCommand({
        Catalog,
        ClientRequestToken: 'once',
        ChangeSet: changesOf(productChanges()),
      }),
    )
  const plan = (fault: string, more = {}) =>
    market.control('/faults', { service: 'marketplace-catalog', operation: 'StartChangeSet', fault, ...more })
  const started = () =>
    market.control<{ id: string }[]>(`/aws/accepted?kind=change_sets&account_id=${vendor}`)

  test('drops a request before it counts', async () => {
    await plan('drop_request')
    await expect(start()).rejects.toThrow()
    expect(await started()).toEqual([])
  })

  test('drops an answer after the deed; the same request again finds it done', async () => {
    await plan('drop_answer')
    await expect(start()).rejects.toThrow()
    const [only, ...others] = await started()
    expect(others).toEqual([])
    expect((await start()).ChangeSetId).toBe(only?.id)
  })

  test("skips, strikes as often as planned, and speaks the cloud's errors", async () => {
    await plan('throttle', { after: 1 })
    await start()
    await expect(start()).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    })
    await start()
    await plan('error_500')
    await expect(start()).rejects.toMatchObject({ name: 'InternalServiceException' })
    await plan('error_503')
    await expect(start()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
    await plan('expired_token')
    await expect(start()).rejects.toMatchObject({ name: 'ExpiredTokenException' })
    await plan('truncated_json')
    await expect(start()).rejects.toThrow(SyntaxError)
  })

  test('rejects in process where the server would drop the connection', async () => {
    const sandbox = createSandbox()
    const post = (path: string, body: object) =>
      sandbox.fetch(
        new Request(`http://sandbox.localhost${path}`, { method: 'POST', body: JSON.stringify(body) }),
      )
    await post('/control/faults', { fault: 'drop_request' })
    await expect(post('/aws/metering/', {})).rejects.toThrow(/dropped the connection/)
  })
})

test('the record names service and operation and leaves secrets out', async () => {
  const record = join(directory(), 'traffic.jsonl')
  const market = await openMarket({ record })
  await market.vendor.metering.send(new BatchMeterUsageCommand({ UsageRecords: [] }))
  await market.vendor.sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${vendor}:role/r`, RoleSessionName: 's' }),
  )
  await market.server.stop()
  const text = readFileSync(record, 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, { body: unknown; headers: object }>)
  expect(lines.map(({ service, operation }) => [service, operation])).toEqual([
    ['meteringmarketplace', 'BatchMeterUsage'],
    ['sts', 'AssumeRole'],
  ])
  expect(lines[0]?.request?.body).toEqual({ UsageRecords: [] })
  expect(lines[0]?.request?.headers).not.toHaveProperty('authorization')
  expect(text).not.toMatch(/AWS4-HMAC-SHA256/)
  expect(text).toContain('<SecretAccessKey>(left out)<')
})

test('the control API says what is wrong and how to right it', async () => {
  const market = await openMarket()
  const call = async (path: string, body: object) => {
    const response = await fetch(`${market.server.urls.control}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return [response.status, await response.json()] as const
  }
  expect(await call('/aws/accounts', { name: 'x', role: 'king' })).toMatchObject([
    422,
    { problems: [{ field: 'role' }] },
  ])
  expect(await call('/clock', { to: '2020-01-01T00:00:00Z' })).toMatchObject([
    409,
    { problems: [{ field: 'to' }] },
  ])
  expect(await call(`/aws/buyers/${buyer}/accept`, { offer_id: 'offer-x' })).toMatchObject([404, {}])
  expect(await call('/nothing', {})).toMatchObject([404, {}])
  const paying = { name: 'Slow', role: 'buyer', account_id: '400000000004', days_to_pay: 45 }
  const [created, again] = [await call('/aws/accounts', paying), await call('/aws/accounts', paying)]
  expect([created[0], again[0], again[1]]).toEqual([201, 200, created[1]])
  const changed = await market.control('/aws/accounts/400000000004', { pays: false }, 'PATCH')
  expect(changed).toMatchObject({ pays: false, days_to_pay: 45 })
  expect((await call('/aws/accounts', paying))[0]).toBe(200)
  expect((await call('/aws/accounts', { ...paying, days_to_pay: 1 }))[0]).toBe(409)
  const index = await controlOf(market.server)<{ routes: string[] }>('')
  expect(index.routes).toContain('POST /control/months/close')
  await market.server.stop()
})

test('a running clock does what becomes due without being asked', async () => {
  let wall = Date.parse('2026-11-01T00:00:00Z')
  const sandbox = createSandbox({ wall: () => wall })
  const call = async (path: string, body?: object) => {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    return (await sandbox.fetch(new Request(`http://sandbox.localhost/control${path}`, init))).json()
  }
  expect(await call('/clock')).toEqual({ now: '2026-11-01T00:00:00.000Z', mode: 'running' })
  wall += 3_600_000
  expect(await call('/clock')).toEqual({ now: '2026-11-01T01:00:00.000Z', mode: 'running' })
  await call('/clock', { mode: 'stopped' })
  wall += 3_600_000
  expect(await call('/clock')).toEqual({ now: '2026-11-01T01:00:00.000Z', mode: 'stopped' })
  await call('/clock', { mode: 'running' })
  expect(await call('/clock', { by: 'P1D' })).toMatchObject({
    now: '2026-11-02T01:00:00.000Z',
    mode: 'running',
  })
  sandbox.close()
})
