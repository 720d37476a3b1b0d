// What of a reseller's offer breaks the vendor's rules: the price, the buyers, what it takes the place of.
import type { OfferRules } from '../../connectors/connector.ts'
import { add, compare, type Decimal, decimal, formatDecimal, multiply } from '../core/decimal.ts'
import { displayMoney, moneyDecimal } from '../core/money.ts'
import { checkReplaced, findReplaced } from '../offers/index.ts'
import { type Finding, instalmentsOf, isFixed, type Terms, totalOf, usagePricesOf } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import type { Authorization } from './model.ts'

type Wanted = {
  markup_percent?: Decimal | undefined
  terms?: Terms | undefined
  buyer_account_ids?: string[] | undefined
  replaces_agreement_id?: string | undefined
}
type Opened = Pick<
  Authorization,
  'terms' | 'markup_min_percent' | 'markup_max_percent' | 'buyer_account_ids' | 'cloud' | 'expires_on'
>

const finding = (rule: string, field: string, reason: string, fix: string): Finding => ({
  rule,
  field,
  reason,
  fix,
})

/** The price of a resale: a markup inside the vendor's band, or own terms whose prices lie inside it. */
export function checkResale(opened: Opened, wanted: Wanted, cloud: { own_prices: boolean }): Finding[] {
  const { markup_min_percent: low, markup_max_percent: high } = opened
  const { markup_percent, terms } = wanted
  if ((markup_percent === undefined) === (terms === undefined)) {
    const reason = terms === undefined ? 'is missing' : 'is given beside terms of its own'
    return [finding('price', 'markup_percent', reason, 'Give a markup, or terms of your own')]
  }
  if (markup_percent !== undefined) {
    if (compare(markup_percent, low) >= 0 && compare(markup_percent, high) <= 0) return []
    const reason = `${formatDecimal(markup_percent)} lies outside the vendor's band`
    const fix = `Choose from ${formatDecimal(low)} to ${formatDecimal(high)} per cent`
    return [finding('markup-band', 'markup_percent', reason, fix)]
  }
  if (terms === undefined) return []
  if (!cloud.own_prices) {
    const reason = 'cannot be given on this cloud, which knows a markup only'
    return [finding('own-terms', 'terms', reason, 'Give a markup_percent')]
  }
  return checkOwn(opened, terms)
}

/** AWS and our books alike need own terms to be of the same kind, currency, length and content as the wholesale ones. */
function checkOwn(
  { terms: wholesale, markup_min_percent, markup_max_percent, expires_on }: Opened,
  own: Terms,
) {
  const same = own.kind === wholesale.kind && own.currency === wholesale.currency
  if (!same || own.kind === 'configurable' || own.kind === 'free_trial') {
    const reason = `${own.kind} in ${own.currency} cannot stand in for ${wholesale.kind} in ${wholesale.currency}`
    return [
      finding('own-kind', 'terms.kind', reason, 'Keep the vendor’s kind and currency, or give a markup'),
    ]
  }
  const found: Finding[] = []
  const band = [markup_min_percent, markup_max_percent] as const
  if (isFixed(own) && isFixed(wholesale)) {
    const content = ({ grants, duration_months }: typeof own) =>
      JSON.stringify([duration_months, grants.map((grant) => [grant.dimension, grant.quantity]).sort()])
    if (content(own) !== content(wholesale)) {
      const reason = 'are not what the vendor opened'
      found.push(finding('own-content', 'terms.grants', reason, 'Keep its quantities and its duration'))
    }
    const sums = { own: moneyDecimal(totalOf(own)), wholesale: moneyDecimal(totalOf(wholesale)) }
    if (!inside(sums.own, sums.wholesale, band)) {
      const reason = `${displayMoney(totalOf(own))} lies outside the vendor's band over ${displayMoney(totalOf(wholesale))}`
      found.push(finding('markup-band', 'terms.total', reason, bandFix(band)))
    }
    const first = instalmentsOf(own)[0]?.due_on
    if (first !== undefined && expires_on !== null && first <= expires_on) {
      const reason = `${first} does not come after the authorization's last day (${expires_on})`
      found.push(finding('instalment-before-expiry', 'terms.instalments', reason, 'Move it later'))
    }
    const summed = instalmentsOf(own).reduce((total, { amount }) => total + amount.amount, 0n)
    if (summed !== totalOf(own).amount)
      found.push(
        finding(
          'instalments-sum',
          'terms.instalments',
          'do not sum to the total',
          'Make them agree to the cent',
        ),
      )
  }
  const costs = usagePricesOf(wholesale)
  const prices = usagePricesOf(own)
  if (Object.keys(costs).sort().join() !== Object.keys(prices).sort().join()) {
    const fix = `Price ${Object.keys(costs).join(', ') || 'no usage'}`
    found.push(finding('own-usage', 'terms.usage_prices', 'are not those that the vendor opened', fix))
  }
  for (const [key, price] of Object.entries(prices)) {
    if (inside(price, costs[key] ?? price, band)) continue
    const reason = `${formatDecimal(price)} lies outside the vendor's band over ${formatDecimal(costs[key] ?? price)}`
    found.push(finding('markup-band', `terms.usage_prices.${key}`, reason, bandFix(band)))
  }
  return found
}

type Band = readonly [Decimal, Decimal]

/** low and high per cent over a cost, exactly. */
function inside(price: Decimal, cost: Decimal, [low, high]: Band): boolean {
  const over = (percent: Decimal) => multiply(cost, add(decimal(1), multiply(percent, decimal('0.01'))))
  return compare(price, over(low)) >= 0 && compare(price, over(high)) <= 0
}

const bandFix = ([low, high]: Band) =>
  `Stay from ${formatDecimal(low)} to ${formatDecimal(high)} per cent over it`

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
