// The ten feeds that describe: who the buyer is, what an offer is called, agreements whose messages were missed, ids of
// earlier days, and taxes by jurisdiction. All as the sandbox's own state has them.
import { afterEach, expect, test } from 'vitest'
import { readAgreement } from '../../src/agreements/index.ts'
import { describe as described } from '../../src/descriptions/index.ts'
import { countedByCloud } from '../../src/settlement/expectations.ts'
import { buyerAccount, resellerAccount, vendorAccount } from '../connectors/aws/support.ts'
import { type AwsMarket, awsMarket, buy, resell } from './aws-market.ts'
import { agreementOf, type Seat } from './market.ts'
import { contract, exceptions, item } from './support.ts'

let market: AwsMarket
afterEach(() => market.close())

async function until(to: string, ...seats: Seat[]): Promise<void> {
  await market.move({ to: `${to}T06:00:00.000Z` })
  for (const of of seats) {
    await of.settle()
    await of.bank()
  }
}

const one = contract(['2026-09-05', '600.00'])

const party = (account_id: string, name: string, region: string | null = null) => ({
  account_id,
  name,
  country: 'US',
  region,
  city: null,
})

/** Does the readings that the files asked for, as the ticker does. */
async function readAsked({ organisation_id, tenant, market: { context } }: Seat): Promise<number> {
  const due = await tenant(({ tx }) =>
    tx.work.findMany({ where: { organisation_id, kind: 'agreements.read' } }),
  )
  for (const { key, payload } of due)
    await readAgreement(context, { ...item(organisation_id, 'agreements.read', key), payload })
  await tenant(({ tx }) => tx.work.deleteMany({ where: { organisation_id, kind: 'agreements.read' } }))
  return due.length
}

test('all twelve feeds are read, and each thing is told as the cloud has it', async () => {
  market = await awsMarket({
    buyer: {
      tax: { rate: '0.0825', liable: 'seller' },
      name: 'Example Buyer LLC',
      country: 'US',
      state: 'TX',
    },
  })
  const { vendor } = market
  const id = await buy(market, one)
  await until('2026-09-08', vendor)
  const files = await vendor.tenant(({ tx }) =>
    tx.statement.findMany({ where: { format: { startsWith: 'aws.' } }, orderBy: { format: 'asc' } }),
  )
  expect([...new Set(files.map(({ format, state }) => `${format} ${state}`))]).toEqual([
    'aws.accountfeed_v1 imported',
    'aws.addressfeed_v1 imported',
    'aws.agreementfeed_v1 imported',
    'aws.agreementtermfeed_v1 imported',
    'aws.billingeventfeed_v1 imported',
    'aws.legacyidmappingfeed_v1 imported',
    'aws.offerfeed_v1 imported',
    'aws.offerproductfeed_v1 imported',
    'aws.offertargetfeed_v1 imported',
    'aws.productfeed_v1 imported',
    'aws.taxitemfeed_v1 imported',
  ])
  const tax = await vendor.tenant(({ tx }) =>
    tx.statement_line.findFirstOrThrow({ where: { kind: 'tax', stage: 'invoiced' } }),
  )
  const found = await vendor.tenant((scope) =>
    described(scope, [
      {
        id: 'x',
        connection_id: vendor.connection.id,
        agreement_id: id,
        offer_id: null,
        invoice_id: tax.invoice_id,
        reference: tax.reference,
        at: tax.occurred_at,
      },
    ]),
  )
  expect(found.get('x')).toEqual({
    agreement_id: id,
    offer_id: expect.stringMatching(/^offer-/),
    offer: 'Ledger for Acme',
    offered_to: [buyerAccount],
    products: [
      {
        product_id: market.product,
        title: 'Ledger Cloud',
        maker: party(vendorAccount, `Account ${vendorAccount}`),
      },
    ],
    terms: expect.arrayContaining(['FixedUpfrontPricingTerm', 'PaymentScheduleTerm']),
    buyer: party(buyerAccount, 'Example Buyer LLC', 'TX'),
    seller: party(vendorAccount, `Account ${vendorAccount}`),
    taxes: [
      {
        type: 'Sales',
        level: 'State',
        jurisdiction: 'TX',
        rate: '0.0825',
        amount: '49.50',
        currency: 'USD',
        liable: 'Seller',
      },
    ],
  })
  expect(await exceptions(vendor)).toEqual([])
})

test('of persons nothing is kept but the name an account trades under', async () => {
  market = await awsMarket({ buyer: { name: 'Example Buyer LLC' } })
  const { vendor } = market
  await buy(market, one)
  await until('2026-09-08', vendor)
  const rows = await vendor.tenant(({ tx }) =>
    tx.description.findMany({
      where: { kind: { in: ['account', 'address'] } },
      select: { kind: true, told: true },
    }),
  )
  const columns = rows.map(
    ({ kind, told }) =>
      `${kind}: ${Object.keys(told as object)
        .sort()
        .join(' ')}`,
  )
  expect([...new Set(columns)].sort()).toEqual([
    'account: address name',
    'address: city company country region',
  ])
})

