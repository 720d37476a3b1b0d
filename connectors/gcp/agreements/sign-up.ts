/**
 * The token with which Google sends a buyer to the sign-up page: the issuer is pinned, and its keys are fetched from
 * the address that we know, never from the one in the token. It is good for five minutes.
 * Sources: Google's public sample of an integrated SaaS product and its guide on sign-up, read in 2026.
 */
import { z } from 'zod'
import { Fault } from '../../../src/core/fault.ts'
import { MINUTE_MS } from '../../../src/core/time.ts'
import type { Connection, Registration } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { createKeys, SIGN_UP_ISSUER } from '../webhooks/keys.ts'
import { readToken } from '../webhooks/tokens-in.ts'
import { lastOf } from '../wire/names.ts'

const order = z.union([z.string(), z.looseObject({ orderId: z.string() }), z.looseObject({ id: z.string() })])
// Where the orders stand is told in two ways, so both are read.
const claimsShape = z.looseObject({
  sub: z
    .string()
    .min(1)
    .regex(/^[\w.:-]+$/),
  orders: z.array(order).optional().catch(undefined),
  google: z
    .looseObject({ orders: z.array(order).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

export function createSignUp(gcp: Gcp) {
  const keys = createKeys(gcp)
  return async (connection: Connection, token: string): Promise<Registration> => {
    const audience = connection.settings.sign_up_audience
    if (!audience) throw new Fault('invalid', 'The connection names no sign_up_audience')
    const read = await readToken(gcp, keys, connection, token, {
      document: 'sign_up',
      issuers: [SIGN_UP_ISSUER],
      audience,
      life_ms: 5 * MINUTE_MS,
    })
    if (!read.ok) throw new Fault('invalid', `The registration token is refused: ${read.reason}`)
    const claims = claimsShape.safeParse(read.claims)
    if (!claims.success) throw new Fault('invalid', 'The registration token names no account')
    const orders = (claims.data.google?.orders ?? claims.data.orders ?? []).map(orderOf)
    return {
      buyer_account_id: claims.data.sub,
      product_code: null,
      license: null,
      // The order is the entitlement; with several the token does not say which one was meant.
      agreement_id: orders.length === 1 ? (orders[0] ?? null) : null,
      evidence: gcp.evidence({ field: 'x-gcp-marketplace-token' }, read.claims),
    }
  }
}

function orderOf(item: z.infer<typeof order>): string {
  if (typeof item === 'string') return lastOf(item)
  return lastOf(String('orderId' in item ? item.orderId : item.id))
}
