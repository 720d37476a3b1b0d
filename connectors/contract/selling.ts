// What is sold: listings, private offers, and their way through resellers.
import type { Decimal } from '../../src/core/decimal.ts'
import type { Money } from '../../src/core/money.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Change, Connection, Evidence, Resolution } from './common.ts'
import type { OfferSets } from './offer-sets.ts'

export type DimensionKind = 'entitled' | 'metered'
export type ListedDimension = {
  key: string
  name: string
  description: string
  unit: string
  kind: DimensionKind
}
export type ListingDraft = {
  title: string
  short_description: string
  long_description: string
  highlights: string[]
  keywords: string[]
  categories: string[]
  logo_url: string
  /** Where the buyer is sent with the registration token. */
  fulfilment_url: string
  /** Where a cloud that is told its address with the listing sends its messages. */
  webhook_url?: string
  support: string
  refund_policy: string
  dimensions: ListedDimension[]
  /** The public price: one entitled price per term and one price per metered unit. */
  prices: {
    currency: string
    entitled: Record<string, Decimal>
    metered: Record<string, Decimal>
    term_months: number
  }
  /** Keys of dimensions that are not sold any more; no price belongs to them. */
  restricted?: string[]
  options?: Readonly<Record<string, unknown>>
}
/** Where a listing stands on its cloud; the public offer is known on clouds that have one of its own. */
export type ListedAt = { product_id: string; public_offer_id: string | null }
export type ListingVisibility = 'limited' | 'public' | 'restricted'
/** `target` names: product_id, product_code?, public_offer_id? */
export type Listings = {
  publish(connection: Connection, draft: ListingDraft, key: string): Promise<Change>
  /** Makes the listing what `after` says; `before` is what it was published as. Sends only what differs there. */
  update?(
    connection: Connection,
    at: ListedAt,
    drafts: { before: ListingDraft; after: ListingDraft },
    key: string,
  ): Promise<Change>
  /** Who may see and buy it. Making it public may wait days for a person at the cloud. */
  setVisibility?(
    connection: Connection,
    at: ListedAt,
    wanted: { visibility: ListingVisibility; replacement_product_id: string | null },
    key: string,
  ): Promise<Change>
  /** Reads the listing back and holds it against what we published. Throws not_found where it is gone. */
  compare?(connection: Connection, at: ListedAt, draft: ListingDraft): Promise<ListingComparison>
  /** What `options` of a draft may say on this cloud, for forms. */
  options?: readonly OptionField[]
  check(connection: Connection, reference: string): Promise<Change>
  read(connection: Connection, product_id: string): Promise<ReadListing>
  resolution: Resolution
  /** What the cloud has no interface for: these are always answered with a task for a person. */
  by_hand?: readonly 'publish'[]
}
export type ReadListing = {
  product_id: string
  state: 'draft' | 'limited' | 'public' | 'restricted' | 'unknown'
  dimensions: ListedDimension[]
  evidence: Evidence
}
/** One thing that the cloud shows in another way than our draft says. */
export type ListingDifference = {
  /** The draft's own name of it, such as "title", "prices.metered.scans" or "dimensions.scans". */
  field: string
  /** Null: it is not there. */
  ours: ListingValue
  theirs: ListingValue
  /** Why usage of this dimension cannot be reported as things stand. */
  stops?: { dimension: string; reason: 'missing' | 'restricted' | 'other_kind' }
}
export type ListingValue = string | string[] | null
export type ListingComparison = {
  state: ReadListing['state']
  /** The accounts that see it while it is limited; null where the cloud does not tell. */
  seen_by: string[] | null
  differences: ListingDifference[]
  /** Our draft as it would be if the cloud is right. */
  theirs: ListingDraft
  evidence: Evidence
}
/** How an offer is priced. configurable: the buyer chooses length and quantities; free_trial: nothing is paid. */
export const pricingKinds = [
  'contract',
  'usage',
  'contract_with_consumption',
  'configurable',
  'free_trial',
] as const
export type PricingKind = (typeof pricingKinds)[number]

