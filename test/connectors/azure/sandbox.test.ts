import { parse } from 'csv-parse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAzure } from '../../../connectors/azure/clients.ts'
import { azureConnector } from '../../../connectors/azure/index.ts'
import { findProduct } from '../../../connectors/azure/selling/products.ts'
import { startJob } from '../../../connectors/azure/wire/jobs.ts'
import { schemas } from '../../../connectors/azure/wire/schemas.ts'
import type {
  Change,
  Connection,
  Connector,
  Hint,
  InboundRequest,
  MeterRecord,
  StatementItem,
  StatementLine,
} from '../../../connectors/connector.ts'
import { type SandboxServer, startServer } from '../../../sandbox/server.ts'
import { decimal, formatDecimal, negate, sum } from '../../../src/core/decimal.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { wallClock } from '../../../src/core/time.ts'
import {
  authorization,
  customerAccount,
  listing,
  partnerAccount,
  privateOffer,
  standingClock,
} from './support.ts'

/** The whole connector against the sandbox, over HTTP, in the order of a real deal: each test builds on the last. */

const business = standingClock('2026-09-01T08:00:00Z')
const inbox: InboundRequest[] = []
let server: SandboxServer
let connector: Connector
let vendor: Connection
let partner: Connection

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
  const made = await control<Record<string, string>>('/azure/accounts', {
    account_id,
    role,
    name: `Account ${account_id.slice(0, 8)}`,
    ...(role === 'customer' ? { days_to_pay: 10 } : {}),
  })
  const { tenant_id = '', client_id = '', client_secret = '', publisher_id = '' } = made
  return {
    id: `conn_${account_id}`,
    account_id,
    credentials: { client_secret },
    settings: {
      tenant_id,
      client_id,
      ...(publisher_id === '' ? {} : { publisher_id }),
      contact_email: `deals@${role}.example`,
      webhook_url: 'https://vendor.example/webhooks',
      payout_exports: 'yes',
    },
  }
}

type Check = (reference: string) => Promise<Change>

/** Waits by the sandbox's clock until a change with all its stages is done. */
async function done(change: Change, check: Check, by = 'PT20M'): Promise<Change> {
  let current = change
  for (let stages = 0; current.status === 'accepted' && stages < 12; stages += 1) {
    await move(by)
    current = await check(current.reference)
  }
  return current
}

function targetOf(change: Change) {
  if (change.status !== 'succeeded') throw new Error(JSON.stringify(change, null, 2))
  return change.target
}

function facet<
  Name extends 'listings' | 'offers' | 'syndication' | 'agreements' | 'metering' | 'settlements' | 'webhooks',
>(name: Name): NonNullable<Connector[Name]> {
  const found = connector[name]
  if (found === undefined) throw new Error(`There is no ${name}`)
  return found as NonNullable<Connector[Name]>
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
  connector = azureConnector({
    config: { endpoints: server.urls.azure },
    fetch,
    clocks: { business, wall: wallClock },
    random: seededRandom(1),
  })
  vendor = await account('12345678', 'publisher')
  partner = await account(partnerAccount, 'partner')
  await account(customerAccount, 'customer')
})
afterAll(() => server.stop())

const made: Record<string, string> = {}
const idOf = (name: string): string => {
  const id = made[name]
  if (id === undefined) throw new Error(`An earlier test made no ${name}`)
  return id
}
const customer = (deed: string, body: unknown) =>
  control<Record<string, string>>(`/azure/customers/${encodeURIComponent(customerAccount)}/${deed}`, body)

describe('a connection', () => {
  test('says of each permission whether it works', async () => {
    const found = await connector.test(vendor)
    expect(found.map(({ permission, ok }) => [permission, ok])).toEqual([
      ['login', true],
      ['saas-fulfilment', true],
      ['metering', true],
      ['product-ingestion', true],
      ['payouts', true],
    ])
  })

  test('with a wrong secret says so in the words of the login, without the secret', async () => {
    const wrong = { ...vendor, id: 'conn_wrong', credentials: { client_secret: 'not-the-secret-at-all' } }
    const found = await connector.test(wrong)
    const refused = found.filter(({ ok }) => !ok)
    expect(refused).toHaveLength(4)
    for (const { detail } of refused) {
      expect(detail).toContain('AADSTS7000215')
      expect(detail).not.toContain('not-the-secret-at-all')
    }
  })
})

