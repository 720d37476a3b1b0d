// What every facet shares: connections, evidence, slow changes, pages.
import type { FaultCode } from '../../src/core/fault.ts'
import type { Random } from '../../src/core/random.ts'
import type { Clocks } from '../../src/core/time.ts'

export const clouds = ['aws', 'azure', 'gcp'] as const
export type Cloud = (typeof clouds)[number]

/** What a factory is given. Base URLs are the operator's; `fetch` is the only way out. */
export type ConnectorParts<Config> = {
  config: Config
  fetch: typeof fetch
  clocks: Clocks
  random: Random
  /** Told about each request when it ended: for the log and the spans. */
  observe?: (call: ObservedCall) => void
}

/** One request to a cloud, after it ended. */
export type ObservedCall = {
  cloud: Cloud
  connection_id: string
  /** The cloud's own name of the call, such as "StartChangeSet". */
  call: string
  duration_ms: number
  outcome: 'ok' | FaultCode | 'broken'
  cloud_code: string | null
}

/** One seller account on one cloud, opened for the length of a call. */
export type Connection = {
  /** Our id, for caching clients. */
  id: string
  /** The seller's account, publisher or provider id on the cloud. */
  account_id: string
  /** The cloud's own credential fields; their names are the connector's (`connectionFields`). */
  credentials: Readonly<Record<string, string>>
  /** Non-secret settings of the connection, such as the bucket the reports arrive in. */
  settings: Readonly<Record<string, string>>
}

/** What one field of a connection is, so that a form and a check can be made from it. */
export type ConnectionField = {
  name: string
  /** What people call it, as the cloud's own pages do. */
  title: string
  secret: boolean
  required: boolean
  pattern?: string
  /** The only values it may have; the pattern says the same. */
  choices?: readonly string[]
  /** A text of several lines, such as a key. */
  long?: true
  /** What it is and does. */
  help: string
  /** Where in the cloud's own pages it is found or made. */
  where?: string
  /** Ours where nothing is given, as long as the field of this name is. */
  made_with?: string
}

/** Who connects an account: who owns products, or who resells those of others. */
export const sides = ['seller', 'reseller'] as const
export type Side = (typeof sides)[number]

/** One permission that the cloud grants by name. */
export type GuidePermission = {
  permission: string
  /** What of ours cannot be done without it, by the names of capabilities; empty: nothing works. */
  for: readonly string[]
  sides: readonly Side[]
  /** What it does, in words. */
  words: string
  /** Why no harmless read can test it; without this, the test of the connection does. */
  untested?: string
}

/** Something to copy into the cloud's own pages. */
export type GuideDocument = {
  name: string
  step: 'permissions' | 'addresses'
  title: string
  /** Where it goes, and what to do there. */
  where: string
  text: string
}

/** What documents are made of, as far as it is known. */
export type GuideFacts = {
  side: Side
  account_id?: string | undefined
  settings: Readonly<Record<string, string | undefined>>
  /** Our addresses for the connection; null as long as there is none. */
  webhook: string | null
  sign_up: string | null
}

/** Connecting step by step, on clouds that grant permissions by name. */
export type Connecting = {
  permissions: readonly GuidePermission[]
  documents(facts: GuideFacts): GuideDocument[]
}

/** What people are told of a cloud before and after they connect an account. */
export type CloudGuide = {
  /** The marketplace's own name. */
  name: string
  /** The account that sells: what the cloud calls it. */
  account: Pick<ConnectionField, 'title' | 'pattern' | 'help' | 'where'>
  /** Where the cloud has to be told our two addresses: that of its messages, and the buyers' page. */
  webhook: string
  sign_up: string
  connecting?: Connecting
}

/** The raw exchange behind an answer, kept beside what was made of it. Never holds credentials. */
export type Evidence = { sent?: unknown; received?: unknown; at?: string }

/** One thing the cloud found wrong with a change: its own code and words, and the rule in ours where we know it. */
export type ChangeProblem = { code: string; message: string; field?: string; plain?: string }

/** A step for which the cloud has no interface: a person does it and brings evidence. */
export type HumanTask = { title: string; steps: string[]; evidence: string }

/**
 * The answer to a slow write. `check(reference)` asks again after `accepted`; not sooner than `again_ms`, where a person
 * decides and not a machine.
 */
export type Change =
  | { status: 'accepted'; reference: string; again_ms?: number; evidence: Evidence }
  | { status: 'succeeded'; target: Target; reference?: string; evidence: Evidence }
  | { status: 'failed'; problems: ChangeProblem[]; reference?: string; evidence: Evidence }
  | { status: 'human'; task: HumanTask; evidence: Evidence }

/** What a finished change made: the cloud's ids by name ("product_id", "offer_id", "authorization_id", …). */
export type Target = Readonly<Record<string, string>>

/** Pages of things that changed. The cursor is opaque and lives in the store. */
export type Pulled<T> = { items: T[]; next: string | null; more: boolean }

/** How an unknown outcome (no answer after sending) is resolved. */
export type Resolution = 'send_identical' | 'read_back' | 'search_marker'