/** Prices per unit of entitled dimensions, for one length of the agreement. */
export type Rate = { duration_months: number; prices: Record<string, Decimal> }
export type Instalment = { due_on: LocalDate; amount: Money }
export type Grant = { dimension: string; quantity: number }
/** What a private offer says, in one shape for three clouds. */
export type OfferDraft = {
  name: string
  description: string
  /** The listing's id on the cloud. */
  product_id: string
  buyer_account_ids: string[]
  /** Who buys: the company, and the person where it is known. Some clouds print it on the offer. */
  buyer?: { company: string; contact?: string; email?: string }
  currency: string
  grants: Grant[]
  /** Empty for pure usage. Each amount is what the buyer (or, for a wholesale offer, the reseller) is charged. */
  instalments: Instalment[]
  /** Price per metered unit. */
  usage_prices: Record<string, Decimal>
  /** The buyer chooses among these when accepting. Then there are neither grants nor instalments. */
  rates?: Rate[]
  /** A free trial of so many days: the grants are what can be tried. */
  trial_days?: number
  duration_months: number
  expires_on: LocalDate
  /** "standard" or a URL of a custom agreement. */
  eula: string
  /** The cloud's id of the agreement whose place it takes when it is accepted. */
  replaces_agreement_id?: string
  /** The cloud's id of the set that it is made for. */
  offer_set_id?: string
  /** Our marker, to be found again where the cloud cannot be asked twice with one key. */
  marker: string
  options?: Readonly<Record<string, unknown>>
}

/** One thing of `options` that only one cloud knows, so that a form can ask for it. A dot in its name goes inwards. */
export type OptionField = {
  name: string
  title: string
  help: string
  holds: 'date' | 'number' | 'text' | 'choice' | 'yes'
  choices?: readonly string[]
  /** Of the whole text, or of each entry of a list. */
  pattern?: string
  /** Several of them. */
  list?: true
  /** What takes the place of an agreement cannot do without it. */
  to_replace?: true
}
/** One rule that a draft breaks: a stable id, the draft's own field, why, and what to do. */
export type DraftFinding = { rule: string; field: string; reason: string; fix: string }
/** What a cloud's own rules find in a draft, and its last day where the options name one. */
export type Examined = { findings: DraftFinding[]; ends_on?: LocalDate }

/** `target` names: offer_id */
export type Offers = {
  create(connection: Connection, draft: OfferDraft, key: string): Promise<Change>
  /** Moves the last day on which the offer can be accepted; a past day withdraws it. */
  expire(connection: Connection, offer_id: string, expires_on: LocalDate, key: string): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  read(connection: Connection, offer_id: string): Promise<ReadOffer | undefined>
  /** Limits that the checker applies before anything is sent. */
  rules: OfferRules
  /** What only this cloud knows of an offer. */
  options?: readonly OptionField[]
  /** What no limit can say: the options, and what of a draft does not go together. Nothing is sent. */
  examine?(draft: OfferDraft, today: LocalDate): Examined
  /** Sets of offers for one buyer, where the cloud has them. */
  sets?: OfferSets
  resolution: Resolution
}
export type OfferRules = {
  /** What can be sold by an offer, and what can be opened to a reseller. */
  kinds: readonly PricingKind[]
  opened_kinds: readonly PricingKind[]
  /** So many lengths can the buyer choose among. */
  rates_max: number
  /** A free trial is for everybody: no buyer can be named. */
  trials_are_public: boolean
  trial_days_max: number
  /** Whether something can be opened to a reseller without a last day. */
  opens_without_end: boolean
  /** Whether an offer can take the place of an agreement. */
  replaces: boolean
  instalments_max: number
  buyers_max: number
  name_max: number
  currencies: readonly string[]
  usage_currencies: readonly string[]
  usage_price_digits: number
  buyer_account_pattern: string
  /** What the pattern asks for, in words for people. */
  buyer_account_form: string
  duration_months_max: number
  /** At most this many instalments may be due on or before the last day of acceptance. */
  instalments_before_expiry_max: number
  /** The same of what is opened to a reseller, until its last day. */
  opened_instalments_before_expiry_max: number
  source: string
}
export type ReadOffer = {
  offer_id: string
  state: 'draft' | 'live' | 'expired' | 'accepted' | 'withdrawn' | 'unknown'
  name: string
  buyer_account_ids: string[]
  authorization_id?: string
  evidence: Evidence
}
