// What a cloud refused that was asked about agreements, as Home tells it.
import * as agreements from '../agreements/index.ts'
import { DAY_MS, plus } from '../core/time.ts'
import { type Need, type Needs, needsOf } from '../home/model.ts'
import { failureSentence, findBySubject, findRefused, type Operation } from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import { nameOf, stateOf, storedRequest } from './model.ts'

/** How long a refusal is told of that nobody made good. */
const REFUSED_MS = 30 * DAY_MS

/** Requests and activations that a cloud refused and that were not asked for again since, for agreements that stand. */
export async function requestNeeds(scope: Scope, limit: number): Promise<Needs> {
  const kinds = ['agreement.request', 'agreement.activate'] as const
  const refused = (await findRefused(scope, kinds, plus(scope.now(), -REFUSED_MS))).filter(
    // A buyer who declines has answered: nothing is wrong.
    (operation) => stateOf(operation) === 'refused',
  )
  const known = await agreements.findMany(
    scope,
    refused.map(({ subject_id }) => subject_id),
  )
  const names = await agreements.namesOf(scope, known.values())
  const needs: Need[] = []
  for (const operation of refused) {
    const { id, subject_id, kind, finished_at, updated_at } = operation
    const agreement = known.get(subject_id)
    if (agreement === undefined || (agreement.state !== 'active' && agreement.state !== 'pending')) continue
    const later = (await findBySubject(scope, subject_id, kind)).filter((one) => one.id > id)
    if (later.some((one) => topicOf(one) === topicOf(operation))) continue
    const name = names.get(subject_id) ?? agreement.buyer_account_id
    needs.push({
      subject_id,
      sentence: `About "${name}": ${failureSentence(wishOf(operation), operation.problems)}`,
      money: null,
      deadline_at: null,
      since: finished_at ?? updated_at,
    })
  }
  return needsOf(needs, limit)
}

/** What a later request is about as well: another refund of the same invoice, another wish to end it. */
function topicOf({ kind, request }: Operation): string {
  if (kind !== 'agreement.request') return kind
  const { asked } = storedRequest.parse(request)
  return asked.kind === 'refund' ? `refund ${asked.invoice_id}` : asked.kind
}

const wishOf = ({ kind, request }: Operation) =>
  kind === 'agreement.request' ? nameOf(storedRequest.parse(request).asked) : 'activate the agreement'
