// The price of a reseller's offer: a markup inside the vendor's band, or a payment plan of the reseller's own. Pure.
import type { OfferRules } from '../../connectors/connector.ts'
import {
  add,
  compare,
  type Decimal,
  decimal,
  formatDecimal,
  isNegative,
  isZero,
  multiply,
  sum,
} from '../core/decimal.ts'
import {
  assetOf,
  digitsOf,
  displayMoney,
  formatMoney,
  moneyDecimal,
  roundMoney,
  spread,
} from '../core/money.ts'
import { checkInstalments, chosen } from '../offers/index.ts'
import { type Finding, type FixedTerms, isFixed, ratesOf, type Terms, totalOf } from '../offers/model.ts'
import type { Authorization } from './model.ts'

export type Price = {
  markup_percent?: Decimal | undefined
  /** The reseller's own plan. Of a price list it pays for the choice beside it. */
  instalments?: readonly { due_on: string; amount: string }[] | undefined
  duration_months?: number | undefined
  grants?: readonly { dimension: string; quantity: number }[] | undefined
}
type Opened = Pick<Authorization, 'terms' | 'markup_min_percent' | 'markup_max_percent'>

/** What the buyer pays by a plan of the reseller's own, and what the reseller owes the vendor for the same. */
export type OwnTerms = { terms: FixedTerms; wholesale: FixedTerms }

/** undefined: there is no plan, or nothing that it could pay for. */
export function ownTerms(opened: Terms, price: Price): OwnTerms | undefined {
  const { instalments } = price
  const wholesale = fixedFor(opened, price)
  if (instalments === undefined || wholesale === undefined) return undefined
  const total = formatDecimal(sum(instalments.map(({ amount }) => decimal(amount))))
  const own = { ...wholesale, instalments: [...instalments], total }
  return { terms: { ...own, total: formatMoney(totalOf(own)) }, wholesale }
}

/** The vendor's terms where they are fixed; of its price list, what the choice costs, owed as the buyer pays. */
function fixedFor(opened: Terms, { instalments = [], duration_months, grants = [] }: Price) {
  if (isFixed(opened)) return opened
  const due_on = instalments[0]?.due_on
  if (duration_months === undefined || due_on === undefined || grants.length === 0) return undefined
  const cost = chosen(opened, { duration_months, grants, due_on })
  if (!isFixed(cost)) return undefined
  const paid = instalments.map(({ amount }) => roundMoney(cost.currency, decimal(amount), 'half_up').amount)
  const owed = spread(totalOf(cost).amount, paid)
  const parts = instalments.map((one, index) => ({
    due_on: one.due_on,
    amount: formatMoney({ ...totalOf(cost), amount: owed[index] ?? 0n }),
  }))
  return { ...cost, instalments: parts }
}

const finding = (rule: string, field: string, reason: string, fix: string): Finding => ({
  rule,
  field,
  reason,
  fix,
})

/** What the cloud takes of it, and when it is asked. */
export type PriceContext = {
  own_schedule: boolean
  rules: OfferRules
  now: Date
  expires_on: string
  /** The agreement's last day, where it is given in place of a duration. */
  ends_on: string | undefined
}

export function checkPrice(
  opened: Opened,
  price: Price,
  own: OwnTerms | undefined,
  context: PriceContext,
): Finding[] {
  const { markup_min_percent: low, markup_max_percent: high, terms } = opened
  const { markup_percent, instalments } = price
  if ((markup_percent === undefined) === (instalments === undefined)) {
    const reason = instalments === undefined ? 'is missing' : 'is given beside a schedule of its own'
    return [finding('price', 'markup_percent', reason, 'Give a markup, or instalments of your own')]
  }
  const choice = checkChoice(terms, price)
  if (choice.length > 0) return choice
  if (markup_percent !== undefined) {
    if (compare(markup_percent, low) >= 0 && compare(markup_percent, high) <= 0) return []
    const reason = `${formatDecimal(markup_percent)} lies outside the vendor's band`
    return [finding('markup-band', 'markup_percent', reason, bandFix([low, high]))]
  }
  if (!context.own_schedule || own === undefined) {
    const reason =
      own === undefined ? 'has no place in terms that have none' : 'cannot be given on this cloud'
    return [finding('own-schedule', 'instalments', reason, 'Give a markup_percent')]
  }
  const found = checkBand(own, [low, high])
  return isFixed(terms)
    ? [...found, ...checkAmounts(own.terms), ...checkDays(own.terms, terms)]
    : [...found, ...checkPlan(own.terms, context)]
}

