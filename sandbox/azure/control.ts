import { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso } from '../time.ts'
import { addAccounts } from './control-accounts.ts'
import { addChanges } from './control-changes.ts'
import { addCustomers } from './control-customers.ts'
import { addReads } from './control-reads.ts'
import { attempt } from './webhooks.ts'
import type { World } from './world.ts'

/** What the control API serves under `/control/azure`. */
export const azureRoutes = [
  'GET|POST /control/azure/accounts',
  'PATCH /control/azure/accounts/{account_id}',
  'POST /control/azure/certifications',
  'GET /control/azure/webhooks',
  'POST /control/azure/webhooks/{id}/deliver',
  'POST /control/azure/customers/{account_id}/accept',
  'POST /control/azure/customers/{account_id}/subscribe',
  'POST /control/azure/customers/{account_id}/visit',
  'POST /control/azure/customers/{account_id}/change-plan',
  'POST /control/azure/customers/{account_id}/change-quantity',
  'POST /control/azure/customers/{account_id}/suspend',
  'POST /control/azure/customers/{account_id}/reinstate',
  'POST /control/azure/customers/{account_id}/renew',
  'POST /control/azure/customers/{account_id}/cancel',
  'GET /control/azure/accepted',
  'GET /control/azure/invoices',
  'GET /control/azure/payouts',
]

/** The Azure part of the control API. */
export function azureControl(world: World): Hono {
  const app = new Hono()
  addAccounts(app, world)
  addWebhooks(app, world)
  addCustomers(app, world)
  addChanges(app, world)
  addReads(app, world)
  return app
}

const certification = z.strictObject({ product_id: z.string().min(1), message: z.string().min(1) })

function addWebhooks(app: Hono, world: World): void {
  app.post('/certifications', async (c) => {
    const { product_id, message } = certification.parse(await c.req.json())
    const product = product_id.replace(/^product\//, '')
    if (!world.resources.get(`product/${product}`)) {
      throw new Refusal(404, 'product_id', 'names a product', `There is no product ${product}.`)
    }
    world.certification_failures.put(product, message)
    world.store.commit()
    return c.json({ product_id: product, message, fails: 'the next preview' }, 201)
  })
  app.get('/webhooks', (c) => {
    const account = c.req.query('account_id')
    const now = world.clock.now()
    const events = world.webhooks
      .all()
      .filter((event) => event.created_at <= now && (account === undefined || event.account_id === account))
    return c.json(
      events.map(({ body, created_at, attempts, ...event }) => ({
        ...event,
        created_at: iso(created_at),
        attempts: attempts.map(({ at, ...rest }) => ({ at: iso(at), ...rest })),
        payload: JSON.parse(body) as unknown,
      })),
    )
  })
  app.post('/webhooks/:id/deliver', async (c) => {
    const event = world.webhooks.get(c.req.param('id'))
    if (!event) throw new Refusal(404, 'id', 'names a webhook', 'List them with GET /control/azure/webhooks.')
    const { at, ...outcome } = await attempt(world, event.id, world.clock.now())
    return c.json({ id: event.id, at: iso(at), ...outcome })
  })
}
