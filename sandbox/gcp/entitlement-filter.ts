import { GcpError } from './errors.ts'
import type { Json, JsonObject } from './model.ts'
import { listOf, objectOf } from './offer-values.ts'

// The filter language of the entitlement list: comparisons, AND (also unwritten), OR, NOT and parentheses.

type Test = (entitlement: JsonObject) => boolean
type Token = { kind: 'word' | 'text' | 'sign'; text: string }

const attributes: Record<string, string> = {
  account: 'account',
  customer_billing_account: 'customer_billing_account',
  product_external_name: 'productExternalName',
  quote_external_name: 'quoteExternalName',
  offer: 'offer',
  new_pending_offer: 'newPendingOffer',
  plan: 'plan',
  newPendingPlan: 'newPendingPlan',
  new_pending_plan: 'newPendingPlan',
  state: 'state',
  'consumers.project': 'consumers',
}

function refuse(why: string): GcpError {
  return new GcpError('INVALID_ARGUMENT', `Invalid filter: ${why}`, 'INVALID_FILTER', [
    { field: 'filter', description: why },
  ])
}

function tokens(filter: string): Token[] {
  const found: Token[] = []
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|(!=|[=:()])|([A-Za-z0-9_.\-*]+)|(.)/gy
  for (const [, text, sign, word, other] of filter.matchAll(pattern)) {
    if (other !== undefined) throw refuse(`a value with ${other} must be quoted`)
    if (text !== undefined) found.push({ kind: 'text', text: text.replace(/\\(.)/g, '$1') })
    if (sign !== undefined) found.push({ kind: 'sign', text: sign })
    if (word !== undefined) found.push({ kind: 'word', text: word })
  }
  return found
}

function comparison(name: string, sign: string, value: string): Test {
  const field = attributes[name]
  if (field === undefined) throw refuse(`${name} is not an attribute that can be filtered by`)
  if ((field === 'consumers') !== (sign === ':')) throw refuse(`${name} cannot be compared with ${sign}`)
  if (field === 'consumers') {
    return (entitlement) => listOf(entitlement.consumers).some((item) => objectOf(item).project === value)
  }
  const wanted = field === 'state' ? `ENTITLEMENT_${value.toUpperCase().replace(/^ENTITLEMENT_/, '')}` : value
  const equal: Test = (entitlement) => sameName(field, entitlement[field], wanted)
  return sign === '!=' ? (entitlement) => !equal(entitlement) : equal
}

/** An account may be given by its id alone or by its whole name. */
function sameName(field: string, actual: Json | undefined, wanted: string): boolean {
  if (typeof actual !== 'string') return wanted === ''
  return actual === wanted || (field === 'account' && actual.endsWith(`/accounts/${wanted}`))
}

/** Reads a filter into one test; an empty filter lets everything through. */
export function entitlementFilter(filter: string): Test {
  const rest = tokens(filter)
  if (rest.length === 0) return () => true
  const isWord = (text: string) => rest[0]?.kind === 'word' && rest[0].text === text
  const isSign = (text: string) => rest[0]?.kind === 'sign' && rest[0].text === text

  function any(): Test {
    const tests = [all()]
    while (isWord('OR')) {
      rest.shift()
      tests.push(all())
    }
    return (entitlement) => tests.some((test) => test(entitlement))
  }
  function all(): Test {
    const tests = [one()]
    while (rest.length > 0 && !isWord('OR') && !isSign(')')) {
      if (isWord('AND')) rest.shift()
      tests.push(one())
    }
    return (entitlement) => tests.every((test) => test(entitlement))
  }
  function one(): Test {
    if (isWord('NOT')) {
      rest.shift()
      const test = one()
      return (entitlement) => !test(entitlement)
    }
    if (isSign('(')) {
      rest.shift()
      const test = any()
      if (!isSign(')')) throw refuse('a parenthesis is not closed')
      rest.shift()
      return test
    }
    const [name, sign, value] = rest.splice(0, 3)
    if (name?.kind !== 'word' || sign?.kind !== 'sign' || !value || value.kind === 'sign') {
      throw refuse(`"${name?.text ?? ''}${sign?.text ?? ''}" is not a comparison`)
    }
    return comparison(name.text, sign.text, value.text)
  }
  const test = any()
  if (rest.length > 0) throw refuse(`"${rest[0]?.text ?? ''}" is out of place`)
  return test
}
