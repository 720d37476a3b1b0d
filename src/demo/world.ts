// What differs from cloud to cloud in the story: a few data, and what people do at the cloud beside our service. The
// telling itself knows no cloud.
import type { Schemas } from '../client/index.ts'
import type { Check } from './checks.ts'

export const clouds = ['aws', 'azure', 'gcp'] as const
export type Cloud = (typeof clouds)[number]

/** Who sells, and by which way: the vendor itself, or the reseller. */
export type Seat = 'vendor' | 'reseller'
export type Sale = 'direct' | 'resold'

export type Company = { account_id: string; name: string }
/** A buyer, with the person who buys where the cloud wants to know. */
export type Buyer = Company & { contact?: { name: string; email: string } }

/** The deal as data: who, what, at which price. */
export type Scenario = {
  sellers: Record<Seat, Company>
  buyers: Record<Sale, Buyer>
  /** The public price list of the listing. */
  prices: Schemas['Listing']['prices']
  /** direct: what the buyer pays; resold: what the reseller pays the vendor. */
  terms: Record<Sale, Schemas['Terms']>
  /** The band the vendor allows the reseller, and what it chooses. */
  markup: { min: string; max: string; chosen: string }
  /** What the buyers promised their cloud to spend this year, and how much of it marketplace sales may cover. */
  promises: Record<Sale, { amount: string; cap_percent: string }>
  /** The months in which the partner's sale was paid out. */
  stated_months: readonly string[]
}

export type ConnectionDraft = Pick<Schemas['Connection'], 'settings'> & {
  credentials: Record<string, string>
}

/** A step that waits for a person, and what that person brings back. */
export type Task = Pick<Schemas['Operation'], 'kind' | 'human_task'> & { request?: unknown }
export type Done = { target: Record<string, string>; evidence: string }

/** What the buyer's browser asks the vendor's sign-up page for. */
export type Visit = { address: string; form?: Record<string, string> }

/** One cloud of the story. Everything in it may be done again: what is there already is found, not repeated. */
export type World = {
  cloud: Cloud
  /** Its marketplace's name, for sentences. */
  name: string
  scenario: Scenario
  /** Registers sellers and buyers at the cloud. */
  populate(): Promise<void>
  /** What a seller's connection is made of; undefined where the cloud gives that seller no interface. */
  connection(seat: Seat): Promise<ConnectionDraft | undefined>
  /** Tells the cloud where a seller wants its messages. */
  listen(seat: Seat, address: string): Promise<void>
  /** What a person does where the cloud has no interface, and the proof; undefined where there is one for everything. */
  byHand?(operation: Task): Promise<Done>
  /** The reseller makes its offer in the cloud's own pages; answers the cloud's id of it. */
  resell?(cloud_authorization_id: string): Promise<string>
  /** The buyer takes an offer; answers the cloud's id of the agreement. */
  buy(sale: Sale, cloud_offer_id: string): Promise<string>
  /** The buyer is sent to the vendor's sign-up page. */
  visit(sale: Sale, cloud_agreement_id: string): Promise<Visit>
  /** What a buyer asks the seller for once it is signed up, in words; undefined when it was answered already. */
  wish?(): Promise<string | undefined>
  /** What happens at the cloud in the months that pass, by day. */
  days?: Readonly<Record<string, () => Promise<unknown>>>
  /** The quantities of usage that the cloud took from the vendor. */
  acceptedUsage(): Promise<string[]>
  /** The amounts that the cloud paid a seller. */
  payouts(seat: Seat): Promise<string[]>
  /** What else the cloud itself must be able to tell at the end. */
  checks?(): Promise<Check[]>
}