/** What is sold of a price list: one of its lengths, and quantities of what it prices. Other terms say it themselves. */
function checkChoice(opened: Terms, { instalments, duration_months, grants }: Price): Finding[] {
  if (opened.kind !== 'configurable' || instalments === undefined) {
    const named = duration_months === undefined ? 'grants' : 'duration_months'
    if (duration_months === undefined && grants === undefined) return []
    const reason = 'is for a payment plan of your own over a price list'
    return [finding('own-choice', named, reason, 'Leave it out')]
  }
  const rates = ratesOf(opened)
  const lengths = rates.map((rate) => rate.duration_months)
  const rate = rates.find((one) => one.duration_months === duration_months)
  if (rate === undefined) {
    const reason =
      duration_months === undefined
        ? 'is missing: a payment plan is for one length'
        : `${duration_months} months are not in the vendor's price list`
    return [finding('own-choice', 'duration_months', reason, `Choose one of ${lengths.join(', ')}`)]
  }
  if (grants === undefined || grants.length === 0) {
    const reason = 'is missing: a payment plan is for quantities'
    return [finding('own-choice', 'grants', reason, 'Say how much of what is sold')]
  }
  return grants.flatMap(({ dimension }, index) => {
    const field = `grants.${index}.dimension`
    if (!Object.hasOwn(rate.prices, dimension)) {
      const fix = `Choose among ${Object.keys(rate.prices).join(', ')}`
      return [finding('own-choice', field, `"${dimension}" has no price for this length`, fix)]
    }
    if (grants.findIndex((one) => one.dimension === dimension) === index) return []
    return [finding('own-choice', field, `"${dimension}" is named twice`, 'Name it once')]
  })
}

function checkBand({ terms, wholesale }: OwnTerms, band: Band): Finding[] {
  if (inside(moneyDecimal(totalOf(terms)), moneyDecimal(totalOf(wholesale)), band)) return []
  const reason = `sum to ${displayMoney(totalOf(terms))}, which lies outside the vendor's band over ${displayMoney(totalOf(wholesale))}`
  return [finding('markup-band', 'instalments', reason, bandFix(band))]
}

/** The days are the reseller's own there, under the rules of any offer. */
function checkPlan(terms: FixedTerms, { rules, now, expires_on, ends_on }: PriceContext): Finding[] {
  const offer = { name: '', terms, buyer_account_ids: [], expires_on }
  return checkInstalments(offer, rules, { now, ends_on }).map((one) => ({
    ...one,
    field: one.field.replace(/^terms\./, ''),
  }))
}

function checkAmounts(own: FixedTerms): Finding[] {
  const digits = digitsOf(assetOf(own.currency))
  return own.instalments.flatMap(({ amount }, index) => {
    const value = decimal(amount)
    if (!isNegative(value) && !isZero(value) && value.scale <= digits) return []
    const reason = `"${amount}" is not a positive amount with at most ${digits} decimals`
    const field = `instalments.${index}.amount`
    return [finding('instalment-amount', field, reason, `Write it in ${own.currency}`)]
  })
}

/** The vendor's days stay, and none is paid with less than is owed on it: as AWS has it, the one cloud that takes one. */
function checkDays(own: FixedTerms, wholesale: FixedTerms): Finding[] {
  const found: Finding[] = []
  for (const [index, { due_on, amount }] of own.instalments.entries()) {
    const field = `instalments.${index}`
    const owed = wholesale.instalments.find((one) => one.due_on === due_on)
    if (owed === undefined || own.instalments.findIndex((one) => one.due_on === due_on) < index) {
      const reason = `${due_on} is not a day of the vendor's schedule that is free`
      const fix = `Keep its days: ${wholesale.instalments.map((one) => one.due_on).join(', ')}`
      found.push(finding('own-days', `${field}.due_on`, reason, fix))
    } else if (compare(decimal(amount), decimal(owed.amount)) < 0) {
      const reason = `${amount} is less than the ${owed.amount} that are owed on ${due_on}`
      found.push(finding('own-amount', `${field}.amount`, reason, 'Ask for what is owed at least'))
    }
  }
  if (own.instalments.length < wholesale.instalments.length) {
    const reason = `has ${own.instalments.length} of the vendor's ${wholesale.instalments.length} days`
    found.push(finding('own-days', 'instalments', reason, 'Keep all of them'))
  }
  return found
}

type Band = readonly [Decimal, Decimal]

/** low and high per cent over a cost, exactly. */
function inside(price: Decimal, cost: Decimal, [low, high]: Band): boolean {
  const over = (percent: Decimal) => multiply(cost, add(decimal(1), multiply(percent, decimal('0.01'))))
  return compare(price, over(low)) >= 0 && compare(price, over(high)) <= 0
}

const bandFix = ([low, high]: Band) => `Choose from ${formatDecimal(low)} to ${formatDecimal(high)} per cent`
