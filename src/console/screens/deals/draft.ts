// A deal as it is typed, and the deal that the API takes. Pure: text in, text out.
import type { Schemas } from '../../../client/index.ts'
import { formatDecimal, isNegative, parseDecimal } from '../../../core/decimal.ts'
import { examples } from '../../words/examples.ts'
import { decimalsOf, evenPlan, type Plan, planOf, readAmount, writeAmount } from './instalments.ts'

export type Terms = Schemas['Terms']
type Kind = Terms['kind']
export const kinds: readonly Kind[] = ['contract', 'usage', 'contract_with_consumption']

export type TermsForm = {
  kind: Kind
  currency: string
  duration: string
  /** As it is typed; the plan has the last amount that could be read. */
  total: string
  plan: Plan
  /** By dimension, as typed; empty: not bought ahead. */
  quantities: Readonly<Record<string, string>>
  /** By metered dimension, as typed; empty: not priced. */
  prices: Readonly<Record<string, string>>
}

export type DealForm = {
  name: string
  product_id: string
  buyer_name: string
  /** By cloud, as typed: several with commas or blanks between them. */
  accounts: Readonly<Record<string, string>>
  contact_name: string
  contact_email: string
  terms: TermsForm
}

/** What is wrong with what was typed, by the name that the API has for its field; and what is still missing. */
export type Hints = Readonly<Record<string, 'amount' | 'months' | 'quantity' | 'price' | 'email'>>
type Missing = 'product' | 'total' | 'duration'
type Composed<T> = { value: T | undefined; hints: Hints; missing: readonly Missing[] }

export function newTerms(first_day: string): TermsForm {
  return {
    kind: 'contract',
    currency: 'USD',
    duration: '12',
    total: '',
    plan: evenPlan(0n, [first_day]),
    quantities: {},
    prices: {},
  }
}

export function newDeal(first_day: string): DealForm {
  return {
    name: '',
    product_id: '',
    buyer_name: '',
    accounts: {},
    contact_name: '',
    contact_email: '',
    terms: newTerms(first_day),
  }
}

type Dimension = Schemas['Product']['dimensions'][number]
type Named = { id: string; name: string; dimensions: readonly Dimension[] }

/** A deal that every cloud takes, about a product and for a buyer that are there. */
export function exampleDeal(
  form: DealForm,
  product: Named,
  buyer: { cloud: string; account_id: string; name: string },
): DealForm {
  const { name, total, duration_months, quantity, usage_price, ...contact } = examples.deal
  const of = (kind: string, text: string) =>
    Object.fromEntries(product.dimensions.filter((one) => one.kind === kind).map(({ key }) => [key, text]))
  const prices = of('metered', usage_price)
  const { currency, plan } = form.terms
  return {
    ...form,
    ...contact,
    name: name(product.name, buyer.name),
    product_id: product.id,
    buyer_name: buyer.name,
    accounts: { [buyer.cloud]: buyer.account_id },
    terms: {
      ...form.terms,
      kind: Object.keys(prices).length === 0 ? 'contract' : 'contract_with_consumption',
      duration: duration_months,
      total,
      plan: evenPlan(readAmount(currency, total) ?? 0n, [plan.instalments[0]?.due_on ?? '']),
      quantities: of('entitled', quantity),
      prices,
    },
  }
}

/** Terms that are written already, to be changed. */
export function termsForm(terms: Terms, first_day: string): TermsForm {
  const { kind, currency, duration_months } = terms
  const fixed = { ...newTerms(first_day), kind, currency, duration: String(duration_months) }
  const prices = terms.kind === 'contract' ? {} : terms.usage_prices
  if (terms.kind === 'usage') return { ...fixed, prices }
  const instalments = terms.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: readAmount(currency, amount) ?? 0n,
  }))
  return {
    ...fixed,
    total: terms.total,
    plan: planOf(readAmount(currency, terms.total) ?? 0n, instalments),
    quantities: Object.fromEntries(
      terms.grants.map(({ dimension, quantity }) => [dimension, String(quantity)]),
    ),
    prices,
  }
}

/** A deal that is written already, to be written anew. */
export function dealForm(deal: Schemas['Deal'], first_day: string): DealForm {
  const { name, product_id, buyer, terms } = deal
  return {
    name,
    product_id,
    buyer_name: buyer.name,
    accounts: Object.fromEntries(
      Object.entries(buyer.accounts).map(([cloud, ids]) => [cloud, ids.join(', ')]),
    ),
    contact_name: buyer.contact?.name ?? '',
    contact_email: buyer.contact?.email ?? '',
    terms: termsForm(terms, first_day),
  }
}

