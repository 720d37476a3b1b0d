// What differs per cloud: how the outside world acts, which drafts fit, what the cloud itself saw, and the values that
// its documents give. Scenarios know nothing else of a cloud.
import type {
  AgreementWish,
  AuthorizationDraft,
  Cloud,
  Connection,
  Connector,
  HumanTask,
  InboundRequest,
  ListingDraft,
  OfferDraft,
  ResellerOfferDraft,
  Target,
} from '../../connectors/connector.ts'
import type { LocalDate } from '../../src/core/time.ts'
import type { Expected } from './expected.ts'
import type { Ground } from './ground.ts'
import type { Scenario } from './scenario.ts'

export type { Expected, Refused } from './expected.ts'

/** One cloud for the suite. */
export type World = {
  cloud: Cloud
  /** For each scenario the cloud's rule in our words, and the document that says so, as the cloud's README names it. */
  trace: Trace
  /** Scenarios that only this cloud can be asked. */
  own?: readonly Scenario[]
  /** What this cloud has no such thing as, with the reason. */
  lacks: Partial<Record<Peculiarity, string>>
  /** A market on that ground: accounts, and the connector in front of the sandbox. */
  open(ground: Ground): Promise<Omit<Market, 'another'>>
}

export type Trace = Readonly<Record<string, Traced>>
export type Traced = { source: string; rule: string }

/** Things that not every cloud knows, beside the facets and methods of its connector. */
export type Peculiarity =
  | 'account_check'
  | 'batch_limit'
  | 'manufacturer_reads'
  | 'month_cutoff'
  | 'reseller_agreements'
  | 'reseller_seat'
  | 'reseller_statement'
  | 'restriction_seen'
  | 'suspension'
  | 'tax'
  | 'told_agreements'
  | 'unpaid_usage'

/** Every call that changes something at a cloud. */
export type Mutation =
  | 'listings.publish'
  | 'offers.create'
  | 'offers.expire'
  | 'syndication.authorize'
  | 'syndication.createOffer'
  | 'syndication.restrict'
  | 'agreements.activate'
  | 'agreements.answer'
  | 'metering.report'

/** A request that changes something, as fault plans name it, and its line "METHOD address target". */
export type Write = { service: string; operation: string; after?: number; address: RegExp }

/** Everything a scenario has. */
export type Market = Ground & {
  cloud: Cloud
  connector: Connector
  vendor: Connection
  reseller(): Promise<Connection>
  /** Whoever the cloud shows the authorizations to. */
  seesAuthorizations(): Promise<Connection>
  /** A seller of the same cloud who has nothing to do with the deal. */
  stranger(): Promise<Connection>
  drafts: Drafts
  deeds: Deeds
  seen: Seen
  messages: Messages
  statements: Statements
  expected: Expected
  writes: Readonly<Record<Mutation, readonly Write[]>>
  /** The request that lists agreements. */
  reads: Pick<Write, 'service' | 'operation'>
  /** Steps that the connector left to a person, and that somebody did; what a scenario is about is of its own facet. */
  by_hand: { facet: string; task: HumanTask }[]
  /** A second market like this one, with nothing in it yet. */
  another(): Promise<Market>
}

/** Drafts that the cloud takes. All clouds sell the same: seats for two instalments, and calls by number. */
export type Drafts = {
  listing: ListingDraft
  offer(product_id: string): OfferDraft
  usageOffer(product_id: string): OfferDraft
  authorization(product_id: string, reseller: Connection): AuthorizationDraft
  /** What a permission for many offers is priced with, where instalments are for one offer only. */
  many_offers?: Partial<AuthorizationDraft>
  resellerOffer(authorization_id: string): ResellerOfferDraft
}

export type Bought = { agreement_id: string; buyer: string }

