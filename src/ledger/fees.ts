// What a cloud keeps of a sale, by its dated table, and what else its table could have made of it.
import type { Cloud } from '../../connectors/connector.ts'
import { add, compare, type Decimal, decimal, formatDecimal, multiply } from '../core/decimal.ts'
import { currencyOf, type Money, moneyDecimal, portion, subtractMoney } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf, type LocalDate } from '../core/time.ts'
import { type FeeSide, type FeeTable, feeTables, type Tier } from './fee-tables.ts'

export type FeeQuestion = {
  cloud: Cloud
  side: FeeSide
  /** What the buyer pays over the whole contract, before tax: it chooses the tier. */
  total_contract_value: Money
  /** What this side is to get: the sale of a seller or a reseller, the wholesale price of a manufacturer. */
  amount: Money
  /** What a reseller owes the manufacturer of it. */
  cost?: Money | null
  on: LocalDate | Date
  /** Sold at the public price, without a private offer. */
  standard?: boolean
  renewal?: boolean
}

type ExpectedFee = {
  base: Money
  /** own: the base is all of the sale. margin: it is the sale less what is owed to the manufacturer. */
  base_is: 'own' | 'margin'
  rate: Decimal
  amount: Money
  rule: string
  source: string
}

/** Fees are rounded half up to the currency's minor unit: the clouds do not publish their rule, so this is ours. */
const ROUNDING = 'half_up'

/** The fee a cloud should take. Throws a refusal where no table says what it is. */
export function expectedFee(question: FeeQuestion): ExpectedFee {
  const table = tableOf(question)
  const side = table.sides[question.side]
  const base = baseOf(table, question)
  const { rate, rule } = side.exempt
    ? { rate: decimal(0), rule: `nothing is taken of the part of a ${question.side}` }
    : withUplift(ownRate(table, question), side.uplift, question.side)
  const assumed = side.assumed === undefined ? '' : `. Assumed: ${side.assumed}.`
  return {
    base,
    base_is: side.base,
    rate,
    amount: portion(base, rate, ROUNDING),
    rule: `${rule} = ${percent(rate)}, rounded ${ROUNDING}`,
    source: `${table.source}${assumed}`,
  }
}

/** Why a cloud could have taken a rate of its own table: as it should, or by another reading of the deal. */
export type RateReading = 'expected' | 'channel' | 'renewal' | 'tier'
type PossibleRate = { reading: RateReading; rate: Decimal; rule: string }

/** Every rate that the table has for some reading of a deal, each once, the likeliest first. */
export function possibleRates(question: FeeQuestion): PossibleRate[] {
  const table = tableOf(question)
  const side = table.sides[question.side]
  if (side.exempt) return []
  const own = ownRate(table, question)
  const raised = (base: Rate, uplift = side.uplift) => withUplift(base, uplift, question.side)
  const others = Object.values(table.sides).filter((other) => !other.exempt)
  const read = (reading: RateReading, rate: Rate): PossibleRate => ({ reading, ...rate })
  const all = [
    read('expected', raised(own)),
    ...others.map(({ uplift }) => read('channel', raised(own, uplift))),
    ...(table.renewal === null ? [] : [read('renewal', raised(renewalRate(table.renewal)))]),
    ...table.tiers.map((tier) => read('tier', raised(tierRate(tier, question)))),
    ...(table.standard === null ? [] : [read('tier', raised(standardRate(table.standard)))]),
  ]
  return all.filter(({ rate }, index) => all.findIndex((other) => compare(other.rate, rate) === 0) === index)
}

function tableOf({ cloud, on: asked }: FeeQuestion): FeeTable {
  const on = typeof asked === 'string' ? asked : dateOf(asked)
  const table = feeTables.findLast((candidate) => candidate.cloud === cloud && candidate.since <= on)
  if (table !== undefined) return table
  throw new Refusal('invalid-input', `No listing fee is known for ${cloud} on ${on}.`)
}

function baseOf(table: FeeTable, { side, amount, cost }: FeeQuestion): Money {
  return table.sides[side].base === 'margin' && cost ? subtractMoney(amount, cost) : amount
}

type Rate = { rate: Decimal; rule: string }

function ownRate(table: FeeTable, question: FeeQuestion): Rate {
  if (question.renewal === true && table.renewal !== null) return renewalRate(table.renewal)
  if (question.standard === true && table.standard !== null) return standardRate(table.standard)
  const value = moneyDecimal(question.total_contract_value)
  const tier =
    table.tiers.find(({ below }) => below === null || compare(value, decimal(below)) < 0) ?? table.tiers[0]
  return tierRate(tier, question)
}

function renewalRate(rate: string): Rate {
  return { rate: decimal(rate), rule: `renewal: ${percent(decimal(rate))}` }
}

function standardRate(rate: string): Rate {
  return { rate: decimal(rate), rule: `at the public price: ${percent(decimal(rate))}` }
}

function tierRate({ below, rate }: Tier, { total_contract_value }: FeeQuestion): Rate {
  const size =
    below === null ? 'in the highest tier' : `below ${below} ${currencyOf(total_contract_value.asset)}`
  return { rate: decimal(rate), rule: `total contract value ${size}: ${percent(decimal(rate))}` }
}

function withUplift(base: Rate, uplift: string, side: FeeSide): Rate {
  if (compare(decimal(uplift), decimal(0)) === 0) return base
  return {
    rate: add(base.rate, decimal(uplift)),
    rule: `${base.rule} plus ${percent(decimal(uplift))} on a reseller's deal (${side})`,
  }
}

function percent(rate: Decimal): string {
  return `${formatDecimal(multiply(rate, decimal(100)))} %`
}
