/**
 * The SNS topics of one product that AWS had before EventBridge: a bare action about a customer. It names no agreement;
 * which ones it is about is found by the entitlements of the customer. Source: the seller guide's page on SNS, 2023.
 */
import { z } from 'zod'
import type { Hint } from '../../connector.ts'

const shape = z.looseObject({
  action: z.string(),
  'customer-identifier': z.string().min(1),
  'product-code': z.string().min(1),
  'offer-identifier': z.string().min(1).nullish().catch(null),
})

const TOPIC = /:aws-mp-(?:subscription|entitlement)-notification-([\w-]+)$/

/** The product whose topic it is; undefined for any other topic. */
export function productOfTopic(topic: string): string | undefined {
  return TOPIC.exec(topic)?.[1]
}

/** What such a message hints at, or why it is none. */
export function hintOfTopic(product_code: string, body: unknown): { action: string; hint: Hint } | string {
  const read = shape.safeParse(body)
  if (!read.success) return 'The message names no customer and product'
  if (read.data['product-code'] !== product_code) return 'The message is about another product than its topic'
  const { action, 'customer-identifier': customer, 'offer-identifier': offer_id } = read.data
  return { action, hint: { kind: 'customer_changed', customer, product_code, offer_id: offer_id ?? null } }
}
