// What should be invoiced, computed from an agreement's terms and its accepted usage. Pure.
import type { SettlementRules } from '../../connectors/connector.ts'
import { type Agreement, isOver } from '../agreements/model.ts'
import { compare, type Decimal, decimal, formatDecimal, multiply, subtract } from '../core/decimal.ts'
import {
  type Asset,
  currencyOf,
  formatMoney,
  type Money,
  moneyDecimal,
  roundMoney,
  spread,
} from '../core/money.ts'
import { Refusal } from '../core/problem.ts'
import { dateOf, type LocalDate, type Month, nextMonth, startOfMonth } from '../core/time.ts'
import { expectedFee, type FeeQuestion } from '../ledger/index.ts'
import { instalmentsOf, totalOf, usagePricesOf } from '../offers/model.ts'
import type { Expectation } from './model.ts'

/** `releases`: how much of what was booked when the buyer accepted is due with it; in minor units. */
export type ExpectationDraft = Omit<Expectation, 'id'> & { releases: bigint }

/** What of a cloud's rules expectations are computed from. */
type Rules = Pick<SettlementRules, 'resale_pays' | 'usage_rounding'>

/** What the buyer pays, and what a reseller owes the manufacturer of it (null: it is no resale of ours). */
type Sale = Omit<Expectation, 'id'> & { cost: bigint | null; releases: bigint }

/** Instalments due on or before a day, each with what follows from it: the wholesale cost and the fee. */
export function instalmentsDue(agreement: Agreement, rules: Rules, today: LocalDate): ExpectationDraft[] {
  return plannedInstalments(agreement)
    .filter((sale) => sale.due_on <= today)
    .flatMap((sale) => withCosts(agreement, rules, sale))
}

/** Instalments that are not due yet, for recognising one that is invoiced early. */
export function instalmentsAhead(agreement: Agreement, rules: Rules, today: LocalDate): ExpectationDraft[] {
  return plannedInstalments(agreement)
    .filter((sale) => sale.due_on > today)
    .flatMap((sale) => withCosts(agreement, rules, sale))
}

/** What of an agreement that is over was never due, in minor units: it ended, or was replaced, before. */
export function neverDue(agreement: Agreement): bigint {
  if (!isOver(agreement.state)) return 0n
  const due = plannedInstalments(agreement).reduce((sum, { releases }) => sum + releases, 0n)
  return totalOf(agreement.terms).amount - due
}

function plannedInstalments(agreement: Agreement): Sale[] {
  const { terms, state, starts_at } = agreement
  // Nothing is charged before the seller activated it, nor ever of what ended before that.
  if (state === 'pending' || (isOver(state) && starts_at === null)) return []
  const accepted_on = agreement.accepted_at === null ? '' : dateOf(agreement.accepted_at)
  const ended_on = agreement.ended_at === null ? null : dateOf(agreement.ended_at)
  const wholesale = wholesaleParts(agreement)
  const all = instalmentsOf(terms)
  return all.flatMap(({ due_on: dated, amount }, index) => {
    // A date before the acceptance is charged at the acceptance; what an ended agreement still had ahead is not charged.
    const due_on = [dated, accepted_on].sort()[1] ?? dated
    if (ended_on !== null && due_on > ended_on) return []
    const key = `instalment:${agreement.id}:${index + 1}:${dated}`
    return [
      {
        key,
        agreement_id: agreement.id,
        kind: 'instalment' as const,
        dimension: null,
        sale_key: null,
        due_on,
        period_starts_on: due_on,
        period_ends_on: due_on,
        amount: amount.amount,
        asset: amount.asset,
        arithmetic: {
          instalment: `${index + 1} of ${all.length}`,
          due_on: dated,
          amount: formatMoney(amount),
        },
        cost: wholesale[index] ?? null,
        releases: amount.amount,
      },
    ]
  })
}

/** What a reseller owes the vendor per instalment: the same dates, or the wholesale total spread in proportion. */
function wholesaleParts({ terms, wholesale, role }: Agreement): (bigint | null)[] {
  const sales = instalmentsOf(terms)
  if (role !== 'seller' || wholesale === null) return sales.map(() => null)
  const costs = instalmentsOf(wholesale)
  const dates = (list: { due_on: string }[]) => list.map(({ due_on }) => due_on).join()
  if (dates(sales) === dates(costs)) return costs.map(({ amount }) => amount.amount)
  return spread(
    totalOf(wholesale).amount,
    sales.map(({ amount }) => amount.amount),
  )
}

