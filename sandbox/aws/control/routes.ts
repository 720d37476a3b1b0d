import { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../../problem.ts'
import { iso } from '../../time.ts'
import { openChangeSetsLimit } from '../catalog/change-sets.ts'
import { findings, legalFindings } from '../catalog/legal-documents.ts'
import { attempt } from '../events/delivery.ts'
import { subscribe } from '../events/sns.ts'
import { productTopic, topicKinds } from '../events/topics.ts'
import type { World } from '../world.ts'
import { accountId, addAccounts, findAccount } from './accounts.ts'
import { addBuyers } from './buyers.ts'
import { addMoney } from './money.ts'
import { addOpen } from './open.ts'
import { addReads } from './reads.ts'

/** The AWS part of the control API. */
export function awsControl(world: World): Hono {
  const app = new Hono()
  addAccounts(app, world)
  addEvents(app, world)
  addBuyers(app, world)
  addReads(app, world)
  addMoney(app, world)
  addLimits(app, world)
  addDocuments(app, world)
  addOpen(app, world)
  return app
}

const limitsSchema = z.strictObject({ open_change_sets: z.int().min(0).nullable() })

/** Limits that AWS does not publish: null takes back what was set. */
function addLimits(app: Hono, world: World): void {
  const { name, fallback } = openChangeSetsLimit
  const shown = () => ({ open_change_sets: world.limits.get(name) ?? fallback })
  app.get('/limits', (c) => c.json(shown()))
  app.post('/limits', async (c) => {
    const { open_change_sets } = limitsSchema.parse(await c.req.json())
    if (open_change_sets === null) world.limits.remove(name)
    else world.limits.put(name, open_change_sets)
    return c.json(shown())
  })
}

const documentSchema = z.strictObject({ url: z.url(), found: z.enum(findings).nullable() })

/** What AWS finds where a legal document should lie: null is a document as it should be. */
function addDocuments(app: Hono, world: World): void {
  app.post('/legal-documents', async (c) => {
    const { url, found } = documentSchema.parse(await c.req.json())
    if (found === null) legalFindings(world).remove(url)
    else legalFindings(world).put(url, found)
    world.store.commit()
    return c.json({ url, found })
  })
}

const destinationSchema = z.strictObject({ account_id: accountId, url: z.url({ protocol: /^https?$/ }) })
const topicSchema = destinationSchema.extend({
  product_code: z.string(),
  topic: z.enum(topicKinds),
})

function addEvents(app: Hono, world: World): void {
  app.post('/event-destinations', async (c) => {
    const { account_id, url } = destinationSchema.parse(await c.req.json())
    findAccount(world, account_id)
    const { token: _token, ...destination } = await subscribe(world, account_id, url)
    return c.json(destination, 201)
  })
  app.post('/topics', async (c) => {
    const { account_id, url, product_code, topic } = topicSchema.parse(await c.req.json())
    findAccount(world, account_id)
    const found = world.entities
      .all()
      .find((entity) => entity.kind === 'SaaSProduct' && entity.product_code === product_code)
    if (found?.owner !== account_id) {
      const fix = 'Use the product_code of a product of this account.'
      throw new Refusal(404, 'product_code', 'names a product of the account', fix)
    }
    const arn = productTopic(topic, product_code)
    const { token: _token, ...destination } = await subscribe(world, account_id, url, arn)
    return c.json(destination, 201)
  })
  app.get('/event-destinations', (c) =>
    c.json(world.destinations.all().map(({ token: _token, ...rest }) => rest)),
  )
  app.get('/events', (c) => {
    const account = c.req.query('account_id')
    const now = world.clock.now()
    const events = world.events
      .all()
      .filter((event) => event.created_at <= now && (account === undefined || event.account_id === account))
    return c.json(
      events
        .sort((left, right) => left.created_at - right.created_at)
        .map(({ body, created_at, attempts, ...event }) => ({
          ...event,
          created_at: iso(created_at),
          attempts: attempts.map(({ at, ...rest }) => ({ at: iso(at), ...rest })),
          event: JSON.parse(body) as unknown,
        })),
    )
  })
  app.post('/events/:id/deliver', async (c) => {
    const event = world.events.get(c.req.param('id'))
    if (!event) throw new Refusal(404, 'id', 'names a known event', 'List them with GET /control/aws/events.')
    const { at, ...outcome } = await attempt(world, event.id, world.clock.now())
    return c.json({ id: event.id, at: iso(at), ...outcome })
  })
}