/** What people and buyers do. */
export type Deeds = {
  /** What must be there before a connection can do anything. */
  beginSelling(): Promise<void>
  /** What a person does in the cloud's pages when there is no interface. */
  publish(draft: ListingDraft): Promise<Target>
  authorize(draft: AuthorizationDraft): Promise<Target>
  resellerOffer(draft: ResellerOfferDraft): Promise<Target>
  restrict(authorization_id: string): Promise<Target>
  accept(offer_id: string): Promise<Bought>
  /** The same of a buyer who agrees to further payments on request. */
  acceptPayable(offer_id: string): Promise<Bought>
  /** The buyer says yes or no to what the seller asked about the agreement. */
  decide(bought: Bought, reference: string, yes: boolean): Promise<void>
  acceptResold(offer_id: string): Promise<Bought>
  /** The token with which the buyer's browser comes. */
  token(bought: Bought): Promise<string>
  /** A token of another seller's buyer. */
  foreignToken(): Promise<string>
  /** Time goes by until no token is good any more. */
  outliveToken(): Promise<void>
  cancel(bought: Bought): Promise<void>
  /** The buyer stops paying, and pays again. */
  suspend(bought: Bought): Promise<void>
  reinstate(bought: Bought): Promise<void>
  /** A public product with two plans. */
  product(): Promise<string>
  /** A buyer on one of its plans asks for the other. */
  wish(product_id: string): Promise<{ bought: Bought; wish: AgreementWish }>
  /** The reviewers of the cloud find something wrong with the listing. */
  spoilListing(): Promise<void>
  /** The cloud will look at half of the next batch of usage. */
  halveBatches(): Promise<void>
  /** Time goes by until the first instalment is paid out and reported. */
  settle(): Promise<void>
  settleUsage(): Promise<void>
  nextMonth(): Promise<void>
  /** From now on the buyer pays a tenth of sales tax. */
  levyTax(): Promise<void>
}

export type SeenOffer = { id: string; state: 'draft' | 'live' | 'over'; last_day: LocalDate | null }
export type SeenUsage = { dimension: string; hour: string; quantity: string }
export type Charge = { what: 'fixed' | 'usage'; amount: string }

/** What the cloud itself took, asked of the sandbox and not of the connector. */
export type Seen = {
  listings(): Promise<string[]>
  offers(name: string): Promise<SeenOffer[]>
  authorizations(): Promise<string[]>
  restricted(authorization_id: string): Promise<boolean>
  /** What was taken about who may see a listing, in the cloud's own words, oldest first. */
  visibilityChanges(product_id: string): Promise<unknown[]>
  usage(): Promise<SeenUsage[]>
  active(agreement_id: string): Promise<boolean>
  plan(agreement_id: string): Promise<string>
  /** What the buyer was charged so far, before tax. */
  charges(agreement_id: string): Promise<Charge[]>
}

/** Messages from the cloud, true and false. */
export type Messages = {
  /** The cloud asks whether it may send messages, and the asking is itself a message. */
  asks_first: boolean
  /** The cloud sends what happens to the vendor from now on. */
  listen(): Promise<void>
  /** The same without the connector's knowledge. */
  listenUnheard(): Promise<void>
  askToConfirm(): Promise<InboundRequest>
  confirmed(): Promise<boolean>
  /** Something happens to the agreement of which the cloud tells. */
  cause(bought: Bought, time: 'first' | 'second'): Promise<void>
  isAbout(message: InboundRequest, agreement_id: string): boolean
  /** The message is delivered once more. */
  again(message: InboundRequest): Promise<void>
  /** The vendor's connection, listening elsewhere: its messages are for another audience. */
  elsewhere(vendor: Connection): Connection
  /** The stranger's connection, listening at the vendor's own address. */
  beside(stranger: Connection, vendor: Connection): Connection
  forged: Readonly<Record<Forgery, (message: InboundRequest) => Promise<InboundRequest>>>
  /** A message that proves itself, about an agreement that nobody knows. */
  unknown(message: InboundRequest): Promise<InboundRequest>
  /** Time goes by until the message is too old. */
  outlive(): Promise<void>
}
export type Forgery = 'unproved' | 'signature' | 'content' | 'key' | 'algorithm'

/** The cloud's reports about money, as far as a scenario must know them. */
export type Statements = {
  /** The format that holds the vendor's money, and the files of that kind. */
  format: string
  hasMoney(name: string): boolean
  amount_column: string
  date_column: string
  needed_column: string
  /** The row as the cloud writes it when it states it anew, with 59,000 in place of 60,000. */
  restated(row: Readonly<Record<string, string>>): Record<string, string>
  /** A row of the first instalment's sale. */
  isSale(row: Readonly<Record<string, string>>): boolean
  /** The stranger's connection, pointed at the vendor's files. */
  intruder(stranger: Connection, vendor: Connection): Connection
}
