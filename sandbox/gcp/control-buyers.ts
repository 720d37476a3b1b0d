import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { findCustomer } from './control-accounts.ts'
import { change, requestCancellation, revertCancellation } from './entitlements.ts'
import { marketplaceIssuer, signedBy } from './keys.ts'
import type { Customer, Entitlement, Listing, Purchase } from './model.ts'
import { standardOffers } from './names.ts'
import { entitlementJson } from './procurement-shapes.ts'
import { acceptPrivateOffer, buyPlan, requestChange } from './purchases.ts'
import type { World } from './world.ts'

// What a billing administrator does in the console: buy, sign up, change the plan, cancel.

/** How long a sign-up token lives, in seconds of wall time. */
const tokenLife = 300

const plan = { service_name: z.string(), plan: z.string(), months: z.int().min(1).max(84).optional() }
const acceptSchema = z.union([
  z.strictObject({ offer: z.string().min(1), auto_renew: z.boolean().optional() }),
  z.strictObject({ ...plan, auto_renew: z.boolean().optional() }),
])
const order = { entitlement_id: z.string().min(1) }
const registerSchema = z.strictObject({ ...order, post: z.boolean().optional(), url: z.url().optional() })
const cancelSchema = z.strictObject({ ...order, immediately: z.boolean().default(false) })
const changeSchema = z.strictObject({ ...order, plan: plan.plan, months: plan.months })

function ownOrder(world: World, customer: Customer, id: string): Entitlement {
  const found = world.entitlements.get(id)
  if (found?.billing_account === customer.account_id) return found
  const fix = `The billing account ${customer.account_id} has no order ${id}.`
  throw new Refusal(404, 'entitlement_id', 'names an order of this buyer', fix)
}

function listingOf(world: World, service: string): Listing {
  const found = world.listings.get(service)
  if (!found) throw new Refusal(404, 'service_name', 'names a listing', `There is no listing ${service}.`)
  return found
}

function purchaseOf(listing: Listing, wanted: string, months: number | undefined): Purchase {
  const found = standardOffers(listing).find(
    (offer) => offer.plan.plan === wanted && (months === undefined || offer.months === months),
  )
  if (!found) {
    const known = standardOffers(listing).map(({ id }) => id)
    throw new Refusal(404, 'plan', 'is a plan of the listing', `Use one of ${known.join(', ')}.`)
  }
  return { plan: found.plan.plan, months: found.months }
}

function shown(world: World, id: string): object {
  const found = world.entitlements.get(id)
  if (!found) return {}
  return {
    entitlement_id: found.id,
    account: found.account,
    provider: found.provider,
    state: found.state,
    entitlement: entitlementJson(world, found),
  }
}

/** Routes under `/buyers`. */
export function addBuyers(app: Hono, world: World): void {
  app.post('/buyers/:account/accept', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const body = acceptSchema.parse(await c.req.json())
    const bought =
      'offer' in body ? acceptPrivateOffer(world, customer, body.offer) : buy(world, customer, body)
    if (body.auto_renew !== undefined) {
      world.entitlements.put(bought.id, { ...bought, auto_renew: body.auto_renew })
    }
    world.store.commit()
    return c.json(shown(world, bought.id), 201)
  })
  app.post('/buyers/:account/change-plan', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const body = changeSchema.parse(await c.req.json())
    const entitlement = ownOrder(world, customer, body.entitlement_id)
    const listing = listingOf(world, entitlement.service_name)
    requestChange(world, listing, entitlement, purchaseOf(listing, body.plan, body.months))
    world.store.commit()
    return c.json(shown(world, entitlement.id))
  })
  addEndings(app, world)
  addRegister(app, world)
}

function buy(
  world: World,
  customer: Customer,
  body: { service_name: string; plan: string; months?: number | undefined },
): Entitlement {
  const listing = listingOf(world, body.service_name)
  return buyPlan(world, customer, listing, purchaseOf(listing, body.plan, body.months))
}

function addEndings(app: Hono, world: World): void {
  app.post('/buyers/:account/cancel', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const body = cancelSchema.parse(await c.req.json())
    const entitlement = ownOrder(world, customer, body.entitlement_id)
    if (/(CANCELLED|PENDING_CANCELLATION)$/.test(entitlement.state) && !body.immediately) {
      throw new Refusal(409, 'entitlement_id', 'is not cancelled yet', `The order is ${entitlement.state}.`)
    }
    if (entitlement.state === 'ENTITLEMENT_CANCELLED') {
      throw new Refusal(409, 'entitlement_id', 'is not cancelled yet', 'The order is cancelled.')
    }
    requestCancellation(world, entitlement, body.immediately)
    world.store.commit()
    return c.json(shown(world, entitlement.id))
  })
  app.post('/buyers/:account/keep', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const body = z.strictObject(order).parse(await c.req.json())
    const entitlement = ownOrder(world, customer, body.entitlement_id)
    if (entitlement.state !== 'ENTITLEMENT_PENDING_CANCELLATION') {
      throw new Refusal(409, 'entitlement_id', 'waits for its end', `The order is ${entitlement.state}.`)
    }
    revertCancellation(world, entitlement)
    world.store.commit()
    return c.json(shown(world, entitlement.id))
  })
  app.post('/buyers/:account/renewal', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const body = z.strictObject({ ...order, auto_renew: z.boolean() }).parse(await c.req.json())
    const entitlement = ownOrder(world, customer, body.entitlement_id)
    change(world, entitlement, { auto_renew: body.auto_renew })
    world.store.commit()
    return c.json(shown(world, entitlement.id))
  })
}

function addRegister(app: Hono, world: World): void {
  app.post('/buyers/:account/register', async (c) => {
    const customer = findCustomer(world, c.req.param('account'))
    const { entitlement_id, post, url } = registerSchema.parse(await c.req.json())
    const entitlement = ownOrder(world, customer, entitlement_id)
    const listing = listingOf(world, entitlement.service_name)
    const token = signUpToken(world, listing, entitlement)
    world.store.commit()
    const signup_url = url ?? listing.signup_url
    const answer = post ? { answer: await visit(world, signup_url, token) } : {}
    return c.json({ 'x-gcp-marketplace-token': token, signup_url, ...answer }, 201)
  })
}

function signUpToken(world: World, listing: Listing, entitlement: Entitlement): string {
  const iat = Math.floor(world.wall() / 1_000)
  return signedBy(world, 'marketplace', {
    iss: marketplaceIssuer,
    iat,
    exp: iat + tokenLife,
    aud: listing.domain,
    sub: entitlement.account,
    google: {
      user_identity: world.random.text(21, '0123456789'),
      roles: ['GCP_BILLING_ADMIN'],
      orders: [entitlement.id],
    },
  })
}

/** The buyer's browser posts the form and is not led elsewhere. */
async function visit(world: World, url: string, token: string): Promise<object> {
  const request = new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ 'x-gcp-marketplace-token': token }).toString(),
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
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
