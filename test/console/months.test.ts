import { expect, test } from 'vitest'
import { moneyText } from '../../src/console/parts/amount.tsx'
import { lastMonth, monthsUntil } from '../../src/console/screens/money/months.ts'
import { percentOf } from '../../src/console/screens/money/percent.ts'
import { decimal } from '../../src/core/decimal.ts'

test('months from one to another, over the end of a year', () => {
  expect(monthsUntil('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect(monthsUntil('2026-03', '2026-02')).toEqual([])
  expect([lastMonth('2026-01-15T00:00:00Z'), lastMonth('2026-10-01T00:00:00Z')]).toEqual([
    '2025-12',
    '2026-09',
  ])
})

test('a part of a whole, to draw it: never less than nothing nor more than all', () => {
  const of = (part: string, whole: string) => percentOf(decimal(part), decimal(whole))
  expect([of('25', '100'), of('0.5', '3'), of('-1', '3'), of('7', '3'), of('1', '0')]).toEqual([
    25, 16, 0, 100, 0,
  ])
})

test('an amount has the decimals of its currency at least, and never fewer than it had', () => {
  const said = (currency: string, amount: string) => moneyText({ currency, amount })
  expect([
    said('USD', '30000'),
    said('USD', '-0.5'),
    said('USD', '1.2345'),
    said('JPY', '30'),
    said('XXX', '1'),
  ]).toEqual(['USD 30,000.00', 'USD −0.50', 'USD 1.2345', 'JPY 30', 'XXX 1'])
})
