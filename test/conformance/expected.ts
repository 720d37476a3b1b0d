// The values that a cloud's documents give, and that scenarios compare with.
import type {
  Agreements,
  Connection,
  ListedDimension,
  ListingDraft,
  MeteringRules,
  MeterRecord,
  OfferDraft,
  ReadListing,
  ReadOffer,
  UsageLine,
} from '../../connectors/connector.ts'
import type { FaultCode } from '../../src/core/fault.ts'

/** The whole request is thrown back, or the record alone is refused, with this code. */
export type Refused = { as: 'fault' | 'answer'; code: string }

export type Expected = {
  permissions: readonly string[]
  /** The vendor's connection with a secret that is wrong, and the cloud's words about it. */
  wrong_secret: { connection(vendor: Connection): Connection; words: string }
  /** How it is told that the key is another account's. */
  account_words: RegExp
  retry_after_ms: number | null
  product_id: RegExp
  unknown_product: string
  listing: { state: ReadListing['state']; metered: readonly Partial<ListedDimension>[]; entitled: string[] }
  impossible_listing: { draft: ListingDraft; code: string; field: string }
  refused_listing: { draft: ListingDraft; code: string; plain: RegExp }
  offer_id: RegExp
  unknown_offer: string
  withdrawn: ReadOffer['state']
  accepted: ReadOffer['state']
  /** The code with which taking back an accepted offer is refused; null where it is not. */
  expire_accepted: string | null
  /** The finest price of usage the cloud holds, and what a million units cost at it. */
  finest_price: { price: string; charged: string }
  refused_offer: { draft(product_id: string): OfferDraft; code: string }
  impossible_offer: { draft(product_id: string): OfferDraft; code: string; field: string }
  /** What an authorization says of its vendor, whether it names its product, and whether it is seen before it is used. */
  shared: { vendor_account_id: string; names_product: boolean; only_when_used: boolean }
  resold_offer_name: string
  unknown_reseller: { account_id: string; code: string }
  other_buyer: { buyer: string; code: string }
  registration: Agreements['registration']
  agreement: ExpectedAgreement
  /** How an agreement is hidden that is not there, or not ours. */
  hidden_agreement: { codes: readonly FaultCode[] }
  activate_ended: string
  wished_plan: string
  answered_already: string
  another_wish: string
  nobody_asked: string
  metering: MeteringRules
  usage: ExpectedUsage
  statement: ExpectedStatement
}

export type ExpectedAgreement = {
  unknown: string
  cloud_state: string
  /** The cloud waits for the seller. */
  pending: boolean
  grants: readonly { dimension: string; quantity: number }[]
  /** The cloud tells the fixed price and its instalments. */
  tells_price: boolean
  usage_prices: (string | null)[][]
  ended: 'cancelled' | 'ended'
  /** The cloud says when it ended. */
  tells_end: boolean
}

export type ExpectedUsage = {
  exact: string
  tells_duplicate: boolean
  other_quantity: string | null
  wrong_quantity: { quantity: string; code: string }
  zero: string | null
  /** The record without what names its agreement. */
  nameless: { record(record: MeterRecord): MeterRecord; code: string }
  unknown_names: Partial<MeterRecord>
  too_old: Refused
  future: Refused
  after_end: Refused
  unknown_dimension: Refused
  unknown_agreement: Refused
  foreign_agreement: Refused
  beyond_batch: Refused
  unpaid: { status: 'refused' | 'unprocessed'; code?: string }
}

export type ExpectedStatement = {
  names_offer: boolean
  fee: string
  payout: string
  usage: { on: string; is(line: UsageLine): boolean }
  reseller: readonly string[]
  missing: string
}
