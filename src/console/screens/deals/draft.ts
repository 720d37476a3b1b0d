// A deal as it is typed, and the deal that the API takes. Pure: text in, text out.
import type { Schemas } from '../../../client/index.ts'
import { examples } from '../../words/examples.ts'
import { decimalsOf, evenPlan, type Plan, planOf, readAmount } from './instalments.ts'

export type Terms = Schemas['Terms']
type Kind = Terms['kind']
export const kinds: readonly Kind[] = [
  'contract',
  'usage',
  'contract_with_consumption',
  'configurable',
  'free_trial',
]
export const isFixed = (kind: Kind) => kind === 'contract' || kind === 'contract_with_consumption'
export const hasUsage = (kind: Kind) => kind !== 'contract' && kind !== 'free_trial'

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
  /** Each length to choose from, with its prices by dimension, as typed. */
  rates: readonly RateForm[]
  trial_days: string
}
export type RateForm = { months: string; prices: Readonly<Record<string, string>> }

export type DealForm = {
  name: string
  product_id: string
  buyer_name: string
  /** By cloud, as typed: several with commas or blanks between them. */
  accounts: Readonly<Record<string, string>>
  contact_name: string
  contact_email: string
  terms: TermsForm
  /** The agreement whose place the deal takes. */
  replaces_agreement_id: string | undefined
}

/** What is wrong with what was typed, by the name that the API has for its field; and what is still missing. */
export type Hints = Readonly<Record<string, 'amount' | 'months' | 'days' | 'quantity' | 'price' | 'email'>>
export type Missing = 'product' | 'total' | 'duration' | 'rates' | 'grants'
export type Composed<T> = { value: T | undefined; hints: Hints; missing: readonly Missing[] }

export function newTerms(first_day: string): TermsForm {
  return {
    kind: 'contract',
    currency: 'USD',
    duration: '12',
    total: '',
    plan: evenPlan(0n, [first_day]),
    quantities: {},
    prices: {},
    rates: [{ months: '12', prices: {} }],
    trial_days: '30',
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
    replaces_agreement_id: undefined,
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
  const { kind, currency } = terms
  const empty = newTerms(first_day)
  const duration = 'duration_months' in terms ? String(terms.duration_months) : empty.duration
  const fixed = { ...empty, kind, currency, duration }
  const prices = 'usage_prices' in terms ? terms.usage_prices : {}
  const quantities = 'grants' in terms ? quantitiesOf(terms.grants) : {}
  if (terms.kind === 'usage') return { ...fixed, prices }
  if (terms.kind === 'free_trial') return { ...fixed, quantities, trial_days: String(terms.trial_days) }
  if (terms.kind === 'configurable') {
    const rates = terms.rates.map((rate) => ({ months: String(rate.duration_months), prices: rate.prices }))
    return { ...fixed, prices, rates }
  }
  const instalments = terms.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: readAmount(currency, amount) ?? 0n,
  }))
  return {
    ...fixed,
    total: terms.total,
    plan: planOf(readAmount(currency, terms.total) ?? 0n, instalments),
    quantities,
    prices,
  }
}

const quantitiesOf = (grants: readonly { dimension: string; quantity: number }[]) =>
  Object.fromEntries(grants.map(({ dimension, quantity }) => [dimension, String(quantity)]))

/** A deal in the place of an agreement, which begins as that one stands. */
export function replacementForm(
  agreement: Schemas['Agreement'],
  name: (buyer: string) => string,
  first_day: string,
): DealForm {
  const { id, cloud, buyer_account_id, buyer_name, product_id, terms } = agreement
  const form = termsForm(terms, first_day)
  const buyer = buyer_name ?? buyer_account_id
  return {
    name: name(buyer),
    product_id: product_id ?? '',
    buyer_name: buyer,
    accounts: { [cloud]: buyer_account_id },
    contact_name: '',
    contact_email: '',
    // What was agreed then was due then: the price stays, its dates begin anew.
    terms: isFixed(form.kind) ? { ...form, plan: evenPlan(form.plan.total, [first_day]) } : form,
    replaces_agreement_id: id,
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
    replaces_agreement_id: deal.replaces_agreement_id,
  }
}

/** Another currency has other decimals: the total is read anew, and split evenly where it cannot stay as it is. */
export function withCurrency(form: TermsForm, currency: string): TermsForm {
  if (decimalsOf(currency) === decimalsOf(form.currency)) return { ...form, currency }
  const total = readAmount(currency, form.total) ?? 0n
  const dates = form.plan.instalments.map(({ due_on }) => due_on)
  return { ...form, currency, plan: evenPlan(total, dates) }
}
