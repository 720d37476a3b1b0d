import { parse } from 'csv-parse/sync'
import { afterEach, expect, test } from 'vitest'
import { customer, partner, vendor } from './accounts.ts'
import { discountOffer, type Listing } from './documents.ts'
import {
  type Client,
  configure,
  type Market,
  offer,
  openMarket,
  publish,
  type Subscribed,
  subscribe,
} from './support.ts'

let market: Market
afterEach(() => market.server.stop())

type Row = Record<string, string>
type Page = { value: { requestId: string; status: string; blobLocation: string }[] }

/** Asks for an export, waits for it, and reads the file at its signed address. */
async function exported(
  client: Client,
  kind: 'transactionhistory' | 'payments',
  filter = '',
): Promise<Row[]> {
  const started = await client<Page>(
    'payouts',
    'POST',
    `/${kind}?$filter=${encodeURIComponent(filter)}&fileFormat=csv`,
  )
  expect([started.status, started.body.value[0]?.status, started.body.value[0]?.blobLocation]).toEqual([
    202,
    'Queued',
    '',
  ])
  const path = `/${kind}/${started.body.value[0]?.requestId}`
  await market.by('PT30S')
  expect((await client<Page>('payouts', 'GET', path)).body.value[0]?.status).toBe('Processing')
  await market.by('PT2M')
  const done = (await client<Page>('payouts', 'GET', path)).body.value[0]
  expect(done?.status).toBe('Completed')
  expect((await fetch((done?.blobLocation ?? '').replace(/sig=.*/, 'sig=x'))).status).toBe(403)
  return parse(await (await fetch(done?.blobLocation ?? '')).text(), { columns: true })
}

const bank = async (account: string) =>
  parse(await market.control<string>(`/bank/${account}.csv`), { columns: true }) as Row[]

async function start(
  settings: { customer?: Record<string, unknown>; vendor?: Record<string, unknown> } = {},
): Promise<Listing> {
  market = await openMarket({}, settings)
  return publish(market)
}

test('a partner and a publisher are both paid by Microsoft, the fee on the publisher’s price alone', async () => {
  const listing = await start()
  const id = await offer(market, [
    discountOffer(listing, {
      privateOfferType: 'multipartyPromotionOriginator',
      partners: [{ id: partner, partnerName: 'Fabrikam', location: 'United States' }],
    }),
  ])
  const shown = await market.partner<{ originatorPricing: object[] }>(
    'ingestion',
    'GET',
    `/${id}?$version=2023-07-15`,
  )
  await configure(market, market.partner, [
    {
      ...shown.body,
      preparedBy: 'rep@reseller.example',
      originatorPricing: shown.body.originatorPricing.map((item) => ({ ...item, markupPercentage: 7.5 })),
    },
  ])
  await market.as('accept', { private_offer_id: id })
  await subscribe(market, { private_offer_id: id })
  await market.to('2027-01-20T00:00:00Z')
  // 100.00 less 10 per cent is 90.00; 7.5 per cent more is 96.75.
  const invoices =
    await market.control<{ amount: string; lines: { wholesale_amount: string }[] }[]>('/azure/invoices')
  expect(invoices[0]).toMatchObject({ amount: '96.75', lines: [{ wholesale_amount: '90.00' }] })
  const [ours] = await exported(
    market.vendor,
    'transactionhistory',
    'earningForDate ge 2026-11-01 and earningForDate le 2026-11-30',
  )
  expect(ours).toMatchObject({
    transactionAmount: '90.00',
    storeFee: '2.70',
    earningAmount: '87.30',
    earningRate: '97',
    isPrivateOffer: 'TRUE',
    paymentStatus: 'Sent',
    transactionType: 'Charge',
    resellerId: partner,
  })
  const theirs = await exported(market.partner, 'transactionhistory')
  expect(theirs[0]).toMatchObject({
    transactionAmount: '6.75',
    storeFee: '0.00',
    earningAmount: '6.75',
    earningRate: '100',
  })
  // The payments of November and December were both in before January.
  const paid = await exported(market.vendor, 'payments')
  expect(paid).toMatchObject([
    { earned: '174.60', totalPayment: '174.60', paymentStatus: 'Sent', paymentID: ours?.paymentId },
  ])
  expect(await bank(vendor)).toMatchObject([
    { booked_on: '2027-01-17', amount: '174.60', reference: `MSFT MKTPL ${ours?.paymentId}` },
  ])
  // The partner's 13.50 is below the threshold and waits.
  expect(await bank(partner)).toEqual([])
})

