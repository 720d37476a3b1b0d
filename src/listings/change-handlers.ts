// How changes of live listings are sent, asked after, and what follows from their endings.
import type { Listings } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import { Refusal } from '../core/problem.ts'
import { type Ending, failureSentence, type Operation, type OperationHandler } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import type { UpdateRequest, VisibilityRequest } from './change-listing.ts'
import { askForReading } from './held.ts'
import { toDraft } from './model.ts'
import { keepDraft, update } from './store.ts'

const quota = { name: 'catalog', per_second: 4, burst: 4 }

const check: NonNullable<OperationHandler['check']> = async ({ connector, connection }, _, reference) =>
  connections.facet(connector, 'listings').check(connection, reference)

function needed<M extends 'update' | 'setVisibility'>(listings: Listings, name: M): NonNullable<Listings[M]> {
  const method = listings[name]
  if (method === undefined)
    throw new Refusal('invalid-input', 'Listings of this cloud cannot be changed here.')
  return method
}

export const updateHandler: OperationHandler = {
  makes: [],
  quota,
  check,
  send: async ({ connector, connection }, { request, key }) => {
    const { at, before, after } = request as UpdateRequest
    const drafts = { before: toDraft(before), after: toDraft(after) }
    return needed(connections.facet(connector, 'listings'), 'update')(connection, at, drafts, key)
  },
  ended: async (scope, operation, ending) => {
    if (ending.state === 'failed') return refused(scope, operation, ending, 'change the listing')
    const subject_id = operation.subject_id
    await keepDraft(scope, subject_id, (operation.request as UpdateRequest).after)
    const sentence = 'The cloud shows the listing as it was asked for.'
    await timeline.record(scope, { subject_id, kind: 'changed', sentence, cloud_words: ending.target })
    await askForReading(scope, subject_id)
  },
}

export const visibilityHandler: OperationHandler = {
  makes: [],
  quota,
  check,
  send: async ({ connector, connection }, { request, key }) => {
    const { at, visibility, replacement_product_id } = request as VisibilityRequest
    const wanted = { visibility, replacement_product_id }
    return needed(connections.facet(connector, 'listings'), 'setVisibility')(connection, at, wanted, key)
  },
  ended: async (scope, operation, ending) => {
    const { visibility } = operation.request as VisibilityRequest
    if (ending.state === 'failed') return refused(scope, operation, ending, `make the listing ${visibility}`)
    const subject_id = operation.subject_id
    await update(scope, subject_id, { state: 'live', visibility, problems: [] })
    const sentence = `The listing is ${visibility} now.`
    await timeline.record(scope, { subject_id, kind: 'visibility', sentence, cloud_words: ending.target })
    await askForReading(scope, subject_id)
  },
}

/** The listing stays as it was. */
async function refused(
  scope: Scope,
  { subject_id }: Operation,
  { problems }: Extract<Ending, { state: 'failed' }>,
  what: string,
): Promise<void> {
  await update(scope, subject_id, { state: 'live', problems })
  const sentence = failureSentence(what, problems)
  await timeline.record(scope, { subject_id, kind: 'failed', sentence, cloud_words: problems })
  await askForReading(scope, subject_id)
}
