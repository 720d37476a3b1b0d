import { z } from 'zod'
import { facet } from '../connections/index.ts'
import { failureSentence, type OperationHandler } from '../operations/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import { nameOf, type RequestState, stateOf, storedRequest, toRequest } from './model.ts'

const quota = { name: 'agreements', per_second: 4, burst: 20 }

/** How `agreement.request` is sent and asked after, and what follows when it is decided. */
export const requestHandler: OperationHandler = {
  makes: [],
  quota,
  send: async ({ connector, connection }, operation) =>
    facet(connector, 'requests').send(connection, toRequest(operation.request), operation.key),
  check: async ({ connector, connection }, _, reference) =>
    facet(connector, 'requests').check(connection, reference),
  ended: async (scope, operation, ending) => {
    const { subject_id, connection_id } = operation
    const { agreement_id, asked } = storedRequest.parse(operation.request)
    const problems = ending.state === 'failed' ? ending.problems : []
    const state = stateOf({ state: ending.state, problems })
    const what = nameOf(asked)
    const sentence = state === 'refused' ? failureSentence(what, problems) : sentences[state](what)
    const cloud_words = ending.state === 'failed' ? problems : ending.target
    await timeline.record(scope, { subject_id, kind: `request_${state}`, sentence, cloud_words })
    // What was granted changed the agreement: its own record says how.
    const payload = { connection_id, agreement_id }
    await schedule(scope, { kind: 'agreements.read', key: operation.id, payload })
  },
}

const sentences: Record<Exclude<RequestState, 'refused'>, (what: string) => string> = {
  asked: (what) => `The request to ${what} waits for its answer.`,
  granted: (what) => `The request to ${what} was granted.`,
  declined: (what) => `The request to ${what} was declined.`,
  withdrawn: (what) => `The request to ${what} was taken back.`,
}

const withdrawal = z.strictObject({ request_id: z.string(), reference: z.string(), words: z.string() })

/** How `agreement.withdraw` is sent; the request itself then learns that it was taken back. */
export const withdrawHandler: OperationHandler = {
  makes: [],
  quota,
  send: async ({ connector, connection }, operation) => {
    const { reference, words } = withdrawal.parse(operation.request)
    return facet(connector, 'requests').withdraw(connection, reference, words, operation.key)
  },
  ended: async (scope, operation, ending) => {
    const { request_id } = withdrawal.parse(operation.request)
    if (ending.state === 'failed') {
      const sentence = failureSentence('forget the request', ending.problems)
      const { subject_id } = operation
      await timeline.record(scope, {
        subject_id,
        kind: 'withdrawal_failed',
        sentence,
        cloud_words: ending.problems,
      })
    }
    await schedule(scope, { kind: 'operation.check', key: request_id })
  },
}
