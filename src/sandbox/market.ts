// What the outside world does on a marketplace that the sandbox plays: sellers register, buyers buy. Each cloud fills
// the same shape in a file of its own.
import type { Cloud } from '../../connectors/connector.ts'

export type Company = { account_id: string; name: string }
export type Buyer = Company & { cloud: Cloud; pays: boolean }

/** vendor: who makes what is sold. reseller: who sells it on. */
export type SellerKind = 'vendor' | 'reseller'

/** A seller to be registered. `unique` is a few digits that nobody else has: names of accounts are made with it. */
export type SellerDraft = { name: string; unique: string }

/** A registered seller: what its connection is made of. */
export type Seller = {
  account_id: string
  credentials: Record<string, string>
  settings: Record<string, string>
}

/** What a buyer's browser brings to the vendor's sign-up page; with a form it is sent as one. */
export type Visit = { address: string; token: string; form?: Record<string, string> }

/** A step that people do in a cloud's own pages, and what they bring back. */
export type Done = { target: Record<string, string>; evidence: string }
/** What of a listing its publication needs: the request of the operation that asks for it. */
export type ListingRequest = {
  title: string
  fulfilment_url: string
  dimensions: readonly { key: string; unit: string; kind: string }[]
  prices: {
    currency: string
    term_months: number
    entitled: Record<string, string>
    metered: Record<string, string>
  }
}

/** What of one agreement waits for its buyer, or for the cloud. */
export type OpenDeal = {
  agreement_id: string
  buyer: string
  /** Whether it is to be renewed; null where nobody can choose. */
  auto_renew: boolean | null
  /** The quantities its buyer chose and may add to. */
  dimensions: Record<string, number> | null
  payment_requests: { id: string; name: string; amount: string; currency: string }[]
  cancellation_requests: { id: string; reason: string }[]
  refunds: { id: string; amount: string; currency: string; invoice_id: string }[]
  invoices: { invoice_id: string; amount: string; currency: string; due_at: string }[]
}

/** What buyers and the cloud do beyond accepting, cancelling and paying, where a cloud has it. */
export type AfterSale = {
  decline(buyer: string, offer_id: string): Promise<void>
  /** What is open of the agreements of a seller's account. */
  open(account_id: string): Promise<OpenDeal[]>
  renew(deal: OpenDeal, renews: boolean): Promise<void>
  /** Takes more units: how many there are to be in all. */
  amend(deal: OpenDeal, dimensions: Record<string, number>): Promise<void>
  answerPayment(deal: OpenDeal, request_id: string, approves: boolean): Promise<void>
  answerCancellation(deal: OpenDeal, request_id: string, approves: boolean): Promise<void>
  /** The cloud makes a refund that was asked for, or refuses it. */
  answerRefund(request_id: string, makes: boolean): Promise<void>
  /** The cloud gives up an invoice that is not paid. */
  forgive(invoice_id: string): Promise<void>
}

export type Market = {
  cloud: Cloud
  /** What it is called in sentences and names. */
  name: string
  /** The kinds of sellers that the cloud gives an interface. */
  sellers: readonly SellerKind[]
  /** Registers a seller of a kind that has an interface. */
  seller(kind: SellerKind, draft: SellerDraft): Promise<Seller>
  /** Tells the cloud where a seller wants its messages. */
  listen(seller: Pick<Seller, 'account_id' | 'settings'>, address: string): Promise<void>
  /** Registers a buyer under an account id that the cloud chooses. */
  buyer(name: string): Promise<Company>
  buyers(): Promise<Buyer[]>
  /** The buyer takes an offer, once: an acceptance that is there already is found again. Answers the agreement's id. */
  accept(buyer: string, offer_id: string): Promise<string>
  /** The buyer's way to the vendor's sign-up page, with a fresh token. */
  visit(buyer: string, agreement_id: string): Promise<Visit>
  /** Whoever bought it cancels it, at once. */
  cancel(agreement_id: string): Promise<void>
  /** Stops paying, or pays again and everything that is overdue. */
  pays(buyer: string, pays: boolean): Promise<void>
  after_sale?: AfterSale
  /** How a plan of faults names the messages of this cloud. */
  messages: { service: string; operation: string }
  /** Publishes a listing where the cloud has pages for it and no interface. */
  publish?(seller: Pick<Seller, 'account_id' | 'settings'>, listing: ListingRequest): Promise<Done>
}

/** How soon buyers of ours pay an invoice, where the cloud leaves that to them: within the month after. */
export const DAYS_TO_PAY = 10

/** Small letters, digits and dashes, as account names are written. */
export function slug(name: string, length: number): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, length)
    .replace(/^[^a-z]+|-+$/g, '')
  return plain === '' ? 'seller' : plain
}
