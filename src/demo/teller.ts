// What every part of the story is told with, and the nouns it leaves behind.
import { type Client, unwrap } from '../client/index.ts'
import type { Control } from '../sandbox/model.ts'
import type { Cloud, World } from './world.ts'

export type StoryParts = {
  url: string
  key: string
  control: string
  /** The clouds to live the story on; all of them if nothing is said. */
  clouds?: readonly Cloud[]
  /** Lets the service do all work that is due. */
  settle(): Promise<unknown>
  /** Told at each step what is being lived. */
  report(sentence: string): void
}

/** Whoever tells a part of the story: the service, the world around it, and its clock. */
export type Teller = StoryParts & { sandbox: Control; move(instant: Date): Promise<void> }

/** The two organisations of the story; they are the same on every cloud. */
export type Seats = { vendor: Client; reseller: Client }

/** One cloud with the seats that were taken there. */
export type Seated = {
  world: World
  vendor_connection: string
  /** null where the cloud gives resellers no interface. */
  reseller_connection: string | null
  partner: string
}
/** The offers that were made. */
export type Offered = Seated & {
  direct_offer: string
  authorization: string
  /** null where the reseller makes its offer in the cloud's own pages. */
  reseller_offer: string | null
}
/** The agreements that came of them, as the vendor knows them, and what the buyers promised their cloud. */
export type Sold = Offered & { direct_agreement: string; resold_agreement: string; commitments: string[] }

/** Everything the story made, for whoever looks at the end. */
export type Lived = Seats & { sandbox: Control; deals: Sold[] }

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A write's own key: the same at every telling. */
export function keyed(key: string) {
  return { header: { 'idempotency-key': `story-${key}` } }
}

/** Names in a sentence: "AWS Marketplace and Google Cloud Marketplace". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export async function readOffer(client: Client, id: string) {
  return unwrap(await client.GET('/v1/offers/{id}', { params: { path: { id } } }))
}