const WHOLE = /^[1-9]\d{0,9}$/

/** The terms in the API's shape; undefined as long as something is missing or cannot be read. */
export function composeTerms(form: TermsForm): Composed<Terms> {
  const { kind, currency, plan } = form
  const hints: Record<string, Hints[string]> = {}
  const missing: Missing[] = []
  const duration = form.duration.trim()
  if (duration === '') missing.push('duration')
  else if (!WHOLE.test(duration)) hints['terms.duration_months'] = 'months'
  if (kind !== 'usage') {
    if (form.total.trim() === '') missing.push('total')
    else if (readAmount(currency, form.total) === undefined) hints['terms.total'] = 'amount'
  }
  const grants = kind === 'usage' ? [] : readGrants(form.quantities, hints)
  const usage_prices = kind === 'contract' ? {} : readPrices(form.prices, hints)
  if (missing.length > 0 || Object.keys(hints).length > 0) return { value: undefined, hints, missing }
  const shared = { currency, duration_months: Number(duration) }
  if (kind === 'usage') return { value: { kind, ...shared, usage_prices }, hints, missing }
  const fixed = {
    ...shared,
    total: writeAmount(currency, plan.total),
    grants,
    instalments: plan.instalments.map(({ due_on, amount }) => ({
      due_on,
      amount: writeAmount(currency, amount),
    })),
  }
  const value: Terms = kind === 'contract' ? { kind, ...fixed } : { kind, ...fixed, usage_prices }
  return { value, hints, missing }
}

function readGrants(quantities: TermsForm['quantities'], hints: Record<string, Hints[string]>) {
  return Object.entries(quantities).flatMap(([dimension, typed]) => {
    const text = typed.trim()
    if (text === '') return []
    if (!WHOLE.test(text)) {
      hints[`terms.grants.${dimension}`] = 'quantity'
      return []
    }
    return [{ dimension, quantity: Number(text) }]
  })
}

function readPrices(prices: TermsForm['prices'], hints: Record<string, Hints[string]>) {
  const read: Record<string, string> = {}
  for (const [dimension, typed] of Object.entries(prices)) {
    const text = typed.trim()
    if (text === '') continue
    const value = parseDecimal(text)
    if (value === undefined || isNegative(value)) hints[`terms.usage_prices.${dimension}`] = 'price'
    else read[dimension] = formatDecimal(value)
  }
  return read
}

export type DealDraft = {
  name: string
  product_id: string
  buyer: Schemas['Deal']['buyer']
  terms: Terms
}

export function composeDeal(form: DealForm): Composed<DealDraft> {
  const { value: terms, hints, missing } = composeTerms(form.terms)
  const all: Missing[] = form.product_id === '' ? ['product', ...missing] : [...missing]
  const email = form.contact_email.trim()
  const found: Hints =
    email === '' || /^\S+@\S+\.\S+$/.test(email) ? hints : { ...hints, 'buyer.contact.email': 'email' }
  if (terms === undefined || all.length > 0 || found !== hints)
    return { value: undefined, hints: found, missing: all }
  const name = form.contact_name.trim()
  const contact = { ...(name === '' ? {} : { name }), ...(email === '' ? {} : { email }) }
  const buyer = {
    name: form.buyer_name.trim(),
    accounts: readAccounts(form.accounts),
    ...(Object.keys(contact).length === 0 ? {} : { contact }),
  }
  const { product_id } = form
  return { value: { name: form.name.trim(), product_id, buyer, terms }, hints, missing: all }
}

/** Account ids by cloud, each once; clouds without any are left out. */
function readAccounts(accounts: DealForm['accounts']): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(accounts).flatMap(([cloud, typed]) => {
      const ids = [...new Set(typed.split(/[\s,;]+/).filter((id) => id !== ''))]
      return ids.length === 0 ? [] : [[cloud, ids]]
    }),
  )
}

/** Another currency has other decimals: the total is read anew, and split evenly where it cannot stay as it is. */
export function withCurrency(form: TermsForm, currency: string): TermsForm {
  if (decimalsOf(currency) === decimalsOf(form.currency)) return { ...form, currency }
  const total = readAmount(currency, form.total) ?? 0n
  const dates = form.plan.instalments.map(({ due_on }) => due_on)
  return { ...form, currency, plan: evenPlan(total, dates) }
}
