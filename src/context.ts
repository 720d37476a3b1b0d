import type { Connectors } from '../connectors/connector.ts'
import type { Config } from './config.ts'
import type { Random } from './core/random.ts'
import type { Clocks } from './core/time.ts'
import type { Mail } from './mail/model.ts'
import type { SandboxLink } from './sandbox/model.ts'
import type { Blobs, Store } from './store/index.ts'

/** What an isolate or process makes once and holds to its end. Nothing in it belongs to one request or has to be closed. */
export type Runtime = {
  config: Config
  blobs: Blobs
  clocks: Clocks
  random: Random
  connectors: Connectors
  /** Seals secrets to a tenant and a subject; opens them again. */
  seal: Sealer
  /** How letters leave; undefined where nothing is set up: links are shown then. */
  mail: Mail | undefined
  /** The embedded clouds from outside: their clock, their buyers, their faults. undefined: the clouds are the real ones. */
  sandbox: SandboxLink | undefined
  log: Log
}

/** What every use case is given: the runtime, and what belongs to one request or tick (on Node, to the process). */
export type Context = Runtime & {
  store: Store
  /** Work was written down that must not wait for the next round: it is begun at once. Harmless at any time. */
  wake(): void
}

export type Sealer = {
  seal(plain: string, bound_to: readonly string[]): Promise<string>
  open(sealed: string, bound_to: readonly string[]): Promise<string>
}

/** One line of JSON per event. Never given secrets. */
export type Log = (event: string, fields?: Record<string, unknown>) => void
