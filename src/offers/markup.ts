import { add, type Decimal, decimal, formatDecimal, multiply, roundTo } from '../core/decimal.ts'
import { formatMoney, money, roundMoney, sumMoney } from '../core/money.ts'
import { isFixed, type Terms } from './model.ts'

/**
 * What the buyer pays when a reseller adds a percentage: every instalment × (1 + percent / 100) rounded half up to the
 * smallest unit, every price of a unit to as many decimals as the cloud's prices have. The total is the sum of the
 * rounded instalments. A trial stays free.
 */
export function withMarkup(wholesale: Terms, percent: Decimal, price_digits: number): Terms {
  const factor = add(decimal('1'), { coefficient: percent.coefficient, scale: percent.scale + 2 })
  const marked = (prices: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(prices).map(([key, price]) => [
        key,
        formatDecimal(roundDecimal(multiply(decimal(price), factor), price_digits)),
      ]),
    )
  if (wholesale.kind === 'free_trial') return wholesale
  if (wholesale.kind === 'usage') return { ...wholesale, usage_prices: marked(wholesale.usage_prices) }
  if (!isFixed(wholesale)) {
    return {
      ...wholesale,
      rates: wholesale.rates.map((rate) => ({ ...rate, prices: marked(rate.prices) })),
      usage_prices: marked(wholesale.usage_prices),
    }
  }
  const { currency } = wholesale
  const amounts = wholesale.instalments.map(({ amount }) =>
    roundMoney(currency, multiply(decimal(amount), factor), 'half_up'),
  )
  const instalments = wholesale.instalments.map(({ due_on }, index) => ({
    due_on,
    amount: formatMoney(amounts[index] ?? money(currency, 0n)),
  }))
  const total = formatMoney(sumMoney(money(currency, 0n).asset, amounts))
  return wholesale.kind === 'contract'
    ? { ...wholesale, instalments, total }
    : { ...wholesale, instalments, total, usage_prices: marked(wholesale.usage_prices) }
}

function roundDecimal(value: Decimal, scale: number): Decimal {
  return add({ coefficient: 0n, scale: 0 }, { coefficient: roundTo(value, scale, 'half_up'), scale })
}
