// What every part of the story is told with.
import type { Client } from '../client/index.ts'
import type { Sandbox } from './sandbox.ts'

export type StoryParts = {
  url: string
  key: string
  control: string
  /** Lets the service do all work that is due. */
  settle(): Promise<unknown>
  /** Told at each step what is being lived. */
  report(sentence: string): void
}

/** The nouns the story made, for whoever looks at the end. */
export type Lived = {
  vendor: Client
  reseller: Client
  sandbox: Sandbox
  vendor_connection: string
  reseller_connection: string
  direct_offer: string
  authorization: string
  reseller_offer: string
  direct_agreement: string
  resold_agreement: string
  partner: string
  commitments: string[]
}

/** The seats that were taken. */
export type Seats = Pick<
  Lived,
  'vendor' | 'reseller' | 'vendor_connection' | 'reseller_connection' | 'partner' | 'commitments'
>
/** The offers that were made. */
export type Offered = Pick<Lived, 'direct_offer' | 'authorization' | 'reseller_offer'>
/** The agreements that came of them. */
export type Sold = Pick<Lived, 'direct_agreement' | 'resold_agreement'>

/** Whoever tells a part of the story: the service, the world around it, and its clock. */
export type Teller = StoryParts & { sandbox: Sandbox; move(instant: Date): Promise<void> }

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A write's own key: the same at every telling. */
export function keyed(key: string) {
  return { header: { 'idempotency-key': `story-${key}` } }
}
