import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso, minute } from '../time.ts'
import { acceptOffer, endAgreement } from './acceptance.ts'
import { findAccount } from './control-accounts.ts'
import type { Agreement } from './model.ts'
import { product as findProduct, opaque, type World } from './world.ts'

// What the buyer does: accept an offer, register at the seller, cancel.

/** How long a buyer's registration token lives. */
const tokenLife = 30 * minute

const acceptSchema = z.strictObject({
  offer_id: z.string().min(1),
  configuration: z
    .strictObject({ selector: z.string(), dimensions: z.record(z.string(), z.int().min(0)) })
    .optional(),
})
const registerSchema = z.strictObject({ agreement_id: z.string().min(1), post: z.boolean().optional() })

function ownAgreement(world: World, buyer: string, id: string): Agreement {
  const found = world.agreements.get(id)
  if (found?.acceptor === buyer) return found
  throw new Refusal(
    404,
    'agreement_id',
    'names an agreement of this buyer',
    `The buyer ${buyer} has no agreement ${id}.`,
  )
}

/** Routes under `/buyers`. */
export function addBuyers(app: Hono, world: World): void {
  app.post('/buyers/:account/accept', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { offer_id, configuration } = acceptSchema.parse(await c.req.json())
    const agreement = acceptOffer(world, buyer.account_id, offer_id, configuration)
    world.store.commit()
    const { id: agreement_id, license_arn, status } = agreement
    return c.json({ agreement_id, license_arn, status, ends_at: iso(agreement.ends_at) }, 201)
  })
  app.post('/buyers/:account/cancel', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { agreement_id } = z.strictObject({ agreement_id: z.string() }).parse(await c.req.json())
    const agreement = ownAgreement(world, buyer.account_id, agreement_id)
    if (agreement.status !== 'ACTIVE') {
      throw new Refusal(409, 'agreement_id', 'is active', `The agreement is ${agreement.status} already.`)
    }
    endAgreement(world, agreement_id, 'CANCELLED')
    world.store.commit()
    return c.json({ agreement_id, status: 'CANCELLED' })
  })
  app.post('/buyers/:account/register', async (c) => {
    const buyer = findAccount(world, c.req.param('account'))
    const { agreement_id, post } = registerSchema.parse(await c.req.json())
    const agreement = ownAgreement(world, buyer.account_id, agreement_id)
    const registration_token = opaque(world, 48)
    world.tokens.put(registration_token, { agreement_id, expires_at: world.clock.now() + tokenLife })
    world.store.commit()
    const url = findProduct(world, agreement.product_id)?.delivery_options[0]?.FulfillmentUrl ?? ''
    const answer = post ? { answer: await visit(world, url, registration_token) } : {}
    return c.json({ registration_token, fulfillment_url: url, ...answer }, 201)
  })
}

/** The buyer's browser posts a form and is not led elsewhere. */
async function visit(world: World, url: string, token: string): Promise<object> {
  const form = new URLSearchParams({
    'x-amzn-marketplace-token': token,
    'x-amzn-marketplace-agreement-type': 'PurchaseAgreement',
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const timeout = AbortSignal.timeout(10_000)
  const request = new Request(url, {
    method: 'POST',
    headers,
    body: form.toString(),
    redirect: 'manual',
    signal: timeout,
  })
  try {
    const response = await world.fetch(request)
    const location = response.headers.get('location')
    const body = (await response.text()).slice(0, 4_000)
    return { status: response.status, ...(location === null ? {} : { location }), body }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
