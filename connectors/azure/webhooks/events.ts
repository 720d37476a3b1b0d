/**
 * What the marketplace's messages hint at. New fields and actions come without notice, so nothing is demanded of a
 * body but that it is an object. Source: Microsoft's page on the SaaS webhook, 2023 and later.
 */
import { z } from 'zod'
import type { AgreementWish, Hint } from '../../connector.ts'

const text = z.string().nullish().catch(null)
const shape = z.looseObject({
  id: text,
  subscriptionId: text,
  publisherId: text,
  offerId: text,
  planId: text,
  quantity: z.union([z.number(), z.string()]).nullish().catch(null),
  action: text,
  status: text,
  timeStamp: text,
  operationRequestSource: text,
  // An emulator of Microsoft's spells it so.
  operationRequestedSource: text,
})
export type Message = z.infer<typeof shape>

export function readMessage(body: string): Message | undefined {
  try {
    const read = shape.safeParse(JSON.parse(body))
    if (!read.success) return undefined
    const { subscription: _, ...message } = read.data
    return message
  } catch {
    return undefined
  }
}

/** Every message is about one subscription. A wish is told beside it, because Azure waits for an answer. */
export function hintsOf(message: Message): Hint[] {
  const agreement_id = message.subscriptionId
  if (!agreement_id)
    return [{ kind: 'nothing', reason: `The message "${message.action ?? ''}" names no subscription` }]
  const wish = wishOf(message, agreement_id)
  const changed: Hint = {
    kind: 'agreement_changed',
    agreement_id,
    license: null,
    product_id: message.offerId || null,
    product_code: null,
  }
  return wish === undefined ? [changed] : [{ kind: 'change_wished', wish }, changed]
}

/** Only what a customer asked for and is still open waits for us; our own changes come back as messages too. */
function wishOf(message: Message, agreement_id: string): AgreementWish | undefined {
  const source = message.operationRequestSource ?? message.operationRequestedSource
  if (!message.id || source === 'Partner') return undefined
  if (message.status !== 'InProgress' && message.status !== 'NotStarted') return undefined
  const shared = { agreement_id, wish_id: message.id }
  if (message.action === 'ChangePlan' && message.planId)
    return { ...shared, action: 'plan', plan: message.planId, quantity: null }
  const quantity = Number(message.quantity ?? Number.NaN)
  if (message.action === 'ChangeQuantity' && Number.isSafeInteger(quantity))
    return { ...shared, action: 'quantity', plan: null, quantity }
  return undefined
}