test('an enterprise customer who never pays is taken back as a transaction below zero', async () => {
  await start({ customer: { agreement_type: 'EA' } })
  const bought = await subscribe(market, { offer_id: 'ledger', plan_id: 'gold' })
  const team = await subscribe(market, { offer_id: 'ledger', plan_id: 'team', quantity: 10 })
  await market.as('suspend', { subscription_id: bought.subscription_id })
  await market.to('2027-04-16T00:00:00Z')
  const rows = await exported(market.vendor, 'transactionhistory')
  const gold = rows.filter((row) => row.subscriptionId === bought.subscription_id)
  expect(
    gold.map((row) => [
      row.transactionAmount,
      row.storeFee,
      row.earningAmount,
      row.transactionType,
      row.reasonCode,
    ]),
  ).toEqual([
    ['300.00', '9.00', '291.00', 'Charge', ''],
    ['-300.00', '-9.00', '-291.00', 'Refund', 'NonPayment'],
  ])
  expect(gold[1]?.transactionId).toBe(gold[0]?.earningId)
  // The subscription of M1 is paid in M2, before the customer pays; what is owed waits for later earnings.
  expect(await bank(vendor)).toMatchObject([{ booked_on: '2026-12-17', amount: '1455.00' }])
  expect(gold[1]).toMatchObject({ paymentId: '', paymentStatus: 'Upcoming' })
  expect(
    (
      await market.control<{ subscription_id: string; written_off_at: string | null }[]>('/azure/invoices')
    ).map((item) => [item.subscription_id, item.written_off_at !== null]),
  ).toEqual([
    [bought.subscription_id, true],
    [team.subscription_id, false],
  ])
})

test('taxes are collected by Microsoft or passed on, withheld, and taken on the fee', async () => {
  await start({
    customer: { tax: { rate: '0.0825', liable: 'publisher' } },
    vendor: { withholding_tax_rate: '0.1', service_fee_tax_rate: '0.2' },
  })
  await subscribe(market, { offer_id: 'ledger', plan_id: 'gold' })
  await market.to('2027-01-20T00:00:00Z')
  const [payment] = await exported(market.vendor, 'payments')
  // Two months: 582.00 earned, 49.50 of tax to remit, a tenth withheld, 20 per cent of the fee of 18.00.
  expect(payment).toMatchObject({
    earned: '582.00',
    salesTax: '49.50',
    withheldTax: '58.20',
    serviceFeeTax: '3.60',
    totalPayment: '569.70',
  })
})

test('a customer who does not pay delays the seller, and pays everything when it pays again', async () => {
  await start()
  await market.control(`/azure/accounts/${customer}`, { pays: false }, 'PATCH')
  await subscribe(market, { offer_id: 'ledger', plan_id: 'gold' })
  await market.to('2027-01-20T00:00:00Z')
  expect(await market.control('/azure/payouts')).toEqual([])
  const rows = await exported(market.vendor, 'transactionhistory')
  expect(new Set(rows.map((row) => row.paymentStatus))).toEqual(new Set(['Unprocessed']))
  await market.control(`/azure/accounts/${customer}`, { pays: true }, 'PATCH')
  await market.to('2027-02-20T00:00:00Z')
  expect(await bank(vendor)).toMatchObject([{ booked_on: '2027-02-17', amount: '873.00' }])
})

test('every purchase draws the customer’s commitment down, which only the customer sees', async () => {
  await start({ customer: { commitment: { amount: '1000.00', start: '2026-11-01', end: '2027-10-31' } } })
  await subscribe(market, { offer_id: 'ledger', plan_id: 'gold' })
  const path = `/providers/Microsoft.Billing/billingAccounts/${customer}/providers/Microsoft.Consumption`
  const lots = await market.customer<{ value: object[] }>(
    'management',
    'GET',
    `${path}/lots?api-version=2024-08-01`,
  )
  expect(lots.body.value).toMatchObject([
    {
      properties: {
        status: 'Active',
        originalAmount: { value: 1000 },
        closedBalance: { currency: 'USD', value: 700 },
      },
    },
  ])
  const events = await market.customer<{ value: object[] }>(
    'management',
    'GET',
    `${path}/events?api-version=2024-08-01`,
  )
  expect(events.body.value).toMatchObject([
    { properties: { eventType: 'SettledCharges', charges: { value: 300 } } },
  ])
  expect((await market.vendor('management', 'GET', `${path}/lots?api-version=2024-08-01`)).status).toBe(403)
})

test('a plan change is billed by the plan an hour belonged to', async () => {
  await start()
  const bought: Subscribed = await subscribe(market, { offer_id: 'ledger', plan_id: 'silver' })
  const meter = (planId: string, quantity: number) =>
    market.vendor('metering', 'POST', '/usageEvent', {
      resourceId: bought.subscription_id,
      quantity,
      dimension: 'calls',
      planId,
      effectiveStartTime: '',
    })
  expect((await meter('silver', 1)).status).toBe(400)
  const at = async (planId: string, quantity: number) => {
    const { now } = await market.control<{ now: string }>('/clock')
    return market.vendor('metering', 'POST', '/usageEvent', {
      resourceId: bought.subscription_id,
      quantity,
      dimension: 'calls',
      planId,
      effectiveStartTime: now,
    })
  }
  expect((await at('silver', 100)).status).toBe(200)
  await market.as('change-plan', { subscription_id: bought.subscription_id, plan_id: 'gold' })
  await market.by('PT2H')
  expect((await at('gold', 100.9)).status).toBe(200)
  await market.control('/months/close', {})
  const invoices = await market.control<{ kind: string; lines: object[] }[]>('/azure/invoices')
  expect(invoices.find((item) => item.kind === 'USAGE')?.lines).toMatchObject([
    { unit_price: '0.05', amount: '5.00' },
    { unit_price: '0.02', quantity: '100.9', amount: '2.01' },
  ])
})
