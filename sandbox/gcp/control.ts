import { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso } from '../time.ts'
import { addAccounts, findProvider } from './control-accounts.ts'
import { addBuyers } from './control-buyers.ts'
import { addListings } from './control-listings.ts'
import { addReads } from './control-reads.ts'
import { addResellers } from './control-resellers.ts'
import { attempt } from './pubsub.ts'
import { topicOf } from './subscriptions.ts'
import { meteringSettings, type World } from './world.ts'

/** The Google part of the control API. */
export function gcpControl(world: World): Hono {
  const app = new Hono()
  addAccounts(app, world)
  addListings(app, world)
  addResellers(app, world)
  addBuyers(app, world)
  addEvents(app, world)
  addMetering(app, world)
  addReads(app, world)
  return app
}

export const gcpRoutes = [
  'GET|POST /control/gcp/accounts',
  'PATCH /control/gcp/accounts/{account_id}',
  'GET|POST /control/gcp/listings',
  'PATCH /control/gcp/listings/{service_name}',
  'GET|POST /control/gcp/reseller-plans',
  'POST /control/gcp/reseller-plans/{id}/accept|reject|cancel',
  'POST /control/gcp/resellers/{account_id}/offers',
  'POST /control/gcp/buyers/{account_id}/accept',
  'POST /control/gcp/buyers/{account_id}/change-plan',
  'POST /control/gcp/buyers/{account_id}/register',
  'POST /control/gcp/buyers/{account_id}/cancel',
  'POST /control/gcp/buyers/{account_id}/keep',
  'POST /control/gcp/buyers/{account_id}/renewal',
  'GET|POST /control/gcp/event-destinations',
  'GET /control/gcp/events',
  'POST /control/gcp/events/{id}/deliver',
  'GET|POST /control/gcp/metering',
  'GET /control/gcp/accepted',
  'GET /control/gcp/charges',
  'GET /control/gcp/payouts',
  'GET /control/gcp/reports',
  'GET /control/gcp/reports/{id}.csv',
]

const destinationSchema = z.strictObject({
  account_id: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  audience: z.string().min(1).optional(),
  service_account_email: z.string().min(3).optional(),
})

function addEvents(app: Hono, world: World): void {
  app.post('/event-destinations', async (c) => {
    const body = destinationSchema.parse(await c.req.json())
    const provider = findProvider(world, body.account_id)
    for (const other of world.subscriptions.all()) {
      if (other.account_id === provider.account_id) world.subscriptions.remove(other.name)
    }
    const name = `projects/${provider.project}/subscriptions/marketplace`
    const subscription = world.subscriptions.put(name, {
      name,
      account_id: provider.account_id,
      topic: topicOf(provider.account_id),
      url: body.url,
      audience: body.audience ?? body.url,
      service_account_email: body.service_account_email ?? `push@${provider.project}.iam.gserviceaccount.com`,
    })
    world.store.commit()
    return c.json(subscription, 201)
  })
  app.get('/event-destinations', (c) => c.json(world.subscriptions.all()))
  app.get('/events', (c) => {
    const account = c.req.query('account_id')
    const now = world.clock.now()
    const events = world.events
      .all()
      .filter((event) => event.created_at <= now && (account === undefined || event.account_id === account))
    return c.json(
      events.map(({ body, created_at, attempts, ...event }) => ({
        ...event,
        created_at: iso(created_at),
        attempts: attempts.map(({ at, ...rest }) => ({ at: iso(at), ...rest })),
        event: JSON.parse(body) as unknown,
      })),
    )
  })
  app.post('/events/:id/deliver', async (c) => {
    const event = world.events.get(c.req.param('id'))
    if (!event) throw new Refusal(404, 'id', 'names a known event', 'List them with GET /control/gcp/events.')
    const { at, ...outcome } = await attempt(world, event.id, world.clock.now())
    return c.json({ id: event.id, at: iso(at), ...outcome })
  })
}

const meteringSchema = z.strictObject({
  dedupe: z.boolean().optional(),
  window_minutes: z.int().min(1).nullable().optional(),
})

function addMetering(app: Hono, world: World): void {
  app.get('/metering', (c) => c.json(meteringSettings(world)))
  app.post('/metering', async (c) => {
    const body = meteringSchema.parse(await c.req.json())
    const before = meteringSettings(world)
    const settings = world.settings.put('metering', {
      dedupe: body.dedupe ?? before.dedupe,
      window_minutes: body.window_minutes === undefined ? before.window_minutes : body.window_minutes,
    })
    world.store.commit()
    return c.json(settings)
  })
}
