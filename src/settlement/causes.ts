// Names for differences. Each cause carries the arithmetic that proves it; what nothing proves is called unknown. Pure.
import type { Agreement } from '../agreements/model.ts'
import { type Decimal, decimal, formatDecimal, isZero, multiply, subtract } from '../core/decimal.ts'
import {
  type Asset,
  currencyOf,
  formatMoney,
  type Money,
  moneyDecimal,
  portion,
  roundMoney,
} from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { possibleRates, type RateReading } from '../ledger/index.ts'
import { feeQuestion, said } from './expected.ts'
import type { Cause, CauseName, Expectation, Line } from './model.ts'

/** A difference of at most this many minor units is a rounding of the cloud's that is not ours. */
const ROUNDING_MAX = 1n

export function cause(
  name: CauseName,
  amount: bigint,
  sentence: string,
  arithmetic: Readonly<Record<string, string>> = {},
): Cause {
  return { cause: name, amount, sentence, arithmetic }
}

function isRounding(amount: bigint): boolean {
  return amount >= -ROUNDING_MAX && amount <= ROUNDING_MAX
}

/** Why a sale or a wholesale cost came to another amount than expected. `received` is what it came to. */
export function saleCauses(
  expectation: Expectation,
  received: bigint,
  counted: Decimal | undefined,
): Cause[] {
  const amount = expectation.amount - received
  if (amount === 0n) return []
  const { asset } = expectation
  const facts = { expected: text(asset, expectation.amount), invoiced: text(asset, received) }
  if (isRounding(amount)) {
    return [
      cause(
        'rounding',
        amount,
        `The cloud rounds to ${facts.invoiced} where ${facts.expected} is expected.`,
        facts,
      ),
    ]
  }
  const { quantity } = expectation.arithmetic
  const price = priceOf(expectation)
  if (expectation.kind === 'usage' && quantity !== undefined && price !== undefined) {
    return [usageCause(expectation, received, { quantity: decimal(quantity), price, counted })]
  }
  return [
    cause(
      'unknown',
      amount,
      `${said(asset, expectation.amount)} is expected on ${expectation.due_on}, ${said(asset, received)} was invoiced.`,
      facts,
    ),
  ]
}

/** What one unit brings: the price, or what of it lies above the manufacturer's where that is all we get. */
function priceOf({ arithmetic }: Expectation): Decimal | undefined {
  const { price, price_owed, margin } = arithmetic
  if (price === undefined) return undefined
  return margin === undefined || price_owed === undefined
    ? decimal(price)
    : subtract(decimal(price), decimal(price_owed))
}

function usageCause(
  expectation: Expectation,
  received: bigint,
  usage: { quantity: Decimal; price: Decimal; counted: Decimal | undefined },
): Cause {
  const { asset } = expectation
  const amount = expectation.amount - received
  const month = expectation.period_starts_on.slice(0, 7)
  const facts = {
    accepted_quantity: formatDecimal(usage.quantity),
    price: formatDecimal(usage.price),
    expected: text(asset, expectation.amount),
    invoiced: text(asset, received),
  }
  const explains = (quantity: Decimal) =>
    isRounding(roundMoney(currencyOf(asset), multiply(quantity, usage.price), 'half_up').amount - received)
  const { counted } = usage
  const billed =
    counted !== undefined && explains(counted)
      ? counted
      : wholeQuantity({ asset, amount: received }, usage.price)
  if (billed === undefined || !explains(billed)) {
    return cause(
      'unknown',
      amount,
      `No quantity of ${expectation.dimension} at ${facts.price} gives the invoiced ${said(asset, received)}.`,
      facts,
    )
  }
  const missing = formatDecimal(subtract(usage.quantity, billed))
  return cause(
    'missing_usage',
    amount,
    `The cloud accepted ${facts.accepted_quantity} of ${expectation.dimension} in ${month} and billed ${formatDecimal(billed)}.`,
    { ...facts, billed_quantity: formatDecimal(billed), missing_quantity: missing },
  )
}

