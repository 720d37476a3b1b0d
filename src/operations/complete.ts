import { invalid, Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { BY_HAND, type Operation, type OperationHandlers } from './model.ts'
import { endAttempt, find, findLocked, startAttempt, update } from './store.ts'

export type Completion = {
  outcome: 'succeeded' | 'failed'
  /** The cloud's ids of what was made, by name. */
  target: Record<string, string>
  /** What shows that it was done: a link, a file's digest, a sentence. */
  evidence: string
}

/** A person finishes a step that has no interface: the same change of state as an API's answer. */
export async function completeByHand(
  scope: Scope,
  handlers: OperationHandlers,
  id: string,
  completion: Completion,
): Promise<Operation> {
  const operation = await findLocked(scope, id)
  if (operation === undefined) throw new Refusal('not-found', `There is no operation ${id}.`)
  if (operation.state !== 'waiting_for_person') {
    throw new Refusal(
      'conflict',
      `Operation ${id} is ${operation.state}: only one that waits for a person can be completed by hand.`,
    )
  }
  if (completion.evidence.trim() === '')
    throw invalid('evidence', 'must say how it is known', 'Give a link, a reference or a sentence')
  const missing = handlers[operation.kind].makes.filter((name) => !completion.target[name])
  if (completion.outcome === 'succeeded' && missing.length > 0) {
    throw invalid(`target.${missing[0]}`, 'is missing', "Give the id that the cloud's own console shows")
  }
  const attempt = { operation_id: id, number: operation.attempts + 1, purpose: 'send' as const }
  await startAttempt(scope, attempt)
  await endAttempt(scope, attempt, { outcome: `by_hand_${completion.outcome}`, evidence: completion })
  if (completion.outcome === 'succeeded') {
    await update(scope, id, {
      state: 'succeeded',
      target: completion.target,
      finished: true,
      attempts: attempt.number,
    })
    await handlers[operation.kind].ended(scope, operation, { state: 'succeeded', target: completion.target })
  } else {
    const problems = [{ code: BY_HAND, message: completion.evidence }]
    await update(scope, id, { state: 'failed', problems, finished: true, attempts: attempt.number })
    await handlers[operation.kind].ended(scope, operation, { state: 'failed', problems })
  }
  return (await find(scope, id)) ?? operation
}
