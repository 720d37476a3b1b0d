// Azure's exports, made by the sandbox and read by the real connector, through our books to the bank.
import { afterEach, expect, test } from 'vitest'
import type { Terms } from '../../src/offers/model.ts'
import { follow } from '../../src/settlement/follow.ts'
import { type AzureMarket, azureMarket, buy, CUSTOMER, resell, use } from './azure-market.ts'
import { agreementOf } from './market.ts'
import { exceptions, named } from './support.ts'

let market: AzureMarket
afterEach(() => market.close())

const terms: Terms = {
  kind: 'contract_with_consumption',
  currency: 'USD',
  duration_months: 12,
  total: '1000.00',
  grants: [{ dimension: 'seats', quantity: 10 }],
  instalments: [
    { due_on: '2026-10-15', amount: '600.00' },
    { due_on: '2026-12-01', amount: '400.00' },
  ],
  usage_prices: { entries: '0.0125' },
}

test('a direct deal: earnings, collected, paid by payment id, to the bank; nothing is left open', async () => {
  market = await azureMarket()
  const id = await buy(market, terms)
  await market.move({ to: '2026-10-20T10:00:00.000Z' })
  // 161.5 × 0.0125 = 2.01875, of which Azure bills 2.01.
  await use(market, id, '161.5')
  for (const to of ['2026-11-04', '2026-12-10', '2027-01-20', '2027-02-20']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
  }
  await market.vendor.bank()
  // 1,000.00 and 2.01, less 3 per cent: 18.00, 12.00 and 0.06.
  expect(await market.vendor.total()).toMatchObject({
    expected: 97_195n,
    invoiced: 97_195n,
    banked: 97_195n,
    difference: 0n,
    causes: [],
    explained: true,
  })
  expect(await market.vendor.balance('')).toEqual({
    'asset:bank:main': '971.95',
    'expense:listing_fee:azure': '30.06',
    'income:contract': '-1000.00',
    'income:usage': '-2.01',
  })
  expect(await exceptions(market.vendor)).toEqual([])
  const usage = await market.vendor.tenant(({ tx }) =>
    tx.expectation.findFirstOrThrow({ where: { kind: 'usage' } }),
  )
  expect(usage.arithmetic).toMatchObject({ unrounded: '2.01875', rounded: '2.01', rounding: 'down' })
})

test('what Azure counted is compared with what it took, day by day', async () => {
  market = await azureMarket()
  const id = await buy(market, terms)
  await market.move({ to: '2026-10-20T10:00:00.000Z' })
  await use(market, id, '161.5')
  // This hour was never sent; that Azure took it is our mistake.
  const agreement = await agreementOf(market.vendor, id)
  await market.vendor.used(agreement, 'entries', new Date('2026-10-22T10:00:00Z'), '8')
  await market.move({ to: '2026-11-03T06:00:00.000Z' })
  await market.vendor.settle()
  expect(await exceptions(market.vendor)).toEqual([])
  await market.move({ to: '2026-11-04T06:00:00.000Z' })
  await market.vendor.settle()
  expect(await exceptions(market.vendor)).toMatchObject([
    {
      kind: 'usage_difference',
      sentence: expect.stringMatching(
        /accepted 169\.5 of entries in 2026-10 and counts 161\.5; .* 2026-10-22\.$/,
      ),
    },
  ])
  await market.vendor.tenant(({ tx }) =>
    tx.usage_record.updateMany({ where: { quantity: 8 }, data: { state: 'refused' } }),
  )
  await market.move({ to: '2026-11-05T06:00:00.000Z' })
  await market.vendor.settle()
  const kinds = (await exceptions(market.vendor)).map(({ kind }) => kind)
  expect(kinds).not.toContain('usage_difference')
})

test('taxes of a payment: what is passed on is owed to the authority, what is taken of ours has a name', async () => {
  market = await azureMarket({
    customer: { tax: { rate: '0.0825', liable: 'publisher' } },
    publisher: { withholding_tax_rate: '0.1', service_fee_tax_rate: '0.2' },
  })
  await buy(market, terms)
  for (const to of ['2026-11-20', '2027-01-20', '2027-02-20']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
  }
  await market.vendor.bank()
  // Tax of 8.25 per cent on 1,000.00 to pass on; a tenth of 970.00 withheld; 20 per cent of the fee of 30.00.
  const total = await market.vendor.total()
  expect(named(total)).toEqual({ tax: '20.50' })
  expect(total).toMatchObject({ expected: 97_000n, banked: 94_950n, explained: true })
  expect(await market.vendor.balance('')).toEqual({
    'adjustment:tax': '103.00',
    'asset:bank:main': '949.50',
    'expense:listing_fee:azure': '30.00',
    'income:contract': '-1000.00',
    'liability:tax': '-82.50',
  })
  expect(await exceptions(market.vendor)).toEqual([])
  // Followed from the bank, the lines of a payment come to what arrived.
  const trail = await market.vendor.tenant(async (scope) => {
    const { organisation_id } = scope
    const line = await scope.tx.statement_line.findFirstOrThrow({ where: { organisation_id, kind: 'bank' } })
    return follow(scope, line.id)
  })
  const paid = trail.invoices.flatMap(({ disbursed }) => disbursed.map(({ minor }) => -minor))
  const own = trail.adjustments.map(({ line }) => -line.minor)
  expect(own).toHaveLength(3)
  expect([...paid, ...own].reduce((sum, one) => sum + one, 0n)).toBe(trail.bank[0]?.minor)
  const waiting = await market.vendor.tenant(({ tx }) =>
    tx.statement_line.count({ where: { state: { in: ['new', 'waiting'] } } }),
  )
  expect(waiting).toBe(0)
})

