import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { uppercase } from '../random.ts'
import { findProvider } from './control-accounts.ts'
import type { Listing } from './model.ts'
import { serviceNameOf, standardOffers } from './names.ts'
import { providerOf, type World } from './world.ts'

// What a person does in the Producer Portal: no public API makes or changes a product.

const price = z.string().regex(/^\d{1,12}(\.\d{1,9})?$/, 'A price is a decimal such as "0.0025".')
const name = z.string().regex(/^[a-z0-9][a-z0-9_./-]{0,60}$/i)

const switches = {
  title: z.string().min(1),
  signup_url: z.url(),
  automatic_offer_approval: z.boolean(),
  multiple_orders: z.boolean(),
  reselling: z.boolean(),
  review_minutes: z.int().min(0).max(20_000),
}
const listingSchema = z.strictObject({
  account_id: z.string(),
  service_name: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,120}$/),
  title: switches.title,
  product_external_name: z.string().min(1).optional(),
  domain: z.string().min(1).optional(),
  signup_url: switches.signup_url,
  automatic_offer_approval: switches.automatic_offer_approval.default(false),
  multiple_orders: switches.multiple_orders.default(false),
  reselling: switches.reselling.default(true),
  review_minutes: switches.review_minutes.default(0),
  metrics: z
    .array(z.strictObject({ name, value_type: z.enum(['INT64', 'DOUBLE']), unit: z.string(), price }))
    .default([]),
  plans: z
    .array(
      z.strictObject({
        plan: name,
        title: z.string().min(1),
        monthly_fee: price.optional(),
        months: z.array(z.int().min(1).max(84)).default([]),
        usage: z.boolean().default(false),
      }),
    )
    .min(1),
})
const patchSchema = z.strictObject(switches).partial()

function shown(world: World, listing: Listing): object {
  const provider = providerOf(world, listing.provider)
  const service = provider ? serviceNameOf(provider, listing.service_name) : ''
  const offers = standardOffers(listing).map(({ id }) => `${service}/standardOffers/${id}`)
  return { ...listing, service, standard_offers: offers }
}

/** Routes under `/listings`. */
export function addListings(app: Hono, world: World): void {
  app.post('/listings', async (c) => {
    const body = listingSchema.parse(await c.req.json())
    const provider = findProvider(world, body.account_id)
    const known = world.listings.get(body.service_name)
    if (known) {
      if (known.provider === provider.account_id && known.title === body.title) {
        return c.json(shown(world, known), 200)
      }
      throw new Refusal(
        409,
        'service_name',
        'is taken once',
        'Use another service name, or PATCH this listing.',
      )
    }
    const listing = newListing(world, body)
    world.listings.put(listing.service_name, listing)
    world.store.commit()
    return c.json(shown(world, listing), 201)
  })
  app.get('/listings', (c) => c.json(world.listings.all().map((listing) => shown(world, listing))))
  app.patch('/listings/:service', async (c) => {
    const listing = world.listings.get(c.req.param('service'))
    if (!listing) throw new Refusal(404, 'service_name', 'names a listing', 'Create it first.')
    const body = patchSchema.parse(await c.req.json())
    const changed = world.listings.put(listing.service_name, { ...listing, ...body } as Listing)
    world.store.commit()
    return c.json(shown(world, changed))
  })
}

function newListing(world: World, body: z.infer<typeof listingSchema>): Listing {
  const sku = () => ['', '', ''].map(() => world.random.text(4, uppercase)).join('-')
  const { account_id, product_external_name, domain, ...rest } = body
  const unpriced = body.plans.find((plan) => plan.monthly_fee === undefined && !plan.usage)
  if (unpriced) {
    throw new Refusal(422, 'plans', 'every plan has a price', `Give ${unpriced.plan} a monthly_fee or usage.`)
  }
  return {
    ...rest,
    provider: account_id,
    product_external_name: product_external_name ?? body.service_name,
    solution_id: body.service_name.split('.')[0] ?? body.service_name,
    domain: domain ?? new URL(body.signup_url).host,
    metrics: body.metrics.map((metric) => ({ ...metric, sku: sku() })),
    plans: body.plans.map((plan) => ({
      ...plan,
      // A subscription has a term; a plan that is usage only has none.
      months: plan.monthly_fee === undefined ? [] : plan.months.length > 0 ? plan.months : [1],
      fee_sku: sku(),
    })),
    created_at: world.clock.now(),
  }
}
