import { parse } from 'csv-parse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsConnector } from '../../../connectors/aws/index.ts'
import type {
  Change,
  Connection,
  Connector,
  InboundRequest,
  MeterRecord,
  StatementItem,
  StatementLine,
} from '../../../connectors/connector.ts'
import { type SandboxServer, startServer } from '../../../sandbox/server.ts'
import { decimal, formatDecimal, sum } from '../../../src/core/decimal.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { wallClock } from '../../../src/core/time.ts'
import {
  authorization,
  buyerAccount,
  listing,
  privateOffer,
  resellerAccount,
  standingClock,
  vendorAccount,
} from './support.ts'

/** The whole connector against the sandbox, over HTTP, in the order of a real deal: each test builds on the last. */

const business = standingClock('2026-09-01T08:00:00Z')
const inbox: InboundRequest[] = []
let server: SandboxServer
let connector: Connector
let vendor: Connection
let reseller: Connection

async function control<T>(path: string, body?: unknown): Promise<T> {
  const reply = await fetch(`${server.urls.control}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`)
  return JSON.parse(text) as T
}

async function move(by: string): Promise<void> {
  const clock = await control<{ now: string }>('/clock', { by })
  business.set(clock.now)
}

async function account(account_id: string, role: string): Promise<Connection> {
  const keys = await control<Record<string, string>>('/aws/accounts', {
    account_id,
    role,
    name: `Account ${account_id}`,
  })
  const { access_key_id = '', secret_access_key = '', feed_bucket } = keys
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { access_key_id, secret_access_key },
    settings: feed_bucket ? { feed_bucket } : {},
  }
}

/** Waits by the sandbox's clock until a change is done. */
async function done(change: Change, check: (reference: string) => Promise<Change>): Promise<Change> {
  if (change.status !== 'accepted') return change
  await move('PT1M')
  return check(change.reference)
}

function targetOf(change: Change) {
  if (change.status !== 'succeeded') throw new Error(JSON.stringify(change, null, 2))
  return change.target
}

beforeAll(async () => {
  server = await startServer({
    port: 0,
    start: business.now().toISOString(),
    fetch: async (request) => {
      const headers = Object.fromEntries(request.headers.entries())
      inbox.push({ headers, body: await request.text() })
      return new Response('ok')
    },
  })
  connector = awsConnector({
    config: { region: 'us-east-1', endpoints: server.urls.aws },
    fetch,
    clocks: { business, wall: wallClock },
    random: seededRandom(1),
  })
  // The tests are faster than the cloud allows; pacing is the caller's.
  for (const operation of [
    'StartChangeSet',
    'DescribeChangeSet',
    'ListChangeSets',
    'ListEntities',
    'DescribeEntity',
  ]) {
    await control('/throttles', { service: 'marketplace-catalog', operation, rate_per_second: null })
  }
  vendor = await account(vendorAccount, 'seller')
  reseller = await account(resellerAccount, 'seller')
  await account(buyerAccount, 'buyer')
})
afterAll(() => server.stop())

const made: Record<string, string> = {}
const idOf = (name: string): string => {
  const id = made[name]
  if (id === undefined) throw new Error(`An earlier test made no ${name}`)
  return id
}

describe('a connection', () => {
  test('says of each permission whether it works', async () => {
    const tests = await connector.test(vendor)
    expect(tests.filter(({ ok }) => !ok)).toEqual([])
    expect(tests[0]).toEqual({
      permission: 'sts:GetCallerIdentity',
      ok: true,
      identity: true,
      detail: `Account ${vendorAccount}`,
    })
    expect(tests.at(-1)).toMatchObject({ permission: 's3:GetObject' })
    expect(tests).toHaveLength(16)
  })

  test('of a reseller asks for nothing that only the owner of a product needs', async () => {
    const asked = (await connector.test(reseller, 'reseller')).map(({ permission }) => permission)
    expect(asked).toContain('aws-marketplace:GetAgreementTerms')
    expect(asked).not.toContain('aws-marketplace:GetEntitlements')
    expect(asked).not.toContain('aws-marketplace:ResolveCustomer')
  })

  test('a bucket that is not there fails its two permissions and no other', async () => {
    const settings = { ...vendor.settings, feed_bucket: 'no-such-bucket' }
    const failed = (await connector.test({ ...vendor, settings })).filter(({ ok }) => !ok)
    expect(failed.map(({ permission }) => permission)).toEqual(['s3:ListBucket', 's3:GetObject'])
    expect(failed[0]?.detail).toContain('NoSuchBucket')
    expect(failed[0]?.fix).toContain('s3:ListBucket')
  })

  test("gives the cloud's own words for a wrong key", async () => {
    const wrong = { access_key_id: 'AKIAWRONGWRONGWRONGX', secret_access_key: 'wrongwrongwrong' }
    const tests = await connector.test({ ...vendor, credentials: wrong })
    expect(tests.every((item) => !item.ok)).toBe(true)
    expect(tests[1]?.detail).toContain('The security token included in the request is invalid.')
  })

  test('takes on a role', async () => {
    const role_arn = `arn:aws:iam::${vendorAccount}:role/syndic`
    const tests = await connector.test({ ...vendor, settings: { ...vendor.settings, role_arn } })
    expect(tests.filter((item) => !item.ok)).toEqual([])
  })
})