test('an enterprise never pays: what was paid out in advance is taken back from later earnings, to the cent', async () => {
  market = await azureMarket({ customer: { agreement_type: 'EA', write_off_days: 60 } })
  const lost = await buy(market, terms)
  await market.control(`/azure/customers/${encodeURIComponent(CUSTOMER)}/suspend`, { subscription_id: lost })
  const paying = await buy(market, { ...terms, total: '5000.00', instalments: later }, 'offer_2')
  for (const to of ['2026-11-20', '2026-12-20']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
  }
  await market.vendor.bank()
  const agreement = await agreementOf(market.vendor, lost)
  const other = await agreementOf(market.vendor, paying)
  // 600.00 less 18.00 was paid in November, before anybody had paid it. The second instalment was never charged.
  expect(await market.vendor.reconciled(agreement)).toMatchObject({ banked: 58_200n })
  for (const to of ['2027-01-20', '2027-02-20', '2027-03-20']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
  }
  await market.vendor.bank()
  const back = await market.vendor.reconciled(agreement)
  expect(back).toMatchObject({ banked: 0n, collected: 0n, invoiced: 0n })
  expect(named(back)).toMatchObject({ withheld: '582.00' })
  const [sentence = ''] = back.causes.find(({ cause }) => cause === 'withheld')?.sentences ?? []
  expect(sentence).toMatch(/forgave USD 600\.00 of [0-9a-f-]{36}\/sale: the buyer never paid it/)
  expect(await market.vendor.reconciled(other)).toMatchObject({ difference: 0n, banked: 485_000n })
  expect(await market.vendor.balance('asset')).toEqual({ 'asset:bank:main': '4850.00' })
  expect(await market.vendor.balance('receivable')).toEqual({})
  expect(await market.vendor.balance('adjustment')).toEqual({ 'adjustment:withheld': '582.00' })
})

const later = [{ due_on: '2026-12-28', amount: '5000.00' }]

test('a multiparty offer: Microsoft pays the publisher its price and the partner its markup, and neither is told more', async () => {
  market = await azureMarket()
  const reseller = await market.partner()
  const marked: Terms = {
    ...terms,
    total: '1125.00',
    instalments: [
      { due_on: '2026-10-15', amount: '675.00' },
      { due_on: '2026-12-01', amount: '450.00' },
    ],
    usage_prices: { entries: '0.0140625' },
  }
  const id = await resell(market, reseller, { wholesale: terms, terms: marked, markup: '12.5' })
  await market.move({ to: '2026-10-20T10:00:00.000Z' })
  await use(market, id, '100000.5')
  for (const to of ['2026-11-04', '2026-12-10', '2027-01-20', '2027-02-20']) {
    await market.move({ to: `${to}T06:00:00.000Z` })
    await market.vendor.settle()
    await reseller.settle()
  }
  await market.vendor.bank()
  await reseller.bank()
  // 1,000.00 and 1,250.00 of usage, less 3 per cent of each.
  expect(await market.vendor.total()).toMatchObject({ expected: 218_250n, banked: 218_250n, difference: 0n })
  expect(await market.vendor.balance('')).toEqual({
    'asset:bank:main': '2182.50',
    'expense:listing_fee:azure': '67.50',
    'income:resale': '-2250.00',
  })
  const seen = await market.vendor.tenant(({ tx, organisation_id }) =>
    tx.statement_line.findMany({ where: { organisation_id }, select: { amount: true, raw: true } }),
  )
  const amounts = seen.flatMap(({ amount, raw }) => [String(amount), ...Object.values(Object(raw))])
  expect(amounts.length).toBeGreaterThan(500)
  expect(amounts.filter((text) => /^(675|450|75|50|1406\.25|156\.25)(\.00)?$/.test(String(text)))).toEqual([])
  // 75.00 and 50.00 of the instalments, 156.25 of usage (1,406.25 less 1,250.00), and no fee.
  expect(await reseller.total()).toMatchObject({ expected: 28_125n, banked: 28_125n, difference: 0n })
  expect(await reseller.balance('')).toEqual({
    'asset:bank:main': '281.25',
    'income:contract': '-125.00',
    'income:usage': '-156.25',
  })
  expect([...(await exceptions(market.vendor)), ...(await exceptions(reseller))]).toEqual([])
  const margin = await reseller.tenant(({ tx }) =>
    tx.expectation.findFirstOrThrow({ where: { kind: 'instalment', amount: 7500 } }),
  )
  expect(margin.arithmetic).toMatchObject({
    buyer_pays: '675.00',
    manufacturer_gets: '600.00',
    margin: '75.00',
  })
})
