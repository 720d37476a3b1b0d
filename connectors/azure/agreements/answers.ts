/** What the seller says to Azure about a subscription: that it is ready, and whether a customer's wish is granted. */
import { z } from 'zod'
import type { Activation, AgreementWish, Change, Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { isFaultOf, shaped } from '../faults.ts'
import { failed } from '../selling/draft-offer.ts'
import { problem } from '../selling/prices.ts'
import { withoutPeople } from './map-agreements.ts'
import { FULFILMENT_VERSION, readSubscription } from './subscriptions.ts'

const text = z.string().nullish().catch(null)
const operationShape = z.looseObject({
  id: z.string(),
  subscriptionId: text,
  action: text,
  status: text,
  planId: text,
  quantity: z.union([z.number(), z.string()]).nullish().catch(null),
  operationRequestSource: text,
  // An emulator of Microsoft's spells it so.
  operationRequestedSource: text,
})
type Operation = z.infer<typeof operationShape>

/** Only now the customer is charged. A subscription that is active already needs nothing more. */
export async function activate(azure: Azure, connection: Connection, agreement: Activation): Promise<Change> {
  const { agreement_id } = agreement
  const before = await readSubscription(azure, connection, agreement_id)
  const evidence = azure.evidence({ agreement_id }, withoutPeople(before))
  if (before.saasSubscriptionStatus === 'Subscribed')
    return { status: 'succeeded', target: { agreement_id }, evidence }
  if (before.saasSubscriptionStatus === 'Suspended' || before.saasSubscriptionStatus === 'Unsubscribed') {
    const plain = `The subscription is ${before.saasSubscriptionStatus}: there is nothing to activate.`
    return failed([problem('NOT_PENDING', 'agreement_id', plain)], evidence)
  }
  const quantity = agreement.quantity ?? before.quantity ?? null
  const body = {
    planId: agreement.plan ?? before.planId,
    ...(quantity === null || quantity === '' ? {} : { quantity: Number(quantity) }),
  }
  const reply = await azure.call(connection, 'fulfilment', {
    call: 'Activate',
    method: 'POST',
    path: path('saas', 'subscriptions', agreement_id, 'activate'),
    query: FULFILMENT_VERSION,
    body,
  })
  return { status: 'succeeded', target: { agreement_id }, evidence: azure.evidence(body, reply.body) }
}

/**
 * Answers a customer's wish, after Azure itself has confirmed that it was asked: a webhook's body is not signed. Azure
 * takes silence for consent after ten seconds.
 */
export async function answerWish(
  azure: Azure,
  connection: Connection,
  wish: AgreementWish,
  accept: boolean,
): Promise<Change> {
  const place = path('saas', 'subscriptions', wish.agreement_id, 'operations', wish.wish_id)
  const asked = await readOperation(azure, connection, place)
  if (asked === undefined) {
    const plain = 'Azure knows of no such wish. Nobody asked for this.'
    return failed([problem('NOT_ASKED', 'wish_id', plain)])
  }
  const { operation, body } = asked
  const evidence = azure.evidence({ wish_id: wish.wish_id, accept }, body)
  const target = { agreement_id: wish.agreement_id, wish_id: wish.wish_id }
  const different = differenceOf(operation, wish)
  if (different !== undefined)
    return failed([problem('NOT_ASKED', different, 'Azure says that something else is asked for.')], evidence)
  const standing = fromAzureOperationStatus(operation.status)
  if (standing === 'done' || standing === 'refused') {
    if (accept === (standing === 'done')) return { status: 'succeeded', target, evidence }
    const plain = `It is decided already: ${operation.status}.`
    return failed([problem('DECIDED', 'wish_id', plain)], evidence)
  }
  const sent = { status: accept ? 'Success' : 'Failure' }
  try {
    const reply = await azure.call(connection, 'fulfilment', {
      call: 'UpdateOperation',
      method: 'PATCH',
      path: place,
      query: FULFILMENT_VERSION,
      body: sent,
    })
    return { status: 'succeeded', target, evidence: azure.evidence(sent, reply.body ?? body) }
  } catch (error) {
    if (!isFaultOf(error, 'conflict')) throw error
    const plain = 'A newer change was made before the answer came.'
    return failed([problem('OVERTAKEN', 'wish_id', plain)], azure.evidence(sent, error.evidence))
  }
}

async function readOperation(
  azure: Azure,
  connection: Connection,
  place: string,
): Promise<{ operation: Operation; body: unknown } | undefined> {
  try {
    const { body } = await azure.call(connection, 'fulfilment', {
      call: 'GetOperation',
      path: place,
      query: FULFILMENT_VERSION,
    })
    return { operation: shaped(operationShape, body, 'GetOperation'), body }
  } catch (error) {
    // Ids that are not known are answered 400 by the service, not only 404.
    if (isFaultOf(error, 'not_found', 'invalid')) return undefined
    throw error
  }
}

const actions = { plan: 'ChangePlan', quantity: 'ChangeQuantity' } as const

/** Where Azure's own record of a wish is not what we were told; undefined when they agree. */
function differenceOf(operation: Operation, wish: AgreementWish): string | undefined {
  if ((operation.operationRequestSource ?? operation.operationRequestedSource) === 'Partner') return 'wish_id'
  if (operation.subscriptionId && operation.subscriptionId !== wish.agreement_id) return 'agreement_id'
  if (operation.action !== actions[wish.action]) return 'action'
  if (wish.action === 'plan' && operation.planId !== wish.plan) return 'plan'
  if (wish.action === 'quantity' && Number(operation.quantity) !== wish.quantity) return 'quantity'
  return undefined
}

function fromAzureOperationStatus(
  status: string | null | undefined,
): 'open' | 'done' | 'refused' | 'unknown' {
  switch (status) {
    case 'NotStarted':
    case 'InProgress':
      return 'open'
    case 'Succeeded':
      return 'done'
    case 'Failed':
    case 'Conflict':
      return 'refused'
    default:
      return 'unknown'
  }
}