describe('a listing', () => {
  test('goes through its three jobs and is live', async () => {
    const listings = facet('listings')
    const change = await listings.publish(vendor, listing, 'listing-1')
    const target = targetOf(await done(change, (reference) => listings.check(vendor, reference), 'P1D'))
    made.product = target.product_id ?? ''
    expect(made.product).toMatch(/^ledger-cloud-[0-9a-f]{10}$/)
    expect(await listings.read(vendor, idOf('product'))).toMatchObject({
      state: 'public',
      dimensions: [{ key: 'entries', name: 'Entries', unit: 'entry', kind: 'metered' }],
    })
  })

  test('is told in plain words when Microsoft does not certify it', async () => {
    const listings = facet('listings')
    const change = await listings.publish(vendor, { ...listing, title: 'Odd' }, 'listing-2')
    await move('PT20M')
    const first = change.status === 'accepted' ? await listings.check(vendor, change.reference) : change
    const jobs = await control<{ detail: { id: string }[] }[]>('/azure/accepted?kind=jobs')
    const odd = jobs
      .flatMap(({ detail }) => detail.map(({ id }) => id))
      .filter((id) => id.startsWith('product/'))
      .at(-1)
    await control('/azure/certifications', { product_id: odd, message: 'The logo is blurred' })
    const end = await done(first, (reference) => listings.check(vendor, reference), 'P1D')
    expect(end).toMatchObject({ status: 'failed', problems: [{ code: 'invalidState' }] })
    expect(end.status === 'failed' && end.problems[0]?.plain).toContain('did not certify')
  })
})

describe('a private offer', () => {
  test('is drafted, made live, and found again by its marker when it is asked for twice', async () => {
    const offers = facet('offers')
    const draft = {
      ...privateOffer,
      product_id: idOf('product'),
      expires_on: '2026-09-30',
      instalments: [
        {
          due_on: '2026-09-30',
          amount: privateOffer.instalments[0]?.amount ?? { asset: 'USD/2' as const, amount: 0n },
        },
        {
          due_on: '2027-01-01',
          amount: privateOffer.instalments[1]?.amount ?? { asset: 'USD/2' as const, amount: 0n },
        },
      ],
    }
    const change = await offers.create(vendor, draft, 'key-1')
    // The answer to the first was lost: a second draft is asked for before the first is seen.
    const again = await offers.create(vendor, draft, 'key-1')
    const target = targetOf(await done(again, (reference) => offers.check(vendor, reference)))
    expect(targetOf(await done(change, (reference) => offers.check(vendor, reference)))).toEqual(target)
    made.offer = target.offer_id ?? ''
    expect(targetOf(await offers.create(vendor, draft, 'key-1'))).toEqual(target)
    expect(await offers.read(vendor, idOf('offer'))).toMatchObject({
      state: 'live',
      name: 'Ledger for Acme (offer_1)',
      buyer_account_ids: [customerAccount],
    })
    const left = await control<{ state: string }[]>('/azure/accepted?kind=offers')
    expect(left.filter(({ state }) => state === 'live')).toHaveLength(1)
    expect(left.filter(({ state }) => state === 'draft')).toHaveLength(0)
  })

  test('gets another last day by being withdrawn and made live again', async () => {
    const offers = facet('offers')
    const change = await offers.expire(vendor, idOf('offer'), '2026-10-15', 'key-2')
    targetOf(await done(change, (reference) => offers.check(vendor, reference)))
    const read = await offers.read(vendor, idOf('offer'))
    expect(read?.state).toBe('live')
    expect(JSON.stringify(read?.evidence)).toContain('2026-10-15')
  })

  test('that was withdrawn is a draft again, and withdrawing it once more changes nothing', async () => {
    const offers = facet('offers')
    const draft = {
      ...privateOffer,
      product_id: idOf('product'),
      marker: 'offer_2',
      expires_on: '2026-09-30',
    }
    const withdrawn = targetOf(
      await done(
        await offers.create(vendor, { ...draft, instalments: [], grants: [] }, 'key-3'),
        (reference) => offers.check(vendor, reference),
      ),
    )
    const id = withdrawn.offer_id ?? ''
    const gone = await offers.expire(vendor, id, '2026-08-01', 'key-4')
    targetOf(await done(gone, (reference) => offers.check(vendor, reference)))
    expect((await offers.read(vendor, id))?.state).toBe('draft')
    expect((await offers.expire(vendor, id, '2026-08-01', 'key-4')).status).toBe('succeeded')
  })

  test('that nobody knows is undefined', async () => {
    expect(
      await facet('offers').read(vendor, 'private-offer/99999999-9999-4999-8999-999999999999'),
    ).toBeUndefined()
  })

  test('is refused by Azure with its words and ours', async () => {
    const offers = facet('offers')
    const stranger = '55555555-5555-4555-8555-555555555555:44444444-4444-4444-8444-444444444444_2019-05-31'
    const draft = {
      ...privateOffer,
      product_id: idOf('product'),
      marker: 'offer_3',
      expires_on: '2026-09-30',
      buyer_account_ids: [stranger],
    }
    const end = await done(await offers.create(vendor, draft, 'key-5'), (reference) =>
      offers.check(vendor, reference),
    )
    expect(end).toMatchObject({ status: 'failed', problems: [{ code: 'businessValidationError' }] })
  })
})

