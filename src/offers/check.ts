import type { OfferRules } from '../../connectors/connector.ts'
import { compare, decimal, isNegative, isZero, sum } from '../core/decimal.ts'
import { assetOf, currencies, digitsOf, displayMoney, roundMoney } from '../core/money.ts'
import { DAY_MS, dateOf, isLocalDate, plus, startOfDate } from '../core/time.ts'
import type { ProductDimension } from '../products/model.ts'
import { checkGrants, checkUsage } from './check-dimensions.ts'
import { checkKind } from './check-kinds.ts'
import { type Finding, type FixedTerms, isFixed, type Terms } from './model.ts'

export type Checked = {
  name: string
  terms: Terms
  buyer_account_ids: readonly string[]
  /** null: without end, which only some clouds take of what is opened to a reseller. */
  expires_on: string | null
}

/** When it is checked, and whether the seller draws included quantities of metered dimensions on this cloud. */
export type CheckedFor = {
  now: Date
  seller_draws: boolean
  /** The agreement's last day, where it is given in place of a duration. */
  ends_on?: string | undefined
}

/** Everything wrong with an offer, before anything is sent. Pure: the cloud's limits come in as `rules`. */
export function checkOffer(
  offer: Checked,
  rules: OfferRules,
  dimensions: readonly ProductDimension[],
  { now, seller_draws, ends_on }: CheckedFor,
): Finding[] {
  return [
    ...checkNames(offer, rules),
    ...checkKind(offer, rules, dimensions),
    ...checkCurrency(offer.terms, rules),
    ...checkInstalments(offer, rules, { now, ends_on }),
    ...checkUsage(offer.terms, rules, dimensions),
    ...checkGrants(offer.terms, dimensions, seller_draws),
  ]
}

function checkNames(offer: Checked, rules: OfferRules): Finding[] {
  const found: Finding[] = []
  if (offer.name.length > rules.name_max) {
    found.push({
      rule: 'name-too-long',
      field: 'name',
      reason: `has ${offer.name.length} characters; the cloud takes ${rules.name_max}`,
      fix: 'Shorten it',
    })
  }
  if (offer.buyer_account_ids.length > rules.buyers_max) {
    found.push({
      rule: 'too-many-buyers',
      field: 'buyer.accounts',
      reason: `names ${offer.buyer_account_ids.length} accounts; the cloud takes ${rules.buyers_max}`,
      fix: 'Make a second offer',
    })
  }
  const pattern = new RegExp(rules.buyer_account_pattern)
  for (const account of offer.buyer_account_ids) {
    if (pattern.test(account)) continue
    found.push({
      rule: 'buyer-account-form',
      field: 'buyer.accounts',
      reason: `"${account}" is not an account id of this cloud`,
      fix: `Write it as ${rules.buyer_account_form}`,
    })
  }
  return found
}

function checkCurrency(terms: Terms, rules: OfferRules): Finding[] {
  if (!currencies.includes(terms.currency) || !rules.currencies.includes(terms.currency)) {
    return [
      {
        rule: 'currency',
        field: 'terms.currency',
        reason: `${terms.currency} is not sold in by this cloud`,
        fix: `Use one of ${rules.currencies.join(', ')}`,
      },
    ]
  }
  const by_usage = 'usage_prices' in terms && (terms.kind !== 'configurable' || !isEmpty(terms.usage_prices))
  if (by_usage && !rules.usage_currencies.includes(terms.currency)) {
    return [
      {
        rule: 'usage-currency',
        field: 'terms.currency',
        reason: `usage cannot be priced in ${terms.currency}`,
        fix: `Use one of ${rules.usage_currencies.join(', ')}`,
      },
    ]
  }
  return []
}

const isEmpty = (prices: object) => Object.keys(prices).length === 0

type Times = Pick<CheckedFor, 'now' | 'ends_on'>

