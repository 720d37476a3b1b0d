// Names for differences. Each cause carries the arithmetic that proves it; what nothing proves is called unknown. Pure.
import type { Agreement } from '../agreements/model.ts'
import { type Decimal, decimal, formatDecimal, isZero, multiply, subtract } from '../core/decimal.ts'
import {
  type Asset,
  assetOf,
  currencyOf,
  formatMoney,
  type Money,
  moneyDecimal,
  roundMoney,
} from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { expectedFee, type FeeQuestion } from '../ledger/index.ts'
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

/** Why a sale or a wholesale cost was invoiced at another amount than expected. */
export function saleCauses(expectation: Expectation, line: Line, counted: Decimal | undefined): Cause[] {
  const amount = expectation.amount - line.minor
  if (amount === 0n) return []
  const { asset } = expectation
  const facts = { expected: text(asset, expectation.amount), invoiced: text(asset, line.minor) }
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
  const { quantity, price } = expectation.arithmetic
  if (expectation.kind === 'usage' && quantity !== undefined && price !== undefined) {
    return [usageCause(expectation, line, { quantity: decimal(quantity), price: decimal(price), counted })]
  }
  return [
    cause(
      'unknown',
      amount,
      `${said(asset, expectation.amount)} is expected on ${expectation.due_on}, ${said(asset, line.minor)} was invoiced.`,
      facts,
    ),
  ]
}

function usageCause(
  expectation: Expectation,
  line: Line,
  usage: { quantity: Decimal; price: Decimal; counted: Decimal | undefined },
): Cause {
  const { asset } = expectation
  const amount = expectation.amount - line.minor
  const month = expectation.period_starts_on.slice(0, 7)
  const facts = {
    accepted_quantity: formatDecimal(usage.quantity),
    price: formatDecimal(usage.price),
    expected: text(asset, expectation.amount),
    invoiced: text(asset, line.minor),
  }
  const explains = (quantity: Decimal) =>
    isRounding(roundMoney(currencyOf(asset), multiply(quantity, usage.price), 'half_up').amount - line.minor)
  const { counted } = usage
  const billed = counted !== undefined && explains(counted) ? counted : wholeQuantity(line, usage.price)
  if (billed === undefined || !explains(billed)) {
    return cause(
      'unknown',
      amount,
      `No quantity of ${expectation.dimension} at ${facts.price} gives the invoiced ${said(asset, line.minor)}.`,
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
function wholeQuantity(line: Line, price: Decimal): Decimal | undefined {
  if (isZero(price)) return undefined
  const value = moneyDecimal({ asset: line.asset, amount: line.minor })
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
  for (const candidate of feeCandidates(agreement)) {
    const same = feeAmount(candidate.question(planned))
    const other = shift === 0n ? undefined : feeAmount(candidate.question(moved))
    const onBase = same !== undefined && isRounding(same.fee + line.minor)
    const onMoved = other !== undefined && isRounding(other.fee + line.minor)
    if (!onBase && !onMoved) continue
    const found = onBase ? same : other
    if (found === undefined) continue
    const rate_step = feeOn(found.rate, planned) + expectation.amount
    const causes: Cause[] = []
    if (candidate.cause !== 'rounding' && rate_step !== 0n) {
      causes.push(rateCause(candidate.cause, rate_step, expectation, found.rate, found.rule, facts))
    }
    const base_step = onBase ? 0n : found.fee - feeOn(found.rate, planned)
    if (base_step !== 0n && sale !== undefined) {
      const sentence = `The fee follows its sale, which was invoiced at ${said(asset, sale.invoiced)} where ${said(asset, sale.expected)} was expected.`
      causes.push(
        cause(sale.cause, base_step, sentence, { ...facts, base: formatMoney(moved), rate: found.rate }),
      )
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

function rateCause(
  name: CauseName,
  amount: bigint,
  expectation: Expectation,
  rate: string,
  rule: string,
  facts: Readonly<Record<string, string>>,
): Cause {
  const { base = '', rate: expected_rate = '' } = expectation.arithmetic
  const sentence = `The cloud charged ${rate} where ${expected_rate} was expected of ${base}: ${rule}.`
  return cause(name, amount, sentence, { ...facts, base, expected_rate, charged_rate: rate, rule })
}

type Candidate = { cause: CauseName; question: (amount: Money) => FeeQuestion }

/** The rates a cloud could have taken by mistake or by a reading of its own, the likeliest first. */
function feeCandidates(agreement: Agreement): Candidate[] {
  const asked = (amount: Money) => feeQuestion(agreement, amount)
  const valued = (whole: bigint) => (amount: Money) => {
    const asset = assetOf(agreement.terms.currency)
    const value = roundMoney(currencyOf(asset), { coefficient: whole, scale: 0 }, 'down')
    return { ...asked(amount), total_contract_value: value }
  }
  const turned = (amount: Money): FeeQuestion =>
    asked(amount).channel === 'direct'
      ? { ...asked(amount), channel: 'resale', side: 'manufacturer' }
      : { ...asked(amount), channel: 'direct', side: 'seller' }
  return [
    { cause: 'rounding', question: asked },
    { cause: 'channel_uplift', question: turned },
    { cause: 'renewal_rate', question: (amount) => ({ ...asked(amount), renewal: true }) },
    { cause: 'fee_tier', question: valued(0n) },
    { cause: 'fee_tier', question: valued(1_000_000n) },
    { cause: 'fee_tier', question: valued(10_000_000n) },
  ]
}

function feeAmount(question: FeeQuestion): { fee: bigint; rate: string; rule: string } | undefined {
  try {
    const found = expectedFee(question)
    return { fee: found.amount.amount, rate: formatDecimal(found.rate), rule: found.rule }
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function feeOn(rate: string, base: Money): bigint {
  return roundMoney(currencyOf(base.asset), multiply(decimal(rate), moneyDecimal(base)), 'half_up').amount
}

function text(asset: Asset, amount: bigint): string {
  return formatMoney({ asset, amount })
}