describe('a listing', () => {
  test('is published with its public offer in one change set', async () => {
    const listings = connector.listings
    if (!listings) throw new Error('no listings')
    const limited_to = [buyerAccount, vendorAccount]
    const change = await listings.publish(vendor, { ...listing, options: { limited_to } }, 'op_publish_1')
    expect(change.status).toBe('accepted')
    const again = await listings.publish(vendor, { ...listing, options: { limited_to } }, 'op_publish_1')
    expect(again).toMatchObject({ reference: change.status === 'accepted' ? change.reference : '' })
    const target = targetOf(await done(change, (reference) => listings.check(vendor, reference)))
    expect(target).toEqual({
      product_id: expect.stringMatching(/^prod-\w+$/),
      public_offer_id: expect.stringMatching(/^offer-\w+$/),
      product_code: expect.any(String),
    })
    Object.assign(made, target)
  })

  test('reads back', async () => {
    const read = await connector.listings?.read(vendor, idOf('product_id'))
    expect(read).toMatchObject({ state: 'limited', dimensions: listing.dimensions })
  })
})

describe('a private offer', () => {
  test('is created, read, and expired', async () => {
    const offers = connector.offers
    if (!offers) throw new Error('no offers')
    const draft = { ...privateOffer, product_id: idOf('product_id') }
    const first = await offers.create(vendor, draft, 'op_offer_1')
    made.offer_id = targetOf(await done(first, (reference) => offers.check(vendor, reference))).offer_id ?? ''
    expect(await offers.read(vendor, idOf('offer_id'))).toMatchObject({
      state: 'live',
      name: 'Ledger for Acme',
      buyer_account_ids: [buyerAccount],
    })
    const second = await offers.create(vendor, draft, 'op_offer_2')
    const { offer_id = '' } = targetOf(await done(second, (reference) => offers.check(vendor, reference)))
    const expiry = await offers.expire(vendor, offer_id, '2026-08-31', 'op_expire_2')
    expect(targetOf(await done(expiry, (reference) => offers.check(vendor, reference)))).toEqual({ offer_id })
    expect(await offers.read(vendor, offer_id)).toMatchObject({ state: 'expired' })
  })

  test('of pure usage is created', async () => {
    const draft = { ...privateOffer, product_id: idOf('product_id'), grants: [], instalments: [] }
    const change = await connector.offers?.create(vendor, draft, 'op_usage_1')
    if (!change) throw new Error('no offers')
    const finished = await done(
      change,
      (reference) => connector.offers?.check(vendor, reference) ?? Promise.reject(),
    )
    expect(finished).toMatchObject({ status: 'succeeded' })
  })

  test('that AWS refuses says so in its words and in plain ones', async () => {
    const draft = { ...privateOffer, product_id: idOf('product_id'), buyer_account_ids: ['999999999999'] }
    const change = await connector.offers?.create(vendor, draft, 'op_bad_1')
    if (!change) throw new Error('no offers')
    const finished = await done(
      change,
      (reference) => connector.offers?.check(vendor, reference) ?? Promise.reject(),
    )
    expect(finished).toMatchObject({
      status: 'failed',
      problems: [
        {
          code: 'INVALID_BUYER_ACCOUNTS',
          field: 'UpdateTargeting',
          plain: expect.stringContaining('12 digits'),
        },
      ],
    })
  })

  test('that nobody knows reads as none', async () => {
    expect(await connector.offers?.read(vendor, 'offer-doesnotexist')).toBeUndefined()
  })
})

