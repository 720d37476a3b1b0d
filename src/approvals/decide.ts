import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Caller } from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { requestBoundTo } from './ask.ts'
import type { ActHandlers, Approval } from './model.ts'
import { checkAsker, checkDecider } from './people.ts'
import { holdApproval, settleApproval } from './store.ts'

/** One approval before and after a decision. */
type Decided = { before: Approval; after: Approval }

/**
 * Agrees as the second person: the act is done in this transaction, once, and recorded as an act of its own. Throws
 * forbidden for who asked, and a conflict for what does not wait any more.
 */
export async function approve(
  { seal }: Pick<Context, 'seal'>,
  handlers: ActHandlers,
  scope: Scope,
  caller: Caller,
  { id, note }: { id: string; note: string | null },
): Promise<Decided> {
  const { sealed_request, ...before } = await holdWaiting(scope, id)
  await checkDecider(scope, caller, before)
  await checkAsker(scope, before)
  const request: unknown =
    sealed_request === null
      ? before.request
      : JSON.parse(await seal.open(sealed_request, requestBoundTo(scope.organisation_id, id)))
  const { act, subject_id, asked_by } = before
  const did = await handlers[act](scope, request)
  const { actor, request_id } = caller
  await record(scope, {
    actor,
    request_id,
    act,
    subject_id,
    before: did.before,
    after: { approval_id: id, asked_by, result: did.after },
  })
  const decision = { state: 'approved', decided_by: actor.id, note, result: did.after } as const
  return { before, after: await settleApproval(scope, id, decision) }
}

/** Refuses as the second person: the act is not done, and cannot be any more. */
export async function refuse(
  scope: Scope,
  caller: Caller,
  { id, note }: { id: string; note: string | null },
): Promise<Decided> {
  const { sealed_request: _, ...before } = await holdWaiting(scope, id)
  await checkDecider(scope, caller, before)
  const decision = { state: 'refused', decided_by: caller.actor.id, note } as const
  return { before, after: await settleApproval(scope, id, decision) }
}

/** Takes one's own request back. */
export async function withdraw(scope: Scope, { actor }: Caller, id: string): Promise<Decided> {
  const { sealed_request: _, ...before } = await holdWaiting(scope, id)
  if (before.asked_by !== actor.id) {
    throw new Refusal('forbidden', 'Only who asked for an act takes it back. Others refuse it.')
  }
  const decision = { state: 'withdrawn', decided_by: actor.id, note: null } as const
  return { before, after: await settleApproval(scope, id, decision) }
}

async function holdWaiting(scope: Scope, id: string) {
  const held = await holdApproval(scope, id)
  if (held === undefined) throw new Refusal('not-found', `There is no approval ${id}.`)
  if (held.state !== 'waiting') {
    throw new Refusal('conflict', `Approval ${id} does not wait any more: it is ${held.state}.`)
  }
  return held
}
