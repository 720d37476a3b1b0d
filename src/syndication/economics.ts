// What a resale is worth to the reseller, for one markup: the same arithmetic that its books will expect. Pure.
import type { Cloud, SettlementRules } from '../../connectors/connector.ts'
import { add, type Decimal, decimal, formatDecimal, multiply, subtract } from '../core/decimal.ts'
import { formatMoney, type Money, type MoneyText, moneyText, subtractMoney, sumMoney } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import type { LocalDate } from '../core/time.ts'
import { expectedFee } from '../ledger/index.ts'
import { withMarkup } from '../offers/index.ts'
import { instalmentsOf, ratesOf, type Terms, totalOf, usagePricesOf } from '../offers/model.ts'

export type EconomicsQuestion = {
  cloud: Cloud
  wholesale: Terms
  usage_price_digits: number
  resale_pays: SettlementRules['resale_pays']
  on: LocalDate
}

/** One line of it: an instalment, or the price of one unit of usage. Amounts are exact text in the deal's currency. */
export type EconomicsPart = {
  buyer_pays: string
  owed_to_vendor: string
  margin: string
  /** null: no table says what the cloud takes. */
  fee: string | null
  left: string | null
  /** Each step with its numbers, to be computed again by hand. */
  arithmetic: string[]
}

export type Economics = {
  markup_percent: string
  buyer_pays: MoneyText
  owed_to_vendor: MoneyText
  margin: MoneyText
  fee: MoneyText | null
  left: MoneyText | null
  fee_rate: string | null
  instalments: ({ due_on: LocalDate } & EconomicsPart)[]
  usage: ({ dimension: string } & EconomicsPart)[]
  /** Of prices to choose from: one unit of a dimension for one length of the agreement. */
  rates: ({ duration_months: number; dimension: string } & EconomicsPart)[]
  sources: string[]
}

type Fee = ReturnType<typeof expectedFee>

/** What the buyer pays, what the cloud keeps, what the vendor is owed and what is left, per instalment and per unit. */
export function economicsOf(question: EconomicsQuestion, markup: Decimal): Economics {
  const { wholesale, usage_price_digits } = question
  const resale = withMarkup(wholesale, markup, usage_price_digits)
  const factor = add(decimal(1), multiply(markup, decimal('0.01')))
  const costs = instalmentsOf(wholesale)
  const zero = { ...totalOf(resale), amount: 0n }
  const rate = feeOf(question, resale, zero, zero)
  const parts = instalmentsOf(resale).map(({ due_on, amount }, index) => {
    const cost = costs[index]?.amount ?? zero
    const fee = feeOf(question, resale, amount, cost)
    return { due_on, amount, cost, fee, shown: instalmentPart(amount, cost, factor, fee) }
  })
  const sum = (values: Money[]) => sumMoney(zero.asset, values)
  const sold = sum(parts.map(({ amount }) => amount))
  const owed = sum(parts.map(({ cost }) => cost))
  const margin = subtractMoney(sold, owed)
  const fee = rate && sum(parts.flatMap((part) => part.fee?.amount ?? []))
  const unit = { factor, digits: usage_price_digits, fee: rate }
  return {
    markup_percent: formatDecimal(markup),
    buyer_pays: moneyText(sold),
    owed_to_vendor: moneyText(owed),
    margin: moneyText(margin),
    fee: fee === undefined ? null : moneyText(fee),
    left: fee === undefined ? null : moneyText(subtractMoney(margin, fee)),
    fee_rate: rate === undefined ? null : formatDecimal(rate.rate),
    instalments: parts.map(({ due_on, shown }) => ({ due_on, ...shown })),
    usage: unitParts(usagePricesOf(wholesale), usagePricesOf(resale), unit),
    rates: ratesOf(wholesale).flatMap(({ duration_months, prices }, index) =>
      unitParts(prices, ratesOf(resale)[index]?.prices ?? {}, unit).map((part) => ({
        duration_months,
        ...part,
      })),
    ),
    sources: sourcesOf(question, rate),
  }
}

