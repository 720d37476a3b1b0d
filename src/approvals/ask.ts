import type { Context as HonoContext, TypedResponse } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, plus } from '../core/time.ts'
import { type Answer, type DoorEnv, writeAndWake } from '../door/index.ts'
import { oneLine, queueLetter } from '../mail/index.ts'
import { twoPersonActs } from '../organisations/index.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { type ActName, type Approval, acts, WAITS_FOR_MS } from './model.ts'
import { deciders } from './people.ts'
import { type ShownApproval, shownApproval } from './schemas.ts'
import { expireApprovals, insertWaiting } from './store.ts'

/** An act somebody wants to do. */
export type Question = {
  act: ActName
  subject_id: string
  /** Everything the act's handler needs to do it later. */
  request: Record<string, unknown>
  /** The same without secrets, where it has some: the request itself is then sealed. */
  shown?: Record<string, unknown>
  /** Whether two people are needed; if nothing is said, where the organisation asks for them. */
  asks?(scope: Scope): Promise<boolean>
}

type Ways<B, S extends ContentfulStatusCode> = {
  run(scope: Scope): Promise<Answer<B, S>>
  /** True for an answer that changed nothing, for which nobody needs to be asked. */
  idle?(answer: Answer<B, S>): boolean
  /** What of a long answer the second person is shown before they decide. */
  foresee?(body: B): unknown
}

type Json<B, S extends ContentfulStatusCode> = Response & TypedResponse<B, S, 'json'>

/**
 * A write that waits for a second person where the organisation asks for it: it is then tried, undone, and answered
 * with 202 and the approval; what cannot be done is refused at once. Everywhere else it is simply done.
 */
export async function writeOrAsk<B, S extends ContentfulStatusCode>(
  context: Context,
  door: HonoContext<DoorEnv>,
  question: Question,
  { run, idle = () => false, foresee = (body) => body }: Ways<B, S>,
): Promise<Json<B, S> | Json<ShownApproval, 202>> {
  type Either = Answer<B | ShownApproval, S | 202>
  const { act, asks = (scope) => needsTwo(scope, act) } = question
  const answer = await writeAndWake(context, door, async (scope): Promise<Either> => {
    // An answer's secrets are fields of its own body, which the type of either body cannot say.
    if (!(await asks(scope))) return (await run(scope)) as Either
    const tried = await tryOut(scope, run)
    if (idle(tried)) return tried as Either
    const approval = await ask(context, scope, door, question, foresee(tried.body))
    return { status: 202, body: shownApproval(approval) }
  })
  // The library's type pairs every body with every status; here each body comes with its own.
  return answer as Json<B, S> | Json<ShownApproval, 202>
}

async function needsTwo(scope: Scope, act: ActName): Promise<boolean> {
  return (await twoPersonActs(scope)).includes(act)
}

/** Does something and undoes it. What it throws ends the whole transaction. */
async function tryOut<T>(scope: Scope, run: (scope: Scope) => Promise<T>): Promise<T> {
  await scope.tx.$executeRaw`SAVEPOINT trial`
  const answer = await run(scope)
  await scope.tx.$executeRaw`ROLLBACK TO SAVEPOINT trial`
  return answer
}

async function ask(
  context: Context,
  scope: Scope,
  door: HonoContext<DoorEnv>,
  { act, subject_id, request, shown }: Question,
  foreseen: unknown,
): Promise<Approval> {
  const id = scope.id('approval')
  const made = await insertWaiting(scope, {
    id,
    act,
    subject_id,
    asked: shown ?? request,
    foreseen,
    sealed_request:
      shown === undefined
        ? null
        : await context.seal.seal(JSON.stringify(request), requestBoundTo(scope.organisation_id, id)),
    asked_by: door.get('caller').actor.id,
  })
  if ('waits' in made) {
    const fix = 'Have it decided or withdraw it, then ask again'
    throw new Refusal('conflict', `This act waits for a second person already, as ${made.waits}. ${fix}.`)
  }
  await schedule(scope, { kind: 'approvals.expire', key: 'all', due_at: plus(scope.now(), WAITS_FOR_MS) })
  await tellDeciders(context, scope, made)
  return made
}

/** What a sealed request belongs to: it opens for this approval of this organisation only. */
export function requestBoundTo(organisation_id: string, id: string): string[] {
  return [organisation_id, id, 'request']
}

async function tellDeciders(context: Context, scope: Scope, approval: Approval): Promise<void> {
  if (context.mail === undefined) return
  const { id, act, subject_id, asked_by } = approval
  for (const { email } of await deciders(context, scope, approval)) {
    await queueLetter(context, scope, id, {
      to: email,
      subject: 'An act waits for a second person',
      text: [
        `Somebody wants to ${acts[act].title}: ${oneLine(subject_id)}.`,
        `${asked_by} has asked for it. It is done when another person agrees, or not at all.`,
        '',
        `Agree:   POST /v1/approvals/${id}/approve`,
        `Refuse:  POST /v1/approvals/${id}/refuse`,
        '',
      ].join('\n'),
    })
  }
}

/** How often it is looked again while acts wait: their time is wall time, and work is due in business time. */
const LOOK_AGAIN_MS = DAY_MS

/** The handler of `approvals.expire`: what nobody decided on is over, and its secrets are forgotten. */
export async function expireHandler(
  { store }: Pick<Context, 'store'>,
  { organisation_id }: WorkItem,
): Promise<WorkOutcome> {
  return store.inTenant(organisation_id, async (scope) =>
    (await expireApprovals(scope)) === 0 ? done : { done: false, again_at: plus(scope.now(), LOOK_AGAIN_MS) },
  )
}
