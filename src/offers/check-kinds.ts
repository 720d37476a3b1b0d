import type { OfferRules } from '../../connectors/connector.ts'
import { isNegative, parseDecimal } from '../core/decimal.ts'
import type { ProductDimension } from '../products/model.ts'
import type { Finding, Terms } from './model.ts'

type Limits = Pick<
  OfferRules,
  | 'kinds'
  | 'rates_max'
  | 'duration_months_max'
  | 'usage_price_digits'
  | 'trials_are_public'
  | 'trial_days_max'
>

/** Whether the cloud sells this kind of pricing at all, and what is special about those that are no plain contract. */
export function checkKind(
  { terms, buyer_account_ids }: { terms: Terms; buyer_account_ids: readonly string[] },
  rules: Limits,
  dimensions: readonly ProductDimension[],
): Finding[] {
  if (!rules.kinds.includes(terms.kind)) {
    return [
      {
        rule: 'pricing-kind',
        field: 'terms.kind',
        reason: `"${terms.kind}" cannot be sold on this cloud this way`,
        fix: `Use one of ${rules.kinds.join(', ')}`,
      },
    ]
  }
  if (terms.kind === 'configurable') return checkRates(terms, rules, dimensions)
  if (terms.kind === 'free_trial') return checkTrial(terms, buyer_account_ids, rules)
  return []
}

function checkTrial(
  { trial_days }: Extract<Terms, { kind: 'free_trial' }>,
  buyer_account_ids: readonly string[],
  rules: Limits,
): Finding[] {
  const found: Finding[] = []
  if (trial_days > rules.trial_days_max) {
    found.push({
      rule: 'trial-days',
      field: 'terms.trial_days',
      reason: `${trial_days} days is longer than the cloud's ${rules.trial_days_max}`,
      fix: 'Shorten it',
    })
  }
  if (rules.trials_are_public && buyer_account_ids.length > 0) {
    found.push({
      rule: 'trial-buyers',
      field: 'buyer.accounts',
      reason: 'a free trial is open to every buyer on this cloud, and cannot be kept to some',
      fix: 'Write the deal without accounts there',
    })
  }
  return found
}

function checkRates(
  { rates }: Extract<Terms, { kind: 'configurable' }>,
  rules: Limits,
  dimensions: readonly ProductDimension[],
): Finding[] {
  const found: Finding[] = []
  if (rates.length > rules.rates_max) {
    found.push({
      rule: 'too-many-rates',
      field: 'terms.rates',
      reason: `${rates.length} lengths to choose among; the cloud takes ${rules.rates_max}`,
      fix: 'Leave some out',
    })
  }
  const entitled = dimensions.filter(({ kind }) => kind === 'entitled').map(({ key }) => key)
  for (const [index, { duration_months, prices }] of rates.entries()) {
    const field = `terms.rates.${index}`
    if (duration_months > rules.duration_months_max) {
      found.push({
        rule: 'duration',
        field: `${field}.duration_months`,
        reason: `${duration_months} months is longer than the cloud's ${rules.duration_months_max}`,
        fix: 'Shorten it',
      })
    }
    if (rates.findIndex((rate) => rate.duration_months === duration_months) < index) {
      found.push({
        rule: 'rate-twice',
        field: `${field}.duration_months`,
        reason: `${duration_months} months is priced more than once`,
        fix: 'Give each length its own prices',
      })
    }
    if (Object.keys(prices).length === 0) {
      const fix = `Price at least one of ${entitled.join(', ') || 'its dimensions'}`
      found.push({ rule: 'rate-missing', field: `${field}.prices`, reason: 'is empty', fix })
    }
    found.push(...checkPrices(`${field}.prices`, prices, entitled, rules))
  }
  return found
}

function checkPrices(
  field: string,
  prices: Record<string, string>,
  entitled: readonly string[],
  { usage_price_digits: digits }: Limits,
): Finding[] {
  return Object.entries(prices).flatMap(([key, price]) => {
    const found: Finding[] = []
    if (!entitled.includes(key)) {
      found.push({
        rule: 'unknown-dimension',
        field: `${field}.${key}`,
        reason: 'is not a dimension of this product that is bought ahead',
        fix: `Known: ${entitled.join(', ') || 'none'}`,
      })
    }
    const value = parseDecimal(price)
    if (value === undefined || isNegative(value) || value.scale > digits) {
      found.push({
        rule: 'rate-price',
        field: `${field}.${key}`,
        reason: `"${price}" is not a price with at most ${digits} decimals`,
        fix: 'Write a plain decimal number',
      })
    }
    return found
  })
}
