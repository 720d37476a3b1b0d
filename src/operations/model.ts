import type { Change, ChangeProblem, Connector, HumanTask, Target } from '../../connectors/connector.ts'
import type { OpenConnection } from '../connections/index.ts'
import type { FaultCode } from '../core/fault.ts'
import type { Scope } from '../store/index.ts'

/** Every kind of change we ask of a cloud: the closed list. Each has one handler, put together in services.ts. */
export const operationKinds = [
  'listing.publish',
  'listing.update',
  'listing.visibility',
  'offer.create',
  'offer.expire',
  'offer_set.create',
  'offer_set.release',
  'authorization.create',
  'authorization.restrict',
  'reseller_offer.create',
  'agreement.activate',
  'agreement.answer',
  'agreement.request',
  'agreement.withdraw',
  'metering.report',
] as const
export type OperationKind = (typeof operationKinds)[number]

/**
 * written → sending → accepted (the cloud works on it) → succeeded | failed
 *           sending → unknown (no answer came) → the same request again
 *           sending → waiting_for_person (no interface, or nobody can find out by asking)
 */
export const operationStates = [
  'written',
  'sending',
  'unknown',
  'accepted',
  'waiting_for_person',
  'succeeded',
  'failed',
] as const
export type OperationState = (typeof operationStates)[number]
export const finishedStates: readonly OperationState[] = ['succeeded', 'failed']

export type Operation = {
  organisation_id: string
  id: string
  connection_id: string
  kind: OperationKind
  subject_id: string
  /** Chosen when the change was decided; the cloud is given the same key at every attempt. */
  key: string
  /** Exactly what is sent, so that a repetition is identical. */
  request: unknown
  state: OperationState
  reference: string | null
  target: Target | null
  problems: ChangeProblem[]
  attempts: number
  human_task: HumanTask | null
  /** The person who has taken a human task on. */
  owner: string | null
  created_at: Date
  updated_at: Date
  finished_at: Date | null
}

/** How an operation ended, for the room that asked for it. `answer` is what `send` brought beside the change. */
export type Ending =
  | { state: 'succeeded'; target: Target; answer?: unknown }
  | { state: 'failed'; problems: ChangeProblem[]; answer?: unknown }

/** What `send` may answer: a change, with an answer of the kind's own beside it. */
export type Sent = Change & { answer?: unknown }

export type OperationHandler = {
  /** One attempt at the cloud, outside any transaction. Faults are thrown. */
  send(open: OpenConnection, operation: Operation): Promise<Sent>
  /** Asks how an accepted change stands. */
  check?(open: OpenConnection, operation: Operation, reference: string): Promise<Sent>
  /** The consequences, in the transaction that stores the ending. Runs once. */
  ended(scope: Scope, operation: Operation, ending: Ending): Promise<void>
  /** The cloud's ids that a success must bring, by name: a person who completes it by hand has to know them. */
  makes: readonly string[]
  /** The provider's quota this kind counts against; a cloud's own where the connector states it. */
  quota: Quota | ((connector: Connector) => Quota)
}
export type OperationHandlers = Readonly<Record<OperationKind, OperationHandler>>

/**
 * Whether an answer still decides anything. An attempt may outlive its lease; then another process has sent the same
 * again, and what it learnt is newer. What a late answer says is there, is there; that something is not, it cannot say.
 */
export function stillCounts(
  present: Pick<Operation, 'state' | 'attempts' | 'reference'>,
  attempt: { number: number; purpose: 'send' | 'check' },
  status: Change['status'] | 'fault',
): boolean {
  const last = present.attempts === attempt.number
  if (status === 'succeeded') return true
  if (status === 'accepted') return last || present.reference === null
  // Another attempt was told that the cloud works on it: this one does not know better.
  const overtaken = attempt.purpose === 'send' && present.state === 'accepted'
  return last && !overtaken
}

/** A provider's request quota: a bucket kept in the database, per connection. */
export type Quota = { name: string; per_second: number; burst: number }

/** After this many attempts without a clear answer a person is asked to find out. */
export const ATTEMPTS_MAX = 24

/** After so many questions a change is one of those that a person at the cloud looks at: these take days. */
const LONG_AFTER = 60

/** Waiting time before the n-th question after an accepted change: from 5 seconds doubling to 5 minutes, later half an hour. */
export function pollDelayMs(asked: number): number {
  return asked > LONG_AFTER ? 1_800_000 : Math.min(5000 * 2 ** Math.min(asked, 8), 300_000)
}

/** What a fault means for a change, in plain words; the cloud's own code and words are kept beside them. */
export const faultWords: Readonly<Partial<Record<FaultCode, string>>> = {
  locked:
    'The cloud still works on an earlier change of the same thing. This one waits and is sent again by itself.',
  throttled: 'The cloud asks us to slow down. The change waits and is sent again by itself.',
  quota_exceeded:
    'The account has reached a limit of the cloud. The change is sent again by itself; if it goes on, have the limit raised there.',
  unauthorised: 'The cloud does not accept the credentials of the connection. Give it new ones.',
  forbidden:
    'The connection may not do this. Give its user or role the permission, then test the connection.',
  not_found: 'The cloud does not know the thing. It belongs to another account, or it is gone.',
  conflict: 'The cloud holds another change under the same name. Look in its own pages what was done.',
}

/** How a person says that a step did not happen; anything else is the cloud's word. */
export const BY_HAND = 'by_hand'

/** Why something was not done, as a sentence for people: each problem once, in its order. */
export function failureSentence(what: string, problems: readonly ChangeProblem[]): string {
  const words = [...new Set(problems.map(({ plain, message }) => plain ?? message))].join(' ')
  const by_hand = problems.some(({ code }) => code === BY_HAND)
  return by_hand
    ? `A person says that the cloud did not ${what}: ${words}`
    : `The cloud refused to ${what}: ${words}`
}
