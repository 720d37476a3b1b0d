// An offer as an operation holds it, and as a connector is handed it.
import type { Connector, Examined, OfferDraft } from '../../connectors/connector.ts'
import { currencies } from '../core/money.ts'
import type { LocalDate } from '../core/time.ts'
import { type CloudOptions, draftOf, type Terms } from './model.ts'

/** What an operation's request holds: the draft with decimals and amounts as text. */
export type StoredOffer = {
  name: string
  description: string
  product_id: string
  buyer_account_ids: string[]
  buyer: NonNullable<OfferDraft['buyer']>
  terms: Terms
  expires_on: string
  replaces_agreement_id?: string
  /** The cloud's id of the set that it is made for. */
  offer_set_id?: string
  marker: string
  options?: CloudOptions
}

/** The draft in the contract's shape, as it is handed to a connector. */
export function toOfferDraft(stored: StoredOffer): OfferDraft {
  const { terms, ...rest } = stored
  return { ...rest, ...draftOf(terms), eula: 'standard' }
}

type Asked = {
  name: string
  terms: Terms
  buyer_account_ids: string[]
  replaces: string | undefined
}
type On = {
  expires_on: string | null
  channel: 'direct' | 'reseller'
  single_use?: boolean | undefined
  options?: CloudOptions | undefined
  offer_set_id?: string | undefined
}

/** What the cloud's own rules find in a draft; a cloud that has none finds nothing before it is asked. */
export function examine(
  connector: Connector,
  { name, terms, buyer_account_ids, replaces }: Asked,
  { expires_on, channel, single_use = true, options, offer_set_id }: On,
  today: LocalDate,
): Examined {
  // An unheard-of currency is found by our own rules; no amount can be made of it.
  if (!currencies.includes(terms.currency)) return { findings: [] }
  const draft = {
    name,
    description: name,
    product_id: '',
    buyer_account_ids,
    ...draftOf(terms),
    eula: 'standard',
    marker: '',
    ...(replaces === undefined ? {} : { replaces_agreement_id: replaces }),
    ...(options === undefined ? {} : { options }),
    ...(offer_set_id === undefined ? {} : { offer_set_id }),
  }
  if (channel === 'direct')
    return placed(connector.offers?.examine?.({ ...draft, expires_on: expires_on ?? today }, today))
  const authorization = { ...draft, expires_on, reseller_account_id: '', single_use }
  return placed(connector.syndication?.examine?.(authorization, today))
}

const OF_TERMS = /^(currency|duration_months|grants|instalments|rates|trial_days|usage_prices)\b/

/** A connector names the draft's field; the deal has the same inside of its terms, and of its buyer. */
function placed(examined: Examined = { findings: [] }): Examined {
  const findings = examined.findings.map((one) => ({
    ...one,
    field: one.field.replace(OF_TERMS, 'terms.$1').replace(/^buyer_account_ids\b/, 'buyer.accounts'),
  }))
  return { ...examined, findings }
}