/** The fee of a reseller's sale; undefined where no table says what it is. */
function feeOf({ cloud, on }: EconomicsQuestion, resale: Terms, amount: Money, cost: Money): Fee | undefined {
  try {
    return expectedFee({
      cloud,
      side: 'reseller',
      total_contract_value: totalOf(resale),
      amount,
      cost,
      on,
    })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function instalmentPart(amount: Money, cost: Money, factor: Decimal, fee: Fee | undefined): EconomicsPart {
  const margin = subtractMoney(amount, cost)
  const left = fee && subtractMoney(margin, fee.amount)
  const [sold, owed, kept] = [formatMoney(amount), formatMoney(cost), formatMoney(margin)]
  const unrounded = multiply(decimal(owed), factor)
  return {
    buyer_pays: sold,
    owed_to_vendor: owed,
    margin: kept,
    fee: fee === undefined ? null : formatMoney(fee.amount),
    left: left === undefined ? null : formatMoney(left),
    arithmetic: [
      `${owed} × ${formatDecimal(factor)} = ${formatDecimal(unrounded)}, rounded half up to ${sold}`,
      `${sold} − ${owed} = ${kept}`,
      ...(fee === undefined || left === undefined
        ? []
        : [
            `${formatMoney(fee.base)} × ${formatDecimal(fee.rate)} = ${formatDecimal(multiply(decimal(formatMoney(fee.base)), fee.rate))}, rounded half up to ${formatMoney(fee.amount)}`,
            `${kept} − ${formatMoney(fee.amount)} = ${formatMoney(left)}`,
          ]),
    ],
  }
}

type Unit = { factor: Decimal; digits: number; fee: Fee | undefined }

/** Per unit, before the rounding of what is paid for all of them. */
function unitParts(
  costs: Readonly<Record<string, Decimal>>,
  prices: Readonly<Record<string, Decimal>>,
  { factor, digits, fee }: Unit,
): Economics['usage'] {
  return Object.entries(prices).map(([dimension, price]) => {
    const cost = costs[dimension] ?? decimal(0)
    const margin = subtract(price, cost)
    const base = fee?.base_is === 'own' ? price : margin
    const taken = fee && multiply(base, fee.rate)
    const left = taken && subtract(margin, taken)
    const [sold, owed, kept] = [formatDecimal(price), formatDecimal(cost), formatDecimal(margin)]
    return {
      dimension,
      buyer_pays: sold,
      owed_to_vendor: owed,
      margin: kept,
      fee: taken === undefined ? null : formatDecimal(taken),
      left: left === undefined ? null : formatDecimal(left),
      arithmetic: [
        `${owed} × ${formatDecimal(factor)} = ${formatDecimal(multiply(cost, factor))}, rounded half up to ${digits} decimals: ${sold}`,
        `${sold} − ${owed} = ${kept}`,
        ...(fee === undefined || taken === undefined || left === undefined
          ? []
          : [
              `${formatDecimal(base)} × ${formatDecimal(fee.rate)} = ${formatDecimal(taken)}`,
              `${kept} − ${formatDecimal(taken)} = ${formatDecimal(left)}`,
            ]),
      ],
    }
  })
}

const PAID: Readonly<Record<SettlementRules['resale_pays'], string>> = {
  gross_and_cost: 'The cloud pays you what the buyer pays, and charges you what you owe the vendor.',
  margin: 'The cloud pays the vendor itself, and pays you what lies above that.',
  nothing: 'You bill the buyer yourself; the cloud bills you what you owe the vendor.',
}

function sourcesOf(
  { wholesale, resale_pays, usage_price_digits, on }: EconomicsQuestion,
  fee: Fee | undefined,
) {
  const chosen = fee !== undefined && wholesale.kind === 'configurable'
  return [
    `Markup: every instalment × (1 + markup ÷ 100), rounded half up to the smallest unit of the currency; usage prices to ${usage_price_digits} decimals.`,
    fee === undefined ? `Fee: no table says what this cloud takes on ${on}.` : `Fee on ${on}: ${fee.rule}.`,
    ...(fee === undefined ? [] : [`Source: ${fee.source.replace(/\.$/, '')}.`]),
    ...(chosen
      ? [
          'The fee is that of a small contract; where it falls with the total, a larger choice of the buyer pays less.',
        ]
      : []),
    PAID[resale_pays],
  ]
}
