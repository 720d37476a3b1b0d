import { z } from 'zod'
import { facet } from '../connections/index.ts'
import { Refusal } from '../core/problem.ts'
import {
  enqueue,
  failureSentence,
  findUnderWay,
  type Operation,
  type OperationHandler,
} from '../operations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { schedule } from '../work/index.ts'
import type { Connected } from './connected.ts'
import { holdOn } from './hold.ts'
import type { Agreement } from './model.ts'
import { find, hasSignedUp } from './store.ts'

/** The cloud activates the plan that the buyer is on; nothing else of it is ours to say. */
const shape = z.strictObject({ agreement_id: z.string(), buyer_account_id: z.string() })

/**
 * Asks the cloud to activate an agreement that waits for us, once its buyer has signed up: only then the buyer is
 * charged. Harmless to call again; nothing is asked twice.
 */
export async function activateWhenReady(
  scope: Scope,
  connected: Connected,
  agreement: Agreement,
): Promise<void> {
  if (!connected.activates || agreement.state !== 'pending') return
  const { connection_id, buyer_account_id, signed_up_at } = agreement
  const ready =
    signed_up_at !== null ||
    (connected.covers === 'buyer' && (await hasSignedUp(scope, connection_id, buyer_account_id)))
  if (ready) await ask(scope, agreement, `activate-${agreement.id}`)
}

/** Asks for it by hand: where the connection leaves it to people, or again after the cloud refused. */
export async function activate(scope: Scope, id: string): Promise<Operation> {
  const found = await find(scope, id)
  if (found === undefined) throw new Refusal('not-found', `There is no agreement ${id}.`)
  // Two people may press at once: the second is given the first one's operation.
  await holdOn(scope, found.connection_id, found.cloud_agreement_id)
  const agreement = (await find(scope, id)) ?? found
  if (agreement.state !== 'pending') {
    throw new Refusal(
      'conflict',
      `Agreement ${id} is ${agreement.state}: only a pending one can be activated.`,
    )
  }
  const under_way = await findUnderWay(scope, id, 'agreement.activate')
  return under_way ?? ask(scope, agreement, `activate-${id}-${scope.id('operation')}`)
}

async function ask(scope: Scope, agreement: Agreement, key: string): Promise<Operation> {
  const { connection_id, cloud_agreement_id: agreement_id, buyer_account_id } = agreement
  return enqueue(scope, {
    connection_id,
    kind: 'agreement.activate',
    subject_id: agreement.id,
    key,
    request: { agreement_id, buyer_account_id },
  })
}

/** How `agreement.activate` is sent, and what follows. */
export const activateHandler: OperationHandler = {
  makes: [],
  quota: { name: 'agreements', per_second: 4, burst: 20 },
  send: async ({ connector, connection }, operation) => {
    const { activate: tell } = facet(connector, 'agreements')
    if (tell === undefined) throw new Error(`${connector.cloud} activates by itself`)
    return tell(connection, { ...shape.parse(operation.request), plan: null, quantity: null }, operation.key)
  },
  ended: async (scope, operation, ending) => {
    const { subject_id, connection_id } = operation
    const { agreement_id } = shape.parse(operation.request)
    const failed = ending.state === 'failed'
    const sentence = failed
      ? failureSentence('activate the agreement', ending.problems)
      : 'The cloud was told that the seller is ready; the buyer is charged from now on.'
    const cloud_words = failed ? ending.problems : ending.target
    const kind = failed ? 'activation_failed' : 'activated'
    await timeline.record(scope, { subject_id, kind, sentence, cloud_words })
    const payload = { connection_id, agreement_id }
    await schedule(scope, { kind: 'agreements.read', key: operation.id, payload })
  },
}
