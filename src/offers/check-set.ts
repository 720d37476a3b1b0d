// What of a set breaks the cloud's rules, before anything is sent. Pure.
import type { OfferSetRules } from '../../connectors/connector.ts'
import type { Finding, Terms } from './model.ts'

export type InSet = { cloud_product_id: string; buyer_account_ids: readonly string[]; terms: Terms }

const finding = (rule: string, field: string, reason: string, fix: string): Finding => ({
  rule,
  field,
  reason,
  fix,
})

/** The set's own texts and the number of its offers. */
export function checkSet(
  set: { name: string; buyer_notes: string },
  count: number,
  rules: OfferSetRules,
): Finding[] {
  const found: Finding[] = []
  for (const [field, most] of [
    ['name', rules.name_max],
    ['buyer_notes', rules.notes_max],
  ] as const) {
    const { length } = set[field]
    if (length <= most) continue
    const reason = `has ${length} characters; the cloud takes ${most}`
    found.push(finding(`${field.replace('_', '-')}-too-long`, field, reason, 'Shorten it'))
  }
  if (count < rules.offers_min || count > rules.offers_max) {
    const reason = `are ${count}; a set has from ${rules.offers_min} to ${rules.offers_max}`
    found.push(finding('set-size', 'offers', reason, 'Add some, or make two sets'))
  }
  return found
}

/** What each offer has to have in common with those before it; an offer that is not known is left out. */
export function checkTogether(offers: readonly (InSet | null)[], rules: OfferSetRules): Finding[] {
  const known = offers.flatMap((one, index) => (one === null ? [] : [{ ...one, index }]))
  const [first] = known
  return known.flatMap((one, place) => {
    const field = `offers.${one.index}`
    const found: Finding[] = []
    const sold = known.slice(0, place).some(({ cloud_product_id: id }) => id === one.cloud_product_id)
    if (sold && rules.one_per_product) {
      const reason = 'sells the same product as another offer of the set'
      found.push(finding('set-product', `${field}.deal_id`, reason, 'Choose a deal of another product'))
    }
    if (first !== undefined && one.terms.currency !== first.terms.currency) {
      const reason = `is in ${one.terms.currency}, and the set is in ${first.terms.currency}`
      found.push(finding('set-currency', `${field}.deal_id`, reason, 'Choose a deal in the same currency'))
    }
    if (first !== undefined && buyers(one) !== buyers(first)) {
      const reason = `is for ${named(one)}, and the set is for ${named(first)}`
      found.push(finding('set-buyers', `${field}.deal_id`, reason, 'Choose a deal with the same buyer'))
    }
    return found
  })
}

const buyers = ({ buyer_account_ids }: InSet) => [...buyer_account_ids].sort().join(' ')
const named = ({ buyer_account_ids }: InSet) => buyer_account_ids.join(', ') || 'nobody'
