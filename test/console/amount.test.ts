import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grouped, moneyText } from '../../src/console/parts/amount.tsx'

test('amounts are grouped in threes, to the last digit', () => {
  expect(grouped('1234567.89')).toBe('1,234,567.89')
  expect(grouped('999')).toBe('999')
  expect(grouped('-1000')).toBe('−1,000')
  expect(grouped('0.00000001')).toBe('0.00000001')
  expect(moneyText({ currency: 'JPY', amount: '123456789012345678901234567890' })).toBe(
    'JPY 123,456,789,012,345,678,901,234,567,890',
  )
})

test('nothing but the separators and the sign is ours', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 0, max: 8 }),
      (whole, places) => {
        const amount = places === 0 ? `${whole}` : `${whole}.${'7'.repeat(places)}`
        expect(grouped(amount).replaceAll(',', '').replace('−', '-')).toBe(amount)
      },
    ),
  )
})