describe('syndication', () => {
  test('goes from authorization to the offer of the reseller', async () => {
    const syndication = connector.syndication
    if (!syndication) throw new Error('no syndication')
    const draft = { ...authorization, product_id: idOf('product_id') }
    const change = await syndication.authorize(vendor, draft, 'op_authorize_1')
    const target = targetOf(await done(change, (reference) => syndication.check(vendor, reference)))
    Object.assign(made, target)
    const shared = await syndication.pullShared(reseller, null)
    expect(shared.items).toMatchObject([
      {
        authorization_id: idOf('authorization_id'),
        product_id: idOf('product_id'),
        vendor_account_id: vendorAccount,
        state: 'active',
      },
    ])
    expect((await syndication.pullShared(reseller, shared.next)).items).toEqual([])
    const resold = await syndication.createOffer(
      reseller,
      {
        authorization_id: idOf('authorization_id'),
        name: 'Ledger by Partner',
        description: 'With our help',
        buyer_account_ids: [buyerAccount],
        markup_percent: decimal('12.5'),
        expires_on: '2026-09-15',
        marker: 'leg_1',
      },
      'op_resell_1',
    )
    const { offer_id = '' } = targetOf(
      await done(resold, (reference) => syndication.check(reseller, reference)),
    )
    made.resold_offer_id = offer_id
    expect(await connector.offers?.read(reseller, offer_id)).toMatchObject({
      state: 'live',
      authorization_id: idOf('authorization_id'),
    })
  })

  test('ends an authorization, and the reseller sees it', async () => {
    const syndication = connector.syndication
    if (!syndication) throw new Error('no syndication')
    const many = { single_use: false, grants: [], instalments: [] }
    const draft = { ...authorization, product_id: idOf('product_id'), ...many }
    const change = await syndication.authorize(vendor, draft, 'op_authorize_2')
    const { authorization_id = '' } = targetOf(
      await done(change, (reference) => syndication.check(vendor, reference)),
    )
    const before = await syndication.pullShared(reseller, null)
    const ended = await syndication.restrict(vendor, authorization_id, 'op_restrict_2')
    targetOf(await done(ended, (reference) => syndication.check(vendor, reference)))
    const after = await syndication.pullShared(reseller, before.next)
    expect(after.items).toMatchObject([{ authorization_id, state: 'restricted' }])
  })
})

describe('agreements', () => {
  test('are pulled once with their terms, licence and authorization', async () => {
    const agreements = connector.agreements
    if (!agreements) throw new Error('no agreements')
    const direct = await control<{ agreement_id: string; license_arn: string }>(
      `/aws/buyers/${buyerAccount}/accept`,
      { offer_id: idOf('offer_id') },
    )
    Object.assign(made, { agreement_id: direct.agreement_id, license: direct.license_arn })
    const pulled = await agreements.pull(vendor, null)
    expect(pulled.items).toMatchObject([
      {
        agreement_id: direct.agreement_id,
        role: 'seller',
        offer_id: idOf('offer_id'),
        authorization_id: null,
        product_id: idOf('product_id'),
        buyer_account_id: buyerAccount,
        state: 'active',
        currency: 'USD',
        license: direct.license_arn,
        instalments: privateOffer.instalments,
        usage_prices: privateOffer.usage_prices,
        grants: privateOffer.grants,
      },
    ])
    expect(formatDecimal(pulled.items[0]?.value ?? decimal('0'))).toBe('120000.5')
    expect(await agreements.pull(vendor, pulled.next)).toMatchObject({ items: [], more: false })
    expect(await agreements.read(vendor, direct.agreement_id)).toEqual({
      ...pulled.items[0],
      evidence: expect.anything(),
    })
  })

  test('of a reseller are known to the vendor by event only', async () => {
    await control('/aws/event-destinations', { account_id: vendorAccount, url: 'https://vendor.example/aws' })
    const confirmation = inbox.shift()
    if (!confirmation) throw new Error('nothing arrived')
    const asked = await connector.webhooks?.verify(vendor, confirmation)
    if (!asked?.ok || asked.message.confirm_url === undefined) throw new Error(JSON.stringify(asked))
    await connector.webhooks?.confirm?.(vendor, asked.message.confirm_url)
    const resold = await control<{ agreement_id: string; license_arn: string }>(
      `/aws/buyers/${buyerAccount}/accept`,
      { offer_id: idOf('resold_offer_id') },
    )
    await move('PT3M')
    const verified = await Promise.all(inbox.map((message) => connector.webhooks?.verify(vendor, message)))
    expect(verified.filter((item) => !item?.ok)).toEqual([])
    const hints = verified.flatMap((item) => (item?.ok ? item.message.hints : []))
    expect(hints).toContainEqual(
      expect.objectContaining({
        kind: 'agreement_changed',
        agreement_id: resold.agreement_id,
        told: expect.objectContaining({
          role: 'manufacturer',
          authorization_id: idOf('authorization_id'),
          buyer_account_id: buyerAccount,
          seller_account_id: resellerAccount,
        }),
      }),
    )
    expect(hints).toContainEqual(expect.objectContaining({ license: resold.license_arn }))
    await expect(connector.agreements?.read(vendor, resold.agreement_id)).rejects.toMatchObject({
      code: 'forbidden',
    })
    const own = await connector.agreements?.pull(reseller, null)
    expect(own?.items).toMatchObject([
      { agreement_id: resold.agreement_id, authorization_id: idOf('authorization_id'), role: 'seller' },
    ])
  })

  test('a forged copy of a true message is refused', async () => {
    const message = inbox[0]
    if (!message) throw new Error('nothing arrived')
    const forged = { ...message, body: message.body.replaceAll(buyerAccount, '666666666666') }
    expect(await connector.webhooks?.verify(vendor, forged)).toEqual({
      ok: false,
      reason: 'The signature does not fit the message',
    })
    expect(await connector.webhooks?.verify(reseller, message)).toEqual({
      ok: false,
      reason: 'The topic belongs to another account',
    })
  })

  test('a registration token is traded for the buyer, once it is one', async () => {
    const { registration_token } = await control<{ registration_token: string }>(
      `/aws/buyers/${buyerAccount}/register`,
      { agreement_id: idOf('agreement_id') },
    )
    const registration = await connector.agreements?.resolve(vendor, registration_token)
    expect(registration).toMatchObject({
      buyer_account_id: buyerAccount,
      product_code: idOf('product_code'),
      license: idOf('license'),
    })
    expect(JSON.stringify(registration)).not.toContain(registration_token)
    await expect(connector.agreements?.resolve(vendor, 'no-token')).rejects.toMatchObject({
      code: 'invalid',
      cloudCode: 'InvalidTokenException',
    })
  })

  test('entitlements of a licence are read', async () => {
    const found = await connector.agreements?.entitlements?.(vendor, idOf('product_code'), idOf('license'))
    expect(found).toMatchObject([{ dimension: 'seats', value: '100', license: idOf('license') }])
  })
})

