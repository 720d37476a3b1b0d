import { callerFor } from '../support/caller.ts'
import '@hono/zod-openapi'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Connector, Listings } from '../../connectors/connector.ts'
import { type ProblemCode, problemBody, problemCodes, Refusal } from '../../src/core/problem.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { readListing } from '../../src/listings/index.ts'
import { batch, close, meteringReport, meteringRoutes, rollUp } from '../../src/metering/index.ts'
import {
  checkOperation,
  type OperationHandler,
  type OperationHandlers,
  sendOperation,
} from '../../src/operations/index.ts'
import type { Aggregation } from '../../src/products/model.ts'
import { tick, type WorkHandlers, type WorkKind } from '../../src/work/index.ts'
import { workKinds } from '../../src/work/model.ts'
import type { TestContext } from '../support/context.ts'
import { guide } from '../support/guide.ts'

/** The room's door for one tenant, with refusals as problem+json like the real one. */
export function door(context: TestContext, organisation_id = context.organisation_id) {
  const app = new Hono<DoorEnv>()
  app.use(async (door, next) => {
    door.set('caller', callerFor(organisation_id))
    await next()
  })
  app.route('/', meteringRoutes(context))
  app.onError((error, door) => {
    const code: ProblemCode = error instanceof Refusal ? error.code : 'internal'
    const errors = error instanceof Refusal ? error.errors : []
    if (code === 'internal') throw error
    return door.json(problemBody(code, error.message, errors), problemCodes[code][0])
  })
  return {
    post: (body: unknown, type = 'application/json') =>
      app.request('/v1/usage', {
        method: 'POST',
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: async (path: string) => pageShape.parse(await (await app.request(path)).json()),
    ask: (path: string) => app.request(path),
  }
}
const pageShape = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  next: z.string().nullish(),
})

export type Kept = { key: string; aggregation?: Aggregation; multiplier?: string; kind?: string }
export type Sold = {
  connection_id: string
  agreement_id: string
  product_id: string
}

/** A connection, a product with metered dimensions and an active agreement on them. */
export async function sell(
  context: TestContext,
  name: string,
  more: {
    dimensions?: Kept[]
    starts_at?: string
    ends_at?: string | null
    price?: string
    connection_id?: string
    terms?: unknown
    cloud?: string
    license?: string | null
  } = {},
): Promise<Sold> {
  const { organisation_id } = context
  const sold = {
    connection_id: more.connection_id ?? `conn_${name}`,
    agreement_id: `agr_${name}`,
    product_id: `prod_${name}`,
  }
  const dimensions = more.dimensions ?? [{ key: 'scans' }]
  const cloud = more.cloud ?? 'aws'
  await context.store.inTenant(organisation_id, async ({ tx, now }) => {
    const created_at = now()
    if (more.connection_id === undefined) {
      await tx.connection.create({
        data: {
          organisation_id,
          id: sold.connection_id,
          cloud,
          name,
          account_id: `account-${name}`,
          settings: {},
          sealed_credentials: '{}',
          created_at,
        },
      })
    }
    await tx.dimension.createMany({
      data: dimensions.map(({ key, aggregation, multiplier, kind }, position) => ({
        organisation_id,
        product_id: sold.product_id,
        key,
        name: key,
        description: key,
        unit: 'unit',
        kind: kind ?? 'metered',
        aggregation: aggregation ?? 'sum',
        multiplier: multiplier ?? '1',
        position,
      })),
    })
    await tx.agreement.create({
      data: {
        organisation_id,
        id: sold.agreement_id,
        connection_id: sold.connection_id,
        cloud,
        cloud_agreement_id: `agmt-${name}`,
        cloud_product_id: `cloud-${sold.product_id}`,
        license: more.license === undefined ? `arn:license:${name}` : more.license,
        product_id: sold.product_id,
        role: 'seller',
        state: 'active',
        cloud_state: 'ACTIVE',
        buyer_account_id: '111122223333',
        seller_account_id: `account-${name}`,
        currency: 'USD',
        terms: more.terms ?? {
          kind: 'usage',
          currency: 'USD',
          duration_months: 12,
          usage_prices: Object.fromEntries(dimensions.map(({ key }) => [key, more.price ?? '0.5'])),
        },
        entitlements: [],
        evidence: {},
        starts_at: new Date(more.starts_at ?? '2026-01-01T00:00:00Z'),
        ends_at: more.ends_at === undefined || more.ends_at === null ? null : new Date(more.ends_at),
        created_at,
        updated_at: created_at,
      },
    })
  })
  return sold
}

export async function endAgreement(context: TestContext, sold: Sold, at: string | Date): Promise<void> {
  const { organisation_id } = context
  await context.store.inTenant(organisation_id, ({ tx }) =>
    tx.agreement.update({
      where: { organisation_id_id: { organisation_id, id: sold.agreement_id } },
      data: { ended_at: new Date(at), state: 'ended' },
    }),
  )
}

let numbered = 0
export function event(
  sold: Sold,
  time: string | Date,
  quantity: unknown,
  more: Record<string, unknown> = {},
) {
  numbered += 1
  return {
    specversion: '1.0',
    id: `event-${numbered}`,
    source: 'https://product.example',
    time: typeof time === 'string' ? time : time.toISOString(),
    subject: sold.agreement_id,
    type: 'scans',
    data: { quantity },
    ...more,
  }
}

function unused(kind: string): never {
  throw new Error(`${kind} has no place here`)
}

/** The work and operations of this room, wired as the service does it. */
export function handlers(context: TestContext, change: Partial<WorkHandlers> = {}): WorkHandlers {
  const reporting = meteringReport(context)
  const idle: OperationHandler = { ...reporting, send: async () => unused('another operation') }
  const operations: OperationHandlers = {
    'listing.publish': idle,
    'listing.update': idle,
    'listing.visibility': idle,
    'offer.create': idle,
    'offer.expire': idle,
    'offer_set.create': idle,
    'offer_set.release': idle,
    'authorization.create': idle,
    'authorization.restrict': idle,
    'reseller_offer.create': idle,
    'agreement.activate': idle,
    'agreement.answer': idle,
    'agreement.request': idle,
    'agreement.withdraw': idle,
    'metering.report': reporting,
  }
  const known: Partial<WorkHandlers> = {
    'metering.roll_up': (item) => rollUp(context, item),
    'metering.close': (item) => close(context, item),
    'metering.batch': (item) => batch(context, item),
    'listings.read': (item) => readListing(context, item),
    'operation.send': (item) => sendOperation(context, operations, item),
    'operation.check': (item) => checkOperation(context, operations, item),
    ...change,
  }
  const all = workKinds.map((kind): [WorkKind, WorkHandlers[WorkKind]] => [
    kind,
    known[kind] ?? (async () => unused(kind)),
  ])
  return Object.fromEntries(all) as WorkHandlers
}

/** Does everything that is due now. Wall time moves on so that quotas refill. */
export async function settle(context: TestContext, work = handlers(context), limit = 400): Promise<void> {
  for (let round = 0; round < limit; round += 1) {
    context.wall.move(1000)
    const { pieces } = await tick(context, work, 'test', { milliseconds: 60_000, pieces: 50 })
    if (pieces === 0) return
    // Work that asks to come again right now waits for wall time (quota), not for business time.
  }
}

export function connectorOf(metering: Connector['metering'], listings?: Listings): Connector {
  if (metering === undefined) return { cloud: 'aws', guide, connectionFields: [], test: async () => [] }
  const facets = listings === undefined ? { metering } : { metering, listings }
  return { cloud: 'aws', guide, connectionFields: [], test: async () => [], ...facets }
}
