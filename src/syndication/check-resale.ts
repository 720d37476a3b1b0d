// What of a reseller's offer breaks the vendor's rules: the price, the buyers, what it takes the place of.
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
import { assetOf, digitsOf, displayMoney, formatMoney, moneyDecimal } from '../core/money.ts'
import { checkReplaced, findReplaced } from '../offers/index.ts'
import { type Finding, type FixedTerms, isFixed, type Terms, totalOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import type { Authorization } from './model.ts'

type Wanted = {
  markup_percent?: Decimal | undefined
  instalments?: { due_on: string; amount: string }[] | undefined
  buyer_account_ids?: string[] | undefined
  replaces_agreement_id?: string | undefined
}
type Opened = Pick<
  Authorization,
  'terms' | 'markup_min_percent' | 'markup_max_percent' | 'buyer_account_ids' | 'cloud'
>

const finding = (rule: string, field: string, reason: string, fix: string): Finding => ({
  rule,
  field,
  reason,
  fix,
})

/** The wholesale terms with a schedule of the reseller's own; undefined where there is none, or nothing to schedule. */
export function ownTerms(
  wholesale: Terms,
  instalments: readonly { due_on: string; amount: string }[] | undefined,
): FixedTerms | undefined {
  if (instalments === undefined || !isFixed(wholesale)) return undefined
  const total = formatDecimal(sum(instalments.map(({ amount }) => decimal(amount))))
  const own = { ...wholesale, instalments: [...instalments], total }
  return { ...own, total: formatMoney(totalOf(own)) }
}

/** The price of a resale: a markup inside the vendor's band, or a schedule whose total lies inside it. */
export function checkResale(
  opened: Opened,
  { markup_percent, instalments, own }: Wanted & { own: FixedTerms | undefined },
  cloud: { own_schedule: boolean },
): Finding[] {
  const { markup_min_percent: low, markup_max_percent: high } = opened
  if ((markup_percent === undefined) === (instalments === undefined)) {
    const reason = instalments === undefined ? 'is missing' : 'is given beside a schedule of its own'
    return [finding('price', 'markup_percent', reason, 'Give a markup, or instalments of your own')]
  }
  if (markup_percent !== undefined) {
    if (compare(markup_percent, low) >= 0 && compare(markup_percent, high) <= 0) return []
    const reason = `${formatDecimal(markup_percent)} lies outside the vendor's band`
    return [finding('markup-band', 'markup_percent', reason, bandFix([low, high]))]
  }
  if (!cloud.own_schedule || own === undefined || !isFixed(opened.terms)) {
    const reason =
      own === undefined ? 'has no place in terms that have none' : 'cannot be given on this cloud'
    return [finding('own-schedule', 'instalments', reason, 'Give a markup_percent')]
  }
  return checkSchedule(opened, own, opened.terms)
}

/** The vendor's days stay, and none is paid with less than is owed on it: as AWS has it, the one cloud that takes one. */
function checkSchedule(opened: Opened, own: FixedTerms, wholesale: FixedTerms): Finding[] {
  const { markup_min_percent, markup_max_percent } = opened
  const band: Band = [markup_min_percent, markup_max_percent]
  const found: Finding[] = []
  if (!inside(moneyDecimal(totalOf(own)), moneyDecimal(totalOf(wholesale)), band)) {
    const reason = `sum to ${displayMoney(totalOf(own))}, which lies outside the vendor's band over ${displayMoney(totalOf(wholesale))}`
    found.push(finding('markup-band', 'instalments', reason, bandFix(band)))
  }
  const digits = digitsOf(assetOf(own.currency))
  for (const [index, { due_on, amount }] of own.instalments.entries()) {
    const field = `instalments.${index}`
    const value = decimal(amount)
    if (isNegative(value) || isZero(value) || value.scale > digits) {
      const reason = `"${amount}" is not a positive amount with at most ${digits} decimals`
      found.push(finding('instalment-amount', `${field}.amount`, reason, `Write it in ${own.currency}`))
    }
    const owed = wholesale.instalments.find((one) => one.due_on === due_on)
    if (owed === undefined || own.instalments.findIndex((one) => one.due_on === due_on) < index) {
      const reason = `${due_on} is not a day of the vendor's schedule that is free`
      const fix = `Keep its days: ${wholesale.instalments.map((one) => one.due_on).join(', ')}`
      found.push(finding('own-days', `${field}.due_on`, reason, fix))
    } else if (compare(value, decimal(owed.amount)) < 0) {
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

/** Whom a resale is for; what is wrong with that is added to the findings. */
export function buyersOf(
  { buyer_account_ids: opened, cloud }: Opened,
  { buyer_account_ids: wanted }: Wanted,
  rules: Pick<OfferRules, 'buyer_account_pattern' | 'buyer_account_form' | 'buyers_max'>,
  findings: Finding[],
): string[] {
  const field = 'buyer_account_ids'
  const buyers = wanted ?? opened
  if (buyers.length === 0)
    findings.push(
      finding('buyer-missing', field, `names nobody on ${cloud}`, 'Name the accounts that may accept it'),
    )
  if (buyers.length > rules.buyers_max) {
    const reason = `names ${buyers.length} accounts; the cloud takes ${rules.buyers_max}`
    findings.push(finding('too-many-buyers', field, reason, 'Make a second offer'))
  }
  const pattern = new RegExp(rules.buyer_account_pattern)
  for (const buyer of buyers) {
    if (!pattern.test(buyer)) {
      const reason = `"${buyer}" is not an account id of this cloud`
      findings.push(finding('buyer-account-form', field, reason, `Write it as ${rules.buyer_account_form}`))
    } else if (opened.length > 0 && !opened.includes(buyer)) {
      const fix = `Choose among ${opened.join(', ')}`
      findings.push(finding('buyer-not-opened', field, `"${buyer}" is none of those the vendor named`, fix))
    }
  }
  return buyers
}

type Replaced = {
  findings: Finding[]
  agreement_id?: string
  buyer_account_ids?: string[]
}

/** The reseller's own agreement whose place the offer takes; it is for that agreement's buyer. */
export async function replacedBy(scope: Scope, wanted: Wanted, connection_id: string): Promise<Replaced> {
  if (wanted.replaces_agreement_id === undefined) return { findings: [] }
  const found = await findReplaced(scope, wanted.replaces_agreement_id)
  return {
    findings: checkReplaced(found, { connection_id, replaces: true, cloud: 'this cloud' }),
    agreement_id: found.cloud_agreement_id,
    buyer_account_ids: [found.buyer_account_id],
  }
}
