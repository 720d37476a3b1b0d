import type { Connectors } from '../connectors/connector.ts'
import type { Config } from './config.ts'
import type { Random } from './core/random.ts'
import type { Clocks } from './core/time.ts'
import type { Blobs, Store } from './store/index.ts'

/** What an isolate or process holds and every use case is given. Made in services.ts only. */
export type Context = {
  config: Config
  store: Store
  blobs: Blobs
  clocks: Clocks
  random: Random
  connectors: Connectors
  /** Seals secrets to a tenant and a subject; opens them again. */
  seal: Sealer
  log: Log
}

export type Sealer = {
  seal(plain: string, bound_to: readonly string[]): Promise<string>
  open(sealed: string, bound_to: readonly string[]): Promise<string>
}

/** One line of JSON per event. Never given secrets. */
export type Log = (event: string, fields?: Record<string, unknown>) => void
