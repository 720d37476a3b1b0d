import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { alphanumeric } from '../random.ts'
import { iso } from '../time.ts'
import { findAccount } from './control-accounts.ts'
import type { PrivateOffer, Subscription } from './model.ts'
import { acceptanceProblem } from './offers.ts'
import { connectionOf } from './subscription-view.ts'
import { landingTokenLife, plansOf, purchase, quote } from './subscriptions.ts'
import { externalId, type World } from './world.ts'

// How a customer begins: accept a private offer, subscribe, visit the landing page.

const term = z.strictObject({ type: z.enum(['month', 'year']), value: z.int().min(1).max(5) })
const subscribeSchema = z.strictObject({
  private_offer_id: z.string().optional(),
  product_id: z.string().optional(),
  offer_id: z.string().optional(),
  plan_id: z.string().optional(),
  term: term.optional(),
  quantity: z.int().min(1).optional(),
  name: z.string().min(1).default('A subscription'),
  post: z.boolean().optional(),
})

/** Why a customer cannot do that. */
export function problem(status: number, field: string, rule: string, fix: string): Refusal {
  return new Refusal(status, field, rule, fix)
}

function offerFor(world: World, customer: string, given: string): PrivateOffer {
  const id = given.startsWith('private-offer/') ? given : `private-offer/${given}`
  const offer = world.private_offers.get(id)
  if (offer?.customer === customer) return offer
  throw problem(
    404,
    'private_offer_id',
    'names a private offer for this customer',
    `There is no ${id} for ${customer}.`,
  )
}

/** A subscription this customer has. */
export function ownSubscription(world: World, customer: string, id: string): Subscription {
  const found = world.subscriptions.get(id)
  if (found?.customer === customer) return found
  throw problem(404, 'subscription_id', 'names a subscription of this customer', `${customer} has no ${id}.`)
}

function subscribe(world: World, customer: string, body: z.infer<typeof subscribeSchema>): Subscription {
  const offer =
    body.private_offer_id === undefined ? undefined : offerFor(world, customer, body.private_offer_id)
  if (offer && offer.sub_state !== 'accepted') {
    throw problem(409, 'private_offer_id', 'is accepted', 'Accept the private offer before subscribing.')
  }
  const sold = offer ? plansOf(world, offer)[0] : undefined
  const given = body.product_id?.replace(/^product\//, '')
  const named = world.resources
    .all()
    .find((item) => item.type === 'product' && item.live && externalId(item.live) === body.offer_id)?.product
  const product = given ?? named ?? sold?.product ?? ''
  const plan_id = body.plan_id ?? sold?.plan_id ?? ''
  if (!world.resources.get(`product/${product}`)?.live) {
    throw problem(
      404,
      'product_id',
      'names a live product',
      'Give product_id, offer_id (external) or private_offer_id.',
    )
  }
  const terms = quote(world, { customer, product, plan_id, term: body.term, offer })
  if (!terms)
    throw problem(
      422,
      'plan_id',
      'is a live plan with this term',
      `There is no such plan: ${plan_id || '(none given)'}.`,
    )
  if (terms.mode === 'perUser' && body.quantity === undefined) {
    throw problem(422, 'quantity', 'is given for a plan with seats', 'Say how many seats.')
  }
  const quantity = terms.mode === 'perUser' ? body.quantity : undefined
  return purchase(world, { customer, product, plan_id, quantity, offer }, terms, body.name)
}

/** Base64 with its special characters, so that a landing page that forgets to decode is found out. */
function landing(world: World, subscription: Subscription) {
  const token = `${world.random.text(20, alphanumeric)}+${world.random.text(20, alphanumeric)}/${world.random.text(20, alphanumeric)}==`
  world.landing_tokens.put(token, {
    subscription_id: subscription.id,
    expires_at: world.clock.now() + landingTokenLife,
  })
  const page = connectionOf(world, subscription.product).landing_page
  const url = `${page}${page.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`
  return { token, url }
}

async function visit(world: World, url: string): Promise<object> {
  try {
    const response = await world.fetch(
      new Request(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }),
    )
    const location = response.headers.get('location')
    const body = (await response.text()).slice(0, 4_000)
    return { status: response.status, ...(location === null ? {} : { location }), body }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

async function shown(world: World, subscription: Subscription, post: boolean | undefined): Promise<object> {
  const { token, url } = landing(world, subscription)
  world.store.commit()
  const answer = post ? { answer: await visit(world, url) } : {}
  return {
    subscription_id: subscription.id,
    status: subscription.status,
    offer_id: subscription.offer_id,
    plan_id: subscription.plan_id,
    ...(subscription.quantity === undefined ? {} : { quantity: subscription.quantity }),
    token,
    landing_page_url: url,
    ...answer,
  }
}

/** Routes under `/customers` that begin a subscription. */
export function addCustomers(app: Hono, world: World): void {
  app.post('/customers/:account/accept', async (c) => {
    const customer = findAccount(world, c.req.param('account')).account_id
    const { private_offer_id } = z.strictObject({ private_offer_id: z.string() }).parse(await c.req.json())
    const offer = offerFor(world, customer, private_offer_id)
    const wrong = acceptanceProblem(world, offer)
    if (wrong) throw problem(409, 'private_offer_id', 'can be accepted', wrong)
    const accepted_at = world.clock.now()
    world.private_offers.put(offer.id, {
      ...offer,
      sub_state: 'accepted',
      accepted_at,
      changed_at: accepted_at,
    })
    world.store.commit()
    return c.json(
      {
        private_offer_id: offer.id,
        sub_state: 'accepted',
        accepted_at: iso(accepted_at),
        plans: plansOf(world, offer),
      },
      201,
    )
  })
  app.post('/customers/:account/subscribe', async (c) => {
    const customer = findAccount(world, c.req.param('account')).account_id
    const body = subscribeSchema.parse(await c.req.json())
    return c.json(await shown(world, subscribe(world, customer, body), body.post), 201)
  })
  app.post('/customers/:account/visit', async (c) => {
    const customer = findAccount(world, c.req.param('account')).account_id
    const schema = z.strictObject({ subscription_id: z.string(), post: z.boolean().optional() })
    const { subscription_id, post } = schema.parse(await c.req.json())
    return c.json(await shown(world, ownSubscription(world, customer, subscription_id), post), 201)
  })
}
