// What a cloud keeps: dated rate tables. A new table is one more row; nothing that was computed before changes.
import type { Cloud } from '../../connectors/connector.ts'
import { add, compare, type Decimal, decimal, formatDecimal, multiply } from '../core/decimal.ts'
import { currencyOf, type Money, moneyDecimal, portion } from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf, type LocalDate } from '../core/time.ts'

type Tier = { below: string | null; rate: string }
type FeeTable = {
  cloud: Cloud
  since: LocalDate
  /** By total contract value before tax, lowest first; the last has no upper end. */
  tiers: readonly [Tier, ...Tier[]]
  renewal: string
  /** Added on either side of a reseller's deal: a part, not percentage points. */
  resale_uplift: string
  source: string
}

/**
 * The thresholds are US dollars. For a contract in another currency they are taken at face value: AWS does not say
 * which exchange rate it uses, so a difference shows up in settlement under the cause "fee tier".
 */
const tables: readonly FeeTable[] = [
  {
    cloud: 'aws',
    since: '2024-01-05',
    tiers: [
      { below: '1000000', rate: '0.03' },
      { below: '10000000', rate: '0.02' },
      { below: null, rate: '0.015' },
    ],
    renewal: '0.015',
    resale_uplift: '0.005',
    source:
      'AWS Marketplace seller guide, "Listing fees", in force since 2024-01-05: SaaS by total contract value, ' +
      'renewals 1.5 %, channel partner private offers half a percentage point more',
  },
]

export type FeeQuestion = {
  cloud: Cloud
  /** direct: we sold it ourselves; resale: through a reseller. */
  channel: 'direct' | 'resale'
  /** Whose fee: the only seller's of a direct deal, the manufacturer's or the reseller's of a resale. */
  side: 'manufacturer' | 'reseller' | 'seller'
  /** What the buyer pays over the whole contract, before tax: it chooses the tier. */
  total_contract_value: Money
  /**
   * What the rate is applied to. For a resale: the manufacturer's is the wholesale amount, the reseller's is its
   * margin (sale minus wholesale). That split is our assumption, not AWS's published rule; a different bill shows up
   * as a named difference.
   */
  amount: Money
  on: LocalDate | Date
  renewal?: boolean
}

type ExpectedFee = { rate: Decimal; amount: Money; rule: string; source: string }

/** Fees are rounded half up to the currency's minor unit: the clouds do not publish their rule, so this is ours. */
const ROUNDING = 'half_up'

const ASSUMED = ' Assumed: the manufacturer pays on the wholesale price and the reseller on its margin.'

/** The fee a cloud should take. Throws a refusal where no table says what it is. */
export function expectedFee(question: FeeQuestion): ExpectedFee {
  const { cloud, channel, side, amount } = question
  if ((channel === 'direct') !== (side === 'seller')) {
    throw new Error(`A ${channel} deal has no ${side}`)
  }
  const on = typeof question.on === 'string' ? question.on : dateOf(question.on)
  const table = tables.findLast((candidate) => candidate.cloud === cloud && candidate.since <= on)
  if (table === undefined) {
    throw new Refusal('invalid-input', `No listing fee is known for ${cloud} on ${on}.`)
  }
  const base = baseRate(table, question)
  const uplift = channel === 'resale' ? decimal(table.resale_uplift) : decimal(0)
  const rate = add(decimal(base.rate), uplift)
  const more = channel === 'resale' ? ` plus ${percent(uplift)} on a reseller's deal (${side})` : ''
  return {
    rate,
    amount: portion(amount, rate, ROUNDING),
    rule: `${base.rule}${more} = ${percent(rate)}, rounded ${ROUNDING}`,
    source: channel === 'resale' ? `${table.source}.${ASSUMED}` : table.source,
  }
}

function baseRate(table: FeeTable, question: FeeQuestion): { rate: string; rule: string } {
  if (question.renewal === true) {
    return { rate: table.renewal, rule: `renewal: ${percent(decimal(table.renewal))}` }
  }
  const value = moneyDecimal(question.total_contract_value)
  const tier =
    table.tiers.find(({ below }) => below === null || compare(value, decimal(below)) < 0) ?? table.tiers[0]
  const size = tier.below === null ? 'in the highest tier' : `below ${tier.below}`
  const currency = currencyOf(question.total_contract_value.asset)
  return { rate: tier.rate, rule: `total contract value ${size} ${currency}: ${percent(decimal(tier.rate))}` }
}

function percent(rate: Decimal): string {
  return `${formatDecimal(multiply(rate, decimal(100)))} %`
}
