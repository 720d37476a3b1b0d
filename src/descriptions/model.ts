import type { DescriptionKind, Descriptions } from '../../connectors/connector.ts'

/** One thing as it was from an instant on, as it is kept. */
export type Kept<Kind extends DescriptionKind = DescriptionKind> = {
  [K in Kind]: { kind: K; connection_id: string; key: string; about: string; valid_from: Date } & {
    told: Descriptions[K]
  }
}[Kind]

/** Whoever stands behind an account, as the cloud's files name them. */
export type Party = {
  account_id: string
  name: string | null
  country: string | null
  region: string | null
  city: string | null
}

/** One tax on an invoice: where, how much, and who owes it to the authority. */
export type Tax = {
  type: string | null
  level: string | null
  jurisdiction: string | null
  rate: string | null
  amount: string
  currency: string
  liable: string | null
}

/** What the cloud's files tell of an agreement, an offer or an invoice. */
export type Described = {
  /** The agreement and the offer by their ids of today, where a file used those of earlier days. */
  agreement_id: string | null
  offer_id: string | null
  offer: string | null
  /** The accounts that the offer was made for. */
  offered_to: string[]
  products: { product_id: string; title: string | null; maker: Party | null }[]
  terms: string[]
  buyer: Party | null
  seller: Party | null
  taxes: Tax[]
}