/** Accepted usage of one month, per dimension: quantity × price, rounded once, with all of its arithmetic. */
export function usageOf(
  agreement: Agreement,
  rules: Rules,
  month: Month,
  quantities: readonly { dimension: string; quantity: Decimal }[],
): ExpectationDraft[] {
  const prices = usagePricesOf(agreement.terms)
  const costs =
    agreement.role === 'seller' && agreement.wholesale !== null ? usagePricesOf(agreement.wholesale) : {}
  const { currency } = agreement.terms
  return quantities.flatMap(({ dimension, quantity }) => {
    const price = prices[dimension]
    if (price === undefined || compare(quantity, decimal(0)) === 0) return []
    const cost = costs[dimension]
    const priced = pricedUsage(rules, currency, quantity, price)
    const sale: Sale = {
      key: `usage:${agreement.id}:${month}:${dimension}`,
      agreement_id: agreement.id,
      kind: 'usage',
      dimension,
      sale_key: null,
      due_on: dateOf(startOfMonth(nextMonth(month))),
      period_starts_on: `${month}-01`,
      period_ends_on: dateOf(new Date(startOfMonth(nextMonth(month)).getTime() - 1)),
      amount: priced.money.amount,
      asset: priced.money.asset,
      arithmetic: {
        ...priced.arithmetic,
        ...(cost === undefined ? {} : { price_owed: formatDecimal(cost) }),
      },
      cost: cost === undefined ? null : pricedUsage(rules, currency, quantity, cost).money.amount,
      releases: 0n,
    }
    return withCosts(agreement, rules, sale)
  })
}

function pricedUsage(
  { usage_rounding }: Rules,
  currency: string,
  quantity: Decimal,
  price: Decimal,
): { money: Money; arithmetic: Record<string, string> } {
  const unrounded = multiply(quantity, price)
  const money = roundMoney(currency, unrounded, usage_rounding)
  return {
    money,
    arithmetic: {
      quantity: formatDecimal(quantity),
      price: formatDecimal(price),
      unrounded: formatDecimal(unrounded),
      rounded: formatMoney(money),
      rounding: usage_rounding,
      rounding_difference: formatDecimal(subtract(moneyDecimal(money), unrounded)),
    },
  }
}

/** What of a sale the cloud pays us: the sale, what a reseller owes of it, and the listing fee; the last two negative. */
function withCosts(agreement: Agreement, rules: Rules, { cost, ...sale }: Sale): ExpectationDraft[] {
  if (cost !== null && rules.resale_pays === 'nothing') return []
  const question = feeQuestion(agreement, sale, cost)
  const fee = feeOf(question)
  const follows = { ...sale, sale_key: sale.key, releases: 0n }
  const paid = cost !== null && rules.resale_pays === 'margin' ? marginOf(sale, cost) : sale
  const parts: ExpectationDraft[] = [paid]
  if (cost !== null && paid === sale) {
    parts.push({
      ...follows,
      key: `wholesale:${sale.key}`,
      kind: 'wholesale',
      amount: -cost,
      arithmetic: {
        wholesale_cost: formatMoney({ asset: sale.asset, amount: cost }),
        of_sale: formatMoney(sale),
      },
    })
  }
  if (fee !== undefined) {
    parts.push({
      ...follows,
      key: `fee:${sale.key}`,
      kind: 'fee',
      amount: -fee.amount.amount,
      arithmetic: fee.arithmetic,
    })
  }
  return parts
}

/** The cloud pays the manufacturer itself: of its sale a reseller gets what lies above that. */
function marginOf<S extends Pick<Sale, 'amount' | 'asset' | 'arithmetic'>>(sale: S, cost: bigint): S {
  const { asset } = sale
  return {
    ...sale,
    amount: sale.amount - cost,
    arithmetic: {
      ...sale.arithmetic,
      buyer_pays: formatMoney(sale),
      manufacturer_gets: formatMoney({ asset, amount: cost }),
      margin: formatMoney({ asset, amount: sale.amount - cost }),
    },
  }
}

/** The question a fee answers for one agreement; other answers to it are how a different fee is explained. */
export function feeQuestion(agreement: Agreement, amount: Money, cost: bigint | null): FeeQuestion {
  const { role, wholesale, cloud_offer_id, cloud_authorization_id } = agreement
  return {
    cloud: agreement.cloud,
    side: role === 'manufacturer' ? 'manufacturer' : wholesale === null ? 'seller' : 'reseller',
    total_contract_value: totalOf(agreement.terms),
    amount,
    cost: cost === null ? null : { asset: amount.asset, amount: cost },
    on: agreement.accepted_at ?? agreement.starts_at ?? new Date(0),
    standard: cloud_offer_id === null && cloud_authorization_id === null,
  }
}

function feeOf(question: FeeQuestion): { amount: Money; arithmetic: Record<string, string> } | undefined {
  try {
    const fee = expectedFee(question)
    return {
      amount: fee.amount,
      arithmetic: {
        base: formatMoney(fee.base),
        rate: formatDecimal(fee.rate),
        fee: formatMoney(fee.amount),
        rule: fee.rule,
        source: fee.source,
      },
    }
  } catch (error) {
    // No table says what this cloud takes: then no fee is expected, and one that comes is shown as it is.
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** An amount in minor units of an asset, for sentences: "USD 12.00". */
export function said(asset: Asset, amount: bigint): string {
  return `${currencyOf(asset)} ${formatMoney({ asset, amount })}`
}
