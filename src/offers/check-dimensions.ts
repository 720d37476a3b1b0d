import type { OfferRules } from '../../connectors/connector.ts'
import { isNegative, parseDecimal } from '../core/decimal.ts'
import type { ProductDimension } from '../products/model.ts'
import type { Finding, Terms } from './model.ts'

/** Usage is priced per metered dimension of the product. */
export function checkUsage(
  terms: Terms,
  rules: OfferRules,
  dimensions: readonly ProductDimension[],
): Finding[] {
  if (!('usage_prices' in terms)) return []
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
  // Beside prices that the buyer chooses among, usage may be priced or not.
  if (terms.kind !== 'configurable' && Object.keys(terms.usage_prices).length === 0) {
    found.push({
      rule: 'usage-price-missing',
      field: 'terms.usage_prices',
      reason: 'is empty',
      fix: `Price at least one of ${metered.join(', ')}`,
    })
  }
  return found
}

/**
 * Quantities are bought of entitled dimensions of the product, each once; where the seller draws them, also of metered
 * dimensions that are priced: those are included quantities.
 */
export function checkGrants(
  terms: Terms,
  dimensions: readonly ProductDimension[],
  seller_draws: boolean,
): Finding[] {
  if (!('grants' in terms)) return []
  const entitled = dimensions.filter(({ kind }) => kind === 'entitled').map(({ key }) => key)
  const priced = seller_draws && terms.kind === 'contract_with_consumption' ? terms.usage_prices : {}
  const included = dimensions.filter(({ kind, key }) => kind === 'metered' && Object.hasOwn(priced, key))
  entitled.push(...included.map(({ key }) => key))
  const keys = terms.grants.map(({ dimension }) => dimension)
  const found: Finding[] = keys
    .filter((key) => !entitled.includes(key))
    .map((key) => ({
      rule: 'unknown-dimension',
      field: 'terms.grants',
      reason: `"${key}" is not a dimension of this product that can be granted here`,
      fix: `Known: ${entitled.join(', ') || 'none'}`,
    }))
  for (const key of new Set(keys.filter((key, index) => keys.indexOf(key) !== index))) {
    found.push({
      rule: 'dimension-twice',
      field: 'terms.grants',
      reason: `"${key}" is granted more than once`,
      fix: 'Add the quantities up in one grant',
    })
  }
  return found
}