test('a resold agreement whose messages were missed is found in the feed, with its buyer and its reseller', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5, name: 'Far Buyer GmbH', country: 'DE' } })
  const { vendor } = market
  const reseller = await market.reseller()
  const id = await resell(market, reseller, {
    wholesale: contract(['2026-09-16', '1000.00']),
    terms: contract(['2026-09-16', '1125.00']),
    markup: '12.5',
    unheard: true,
  })
  const known = () => vendor.tenant(({ tx }) => tx.agreement.findMany({ where: { cloud_agreement_id: id } }))
  await vendor.agreements()
  expect(await known()).toEqual([])
  await until('2026-09-18', vendor)
  expect(await readAsked(vendor)).toBe(1)
  expect(await known()).toMatchObject([
    {
      role: 'manufacturer',
      state: 'active',
      buyer_account_id: buyerAccount,
      seller_account_id: resellerAccount,
      cloud_offer_id: expect.stringMatching(/^offer-/),
    },
  ])
  await until('2026-09-20', vendor)
  expect(await readAsked(vendor)).toBe(0)
  // Its lines have it now.
  const waiting = await vendor.tenant(({ tx }) => tx.statement_line.count({ where: { state: 'waiting' } }))
  expect(waiting).toBe(0)
})

test('an agreement that stands otherwise in the feed is read again, and a person hears of what stays', async () => {
  market = await awsMarket()
  const { vendor } = market
  const id = await buy(market, one)
  await until('2026-09-08', vendor)
  const slip = { account_id: vendorAccount, feed: 'agreementfeed', id, slip: 'misprinted' }
  await market.control('/aws/feeds/slips', { ...slip, column: 'status', value: 'TERMINATED', days: 6 })
  await until('2026-09-09', vendor)
  // The cloud is asked, and says that it runs.
  expect(await readAsked(vendor)).toBe(1)
  const agreement = await vendor.tenant(({ tx }) => tx.agreement.findFirstOrThrow())
  expect(agreement.state).toBe('active')
  expect(await exceptions(vendor)).toEqual([])
  await until('2026-09-12', vendor)
  expect(await readAsked(vendor)).toBe(0)
  expect(await exceptions(vendor)).toEqual([
    {
      kind: 'report_difference',
      sentence: `Agreement ${id}: the cloud's files say TERMINATED, until 2027-09-01; here it is active, until 2027-09-01.`,
    },
  ])
  await until('2026-09-16', vendor)
  expect(await exceptions(vendor)).toEqual([])
})

test('lines and usage that name an agreement as in earlier days are its own', async () => {
  market = await awsMarket({ buyer: { days_to_pay: 5 } })
  const { vendor } = market
  const id = await buy(market, one)
  const { settlements } = market.connector
  await market.move({ to: '2026-09-08T06:00:00.000Z' })
  const files = await settlements?.pull(vendor.connection, null)
  const name = files?.items.find((file) => file.name.startsWith('billingeventfeed'))?.name ?? ''
  const text = await new Response((await settlements?.fetchFile(vendor.connection, name)) ?? null).text()
  await vendor.upload('billingeventfeed_v1.csv', text.replaceAll(id, 'agmt-of-earlier-days'))
  const usage = 'usage_date,agreement_id,dimension_key,usage_quantity,delete_date'
  await vendor.upload('dailyusagefeed_v1.csv', `${usage}\n2026-09-05,agmt-of-earlier-days,seats,7,\n`)
  const linked = () =>
    vendor.tenant(({ tx }) => tx.statement_line.count({ where: { agreement_id: { not: null } } }))
  expect(await linked()).toBe(0)
  const header = 'valid_from,insert_date,update_date,delete_date,mapping_type,legacy_id,new_id,catalog'
  const at = '2026-09-01T00:00:00Z'
  const row = `${at},${at},${at},,AGREEMENT,agmt-of-earlier-days,${id},AWSMarketplace`
  await vendor.upload('legacyidmappingfeed_v1.csv', `${header}\n${row}\n`)
  expect(await linked()).toBeGreaterThan(0)
  const agreement_id = await agreementOf(vendor, id)
  expect(await vendor.reconciled(agreement_id)).toMatchObject({ invoiced: 58_200n, explained: true })
  const counted = await vendor.tenant((scope) =>
    countedByCloud(scope, { id: agreement_id, cloud_agreement_id: id }),
  )
  expect(counted('seats', '2026-09')).toEqual({ coefficient: 7n, scale: 0 })
})
