import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso } from '../time.ts'
import { findProvider } from './control-accounts.ts'
import { GcpError } from './errors.ts'
import type { JsonObject, Provider, Reseller, ResellerPlan } from './model.ts'
import { findStandardOffer, privateOfferName } from './names.ts'
import { checkPublishable } from './offer-rules.ts'
import { offerShape } from './offer-shape.ts'
import { objectOf, productOf, targetOf, textOf } from './offer-values.ts'
import { newOffer, publish } from './private-offers.ts'
import { read } from './shape.ts'
import { customerOf, resellerOf, type World } from './world.ts'

// Private offer plans for resellers: made and answered by people in two portals, without any public API.

const planSchema = z.strictObject({
  account_id: z.string(),
  reseller: z.string(),
  standard_offer: z.string(),
  use: z.enum(['single', 'multiple']).default('single'),
  billing_account: z.string().optional(),
  starts_at: z.iso.datetime({ offset: true }).optional(),
  ends_at: z.iso.datetime({ offset: true }),
  discount_percent: z.string().regex(/^([0-9]{1,2}(\.\d{1,2})?|100)$/, 'A percentage such as "12.5".'),
})

function shown({ starts_at, ends_at, created_at, ...plan }: ResellerPlan): object {
  return { ...plan, starts_at: iso(starts_at), ends_at: iso(ends_at), created_at: iso(created_at) }
}

function findPlan(world: World, id: string): ResellerPlan {
  const found = world.plans.get(id)
  if (!found) throw new Refusal(404, 'id', 'names a plan', 'List them with GET /control/gcp/reseller-plans.')
  return found.ends_at <= world.clock.now() && /^(READY|PENDING)/.test(found.status)
    ? { ...found, status: 'EXPIRED' }
    : found
}

const moves: Record<string, { from: ResellerPlan['status'][]; to: ResellerPlan['status'] }> = {
  accept: { from: ['PENDING_ACCEPTANCE'], to: 'READY_TO_USE' },
  reject: { from: ['PENDING_ACCEPTANCE'], to: 'REJECTED' },
  cancel: { from: ['PENDING_ACCEPTANCE', 'READY_TO_USE'], to: 'CANCELED' },
}

/** Routes under `/reseller-plans` and `/resellers`. */
export function addResellers(app: Hono, world: World): void {
  app.get('/reseller-plans', (c) => c.json(world.plans.all().map((plan) => shown(findPlan(world, plan.id)))))
  app.post('/reseller-plans', async (c) => {
    const plan = newPlan(world, planSchema.parse(await c.req.json()))
    world.plans.put(plan.id, plan)
    world.store.commit()
    return c.json(shown(plan), 201)
  })
  app.post('/reseller-plans/:id/:move{accept|reject|cancel}', (c) => {
    const plan = findPlan(world, c.req.param('id'))
    const move = moves[c.req.param('move')]
    if (!move?.from.includes(plan.status)) {
      throw new Refusal(409, 'id', 'the plan waits for that', `The plan is ${plan.status}.`)
    }
    const changed = world.plans.put(plan.id, { ...plan, status: move.to })
    world.store.commit()
    return c.json(shown(changed))
  })
  app.post('/resellers/:account/offers', async (c) => {
    const reseller = resellerOf(world, c.req.param('account'))
    if (!reseller) throw new Refusal(404, 'account_id', 'names a reseller', 'Register the reseller first.')
    const body = offerSchema.parse(await c.req.json())
    const answer = resellerOffer(world, reseller, body.plan_id, body.offer as JsonObject)
    world.store.commit()
    return c.json(answer, 201)
  })
}

const offerSchema = z.strictObject({ plan_id: z.string(), offer: z.record(z.string(), z.unknown()) })

function newPlan(world: World, body: z.infer<typeof planSchema>): ResellerPlan {
  const provider = findProvider(world, body.account_id)
  const base = findStandardOffer(world, body.standard_offer)
  if (!base || base.listing.provider !== provider.account_id) {
    throw new Refusal(404, 'standard_offer', 'is an offer of the vendor', 'Use its whole resource name.')
  }
  if (!base.listing.reselling) {
    throw new Refusal(409, 'standard_offer', 'the product may be resold', 'Turn reselling on first.')
  }
  if (!resellerOf(world, body.reseller)) {
    throw new Refusal(404, 'reseller', 'names a reseller', `Register ${body.reseller} first.`)
  }
  if (body.use === 'single' && customerOf(world, body.billing_account ?? '')?.reseller !== body.reseller) {
    const fix = "A plan for single use names a customer whose billing account is the reseller's subaccount."
    throw new Refusal(422, 'billing_account', 'is a subaccount of the reseller', fix)
  }
  const now = world.clock.now()
  return {
    id: world.random.uuid(),
    provider: provider.account_id,
    reseller: body.reseller,
    service_name: base.listing.service_name,
    standard_offer: body.standard_offer,
    use: body.use,
    billing_account: body.billing_account,
    starts_at: body.starts_at === undefined ? now : Date.parse(body.starts_at),
    ends_at: Date.parse(body.ends_at),
    discount_percent: body.discount_percent,
    status: 'PENDING_ACCEPTANCE',
    created_at: now,
  }
}

/** The reseller makes and publishes its own offer from an accepted plan. */
function resellerOffer(world: World, reseller: Reseller, planId: string, offer: JsonObject): object {
  const plan = findPlan(world, planId)
  const now = world.clock.now()
  if (plan.reseller !== reseller.account_id || plan.status !== 'READY_TO_USE' || plan.starts_at > now) {
    throw new Refusal(409, 'plan_id', 'is a plan this reseller may use now', `The plan is ${plan.status}.`)
  }
  const provider = findProvider(world, plan.provider)
  try {
    return madeFrom(world, reseller, plan, provider, objectOf(read(offerShape, offer)))
  } catch (error) {
    if (!(error instanceof GcpError)) throw error
    const [first] = error.violations
    throw new Refusal(422, `offer.${first?.field ?? ''}`, error.code.toLowerCase(), error.message)
  }
}

function madeFrom(
  world: World,
  reseller: Reseller,
  plan: ResellerPlan,
  provider: Provider,
  content: JsonObject,
): object {
  const product = { ...objectOf(content.singleProductOffer), baseStandardOffer: plan.standard_offer }
  const draft = newOffer(world, provider, { offerDealType: 'NEW', ...content, singleProductOffer: product })
  const customer = customerOf(world, targetOf(draft))
  const target = targetOf(draft)
  if (
    customer?.reseller !== reseller.account_id ||
    (plan.use === 'single' && plan.billing_account !== target)
  ) {
    throw new Refusal(
      422,
      'offer.customer.target_billing_account',
      'is a subaccount of the plan',
      'Offer it to a customer of this reseller that the plan allows.',
    )
  }
  const now = world.clock.now()
  const agreement = { documentType: 'STANDARD_END_USER_LICENSE_AGREEMENT_V2' }
  const documents = [{ id: world.random.uuid(), created_at: now, updated_at: now, content: agreement }]
  const offer = { ...draft, documents, reseller: reseller.account_id, reseller_plan: plan.id }
  checkPublishable(world, provider, offer)
  const done = publish(world, offer)
  if (plan.use === 'single') world.plans.put(plan.id, { ...plan, status: 'USED' })
  return {
    name: privateOfferName(provider, done.id),
    state: done.state,
    plan_id: plan.id,
    base_standard_offer: textOf(productOf(done).baseStandardOffer),
  }
}
