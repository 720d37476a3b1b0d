// A deal as it is typed, read into the API's shape. Pure.
import type { Schemas } from '../../../client/index.ts'
import { composeTerms } from './compose-terms.ts'
import type { Composed, DealForm, Hints, Missing, Terms } from './draft.ts'

export type DealDraft = {
  name: string
  product_id: string
  buyer: Schemas['Deal']['buyer']
  terms: Terms
  replaces_agreement_id?: string
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
  const { product_id, replaces_agreement_id: replaces } = form
  const instead = replaces === undefined ? {} : { replaces_agreement_id: replaces }
  return { value: { name: form.name.trim(), product_id, buyer, terms, ...instead }, hints, missing: all }
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
