import { parse } from 'csv-parse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  AgreementRecord,
  Change,
  Connection,
  Connector,
  MeterRecord,
  StatementItem,
  StatementLine,
} from '../../../connectors/connector.ts'
import { add, decimal, formatDecimal, sum, zero } from '../../../src/core/decimal.ts'
import { type Market, openMarket } from './market.ts'
import { customer, listing, privateOffer, provider, service, standingClock } from './support.ts'

/** The whole connector against the sandbox, over HTTP, in the order of a real deal: each test builds on the last. */

const business = standingClock('2026-11-01T08:00:00Z')
let market: Market
let connector: Connector
let vendor: Connection
let cursor: string | null = null

const control: Market['control'] = (path, body, method) => market.control(path, body, method)
const move = (by: string) => market.move({ by })
const moveTo = (to: string) => market.move({ to })
const facets = () => market.facets()

/** Asks until the change is done, through all of its stages. */
async function done(change: Change, check: (reference: string) => Promise<Change>): Promise<Change> {
  let present = change
  for (let times = 0; times < 6 && present.status === 'accepted'; times += 1) {
    await move('PT1M')
    present = await check(present.reference)
  }
  return present
}

function targetOf(change: Change) {
  if (change.status !== 'succeeded') throw new Error(JSON.stringify(change, null, 2))
  return change.target
}

async function pullAll(): Promise<AgreementRecord[]> {
  const found: AgreementRecord[] = []
  let more = true
  while (more) {
    const pulled = await facets().agreements.pull(vendor, cursor)
    found.push(...pulled.items)
    cursor = pulled.next
    more = pulled.more
  }
  return found
}

beforeAll(async () => {
  market = await openMarket(business)
  connector = market.connector
  vendor = market.vendor
})
afterAll(() => market.server.stop())

const made: Record<string, string> = {}
const idOf = (name: string): string => {
  const id = made[name]
  if (id === undefined) throw new Error(`An earlier test made no ${name}`)
  return id
}

describe('a connection', () => {
  test('says of each permission whether it works', async () => {
    const tests = await connector.test(vendor)
    expect(tests.map(({ permission, ok }) => [permission, ok])).toEqual([
      ['Service account', true],
      ['Procurement entitlements.list', true],
      ['Procurement accounts.list', true],
      ['commerceproducer.products.list', true],
      ['commerceproducer.privateOffers.list', true],
      ['servicemanagement.services.check', true],
      ['storage.objects.list', true],
    ])
  })

  test("says it once when the key is not the account's", async () => {
    const stranger = {
      ...vendor,
      id: 'conn_stranger',
      settings: { ...vendor.settings, service_account: 'no@one' },
    }
    const tests = await connector.test(stranger)
    expect(tests).toHaveLength(1)
    expect(tests[0]).toMatchObject({ permission: 'Service account', ok: false })
    expect(tests[0]?.detail).toContain('invalid_grant')
  })
})

describe('a product', () => {
  test('is published by a person', async () => {
    const change = await facets().listings.publish(vendor, listing, 'key')
    expect(change).toMatchObject({ status: 'human', task: { title: expect.stringContaining('Ledger') } })
  })

  test('is read with its dimensions', async () => {
    const read = await facets().listings.read(vendor, service)
    expect(read.state).toBe('public')
    expect(
      read.dimensions.filter(({ kind }) => kind === 'metered').map(({ key, unit }) => [key, unit]),
    ).toEqual([
      ['calls', 'call'],
      ['gigabytes', 'GiBy'],
    ])
  })
})

