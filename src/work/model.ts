/** Everything that is done later, by kind: the closed list. Each has one handler, put together in services.ts. */
export const workKinds = [
  'operation.send',
  'operation.check',
  'inbox.process',
  'listings.read',
  'agreements.pull',
  'agreements.read',
  'agreements.sign_up',
  'metering.roll_up',
  'metering.close',
  'metering.batch',
  'settlement.pull',
  'settlement.import',
  'settlement.match',
  'ledger.roll_up',
  'mail.send',
  'approvals.expire',
  'invitations.expire',
  'sandbox.move',
] as const

export type WorkKind = (typeof workKinds)[number]

/** One piece of due work, leased to this process. */
export type WorkItem = {
  organisation_id: string
  id: string
  kind: WorkKind
  key: string
  payload: unknown
  attempts: number
  generation: number
}

/** What a handler answers: finished, or again at a time. It must be harmless to run twice. */
export type WorkOutcome = { done: true } | { done: false; again_at: Date; reason?: string }

export const done: WorkOutcome = { done: true }

export type WorkHandlers = Readonly<Record<WorkKind, (item: WorkItem) => Promise<WorkOutcome>>>

export type WorkRequest = {
  kind: WorkKind
  /** Unique per organisation and kind: scheduling the same key again moves it earlier, never doubles it. */
  key: string
  payload?: unknown
  /** Business time; default: now. */
  due_at?: Date
  /** Business time: what is soonest lost goes first. Default: due_at plus one day. */
  deadline_at?: Date
}

/** How long a process may hold a piece of work before another may take it, in wall time. */
export const LEASE_MS = 60_000
