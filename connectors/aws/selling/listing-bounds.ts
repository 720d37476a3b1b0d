/**
 * What AWS would refuse of a listing's draft, said before anything is sent. Source of the bounds: the change types of
 * SaaSProduct@1.0 in AWS's public shape library.
 */
import type { ChangeProblem, ListingDraft } from '../../connector.ts'
import { isRestricted } from '../../listed.ts'

const LONGEST = {
  title: 72,
  short_description: 1000,
  long_description: 5000,
  support: 2000,
  fulfilment_url: 2048,
} as const

export function listingProblems(draft: ListingDraft): ChangeProblem[] {
  const problems: ChangeProblem[] = []
  const add = (code: string, field: string, plain: string) =>
    problems.push({ code, message: plain, field, plain })
  const { entitled, metered } = draft.prices
  if (Object.keys(entitled).length + Object.keys(metered).length === 0) {
    add('MISSING_PRICES', 'prices', 'The listing has no price. Give at least one entitled or metered price.')
  }
  for (const [field, most] of Object.entries(LONGEST) as [keyof typeof LONGEST, number][]) {
    if (draft[field].length <= most) continue
    add('TOO_LONG', field, `"${field}" is longer than the ${most} characters that AWS takes. Shorten it.`)
  }
  if (draft.keywords.length === 0) {
    add('MISSING_KEYWORDS', 'keywords', 'AWS wants at least one keyword by which buyers find the listing.')
  }
  for (const { key, name, unit } of draft.dimensions) {
    if (isRestricted(draft, key)) continue
    const field = `dimensions.${key}`
    if (!/^[\w.-]{1,100}$/.test(key)) {
      add('INVALID_KEY', field, `The key "${key}" may have up to 100 letters, digits, "_", "." and "-".`)
    }
    if (name.length > 80)
      add('TOO_LONG', `${field}.name`, `The name of "${key}" is longer than 80 characters.`)
    if (unit.length > 20)
      add('TOO_LONG', `${field}.unit`, `The unit of "${key}" is longer than 20 characters.`)
  }
  return problems
}
