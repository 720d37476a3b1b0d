// What a cloud's files tell beside the money: who an account is, what an offer is called, what a tax was for.
import type { AgreementRecord } from './agreements.ts'

type Text = string | null

/**
 * What is kept of each kind of thing. Connectors read these values and no others: whatever else a row tells, above all
 * of persons, goes no further. Times are ISO 8601 in UTC; an account is named by the cloud's own name of it in files.
 */
export type Descriptions = {
  /** `about`: the account as all else names it. `address`: the key of an address. */
  account: { name: Text; address: Text }
  address: { company: Text; country: Text; region: Text; city: Text }
  agreement: {
    offer_id: Text
    seller: Text
    buyer: Text
    state: AgreementRecord['state']
    cloud_state: string
    accepted_at: Text
    starts_at: Text
    ends_at: Text
  }
  /** `about`: the agreement. */
  term: { term: string }
  /** `about`: the offer. Revisions sort as text, and each has keys of its own. */
  offer: { revision: string; name: Text }
  offer_product: { revision: string; product_id: string }
  /** `account`: one that the offer is for; null where it is for something else than an account, or not for it. */
  offer_target: { revision: string; account: Text }
  product: { title: Text; maker: Text }
  /** `about`: the id of earlier days. */
  alias: { id: string }
  /** `about`: the invoice. `amount` and `rate` are decimals; `amount` has the sign of the line that it is a part of. */
  tax: {
    reference: Text
    amount: string
    currency: string
    rate: Text
    type: Text
    level: Text
    jurisdiction: Text
    country: Text
    region: Text
    liable: Text
    reason: Text
  }
}
export type DescriptionKind = keyof Descriptions
/**
 * One thing as it was from an instant on. Of what is told of one key and one `valid_from` the latest version stands, and
 * what was deleted was never so.
 */
export type Description = {
  [Kind in DescriptionKind]: {
    kind: Kind
    key: string
    /** The id by which other things name this one, or the thing that it is told of. */
    about: string
    valid_from: Date
    version: string
    deleted: boolean
    values: Descriptions[Kind]
  }
}[DescriptionKind]
