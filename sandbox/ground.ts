import type { Clock } from './clock.ts'
import type { Store } from './journal.ts'
import type { Random } from './random.ts'
import type { RsaKeys } from './rsa.ts'
import type { Schedule } from './schedule.ts'

/** What the sandbox hands to every cloud. */
export type Ground = {
  store: Store
  clock: Clock
  random: Random
  schedule: Schedule
  /** Where this sandbox can be reached, without a slash at the end. */
  origin(): string
  /** How it reaches others: event deliveries and a buyer's browser. */
  fetch: (request: Request) => Promise<Response>
  wall: () => number
  /** A key to sign with, asked for once per purpose and then kept. */
  rsa: () => RsaKeys
}
