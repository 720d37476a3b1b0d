import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDecimal } from '../../src/core/decimal.ts'
import { allocate, formatMoney, money } from '../../src/core/money.ts'
import { beancountAccount } from '../../src/ledger/export-beancount.ts'
import { feeTables } from '../../src/ledger/fee-tables.ts'
import { accounts, expectedFee, type FeeQuestion, possibleRates } from '../../src/ledger/index.ts'
import { bookDate, chartRow, segment } from '../../src/ledger/model.ts'
import { usd } from './books.ts'

test('what is split sums to the whole, to the cent', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc
        .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 40 })
        .filter((weights) => weights.some((weight) => weight > 0n)),
      (amount, weights) => {
        const parts = allocate(money('USD', amount), weights)
        expect(parts.reduce((sum, part) => sum + part.amount, 0n)).toBe(amount)
        expect(parts.length).toBe(weights.length)
        for (const [index, part] of parts.entries()) {
          if (weights[index] === 0n) expect(part.amount).toBe(0n)
        }
      },
    ),
  )
})

test('any text becomes one segment of an account, and no two become the same', () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((value) => value.isWellFormed())
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(chartRow(accounts.transit(left))?.name).toBe('asset:transit')
      expect(segment(left) === segment(right)).toBe(left === right)
    }),
  )
})

test('a book date is the day itself, or the first day of the first open month after it', () => {
  const months = ['2026-01', '2026-02', '2026-03', '2026-04']
  fc.assert(
    fc.property(
      fc.subarray(months),
      fc.constantFrom('2026-01-31', '2026-02-15', '2026-04-01'),
      (closed, day) => {
        const date = bookDate(day, new Set(closed))
        expect(closed).not.toContain(date.slice(0, 7))
        expect(date >= day).toBe(true)
        const between = [...months, '2026-05'].filter(
          (month) => month >= day.slice(0, 7) && month < date.slice(0, 7),
        )
        expect(between.every((month) => closed.includes(month))).toBe(true)
        expect(date === day || date.endsWith('-01')).toBe(true)
      },
    ),
  )
})

test("no two accounts share a name in Beancount, and every name is one of Beancount's", () => {
  const key = fc.string({ unit: fc.constantFrom(...'abxXAZ0149_-.~/'), minLength: 1, maxLength: 6 })
  const account = fc.oneof(
    key.map(accounts.bank),
    key.map(accounts.transit),
    key.map(accounts.clearing),
    key.map(accounts.invoiced),
    key.map(accounts.adjustment),
    key.map(accounts.partner),
    key.map(accounts.open),
    key.map(accounts.remaining),
  )
  fc.assert(
    fc.property(account, account, (left, right) => {
      expect(beancountAccount(left)).toMatch(
        /^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$/,
      )
      expect(beancountAccount(left) === beancountAccount(right)).toBe(left === right)
    }),
    { numRuns: 2000 },
  )
  expect(beancountAccount('asset:bank:x41')).not.toBe(beancountAccount('asset:bank:A'))
  expect(beancountAccount('receivable:invoiced:agr_01ab')).toBe('Assets:Receivable:Invoiced:Agr-01ab')
  expect(beancountAccount('expense:listing_fee:aws')).toBe('Expenses:Listing-fee:Aws')
})

const direct = { cloud: 'aws', side: 'seller', on: '2026-01-01' } as const
test.each<[string, Partial<FeeQuestion>, string, string, string]>([
  ['below a million', {}, '999999.99', '0.03', '30000.00'],
  ['a million', {}, '1000000.00', '0.02', '20000.00'],
  ['just below ten million', {}, '9999999.99', '0.02', '200000.00'],
  ['ten million', {}, '10000000.00', '0.015', '150000.00'],
  ['a small renewal', { renewal: true }, '5000.00', '0.015', '75.00'],
  ["the manufacturer's side of a resale", { side: 'manufacturer' }, '5000.00', '0.035', '175.00'],
  ["the reseller's side of a large resale", { side: 'reseller' }, '1000000.00', '0.025', '25000.00'],
  ['the first day of the table', { on: '2024-01-05' }, '100.00', '0.03', '3.00'],
  ['half a cent goes up', {}, '0.50', '0.03', '0.02'],
])('the AWS listing fee: %s', (_, more, value, rate, fee) => {
  const found = expectedFee({ ...direct, ...more, total_contract_value: usd(value), amount: usd(value) })
  expect(formatDecimal(found.rate)).toBe(rate)
  expect(formatMoney(found.amount)).toBe(fee)
  expect(found.source).toContain('seller guide')
  expect(found.source.includes('Assumed')).toBe(more.side !== undefined)
})