describe('usage', () => {
  const record = (id: string, more: Partial<MeterRecord> = {}): MeterRecord => ({
    id,
    product_id: idOf('product_id'),
    product_code: idOf('product_code'),
    license: idOf('license'),
    agreement_id: 'agmt-1',
    plan: null,
    buyer_account_id: buyerAccount,
    dimension: 'entries',
    hour: new Date('2026-09-01T08:00:00Z'),
    quantity: decimal('40'),
    ...more,
  })
  const statuses = async (...records: MeterRecord[]) =>
    (await connector.metering?.report(vendor, records))?.answers.map((answer) =>
      answer.status === 'refused' ? `${answer.id} ${answer.code}` : `${answer.id} ${answer.status}`,
    )

  test('is accepted once, replayed, and refused with another quantity', async () => {
    expect(await statuses(record('a'))).toEqual(['a accepted'])
    expect(await statuses(record('a'))).toEqual(['a accepted'])
    expect(await statuses(record('a', { quantity: decimal('41') }))).toEqual(['a DuplicateRecord'])
    expect(await statuses(record('b', { buyer_account_id: '999999999999' }))).toEqual([
      'b CustomerNotSubscribed',
    ])
  })

  test('outside the window is a fault of the whole batch', async () => {
    const old = record('c', { hour: new Date('2026-08-20T08:00:00Z') })
    await expect(statuses(old)).rejects.toMatchObject({
      code: 'invalid',
      cloudCode: 'TimestampOutOfBoundsException',
    })
  })

  test('left unprocessed may be sent again', async () => {
    await control('/faults', {
      cloud: 'aws',
      service: 'meteringmarketplace',
      operation: 'BatchMeterUsage',
      fault: 'partial_batch',
    })
    await move('PT2H')
    const nine = record('d', { hour: new Date('2026-09-01T09:00:00Z') })
    const eight = record('a')
    expect(await statuses(eight, nine)).toEqual(['a accepted', 'd unprocessed'])
    expect(await statuses(nine)).toEqual(['d accepted'])
  })
})

