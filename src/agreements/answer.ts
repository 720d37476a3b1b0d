import { z } from 'zod'
import type { AgreementWish } from '../../connectors/connector.ts'
import { facet } from '../connections/index.ts'
import { plus, SECOND_MS } from '../core/time.ts'
import { enqueue, failureSentence, findByKey, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import type { Connected } from './connected.ts'
import { holdOn } from './hold.ts'
import { wishSchema } from './model.ts'
import { findOn } from './store.ts'

/** Azure takes silence for consent after ten seconds, so an answer goes before everything else that is due. */
const ANSWER_WITHIN_MS = 8 * SECOND_MS
/** When the cloud's own record is read again: a granted change takes its time there. */
const READ_AFTER_MS = 15 * SECOND_MS

const shape = z.strictObject({ wish: wishSchema, accept: z.boolean() })

/**
 * Answers what a buyer wishes as the connection's setting says, once per wish. An agreement that is not known yet is
 * answered for too: the cloud does not wait.
 */
export async function answerWish(scope: Scope, connected: Connected, wish: AgreementWish): Promise<void> {
  if (connected.answer === null) return
  // A message and a pull may tell of one wish at the same moment.
  await holdOn(scope, connected.id, wish.agreement_id)
  const key = `answer-${connected.id}-${wish.agreement_id}-${wish.wish_id}`
  if ((await findByKey(scope, key)) !== undefined) return
  const agreement = await findOn(scope, connected.id, wish.agreement_id)
  const subject_id = agreement?.id ?? connected.id
  await enqueue(scope, {
    connection_id: connected.id,
    kind: 'agreement.answer',
    subject_id,
    key,
    request: { wish, accept: connected.answer === 'accept' },
    deadline_at: plus(scope.now(), ANSWER_WITHIN_MS),
  })
  const sentence = `The buyer wishes for ${wishText(wish)}.`
  await timeline.record(scope, { subject_id, kind: 'change_wished', sentence, cloud_words: wish })
}

function wishText({ action, plan, quantity }: AgreementWish): string {
  return action === 'plan' ? `the plan "${plan ?? 'unknown'}"` : `a quantity of ${quantity ?? 'unknown'}`
}

/** How `agreement.answer` is sent, and what follows. */
export const answerHandler: OperationHandler = {
  makes: [],
  quota: { name: 'agreements', per_second: 4, burst: 20 },
  send: async ({ connector, connection }, operation) => {
    const { answer } = facet(connector, 'agreements')
    if (answer === undefined) throw new Error(`${connector.cloud} asks no seller`)
    const { wish, accept } = shape.parse(operation.request)
    return answer(connection, wish, accept, operation.key)
  },
  ended: async (scope, operation, ending) => {
    const { wish, accept } = shape.parse(operation.request)
    const { subject_id, connection_id } = operation
    const failed = ending.state === 'failed'
    const answered = accept ? 'granted' : 'declined'
    const sentence = failed
      ? failureSentence(`take the answer about ${wishText(wish)}`, ending.problems)
      : `The wish for ${wishText(wish)} was ${answered}.`
    const kind = failed ? 'answer_failed' : `change_${answered}`
    const cloud_words = failed ? ending.problems : ending.target
    await timeline.record(scope, { subject_id, kind, sentence, cloud_words })
    await schedule(scope, {
      kind: 'agreements.read',
      key: operation.id,
      payload: { connection_id, agreement_id: wish.agreement_id },
      due_at: plus(scope.now(), READ_AFTER_MS),
    })
  },
}
