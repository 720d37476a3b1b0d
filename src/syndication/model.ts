import type { AuthorizationDraft, ResellerOfferDraft } from '../../connectors/connector.ts'
import { type Decimal, decimal } from '../core/decimal.ts'
import {
  type CloudOptions,
  draftOf,
  type FixedTerms,
  instalmentsOf,
  monthsOf,
  type Terms,
} from '../offers/model.ts'
import type { Prisma } from '../store/index.ts'

/** declined: the reseller does not want it. The cloud knows nothing of that: there it stands until it is taken back. */
export const authorizationStates = ['publishing', 'active', 'failed', 'restricted', 'declined'] as const
export type AuthorizationState = (typeof authorizationStates)[number]

/** How an authorization stands for the reseller it was opened to: only an open one can be accepted. */
export const standings = ['open', 'used', 'expired', 'declined', 'taken_back'] as const
export type Standing = (typeof standings)[number]

/** The vendor's permission for one reseller to sell one deal, within a markup band. */
export type Authorization = {
  organisation_id: string
  id: string
  deal_id: string
  connection_id: string
  cloud: string
  reseller_organisation_id: string | null
  reseller_account_id: string
  name: string
  state: AuthorizationState
  /** Wholesale: what the reseller pays the vendor. */
  terms: Terms
  markup_min_percent: Decimal
  markup_max_percent: Decimal
  /** null: without end, until it is taken back. */
  expires_on: string | null
  /** What only its cloud knows of it, as it was asked for. */
  options: Prisma.JsonValue
  /** One offer only can be made from it. */
  single_use: boolean
  buyer_account_ids: string[]
  cloud_product_id: string
  cloud_authorization_id: string | null
  problems: { code: string; message: string; plain?: string | undefined }[]
  created_at: Date
  updated_at: Date
}

/** An authorization as an operation holds it. */
export type StoredAuthorization = {
  name: string
  description: string
  product_id: string
  reseller_account_id: string
  buyer_account_ids: string[]
  buyer: NonNullable<AuthorizationDraft['buyer']>
  terms: Terms
  expires_on: string | null
  single_use: boolean
  marker: string
  options?: CloudOptions
}

export function toAuthorizationDraft({ terms, ...rest }: StoredAuthorization): AuthorizationDraft {
  return {
    ...rest,
    ...draftOf(terms),
    eula: 'standard',
  }
}

/** A reseller's offer as an operation holds it. */
export type StoredResellerOffer = Omit<ResellerOfferDraft, 'markup_percent' | 'own_schedule'> & {
  markup_percent: string
  /** What the buyer is charged, where the reseller has a schedule of its own. */
  own?: FixedTerms
  /** That schedule pays for a choice from the vendor's price list. */
  of_list?: true
}

export function toResellerOfferDraft({ own, of_list, ...stored }: StoredResellerOffer): ResellerOfferDraft {
  return {
    ...stored,
    markup_percent: decimal(stored.markup_percent),
    ...(own === undefined ? {} : { own_schedule: scheduleOf(own, of_list ?? false) }),
  }
}

function scheduleOf(own: FixedTerms, of_list: boolean): NonNullable<ResellerOfferDraft['own_schedule']> {
  const { currency, duration_months, grants } = own
  const schedule = { currency, instalments: instalmentsOf(own) }
  return of_list ? { ...schedule, chosen: { duration_months, grants } } : schedule
}

/** How long an agreement of a resale lasts, where the buyer does not choose it. */
export function lengthOf(terms: Terms): { duration_months?: number } {
  return terms.kind === 'configurable' ? {} : { duration_months: monthsOf(terms) }
}
