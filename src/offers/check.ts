import type { OfferRules } from '../../connectors/connector.ts'
import { compare, decimal, isNegative, isZero, parseDecimal, sum } from '../core/decimal.ts'
import { assetOf, currencies, digitsOf, displayMoney, roundMoney } from '../core/money.ts'
import { DAY_MS, dateOf, isLocalDate, plus } from '../core/time.ts'
import type { ProductDimension } from '../products/model.ts'
import type { Terms } from './model.ts'

/** One rule a deal breaks: stable id, where, why, and what to do. */
export type Finding = { rule: string; field: string; reason: string; fix: string }

export type Checked = {
  name: string
  terms: Terms
  buyer_account_ids: readonly string[]
  expires_on: string
}

/** Everything wrong with an offer, before anything is sent. Pure: the cloud's limits come in as `rules`. */
export function checkOffer(
  offer: Checked,
  rules: OfferRules,
  dimensions: readonly ProductDimension[],
  now: Date,
): Finding[] {
  return [
    ...checkNames(offer, rules),
    ...checkCurrency(offer.terms, rules),
    ...checkInstalments(offer, rules, now),
    ...checkUsage(offer.terms, rules, dimensions),
    ...checkGrants(offer.terms, dimensions),
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
      fix: `It must match ${rules.buyer_account_pattern}`,
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
  if (terms.kind !== 'contract' && !rules.usage_currencies.includes(terms.currency)) {
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

function checkInstalments(offer: Checked, rules: OfferRules, now: Date): Finding[] {
  const { terms, expires_on } = offer
  const today = dateOf(now)
  const found: Finding[] = []
  if (!isLocalDate(expires_on) || expires_on < today) {
    found.push({
      rule: 'expiry-past',
      field: 'expires_on',
      reason: `${expires_on} is over`,
      fix: 'Choose a day from today on',
    })
  }
  if (terms.duration_months > rules.duration_months_max) {
    found.push({
      rule: 'duration',
      field: 'terms.duration_months',
      reason: `${terms.duration_months} months is longer than the cloud's ${rules.duration_months_max}`,
      fix: 'Shorten it',
    })
  }
  if (terms.kind === 'usage' || !currencies.includes(terms.currency)) return found
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
  found.push(...checkDates(terms.instalments, offer, rules, today), ...checkTotal(terms))
  return found
}

function checkDates(
  instalments: readonly { due_on: string }[],
  { terms, expires_on }: Checked,
  rules: OfferRules,
  today: string,
): Finding[] {
  const found: Finding[] = []
  const first = instalments[0]
  if (first !== undefined && first.due_on < today) {
    found.push({
      rule: 'instalment-past',
      field: 'terms.instalments.0.due_on',
      reason: `${first.due_on} is over`,
      fix: 'Choose a day from today on',
    })
  }
  const early = instalments.filter(({ due_on }) => due_on <= expires_on).length
  if (early > rules.instalments_before_expiry_max) {
    found.push({
      rule: 'instalments-before-expiry',
      field: 'terms.instalments',
      reason: `${early} instalments are due on or before the last day of acceptance (${expires_on}); the cloud takes ${rules.instalments_before_expiry_max}`,
      fix: 'Move them later, or let the offer expire sooner',
    })
  }
  const last = instalments.at(-1)
  // The earliest end: accepted today. A later acceptance only moves the end away.
  const end = dateOf(plus(monthsAfter(today, terms.duration_months), -DAY_MS))
  if (last !== undefined && last.due_on > end) {
    found.push({
      rule: 'instalment-after-end',
      field: `terms.instalments.${instalments.length - 1}.due_on`,
      reason: `${last.due_on} may lie after the agreement's end (${end} if accepted today)`,
      fix: 'Move it earlier or lengthen the agreement',
    })
  }
  return found
}

function monthsAfter(date: string, months: number): Date {
  const start = new Date(`${date}T00:00:00.000Z`)
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, start.getUTCDate()))
}

function checkTotal(terms: Exclude<Terms, { kind: 'usage' }>): Finding[] {
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

function checkUsage(terms: Terms, rules: OfferRules, dimensions: readonly ProductDimension[]): Finding[] {
  if (terms.kind === 'contract') return []
  const metered = dimensions.filter(({ kind }) => kind === 'metered').map(({ key }) => key)
  const found: Finding[] = []
  for (const [key, price] of Object.entries(terms.usage_prices)) {
    const field = `terms.usage_prices.${key}`
    if (!metered.includes(key)) {
      found.push({
        rule: 'unknown-dimension',
        field,
        reason: 'is not a metered dimension of this product',
        fix: `Known: ${metered.join(', ') || 'none'}`,
      })
    }
    const value = parseDecimal(price)
    if (value === undefined || isNegative(value) || value.scale > rules.usage_price_digits) {
      found.push({
        rule: 'usage-price',
        field,
        reason: `"${price}" is not a price with at most ${rules.usage_price_digits} decimals`,
        fix: 'Write a plain decimal number',
      })
    }
  }
  if (Object.keys(terms.usage_prices).length === 0) {
    found.push({
      rule: 'usage-price-missing',
      field: 'terms.usage_prices',
      reason: 'is empty',
      fix: `Price at least one of ${metered.join(', ')}`,
    })
  }
  return found
}

function checkGrants(terms: Terms, dimensions: readonly ProductDimension[]): Finding[] {
  if (terms.kind === 'usage') return []
  const entitled = dimensions.filter(({ kind }) => kind === 'entitled').map(({ key }) => key)
  return terms.grants
    .filter(({ dimension }) => !entitled.includes(dimension))
    .map(({ dimension }) => ({
      rule: 'unknown-dimension',
      field: 'terms.grants',
      reason: `"${dimension}" is not an entitled dimension of this product`,
      fix: `Known: ${entitled.join(', ') || 'none'}`,
    }))
}
