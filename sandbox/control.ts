import { type Context, Hono } from 'hono'
import { ZodError, z } from 'zod'
import type { createAws } from './aws/cloud.ts'
import { azureUrls, type createAzure } from './azure/cloud.ts'
import { azureRoutes } from './azure/control.ts'
import { bankStatement } from './bank.ts'
import { type Faults, faultSchema } from './faults.ts'
import { type createGcp, gcpUrls } from './gcp/cloud.ts'
import { gcpRoutes } from './gcp/control.ts'
import type { Ground } from './ground.ts'
import { problemResponse, Refusal, refusalResponse, shapeResponse } from './problem.ts'
import type { Throttles } from './throttle.ts'
import { addDuration, day, hour, iso, monthOf, startOfNextMonth } from './time.ts'

type ControlParts = Ground & {
  faults: Faults
  throttles: Throttles
  aws: ReturnType<typeof createAws>
  azure: ReturnType<typeof createAzure>
  gcp: ReturnType<typeof createGcp>
}

const routes = [
  'GET /control',
  'GET|POST /control/clock',
  'POST /control/months/close',
  'GET|POST|DELETE /control/faults',
  'GET|POST /control/throttles',
  'GET /control/bank/{account_id}.csv',
  'GET|POST /control/aws/accounts',
  'PATCH /control/aws/accounts/{account_id}',
  'GET|POST /control/aws/event-destinations',
  'GET /control/aws/events',
  'POST /control/aws/events/{id}/deliver',
  'POST /control/aws/buyers/{account_id}/accept',
  'POST /control/aws/buyers/{account_id}/register',
  'POST /control/aws/buyers/{account_id}/cancel',
  'POST /control/aws/buyers/{account_id}/decline',
  'POST /control/aws/buyers/{account_id}/renewal',
  'POST /control/aws/buyers/{account_id}/fail-payment',
  'POST /control/aws/buyers/{account_id}/payment-requests/{id}',
  'POST /control/aws/buyers/{account_id}/cancellation-requests/{id}',
  'POST /control/aws/topics',
  'POST /control/aws/advisories',
  'POST /control/aws/feeds/slips',
  'GET /control/aws/books',
  'GET /control/aws/reports/{account_id}/{name}.csv',
  'GET /control/aws/accepted',
  'GET /control/aws/invoices',
  'GET /control/aws/payouts',
  'GET|POST /control/aws/limits',
  ...azureRoutes,
  ...gcpRoutes,
]

export function baseUrls(origin: string) {
  const aws = (name: string) => `${origin}/aws/${name}`
  return {
    control: `${origin}/control`,
    aws: {
      catalog: aws('catalog'),
      metering: aws('metering'),
      agreement: aws('agreement'),
      entitlement: aws('entitlement'),
      sts: aws('sts'),
      s3: aws('s3'),
      sns: aws('sns'),
    },
    azure: azureUrls(origin),
    gcp: gcpUrls(origin),
  }
}

/** The sandbox's own API: what no cloud offers, and what the other side of a deal does. */
export function createControl(parts: ControlParts): Hono {
  const app = new Hono()
  app.onError((error) => failure(parts, error))
  app.get('/', (c) =>
    c.json({
      is: 'A sandbox that stands in for cloud marketplaces. Nothing here is real.',
      routes,
      base_urls: baseUrls(parts.origin()),
    }),
  )
  addClock(app, parts)
  addPlans(app, parts)
  app.get('/bank/:file', (c) => bank(c, parts))
  app.route('/aws', parts.aws.control)
  app.route('/azure', parts.azure.control)
  app.route('/gcp', parts.gcp.control)
  return app
}

/** Says where the routes are listed. */
export function noRoute(method: string, path: string): Response {
  const fix = `${method} ${path} is none; GET /control lists them.`
  return problemResponse(404, 'There is no such route.', [{ field: 'path', rule: 'names a route', fix }])
}

