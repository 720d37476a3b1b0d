import { facet } from '../connections/index.ts'
import { Refusal } from '../core/problem.ts'
import { enqueue, failureSentence, findUnderWay, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import type { Authorization } from './model.ts'
import { find, holdAuthorization, update } from './store.ts'

type StoredRestriction = { authorization_id: string }

/** Takes a resale authorization back: no new offers can be made from it. Clouds do not undo this. */
export async function restrict(scope: Scope, id: string): Promise<Authorization> {
  await holdAuthorization(scope, { organisation_id: scope.organisation_id, id })
  const authorization = await find(scope, id)
  // One that the reseller declined stands at the cloud all the same.
  const stands = authorization.state === 'active' || authorization.state === 'declined'
  if (!stands || authorization.cloud_authorization_id === null) {
    throw new Refusal(
      'conflict',
      `Resale authorization ${id} is ${authorization.state}: only an active or a declined one can be taken back.`,
    )
  }
  const earlier = await findUnderWay(scope, id, 'authorization.restrict')
  if (earlier !== undefined)
    throw new Refusal('conflict', `Resale authorization ${id} is being taken back already by ${earlier.id}.`)
  const request: StoredRestriction = { authorization_id: authorization.cloud_authorization_id }
  await enqueue(scope, {
    connection_id: authorization.connection_id,
    kind: 'authorization.restrict',
    subject_id: id,
    key: `restriction-${scope.id('operation')}`,
    request,
  })
  await timeline.record(scope, {
    subject_id: id,
    kind: 'asked',
    sentence: 'Asked the cloud to take the authorization back.',
  })
  return authorization
}

export const restrictHandler: OperationHandler = {
  makes: [],
  quota: { name: 'catalog', per_second: 4, burst: 4 },
  send: async ({ connector, connection }, operation) =>
    facet(connector, 'syndication').restrict(
      connection,
      (operation.request as StoredRestriction).authorization_id,
      operation.key,
    ),
  check: async ({ connector, connection }, _, reference) =>
    facet(connector, 'syndication').check(connection, reference),
  ended: async (scope, operation, ending) => {
    const subject_id = operation.subject_id
    if (ending.state === 'failed') {
      await update(scope, subject_id, { problems: ending.problems })
      const sentence = failureSentence('take the authorization back', ending.problems)
      await timeline.record(scope, {
        subject_id,
        kind: 'restriction_failed',
        sentence,
        cloud_words: ending.problems,
      })
      return
    }
    await update(scope, subject_id, { state: 'restricted', problems: [] })
    await timeline.record(scope, {
      subject_id,
      kind: 'restricted',
      sentence: 'The authorization is taken back.',
    })
  },
}
