// Several private offers for one buyer, shown and released together, on clouds that have such a thing.
import type { Change, Connection } from './common.ts'

export type OfferSetDraft = {
  name: string
  /** What the buyer reads about the set. */
  buyer_notes: string
}
/** A set is made empty; its offers are made for it, and it is released when all of them are live. */
export type OfferSets = {
  /** `target` names: offer_set_id */
  create(connection: Connection, draft: OfferSetDraft, key: string): Promise<Change>
  /** Puts these offers, made for it, into the set and shows it to the buyer: both or neither. */
  release(
    connection: Connection,
    set: { offer_set_id: string; offer_ids: readonly string[] },
    key: string,
  ): Promise<Change>
  check(connection: Connection, reference: string): Promise<Change>
  /** Limits that are held against a set before anything is sent. */
  rules: OfferSetRules
}
export type OfferSetRules = {
  offers_min: number
  offers_max: number
  name_max: number
  notes_max: number
  /** No two offers of a set may sell the same product. */
  one_per_product: boolean
  source: string
}