function failure(parts: ControlParts, error: unknown): Response {
  parts.store.rollback()
  parts.schedule.refresh()
  if (error instanceof Refusal) return refusalResponse(error)
  if (error instanceof ZodError) return shapeResponse(error)
  if (error instanceof SyntaxError) {
    return problemResponse(400, 'The body is not JSON.', [
      { field: '(body)', rule: 'is JSON', fix: error.message },
    ])
  }
  process.stderr.write(`sandbox: control: ${error instanceof Error ? error.stack : String(error)}\n`)
  return problemResponse(500, 'The sandbox failed.', [{ field: '', rule: 'bug', fix: String(error) }])
}

const clockSchema = z.union([
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  z.strictObject({ by: z.string() }),
  z.strictObject({ mode: z.enum(['running', 'stopped']) }),
])

function clockNow({ clock }: ControlParts) {
  return { now: iso(clock.target()), mode: clock.mode() }
}

/** Does everything due on the way, in time order, then stands at the new instant. */
async function moveTo(parts: ControlParts, to: number): Promise<number> {
  if (to < parts.clock.target()) {
    throw new Refusal(
      409,
      'to',
      'lies ahead',
      `The clock only moves forward; it is ${iso(parts.clock.target())}.`,
    )
  }
  const happened = await parts.schedule.runUntil(() => to, true)
  parts.clock.moveTo(to)
  parts.store.commit()
  return happened
}

function addClock(app: Hono, parts: ControlParts): void {
  app.get('/clock', (c) => c.json(clockNow(parts)))
  app.post('/clock', async (c) => {
    const body = clockSchema.parse(await c.req.json())
    let happened = 0
    if ('mode' in body) {
      parts.clock.setMode(body.mode)
      parts.store.commit()
    } else {
      const target = 'to' in body ? Date.parse(body.to) : addDuration(parts.clock.target(), body.by)
      if (target === undefined) {
        throw new Refusal(422, 'by', 'is an ISO 8601 duration', 'Use a duration such as PT1H or P1D.')
      }
      happened = await moveTo(parts, target)
    }
    return c.json({ ...clockNow(parts), happened })
  })
  app.post('/months/close', async (c) => {
    const month = monthOf(parts.clock.target())
    // Usage is invoiced on day 3 at midnight; the feeds of that day are written at 23:00.
    const happened = await moveTo(parts, startOfNextMonth(parts.clock.target()) + 2 * day + 23 * hour)
    return c.json({ month, ...clockNow(parts), happened })
  })
}

const throttleSchema = z.strictObject({
  service: z.string().min(1),
  operation: z.string().min(1),
  rate_per_second: z.number().positive().nullable(),
  burst: z.int().min(1).default(1),
})

function addPlans(app: Hono, { faults, throttles, store }: ControlParts): void {
  app.get('/faults', (c) => c.json(faults.list()))
  app.post('/faults', async (c) => {
    const fault = faults.add(faultSchema.parse(await c.req.json()))
    store.commit()
    return c.json(fault, 201)
  })
  app.delete('/faults', (c) => {
    faults.clear()
    store.commit()
    return c.body(null, 204)
  })
  app.delete('/faults/:id', (c) => {
    faults.clear(c.req.param('id'))
    store.commit()
    return c.body(null, 204)
  })
  app.get('/throttles', (c) => c.json(throttles.list()))
  app.post('/throttles', async (c) => {
    const rule = throttles.set(throttleSchema.parse(await c.req.json()))
    store.commit()
    return c.json(rule)
  })
}

function bank(c: Context, parts: ControlParts): Response {
  const account = (c.req.param('file') ?? '').replace(/\.csv$/, '')
  const to = c.req.query('to')
  const until = to === undefined ? parts.clock.target() : Date.parse(to)
  if (Number.isNaN(until))
    throw new Refusal(422, 'to', 'is an instant', 'Use an ISO instant or leave it out.')
  const at = Math.min(until, parts.clock.target())
  const lines = [parts.aws, parts.azure, parts.gcp].flatMap((cloud) => cloud.bank(account, at))
  return new Response(bankStatement(lines), { headers: { 'content-type': 'text/csv; charset=utf-8' } })
}