/** The plan of an offer, its length and its last day. */
export function checkInstalments(offer: Checked, rules: OfferRules, { now, ends_on }: Times): Finding[] {
  const { terms, expires_on } = offer
  const today = dateOf(now)
  const found: Finding[] = []
  if (expires_on !== null && (!isLocalDate(expires_on) || expires_on < today)) {
    found.push({
      rule: 'expiry-past',
      field: 'expires_on',
      reason: `${expires_on} is over`,
      fix: 'Choose a day from today on',
    })
  }
  if ('duration_months' in terms && terms.duration_months > rules.duration_months_max) {
    found.push({
      rule: 'duration',
      field: 'terms.duration_months',
      reason: `${terms.duration_months} months is longer than the cloud's ${rules.duration_months_max}`,
      fix: 'Shorten it',
    })
  }
  if (!isFixed(terms) || !currencies.includes(terms.currency)) return found
  const { instalments } = terms
  const digits = digitsOf(assetOf(terms.currency))
  if (instalments.length > rules.instalments_max) {
    found.push({
      rule: 'too-many-instalments',
      field: 'terms.instalments',
      reason: `${instalments.length} instalments; the cloud takes ${rules.instalments_max}`,
      fix: 'Use fewer',
    })
  }
  for (const [index, { due_on, amount }] of instalments.entries()) {
    const field = `terms.instalments.${index}`
    const value = decimal(amount)
    if (value.scale > digits || isNegative(value) || isZero(value)) {
      found.push({
        rule: 'instalment-amount',
        field: `${field}.amount`,
        reason: `"${amount}" is not a positive amount with at most ${digits} decimals`,
        fix: `Write it in ${terms.currency} to the smallest unit`,
      })
    }
    const before = instalments[index - 1]
    if (before !== undefined && due_on <= before.due_on) {
      found.push({
        rule: 'instalment-order',
        field: `${field}.due_on`,
        reason: `${due_on} does not come after ${before.due_on}`,
        fix: 'Give each instalment its own, later date',
      })
    }
  }
  found.push(...checkDates(terms, offer, rules, { today, ends_on }), ...checkTotal(terms))
  return found
}

function checkDates(
  { instalments, duration_months }: FixedTerms,
  { expires_on }: Checked,
  rules: OfferRules,
  { today, ends_on }: { today: string; ends_on: string | undefined },
): Finding[] {
  const found: Finding[] = []
  // The earliest end: accepted today. A later acceptance only moves the end away.
  const end = ends_on ?? dateOf(plus(monthsAfter(today, duration_months), -DAY_MS))
  for (const [index, { due_on }] of instalments.entries()) {
    const field = `terms.instalments.${index}.due_on`
    if (due_on < today) {
      const fix = 'Choose a day from today on'
      found.push({ rule: 'instalment-past', field, reason: `${due_on} is over`, fix })
    }
    if (due_on > end) {
      const when = ends_on === undefined ? `${end} if accepted today` : end
      found.push({
        rule: 'instalment-after-end',
        field,
        reason: `${due_on} may lie after the agreement's end (${when})`,
        fix: 'Move it earlier or lengthen the agreement',
      })
    }
  }
  const early = instalments.filter(({ due_on }) => expires_on !== null && due_on <= expires_on).length
  if (early > rules.instalments_before_expiry_max) {
    found.push({
      rule: 'instalments-before-expiry',
      field: 'terms.instalments',
      reason: `${early} ${early === 1 ? 'instalment is' : 'instalments are'} due on or before the last day of acceptance (${expires_on}); the cloud takes ${rules.instalments_before_expiry_max}`,
      fix: 'Move them later, or let the offer expire sooner',
    })
  }
  return found
}

/** The same day some months later, or the month's last day where it has no such day. */
function monthsAfter(date: string, months: number): Date {
  const start = startOfDate(date)
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(start.getUTCDate(), last)))
}

function checkTotal(terms: FixedTerms): Finding[] {
  const summed = sum(terms.instalments.map(({ amount }) => decimal(amount)))
  if (compare(summed, decimal(terms.total)) === 0) return []
  const shown = (value: typeof summed) => displayMoney(roundMoney(terms.currency, value, 'half_up'))
  return [
    {
      rule: 'instalments-sum',
      field: 'terms.instalments',
      reason: `sum to ${shown(summed)}, the total is ${shown(decimal(terms.total))}`,
      fix: 'Change an instalment or the total so that they agree to the cent',
    },
  ]
}
