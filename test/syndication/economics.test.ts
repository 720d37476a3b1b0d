// What a resale is worth says beforehand what the reseller's books will expect of it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cloud, clouds, type SettlementRules } from '../../connectors/connector.ts'
import type { Agreement } from '../../src/agreements/model.ts'
import { decimal } from '../../src/core/decimal.ts'
import { formatMoney, money, parseMoney } from '../../src/core/money.ts'
import { withMarkup } from '../../src/offers/index.ts'
import type { Terms } from '../../src/offers/model.ts'
import { instalmentsDue } from '../../src/settlement/expected.ts'
import { economicsOf } from '../../src/syndication/economics.ts'

const ON = '2026-01-05'
const DATES = ['2026-01-20', '2026-02-20', '2026-03-20', '2026-04-20']

const wholesaleOf = (cents: readonly bigint[]): Terms => ({
  kind: 'contract',
  currency: 'USD',
  duration_months: 12,
  total: formatMoney(
    money(
      'USD',
      cents.reduce((left, right) => left + right, 0n),
    ),
  ),
  grants: [{ dimension: 'seats', quantity: 1 }],
  instalments: cents.map((amount, index) => ({
    due_on: DATES[index] ?? '',
    amount: formatMoney(money('USD', amount)),
  })),
})

const ask = (
  cloud: Cloud,
  wholesale: Terms,
  markup: string,
  resale_pays: SettlementRules['resale_pays'] = 'gross_and_cost',
) => economicsOf({ cloud, wholesale, usage_price_digits: 8, resale_pays, on: ON }, decimal(markup))

/** What the reseller's books expect of an agreement with this price, all in all, in cents. */
function expected(cloud: Cloud, wholesale: Terms, markup: string, rules: SettlementRules['resale_pays']) {
  const agreement = {
    id: 'agr_1',
    cloud,
    role: 'seller',
    state: 'active',
    terms: withMarkup(wholesale, decimal(markup), 8),
    wholesale,
    cloud_offer_id: 'offer-1',
    cloud_authorization_id: 'resaleauthz-1',
    accepted_at: new Date(`${ON}T12:00:00Z`),
    starts_at: new Date(`${ON}T12:00:00Z`),
    ended_at: null,
  } as Agreement
  const drafts = instalmentsDue(agreement, { resale_pays: rules, usage_rounding: 'half_up' }, '2027-01-01')
  return drafts.reduce((sum, { amount }) => sum + amount, 0n)
}

test('for any prices and markup what is left is what the books will expect to be paid', () => {
  const cents = fc.array(fc.bigInt({ min: 1n, max: 10n ** 10n }), { minLength: 1, maxLength: 4 })
  const markups = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([whole, rest]) => `${whole}.${String(rest).padStart(6, '0')}`)
  const pays = fc.constantFrom<SettlementRules['resale_pays']>('gross_and_cost', 'margin')
  fc.assert(
    fc.property(fc.constantFrom(...clouds), cents, markups, pays, (cloud, amounts, markup, rules) => {
      const wholesale = wholesaleOf(amounts)
      const { left, buyer_pays, owed_to_vendor, fee } = ask(cloud, wholesale, markup)
      const said = parseMoney('USD', left?.amount ?? '')?.amount
      expect(said).toBe(expected(cloud, wholesale, markup, rules))
      const minor = (text: string | undefined) => parseMoney('USD', text ?? '')?.amount ?? 0n
      expect(said).toBe(minor(buyer_pays.amount) - minor(owed_to_vendor.amount) - minor(fee?.amount))
    }),
  )
})

test('the price that the buyer pays chooses the tier, not the wholesale price', () => {
  const nearly = wholesaleOf([90_000_000n])
  expect(ask('aws', nearly, '11.1').fee_rate).toBe('0.035')
  expect(ask('aws', nearly, '11.2')).toMatchObject({
    buyer_pays: { amount: '1000800.00' },
    fee_rate: '0.025',
    fee: { amount: '2520.00' },
    left: { amount: '98280.00' },
  })
})

test('where the cloud takes nothing of a markup, all of it is left', () => {
  for (const cloud of ['azure', 'gcp'] as const) {
    expect(ask(cloud, wholesaleOf([2_000_001n, 1_600_000n]), '12.5', 'margin')).toMatchObject({
      fee: { amount: '0.00' },
      margin: { amount: '4500.00' },
      left: { amount: '4500.00' },
      sources: [expect.any(String), expect.stringContaining('0 %'), expect.any(String), expect.any(String)],
    })
  }
})

test('usage is worth what one unit is, before a month is rounded', () => {
  const usage: Terms = {
    kind: 'usage',
    currency: 'USD',
    duration_months: 12,
    usage_prices: { scans: '0.00012345' },
  }
  expect(ask('aws', usage, '10')).toMatchObject({
    buyer_pays: { amount: '0.00' },
    instalments: [],
    usage: [
      {
        dimension: 'scans',
        owed_to_vendor: '0.00012345',
        buyer_pays: '0.0001358',
        margin: '0.00001235',
        fee: '0.00000043225',
        left: '0.00001191775',
        arithmetic: [
          '0.00012345 × 1.1 = 0.000135795, rounded half up to 8 decimals: 0.0001358',
          '0.0001358 − 0.00012345 = 0.00001235',
          '0.00001235 × 0.035 = 0.00000043225',
          '0.00001235 − 0.00000043225 = 0.00001191775',
        ],
      },
    ],
  })
})

test('a price list is worth what one unit of each length is, by the price that the buyer will see', () => {
  const listed: Terms = {
    kind: 'configurable',
    currency: 'USD',
    rates: [
      { duration_months: 12, prices: { seats: '1000' } },
      { duration_months: 24, prices: { seats: '1800.5', rooms: '0.00000005' } },
    ],
    usage_prices: { scans: '2' },
  }
  const { rates, usage, instalments, sources } = ask('aws', listed, '10')
  expect(instalments).toEqual([])
  expect(usage.map(({ dimension, buyer_pays }) => [dimension, buyer_pays])).toEqual([['scans', '2.2']])
  expect(rates.map(({ arithmetic: _, ...line }) => line)).toEqual([
    {
      duration_months: 12,
      dimension: 'seats',
      buyer_pays: '1100',
      owed_to_vendor: '1000',
      margin: '100',
      fee: '3.5',
      left: '96.5',
    },
    {
      duration_months: 24,
      dimension: 'seats',
      buyer_pays: '1980.55',
      owed_to_vendor: '1800.5',
      margin: '180.05',
      fee: '6.30175',
      left: '173.74825',
    },
    {
      duration_months: 24,
      dimension: 'rooms',
      buyer_pays: '0.00000006',
      owed_to_vendor: '0.00000005',
      margin: '0.00000001',
      fee: '0.00000000035',
      left: '0.00000000965',
    },
  ])
  const marked = withMarkup(listed, decimal('10'), 8)
  expect(marked).toMatchObject({ rates: [{ prices: { seats: '1100' } }, { prices: { seats: '1980.55' } }] })
  expect(sources.some((source) => source.includes('small contract'))).toBe(true)
})