describe('a private offer', () => {
  test('goes through its stages', async () => {
    const { offers } = facets()
    const first = await offers.create(vendor, privateOffer, 'op_1')
    expect(first).toMatchObject({ status: 'accepted', reference: expect.stringMatching(/^validate:/) })
    made.offer = targetOf(await done(first, (reference) => offers.check(vendor, reference))).offer_id ?? ''
    const read = await offers.read(vendor, idOf('offer'))
    expect(read).toMatchObject({ state: 'live', name: privateOffer.name, buyer_account_ids: [customer] })
  })

  test('is not made twice with the same key, and is with another', async () => {
    const { offers } = facets()
    const again = await offers.create(vendor, privateOffer, 'op_1')
    expect(targetOf(again).offer_id).toBe(idOf('offer'))
    const other = await offers.create(vendor, privateOffer, 'op_2')
    if (other.status !== 'accepted') throw new Error(JSON.stringify(other))
    expect(other.reference).not.toContain(idOf('offer'))
  })

  test('is found again after the answer to its making was lost', async () => {
    const { offers } = facets()
    await control('/faults', {
      fault: 'drop_answer',
      service: 'commerceproducer',
      operation: 'CreatePrivateOffer',
    })
    await expect(offers.create(vendor, privateOffer, 'op_3')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    const before = await control<unknown[]>('/gcp/accepted?kind=offers')
    const again = await offers.create(vendor, privateOffer, 'op_3')
    expect(again.status).toBe('accepted')
    expect(await control<unknown[]>('/gcp/accepted?kind=offers')).toHaveLength(before.length)
    const released = await done(again, (reference) => offers.check(vendor, reference))
    made.spare = targetOf(released).offer_id ?? ''
  })

  test('is published once although the answer was lost', async () => {
    const { offers } = facets()
    const first = await offers.create(vendor, privateOffer, 'op_4')
    if (first.status !== 'accepted') throw new Error(JSON.stringify(first))
    const second = await offers.check(vendor, first.reference)
    if (second.status !== 'accepted') throw new Error(JSON.stringify(second))
    await control('/faults', {
      fault: 'drop_answer',
      service: 'commerceproducer',
      operation: 'PublishPrivateOffer',
    })
    await expect(offers.check(vendor, second.reference)).rejects.toMatchObject({ code: 'connection_lost' })
    expect((await offers.check(vendor, second.reference)).status).toBe('succeeded')
  })

  test('tells what Google found wrong, and leaves no draft behind', async () => {
    const { offers } = facets()
    const far = {
      ...privateOffer,
      expires_on: '2027-03-30',
      instalments: privateOffer.instalments.slice(0, 1),
    }
    const first = await offers.create(vendor, far, 'op_5')
    const failed = await done(first, (reference) => offers.check(vendor, reference))
    if (failed.status !== 'failed') throw new Error(JSON.stringify(failed))
    expect(failed.problems[0]).toMatchObject({ field: 'accept_deadline_time' })
    if (first.status !== 'accepted') throw new Error('unreachable')
    expect(await offers.check(vendor, first.reference)).toMatchObject({ problems: [{ code: 'DRAFT_GONE' }] })
  })

  test('says before sending what Google cannot do', async () => {
    const { offers } = facets()
    const change = await offers.create(
      vendor,
      { ...privateOffer, usage_prices: { calls: decimal('0.003'), bytes: decimal('1') } },
      'op_6',
    )
    if (change.status !== 'failed') throw new Error(JSON.stringify(change))
    expect(change.problems.map(({ code }) => code)).toEqual(['PRICE_ABOVE_LIST', 'NO_SUCH_METRIC'])
  })

  test('has its last day moved ahead, not back, and is withdrawn by a past day', async () => {
    const { offers } = facets()
    const spare = idOf('spare')
    expect((await offers.expire(vendor, spare, '2026-12-15', 'k')).status).toBe('succeeded')
    expect((await offers.expire(vendor, spare, '2026-12-15', 'k')).status).toBe('succeeded')
    expect(await offers.expire(vendor, spare, '2026-12-01', 'k')).toMatchObject({
      problems: [{ code: 'DEADLINE_ONLY_LATER' }],
    })
    expect((await offers.expire(vendor, spare, '2026-10-30', 'k')).status).toBe('succeeded')
    expect((await offers.expire(vendor, spare, '2026-10-30', 'k')).status).toBe('succeeded')
    expect((await offers.read(vendor, spare))?.state).toBe('withdrawn')
  })

  test('that nobody knows is nothing', async () => {
    expect(await facets().offers.read(vendor, 'b2f3c0de-0000-4000-8000-000000000000')).toBeUndefined()
  })
})

describe('an agreement', () => {
  test('begins when the buyer accepts, and waits for the seller', async () => {
    const accepted = await control<{ entitlement_id: string }>(`/gcp/buyers/${customer}/accept`, {
      offer: idOf('offer'),
    })
    made.agreement = accepted.entitlement_id
    await move('PT1M')
    const [record, ...rest] = await pullAll()
    expect(rest).toEqual([])
    expect(record).toMatchObject({
      agreement_id: idOf('agreement'),
      role: 'seller',
      state: 'pending',
      cloud_state: 'ENTITLEMENT_ACTIVATION_REQUESTED',
      offer_id: idOf('offer'),
      product_id: service,
      currency: 'USD',
      grants: [{ dimension: 'seats', quantity: 100 }],
    })
    expect(record?.value && formatDecimal(record.value)).toBe('120000.5')
    expect(record?.instalments.map(({ amount }) => amount.amount)).toEqual([60_000_00n, 60_000_50n])
    made.account = record?.buyer_account_id ?? ''
  })

  test('is told by a push that proves itself', async () => {
    const message = market.inbox.find(({ body }) => body.includes('"message"'))
    if (message === undefined) throw new Error('Nothing was pushed')
    const verified = await facets().webhooks.verify(vendor, message)
    if (!verified.ok) throw new Error(verified.reason)
    expect(verified.message.account_id).toBe(provider)
    const all = await Promise.all(market.inbox.map((one) => facets().webhooks.verify(vendor, one)))
    const hints = all.flatMap((one) => (one.ok ? one.message.hints : []))
    expect(hints).toContainEqual(
      expect.objectContaining({ kind: 'agreement_changed', agreement_id: idOf('agreement') }),
    )
  })

  test('names itself in the sign-up token', async () => {
    const { agreements } = facets()
    const visit = await control(`/gcp/buyers/${customer}/register`, { entitlement_id: idOf('agreement') })
    const token = String(visit[agreements.registration.field])
    expect(await agreements.resolve(vendor, token)).toMatchObject({
      buyer_account_id: idOf('account'),
      agreement_id: idOf('agreement'),
    })
    const elsewhere = { ...vendor, settings: { ...vendor.settings, sign_up_audience: 'other.example.com' } }
    await expect(agreements.resolve(elsewhere, token)).rejects.toMatchObject({ code: 'invalid' })
  })

  test('is activated once, whatever happens on the way', async () => {
    const { agreements } = facets()
    const activation = {
      agreement_id: idOf('agreement'),
      buyer_account_id: idOf('account'),
      plan: null,
      quantity: null,
    }
    await control('/faults', {
      fault: 'drop_answer',
      service: 'cloudcommerceprocurement',
      operation: 'entitlements.approve',
    })
    await expect(agreements.activate?.(vendor, activation, 'k')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    expect((await agreements.activate?.(vendor, activation, 'k'))?.status).toBe('succeeded')
    await move('PT1M')
    const record = await agreements.read(vendor, idOf('agreement'))
    expect(record.state).toBe('active')
    expect(record.license).toMatch(/^project_number:/)
    expect(record.ends_at?.toISOString().slice(0, 7)).toBe('2027-11')
    made.license = record.license ?? ''
  })

  test('is handed on once per change', async () => {
    expect((await pullAll()).map(({ state }) => state)).toEqual(['active'])
    expect(await pullAll()).toEqual([])
  })
})

function recordOf(more: Partial<MeterRecord>): MeterRecord {
  return {
    id: 'usage_1',
    product_id: service,
    product_code: null,
    license: idOf('license'),
    agreement_id: idOf('agreement'),
    plan: null,
    buyer_account_id: idOf('account'),
    dimension: 'calls',
    hour: new Date('2026-11-01T09:00:00Z'),
    quantity: decimal('1000'),
    ...more,
  }
}

async function usage(): Promise<{ operation_id: string; value: string }[]> {
  return control(`/gcp/accepted?kind=usage&account_id=${provider}`)
}

describe('usage', () => {
  test('is taken, several records of one hour add up, and refusals are per record', async () => {
    await moveTo('2026-11-01T10:10:00Z')
    const { answers } = await facets().metering.report(vendor, [
      recordOf({ id: 'usage_1' }),
      recordOf({ id: 'usage_2', quantity: decimal('500') }),
      recordOf({ id: 'usage_3', dimension: 'gigabytes', quantity: decimal('1.5') }),
      recordOf({ id: 'usage_4', dimension: 'bytes' }),
      recordOf({ id: 'usage_5', quantity: decimal('1.5') }),
      recordOf({ id: 'usage_6', license: null }),
    ])
    const byId = Object.fromEntries(answers.map((answer) => [answer.id, answer]))
    expect(byId).toMatchObject({
      usage_1: { status: 'accepted', duplicate: false },
      usage_2: { status: 'accepted' },
      usage_3: { status: 'accepted' },
      usage_4: { status: 'refused', code: 'INVALID_ARGUMENT' },
      usage_5: { status: 'refused', code: 'QuantityNotWhole' },
      usage_6: { status: 'refused', code: 'NoReportingId' },
    })
    expect((await usage()).map(({ value }) => value).sort()).toEqual(['1.5', '1000', '500'])
  })

  test('is counted once although the answer was lost and it was sent again', async () => {
    const record = recordOf({ id: 'usage_7', quantity: decimal('7') })
    await control('/faults', {
      fault: 'drop_answer',
      service: 'servicecontrol',
      operation: 'services.report',
    })
    await expect(facets().metering.report(vendor, [record])).rejects.toMatchObject({
      code: 'connection_lost',
    })
    const again = await facets().metering.report(vendor, [record])
    expect(again.answers[0]?.status).toBe('accepted')
    expect((await usage()).filter(({ value }) => value === '7')).toHaveLength(1)
  })

  test('is sent again where only half of it was looked at', async () => {
    const records = ['usage_8', 'usage_9'].map((id) => recordOf({ id, quantity: decimal('3') }))
    await control('/faults', {
      fault: 'partial_batch',
      service: 'servicecontrol',
      operation: 'services.report',
    })
    const { answers } = await facets().metering.report(vendor, records)
    expect(answers.map(({ status }) => status)).toEqual(['accepted', 'unprocessed'])
    await facets().metering.report(vendor, records)
    expect((await usage()).filter(({ value }) => value === '3')).toHaveLength(2)
  })

  test("waits while the buyer's billing is off", async () => {
    await control(`/gcp/accounts/${customer}`, { billing_enabled: false }, 'PATCH')
    const { answers } = await facets().metering.report(vendor, [recordOf({ id: 'usage_10' })])
    expect(answers).toEqual([{ id: 'usage_10', status: 'unprocessed' }])
    await control(`/gcp/accounts/${customer}`, { billing_enabled: true }, 'PATCH')
  })

  test.each([
    ['throttle', 'throttled'],
    ['error_500', 'unavailable'],
    ['error_503', 'unavailable'],
    ['truncated_json', 'unreadable_reply'],
    ['drop_request', 'connection_lost'],
  ])('a %s is told as %s', async (fault, code) => {
    await control('/faults', { fault, service: 'servicecontrol', operation: 'services.check' })
    await expect(facets().metering.report(vendor, [recordOf({ id: 'usage_11' })])).rejects.toMatchObject({
      code,
    })
  })

  test('an expired token is told once, and the next call fetches a new one', async () => {
    await control('/faults', {
      fault: 'expired_token',
      service: 'servicecontrol',
      operation: 'services.check',
    })
    const record = recordOf({ id: 'usage_12', quantity: decimal('12') })
    await expect(facets().metering.report(vendor, [record])).rejects.toMatchObject({ code: 'unauthorised' })
    expect((await facets().metering.report(vendor, [record])).answers[0]?.status).toBe('accepted')
  })

  test('that is too old is refused', async () => {
    await moveTo('2026-11-01T12:30:00Z')
    const old = recordOf({ id: 'usage_13', hour: new Date('2026-11-01T10:10:00Z') })
    const { answers } = await facets().metering.report(vendor, [old])
    expect(answers[0]).toMatchObject({ status: 'refused', code: 'INVALID_ARGUMENT' })
  })
})

async function* rowsOf(text: string): AsyncGenerator<string[]> {
  const rows: AsyncIterable<string[]> = parse(text, { relax_column_count: true })
  yield* rows
}

/** All reports of a kind, from the bucket. */
async function itemsOf(kind: string): Promise<StatementItem[]> {
  const { settlements } = facets()
  const found: StatementItem[] = []
  const { items } = await settlements.pull(vendor, null)
  for (const { name } of items.filter((file) => file.name.startsWith(`${kind}/`))) {
    const text = await new Response(await settlements.fetchFile(vendor, name)).text()
    const format = settlements.recognise(name, (text.split('\n')[0] ?? '').split(','))
    if (format === null) throw new Error(`${name} is not recognised`)
    for await (const item of settlements.parse(format, rowsOf(text))) found.push(item)
  }
  return found
}
const linesOf = (items: StatementItem[]): StatementLine[] =>
  items.flatMap((item) => (item.is === 'line' ? [item.line] : []))

describe('money', () => {
  test('of a month is explained to the cent and equals what the bank got', async () => {
    await moveTo('2026-12-31T23:00:00Z')
    const lines = linesOf(await itemsOf('detailed_disbursement'))
    const counted = lines.filter((line) => line.counts)
    expect(counted.filter(({ kind }) => kind === 'unknown')).toEqual([])
    const invoiced = sum(counted.filter(({ stage }) => stage === 'invoiced').map(({ amount }) => amount))
    const cash = sum(counted.filter(({ kind }) => kind === 'disbursement').map(({ amount }) => amount))
    expect(formatDecimal(invoiced)).toBe(formatDecimal(cash))
    const bank = await control<string>(`/bank/${provider}.csv`)
    const paid = bank
      .trim()
      .split('\n')
      .slice(1)
      .reduce((total, row) => add(total, decimal(row.split(',')[2] ?? '0')), zero)
    expect(formatDecimal(cash)).toBe(formatDecimal(paid))
    const sale = counted.find(({ kind, amount }) => kind === 'sale' && formatDecimal(amount) === '60000')
    expect(sale).toMatchObject({ agreement_id: idOf('agreement'), offer_id: idOf('offer'), currency: 'USD' })
  })

  test('every line of a pay-out goes into it', async () => {
    const lines = linesOf(await itemsOf('detailed_disbursement'))
    for (const cash of lines.filter(({ kind }) => kind === 'disbursement')) {
      const inside = lines.filter((line) => line.disbursement_key === cash.key && line !== cash)
      expect(formatDecimal(sum([cash.amount, ...inside.map(({ amount }) => amount)]))).toBe('0')
    }
  })

  test('usage is read back by order and day', async () => {
    const items = await itemsOf('incremental_insights')
    const used = items.flatMap((item) => (item.is === 'usage' ? [item.usage] : []))
    expect(used.map(({ agreement_id }) => agreement_id)).toContain(idOf('agreement'))
    expect(used.map(({ on }) => on)).toContain('2026-11-01')
  })

  test('the same money in the other reports is never counted twice', async () => {
    expect(linesOf(await itemsOf('charges_and_usage')).some((line) => line.counts)).toBe(false)
    expect(await itemsOf('disbursements_summary')).toEqual([])
  })
})

describe('the bucket', () => {
  test('hands on each file once', async () => {
    const { settlements } = facets()
    const first = await settlements.pull(vendor, null)
    expect(first.items.length).toBeGreaterThanOrEqual(4)
    expect((await settlements.pull(vendor, first.next)).items).toEqual([])
  })
})

describe('the end', () => {
  test('comes when the buyer cancels, and the last usage before it is taken', async () => {
    await moveTo('2027-01-04T10:20:00Z')
    await control(`/gcp/buyers/${customer}/cancel`, { entitlement_id: idOf('agreement'), immediately: true })
    await move('PT5M')
    const record = await facets().agreements.read(vendor, idOf('agreement'))
    expect(record.state).toBe('cancelled')
    expect(record.ends_at).not.toBeNull()
    const { answers } = await facets().metering.report(vendor, [
      recordOf({ id: 'usage_20', hour: new Date('2027-01-04T10:00:00Z'), until: record.ends_at }),
    ])
    expect(answers[0]?.status).toBe('accepted')
  })
})