/** The whole quantity nearest to what an amount pays for. */
function wholeQuantity(paid: Money, price: Decimal): Decimal | undefined {
  if (isZero(price)) return undefined
  const value = moneyDecimal(paid)
  const scale = Math.max(value.scale, price.scale)
  const top = value.coefficient * 10n ** BigInt(scale - value.scale)
  const bottom = price.coefficient * 10n ** BigInt(scale - price.scale)
  return { coefficient: (2n * top + bottom) / (2n * bottom), scale: 0 }
}

/** What the fee's sale came to, when it was invoiced. */
export type FeeSale = { invoiced: bigint; expected: bigint; cause: CauseName }

/**
 * Why a listing fee was charged at another amount than expected: on another base (its sale was invoiced differently),
 * at another rate of the cloud's own table, or rounded differently.
 */
export function feeCauses(
  agreement: Agreement,
  expectation: Expectation,
  line: Line,
  sale: FeeSale | undefined,
): Cause[] {
  const amount = expectation.amount - line.minor
  if (amount === 0n) return []
  const { asset } = expectation
  const base = decimal(expectation.arithmetic.base ?? '0')
  const planned = roundMoney(currencyOf(asset), base, 'half_up')
  const facts = { expected: text(asset, expectation.amount), charged: text(asset, line.minor) }
  const shift = sale === undefined ? 0n : sale.invoiced - sale.expected
  const moved: Money = { asset, amount: planned.amount + shift }
  for (const possible of ratesOf(agreement, planned)) {
    const same = feeOn(possible.rate, planned)
    const other = feeOn(possible.rate, moved)
    const onBase = isRounding(same + line.minor)
    if (!onBase && (shift === 0n || !isRounding(other + line.minor))) continue
    const rate_step = same + expectation.amount
    const causes: Cause[] = []
    if (possible.reading !== 'expected' && rate_step !== 0n) {
      causes.push(rateCause(expectation, rate_step, possible, facts))
    }
    const base_step = onBase ? 0n : other - same
    if (base_step !== 0n && sale !== undefined) {
      const sentence = `The fee follows its sale, which came to ${said(asset, sale.invoiced)} where ${said(asset, sale.expected)} was expected.`
      const rate = formatDecimal(possible.rate)
      causes.push(cause(sale.cause, base_step, sentence, { ...facts, base: formatMoney(moved), rate }))
    }
    const rest = amount - causes.reduce((sum, item) => sum + item.amount, 0n)
    if (rest !== 0n) causes.push(cause('rounding', rest, 'The cloud rounds the fee differently.', facts))
    return causes
  }
  return [
    cause(
      'unknown',
      amount,
      `No rate of the fee table gives ${said(asset, -line.minor)} on ${said(asset, planned.amount)}.`,
      { ...facts, base: formatMoney(planned) },
    ),
  ]
}

type PossibleRate = ReturnType<typeof possibleRates>[number]

/** What a rate is called that another reading of the deal gives. */
const readings: Readonly<Record<RateReading, CauseName>> = {
  expected: 'rounding',
  channel: 'channel_uplift',
  renewal: 'renewal_rate',
  tier: 'fee_tier',
}

function rateCause(
  expectation: Expectation,
  amount: bigint,
  { reading, rate, rule }: PossibleRate,
  facts: Readonly<Record<string, string>>,
): Cause {
  const { base = '', rate: expected_rate = '' } = expectation.arithmetic
  const charged_rate = formatDecimal(rate)
  const sentence = `The cloud charged ${charged_rate} where ${expected_rate} was expected of ${base}: ${rule}.`
  return cause(readings[reading], amount, sentence, { ...facts, base, expected_rate, charged_rate, rule })
}

/** The rates a cloud could have taken by mistake or by a reading of its own; none where no table is known. */
function ratesOf(agreement: Agreement, amount: Money): PossibleRate[] {
  try {
    return possibleRates(feeQuestion(agreement, amount, null))
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

function feeOn(rate: Decimal, base: Money): bigint {
  return portion(base, rate, 'half_up').amount
}

function text(asset: Asset, amount: bigint): string {
  return formatMoney({ asset, amount })
}