describe('an agreement', () => {
  test('begins with a landing page token, is pending, and is active once it was activated', async () => {
    const agreements = facet('agreements')
    await customer('accept', { private_offer_id: idOf('offer') })
    const bought = await customer('subscribe', { private_offer_id: idOf('offer') })
    const registration = await agreements.resolve(vendor, (bought.token ?? '').replaceAll('+', ' '))
    made.agreement = registration.agreement_id ?? ''
    expect(made.agreement).toBe(bought.subscription_id)
    const pending = await agreements.read(vendor, idOf('agreement'))
    expect(pending).toMatchObject({
      role: 'seller',
      state: 'pending',
      offer_id: idOf('offer'),
      authorization_id: null,
      product_id: idOf('product'),
      buyer_account_id: registration.buyer_account_id,
      currency: 'USD',
      grants: [{ dimension: 'entries', quantity: 1000 }],
    })
    expect(pending.usage_prices.entries).toEqual(decimal('0.0125'))
    const activation = {
      agreement_id: idOf('agreement'),
      buyer_account_id: registration.buyer_account_id,
      plan: pending.plan ?? null,
      quantity: null,
    }
    expect((await agreements.activate?.(vendor, activation, 'key'))?.status).toBe('succeeded')
    expect((await agreements.activate?.(vendor, activation, 'key'))?.status).toBe('succeeded')
    const active = await agreements.read(vendor, idOf('agreement'))
    expect(active.state).toBe('active')
    made.plan = active.plan ?? ''
    expect(JSON.stringify(active.evidence)).not.toContain('emailId')
    expect((await facet('offers').read(vendor, idOf('offer')))?.state).toBe('accepted')
  })

  test('that was accepted cannot be taken back by the interface', async () => {
    const refused = await facet('offers').expire(vendor, idOf('offer'), '2026-01-01', 'key')
    expect(refused).toMatchObject({ status: 'failed', problems: [{ code: 'ACCEPTED' }] })
  })

  test('is pulled once, and again when it changed', async () => {
    const agreements = facet('agreements')
    const first = await agreements.pull(vendor, null)
    expect(first.items.map(({ agreement_id }) => agreement_id)).toEqual([idOf('agreement')])
    expect(first.more).toBe(false)
    const second = await agreements.pull(vendor, first.next)
    expect(second.items).toEqual([])
    await customer('suspend', { subscription_id: idOf('agreement') })
    const third = await agreements.pull(vendor, second.next)
    expect(third.items.map(({ state }) => state)).toEqual(['suspended'])
    await move('PT1M')
    inbox.length = 0
    await customer('reinstate', { subscription_id: idOf('agreement') })
    await move('PT1M')
    const fourth = await agreements.pull(vendor, third.next)
    expect(fourth.items.map(({ state }) => state)).toEqual(['active'])
  })

  test('a token that nobody gave is refused as invalid input', async () => {
    await expect(facet('agreements').resolve(vendor, 'no such token é')).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  test('an agreement that is not there is not found', async () => {
    const missing = '99999999-9999-4999-8999-999999999999'
    await expect(facet('agreements').read(vendor, missing)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a message', () => {
  test('is proved by its token and hints at the agreement', async () => {
    expect(inbox.length).toBeGreaterThan(0)
    const [request] = inbox
    const verified = await facet('webhooks').verify(vendor, request ?? { headers: {}, body: '' })
    expect(verified).toMatchObject({ ok: true, message: { type: 'Reinstate' } })
    if (!verified.ok) throw new Error(verified.reason)
    expect(verified.message.hints).toEqual<Hint[]>([
      {
        kind: 'agreement_changed',
        agreement_id: idOf('agreement'),
        license: null,
        product_id: idOf('product'),
        product_code: null,
      },
    ])
    expect(await facet('webhooks').verify(vendor, request ?? { headers: {}, body: '' })).toMatchObject({
      message: { message_id: verified.message.message_id },
    })
  })

  test('is refused for another connection', async () => {
    const [request] = inbox
    const verified = await facet('webhooks').verify(partner, request ?? { headers: {}, body: '' })
    expect(verified.ok).toBe(false)
  })

  test('of a wished change is answered after Azure confirmed it', async () => {
    const agreements = facet('agreements')
    const bought = await customer('subscribe', { offer_id: idOf('product'), plan_id: 'standard' })
    const agreement_id = bought.subscription_id ?? ''
    const activation = { agreement_id, buyer_account_id: '', plan: 'standard', quantity: null }
    await agreements.activate?.(vendor, activation, 'key')
    const read = await agreements.read(vendor, agreement_id)
    expect(read).toMatchObject({ state: 'active', offer_id: null, plan: 'standard', value: decimal('150') })
    expect(read.instalments.map(({ amount }) => amount.amount)).toEqual([150_00n])
    made.public = agreement_id
    // Nobody asked for this: a wish that Azure does not know is never answered.
    const forged = {
      agreement_id,
      wish_id: '99999999-9999-4999-8999-999999999999',
      action: 'plan' as const,
      plan: 'gold',
      quantity: null,
    }
    expect(await agreements.answer?.(vendor, forged, true, 'key')).toMatchObject({
      status: 'failed',
      problems: [{ code: 'NOT_ASKED' }],
    })
  })
})

describe('a customer of a product with two plans', () => {
  test('wishes for the other plan, and gets it when we say so', async () => {
    const agreements = facet('agreements')
    const azure = createAzure({
      config: { endpoints: server.urls.azure },
      fetch,
      clocks: { business, wall: wallClock },
      random: seededRandom(1),
    })
    const product = (await findProduct(azure, vendor, idOf('product')))?.id ?? ''
    const started = await startJob(azure, vendor, secondPlan(product))
    expect(started.ok).toBe(true)
    await move('PT1M')
    // Written anew under the same key, the offer goes to preview and live with both plans.
    const listings = facet('listings')
    const again = await listings.publish(vendor, listing, 'listing-1')
    targetOf(await done(again, (reference) => listings.check(vendor, reference), 'P1D'))
    inbox.length = 0
    const asked = await customer('change-plan', { subscription_id: idOf('public'), plan_id: 'gold' })
    // Ten seconds of silence would be consent, so the message is met after one.
    await move('PT2S')
    const verified = await facet('webhooks').verify(vendor, inbox[0] ?? { headers: {}, body: '' })
    const hint = verified.ok ? verified.message.hints[0] : undefined
    if (hint?.kind !== 'change_wished') throw new Error(JSON.stringify(verified))
    expect(hint.wish).toEqual({
      agreement_id: idOf('public'),
      wish_id: asked.operation_id,
      action: 'plan',
      plan: 'gold',
      quantity: null,
    })
    const other = { ...hint.wish, plan: 'platinum' }
    expect((await agreements.answer?.(vendor, other, true, 'key'))?.status).toBe('failed')
    expect((await agreements.answer?.(vendor, hint.wish, true, 'key'))?.status).toBe('succeeded')
    expect((await agreements.answer?.(vendor, hint.wish, true, 'key'))?.status).toBe('succeeded')
    expect((await agreements.answer?.(vendor, hint.wish, false, 'key'))?.status).toBe('failed')
    expect((await agreements.read(vendor, idOf('public'))).plan).toBe('gold')
  })

  test('or does not get it', async () => {
    const agreements = facet('agreements')
    const asked = await customer('change-plan', { subscription_id: idOf('public'), plan_id: 'standard' })
    const wish = {
      agreement_id: idOf('public'),
      wish_id: asked.operation_id ?? '',
      action: 'plan' as const,
      plan: 'standard',
      quantity: null,
    }
    expect((await agreements.answer?.(vendor, wish, false, 'key'))?.status).toBe('succeeded')
    await move('PT1M')
    expect((await agreements.read(vendor, idOf('public'))).plan).toBe('gold')
  })
})

function secondPlan(product: string) {
  const plan = { resourceName: 'gold' }
  const price = {
    billingTerm: { type: 'year', value: 1 },
    paymentOption: { type: 'year', value: 1 },
    pricePerPaymentInUsd: 300,
  }
  return [
    { $schema: schemas.plan, ...plan, product, identity: { externalId: 'gold' }, alias: 'Gold' },
    {
      $schema: schemas.planListing,
      kind: 'azureSaaS-plan',
      product,
      plan,
      languageId: 'en-us',
      name: 'Gold',
      summary: 'Gold',
    },
    {
      $schema: schemas.planPricing,
      product,
      plan,
      visibility: 'visible',
      audience: 'public',
      pricing: {
        recurrentPrice: { recurrentPriceMode: 'flatRate', priceInputOption: 'usd', prices: [price] },
      },
    },
  ]
}

describe('an answer that is lost', () => {
  test('while a listing is made leads to the same listing', async () => {
    const listings = facet('listings')
    await control('/faults', {
      cloud: 'azure',
      fault: 'drop_answer',
      service: 'product-ingestion',
      operation: 'Configure',
    })
    const draft = { ...listing, title: 'Lost' }
    await expect(listings.publish(vendor, draft, 'listing-3')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    const again = await listings.publish(vendor, draft, 'listing-3')
    const target = targetOf(await done(again, (reference) => listings.check(vendor, reference), 'P1D'))
    expect(target.product_id).toMatch(/^lost-/)
  })

  test.each([0, 1])('at job %i of a private offer leads to one offer', async (after) => {
    const offers = facet('offers')
    const marker = `offer_lost_${after}`
    const draft = {
      ...privateOffer,
      product_id: idOf('product'),
      marker,
      expires_on: '2026-12-20',
      instalments: [],
      grants: [],
    }
    await control('/faults', {
      cloud: 'azure',
      fault: 'drop_answer',
      service: 'product-ingestion',
      operation: 'Configure',
      after,
    })
    const persistent = async (work: () => Promise<Change>): Promise<Change> => {
      try {
        return await work()
      } catch {
        return work()
      }
    }
    const started = await persistent(() => offers.create(vendor, draft, 'key'))
    const end = await done(started, (reference) => persistent(() => offers.check(vendor, reference)))
    expect(targetOf(end).offer_id).toBeDefined()
    const left = await control<{ state: string; document: { name: string } }[]>('/azure/accepted?kind=offers')
    const mine = left.filter(({ document, state }) => document.name.includes(marker) && state !== 'deleted')
    expect(mine.map(({ state }) => state)).toEqual(['live'])
  })
})

function usageOf(id: string, quantity: string, more: Partial<MeterRecord> = {}): MeterRecord {
  return {
    id,
    product_id: idOf('product'),
    product_code: null,
    license: null,
    agreement_id: idOf('agreement'),
    plan: idOf('plan'),
    buyer_account_id: 'buyer',
    dimension: 'entries',
    hour: new Date(Math.floor(business.now().getTime() / 3_600_000) * 3_600_000 - 3_600_000),
    quantity: decimal(quantity),
    ...more,
  }
}

describe('usage', () => {
  test('is accepted once, known again with the same quantity, and refused with another', async () => {
    await move('PT3H')
    const { report } = facet('metering')
    const first = await report(vendor, [
      usageOf('a', '12.25'),
      usageOf('b', '0'),
      usageOf('c', '1', { dimension: 'none' }),
    ])
    expect(first.answers.map(({ id, status }) => [id, status])).toEqual([
      ['b', 'refused'],
      ['a', 'accepted'],
      ['c', 'refused'],
    ])
    const again = await report(vendor, [usageOf('a', '12.25')])
    expect(again.answers).toMatchObject([{ status: 'accepted', duplicate: true }])
    const other = await report(vendor, [usageOf('a', '12.5')])
    expect(other.answers).toMatchObject([{ status: 'refused', code: 'Duplicate' }])
    const old = await report(vendor, [
      usageOf('d', '1', { hour: new Date(business.now().getTime() - 30 * 3_600_000) }),
    ])
    expect(old.answers).toMatchObject([{ status: 'refused', code: 'Expired' }])
  })

  test('is read back as Azure recorded it', async () => {
    const settlements = facet('settlements')
    const { items } = await settlements.pull(
      { ...vendor, settings: { ...vendor.settings, payout_exports: 'no' } },
      null,
    )
    expect(items).toHaveLength(1)
    const found = await itemsOf(items[0]?.name ?? '')
    expect(
      found.flatMap((item) =>
        item.is === 'usage' ? [[item.usage.dimension, formatDecimal(item.usage.quantity)]] : [],
      ),
    ).toEqual([['entries', '12.25']])
  })

  test('after a dropped answer the same request says what happened', async () => {
    const { report } = facet('metering')
    await control('/faults', { fault: 'drop_answer', service: 'metering', operation: 'PostBatchUsageEvent' })
    const record = usageOf('e', '3', {
      hour: new Date(Math.floor(business.now().getTime() / 3_600_000) * 3_600_000 - 2 * 3_600_000),
    })
    await expect(report(vendor, [record])).rejects.toMatchObject({ code: 'connection_lost' })
    expect((await report(vendor, [record])).answers).toMatchObject([{ status: 'accepted', duplicate: true }])
  })

  test('an expired token is asked for anew', async () => {
    await control('/faults', {
      fault: 'expired_token',
      service: 'metering',
      operation: 'PostBatchUsageEvent',
    })
    const record = usageOf('e', '3', {
      hour: new Date(Math.floor(business.now().getTime() / 3_600_000) * 3_600_000 - 2 * 3_600_000),
    })
    await expect(facet('metering').report(vendor, [record])).rejects.toMatchObject({ code: 'unauthorised' })
    expect((await facet('metering').report(vendor, [record])).answers).toMatchObject([{ duplicate: true }])
  })
})

describe('a multiparty offer', () => {
  test('is given to a partner, seen by it, marked up, and bought', async () => {
    const syndication = facet('syndication')
    const draft = {
      ...authorization,
      product_id: idOf('product'),
      expires_on: '2026-11-30',
      instalments: authorization.instalments.map((item, index) => ({
        ...item,
        due_on: index === 0 ? '2026-11-30' : '2027-02-01',
      })),
    }
    const given = await syndication.authorize(vendor, draft, 'key')
    const target = targetOf(await done(given, (reference) => syndication.check(vendor, reference)))
    made.authorization = target.authorization_id ?? ''
    const shared = await syndication.pullShared(partner, null)
    expect(shared.items).toMatchObject([{ authorization_id: idOf('authorization'), state: 'active' }])
    const offer = {
      authorization_id: idOf('authorization'),
      name: 'Ours',
      description: '',
      buyer_account_ids: [customerAccount],
      markup_percent: decimal('12.5'),
      expires_on: '2026-11-30',
      marker: 'offer_9',
    }
    expect(
      await syndication.createOffer(partner, { ...offer, expires_on: '2026-11-15' }, 'key'),
    ).toMatchObject({
      status: 'failed',
      problems: [{ code: 'EXPIRY_FIXED' }],
    })
    const passed = await syndication.createOffer(partner, offer, 'key')
    expect(targetOf(await done(passed, (reference) => syndication.check(partner, reference)))).toEqual({
      offer_id: idOf('authorization'),
    })
    expect((await syndication.createOffer(partner, offer, 'key')).status).toBe('succeeded')
    expect(
      await syndication.createOffer(partner, { ...offer, markup_percent: decimal('13') }, 'key'),
    ).toMatchObject({
      status: 'failed',
    })
    expect((await facet('offers').read(partner, idOf('authorization')))?.state).toBe('live')
    await customer('accept', { private_offer_id: idOf('authorization') })
    const bought = await customer('subscribe', { private_offer_id: idOf('authorization') })
    const record = await facet('agreements').read(vendor, bought.subscription_id ?? '')
    expect(record).toMatchObject({
      role: 'manufacturer',
      authorization_id: idOf('authorization'),
      offer_id: null,
      seller_account_id: partnerAccount,
    })
    await facet('agreements').activate?.(
      vendor,
      { agreement_id: record.agreement_id, buyer_account_id: '', plan: null, quantity: null },
      'key',
    )
    const seen = await syndication.pullShared(partner, shared.next)
    expect(seen.items).toMatchObject([{ state: 'restricted' }])
    expect(await syndication.restrict(vendor, idOf('authorization'), 'key')).toMatchObject({
      status: 'failed',
      problems: [{ code: 'ACCEPTED' }],
    })
  })
})

async function itemsOf(name: string): Promise<StatementItem[]> {
  const settlements = facet('settlements')
  const stream = await settlements.fetchFile(vendor, name)
  const rows = parse(await new Response(stream).text(), { relax_column_count: true })
  const all: string[][] = []
  for await (const row of rows) all.push(row)
  const format = settlements.recognise(name, all[0] ?? []) ?? ''
  const items: StatementItem[] = []
  for await (const item of settlements.parse(format, toAsync(all))) items.push(item)
  return items
}

async function* toAsync(rows: string[][]): AsyncGenerator<string[]> {
  yield* rows
}

describe('the money', () => {
  test('comes as exports, and what was paid out is the sum of its lines', async () => {
    const settlements = facet('settlements')
    await move('P120D')
    const asked = await settlements.pull(vendor, null)
    await move('PT1H')
    const pulled = await settlements.pull(vendor, asked.next)
    expect(pulled.items.map(({ name }) => name.split('/')[0])).toEqual(['transactionhistory', 'payments'])
    const lines: StatementLine[] = []
    for (const { name } of pulled.items) {
      for (const item of await itemsOf(name)) if (item.is === 'line') lines.push(item.line)
    }
    const sold = lines.filter(
      ({ kind, stage, agreement_id }) =>
        kind === 'sale' && stage === 'invoiced' && agreement_id === idOf('agreement'),
    )
    expect(sold.map(({ amount }) => formatDecimal(amount)).sort()).toContain('60000')
    expect(lines.some(({ kind }) => kind === 'listing_fee')).toBe(true)
    expect(lines.some(({ kind }) => kind === 'unknown')).toBe(false)
    const payments = lines.filter(({ kind }) => kind === 'disbursement')
    expect(payments.length).toBeGreaterThan(0)
    for (const payment of payments) {
      const parts = lines.filter(({ disbursement_key }) => disbursement_key === payment.key)
      expect(formatDecimal(sum(parts.map(({ amount }) => negate(amount))))).toBe(
        formatDecimal(payment.amount),
      )
    }
    const keys = lines.map(({ key, version }) => `${key} ${version}`)
    expect(new Set(keys).size).toBe(keys.length)
    const usage = lines.filter(({ dimension, stage }) => dimension === 'entries' && stage === 'invoiced')
    expect(usage.map(({ period_starts_on }) => period_starts_on)).toContain('2026-09-01')
    const idle = await settlements.pull(vendor, pulled.next)
    expect(idle.items).toEqual([])
  })
})