describe('statements', () => {
  async function itemsOf(connection: Connection, name: string): Promise<StatementItem[]> {
    const settlements = connector.settlements
    if (!settlements) throw new Error('no settlements')
    const text = await new Response(await settlements.fetchFile(connection, name)).text()
    const rows = (): AsyncIterable<string[]> => parse(text)
    const header = (await rows()[Symbol.asyncIterator]().next()).value as string[]
    const format = settlements.recognise(name, header)
    if (format === null) throw new Error(`${name} is not recognised`)
    const items: StatementItem[] = []
    for await (const item of settlements.parse(format, rows())) items.push(item)
    return items
  }

  test('are listed once, read to the end, and add up to what was paid', async () => {
    await control('/months/close', {})
    await move('P60D')
    const first = await connector.settlements?.pull(vendor, null)
    expect(first?.items.length).toBeGreaterThan(5)
    expect((await connector.settlements?.pull(vendor, first?.next ?? null))?.items).toEqual([])
    const items = (await Promise.all((first?.items ?? []).map((file) => itemsOf(vendor, file.name)))).flat()
    const lines = items.flatMap((item) => (item.is === 'line' ? [item.line] : []))
    const usage = items.flatMap((item) => (item.is === 'usage' ? [item.usage] : []))
    expect(usage).toContainEqual(
      expect.objectContaining({ agreement_id: idOf('agreement_id'), dimension: 'entries', on: '2026-09-01' }),
    )
    expect(lines.filter((line) => line.kind === 'unknown' || line.stage === 'unknown')).toEqual([])
    const current = latest(lines)
    const payouts = current.filter((line) => line.kind === 'disbursement')
    expect(payouts.length).toBeGreaterThan(0)
    for (const payout of payouts) {
      const parts = current.filter((line) => line.disbursement_key === payout.key && line.key !== payout.key)
      expect(parts.length).toBeGreaterThan(0)
      expect(formatDecimal(sum(parts.map((line) => line.amount)))).toBe(`-${formatDecimal(payout.amount)}`)
    }
    const kinds = new Set(current.map((line) => line.kind))
    expect(kinds).toContain('sale')
    expect(kinds).toContain('listing_fee')
  })

  test('show a reseller the wholesale cost of what it sold', async () => {
    const files = await connector.settlements?.pull(reseller, null)
    const items = (await Promise.all((files?.items ?? []).map((file) => itemsOf(reseller, file.name)))).flat()
    const kinds = items.flatMap((item) => (item.is === 'line' ? [item.line.kind] : []))
    expect(kinds).toContain('wholesale_cost')
  })

  function latest(lines: StatementLine[]): StatementLine[] {
    const byKey = new Map<string, StatementLine>()
    for (const line of lines) {
      const known = byKey.get(line.key)
      if (known === undefined || known.version < line.version) byKey.set(line.key, line)
    }
    return [...byKey.values()].filter((line) => !line.deleted)
  }
})

describe('a bad day', () => {
  const plan = (operation: string, fault: string, service = 'marketplace-catalog') =>
    control('/faults', { cloud: 'aws', service, operation, fault })

  test.each([
    ['throttle', 'throttled'],
    ['error_500', 'unavailable'],
    ['error_503', 'unavailable'],
    ['expired_token', 'unauthorised'],
    ['drop_request', 'connection_lost'],
    ['drop_answer', 'connection_lost'],
    ['truncated_json', 'unreadable_reply'],
  ])('%s is %s', async (fault, code) => {
    await plan('DescribeEntity', fault)
    await expect(connector.listings?.read(vendor, idOf('product_id'))).rejects.toMatchObject({ code })
  })

  test('an offer whose answer was lost is the same offer when sent again', async () => {
    const draft = {
      ...privateOffer,
      product_id: idOf('product_id'),
      expires_on: '2027-01-01',
      instalments: privateOffer.instalments.map((item, index) => ({
        ...item,
        due_on: `2027-0${index + 3}-01`,
      })),
    }
    await plan('StartChangeSet', 'drop_answer')
    await expect(connector.offers?.create(vendor, draft, 'op_lost_1')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    const change = await connector.offers?.create(vendor, draft, 'op_lost_1')
    const sets = await control<{ name: string; id: string }[]>(
      `/aws/accepted?kind=change_sets&account_id=${vendorAccount}`,
    )
    const own = sets.filter((item) => item.name.includes('op_lost_1'))
    expect(own).toHaveLength(1)
    expect(change).toMatchObject({ status: 'accepted', reference: own[0]?.id })
  })

  test('a lock of somebody else is told; a change set of our own key is found by its name', async () => {
    const offer_id = idOf('public_offer_id')
    await plan('StartChangeSet', 'drop_answer')
    await expect(connector.offers?.expire(vendor, offer_id, '2027-06-01', 'op_lock')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    const foreign = connector.offers?.expire(vendor, offer_id, '2027-07-01', 'op_other')
    await expect(foreign).rejects.toMatchObject({ code: 'locked' })
    const change = await connector.offers?.expire(vendor, offer_id, '2027-06-02', 'op_lock')
    expect(change).toMatchObject({
      status: 'accepted',
      evidence: { received: { found_by_name: expect.any(String) } },
    })
  })
})