test.each<[string, Partial<FeeQuestion>, string, string, string]>([
  ['Azure, direct', { cloud: 'azure' }, '999.99', '0.03', '30.00'],
  ['Azure, however large', { cloud: 'azure' }, '20000000.00', '0.03', '600000.00'],
  ['Azure, a renewal', { cloud: 'azure', renewal: true }, '1000.00', '0.03', '30.00'],
  [
    'Azure, the publisher of a multiparty offer',
    { cloud: 'azure', side: 'manufacturer' },
    '90.00',
    '0.03',
    '2.70',
  ],
  [
    "Azure, a partner's markup",
    { cloud: 'azure', side: 'reseller', cost: usd('90.00') },
    '96.75',
    '0',
    '0.00',
  ],
  ['Google, a new deal', { cloud: 'gcp' }, '999999.99', '0.03', '30000.00'],
  ['Google, from one million on', { cloud: 'gcp' }, '1000000.00', '0.02', '20000.00'],
  ['Google, from ten million on', { cloud: 'gcp' }, '10000000.00', '0.015', '150000.00'],
  ['Google, a renewal', { cloud: 'gcp', renewal: true }, '600.00', '0.015', '9.00'],
  ['Google, a standard offer', { cloud: 'gcp', standard: true }, '2000000.00', '0.03', '60000.00'],
  ['Google, a resale after its discount', { cloud: 'gcp', side: 'manufacturer' }, '525.00', '0.03', '15.75'],
])('the fee of %s', (_, more, value, rate, fee) => {
  const question = { ...direct, ...more, total_contract_value: usd(value), amount: usd(value) }
  const found = expectedFee(question)
  expect([formatDecimal(found.rate), formatMoney(found.amount)]).toEqual([rate, fee])
  expect(found.source).not.toBe('')
})

test('a margin bears the fee of the margin, and what is exempt none', () => {
  const resale = { amount: usd('1100'), cost: usd('1000'), total_contract_value: usd('1100') }
  const aws = expectedFee({ ...direct, ...resale, side: 'reseller' })
  expect([formatMoney(aws.base), formatMoney(aws.amount)]).toEqual(['100.00', '3.50'])
  const azure = expectedFee({ ...direct, ...resale, cloud: 'azure', side: 'reseller' })
  expect([formatMoney(azure.base), formatMoney(azure.amount)]).toEqual(['100.00', '0.00'])
  expect(azure.rule).toContain('nothing is taken')
})

test('the rates that another reading of a deal gives come from its own table, each once', () => {
  const of = (more: Partial<FeeQuestion>) =>
    possibleRates({ ...direct, total_contract_value: usd('5000'), amount: usd('5000'), ...more }).map(
      ({ reading, rate }) => [reading, formatDecimal(rate)],
    )
  expect(of({})).toEqual([
    ['expected', '0.03'],
    ['channel', '0.035'],
    ['renewal', '0.015'],
    ['tier', '0.02'],
  ])
  expect(of({ cloud: 'gcp' })).toEqual([
    ['expected', '0.03'],
    ['renewal', '0.015'],
    ['tier', '0.02'],
  ])
  expect(of({ cloud: 'azure' })).toEqual([['expected', '0.03']])
  expect(of({ cloud: 'azure', side: 'reseller' })).toEqual([])
})

test('every table has a source, tiers in order and a rate for any size', () => {
  for (const { tiers, source, since } of feeTables) {
    expect(source.length).toBeGreaterThan(20)
    expect(since).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    const ends = tiers.map(({ below }) => (below === null ? Number.POSITIVE_INFINITY : Number(below)))
    expect(ends).toEqual([...ends].sort((left, right) => left - right))
    expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY)
  }
})

test('a fee that no table knows is refused, not guessed', () => {
  const amount = usd('1')
  expect(() => expectedFee({ ...direct, on: '2024-01-04', total_contract_value: amount, amount })).toThrow(
    'No listing fee is known for aws on 2024-01-04',
  )
  expect(() =>
    expectedFee({ ...direct, cloud: 'gcp', on: '2025-04-20', total_contract_value: amount, amount }),
  ).toThrow('gcp')
})
