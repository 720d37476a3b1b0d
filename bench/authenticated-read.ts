// npm run bench:read: requests a second of an authenticated, validated read (GET /v1/products with an API key, on Node and
// PostgreSQL), against the bare validated route beside it in the same process. In pairs, so that both meet the same
// machine; the median of the ratios comes last. It is measured and never asserted.
import { serve } from '@hono/node-server'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { makeKey } from '../src/access/keys.ts'
import { makeApp } from '../src/app.ts'
import type { Context } from '../src/context.ts'
import { wallClock } from '../src/core/time.ts'
import { PRODUCT } from '../src/demo/scenario.ts'
import { makeHome } from '../src/organisations/index.ts'
import { makeServices } from '../src/services.ts'
import { postgresContext } from '../test/support/postgres.ts'
import { startPostgres } from '../test/support/server.ts'
import { rate } from './load.ts'

const PAIRS = Math.max(5, Number(process.env.PAIRS ?? 7))
const SECONDS = Number(process.env.SECONDS ?? 5)
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 16)
const PRODUCTS = 10

type Target = { url: string; headers: Record<string, string> }
const measure = (target: Target, seconds = SECONDS) => rate({ ...target, seconds, connections: CONNECTIONS })

/** The same question and the same answer, with nothing behind it. */
function bareApp(items: unknown) {
  const schema = z.object({ items: z.unknown() })
  const route = createRoute({
    method: 'get',
    path: '/v1/products',
    request: { query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(25) }) },
    responses: { 200: { description: 'All', content: { 'application/json': { schema } } } },
  })
  return new OpenAPIHono().openapi(route, (door) => {
    door.req.valid('query')
    return door.json({ items }, 200)
  })
}

function listen(handle: Parameters<typeof serve>[0]['fetch']): Promise<{ url: string; close(): void }> {
  return new Promise((resolve) => {
    const server = serve({ fetch: handle, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ url: `http://127.0.0.1:${port}/v1/products?limit=25`, close: () => server.close() }),
    )
  })
}

/** Products, and a key that may read them. */
async function fill(context: Context, organisation_id: string): Promise<string> {
  const maker = { id: 'bench', permissions: new Set(['catalog.read']) }
  return context.store.inTenant(organisation_id, async (scope) => {
    const { dimensions: _, ...product } = PRODUCT
    const created_at = scope.now()
    for (let index = 0; index < PRODUCTS; index += 1) {
      const row = {
        ...product,
        organisation_id,
        id: scope.id('product'),
        name: `Product ${index}`,
        created_at,
      }
      await scope.tx.product.create({ data: row })
    }
    return (await makeKey(context, scope, maker, { name: 'bench', scopes: ['catalog.read'] })).secret
  })
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

async function compare(ours: Target, bare: Target): Promise<void> {
  for (const target of [ours, bare]) await measure(target, 2)
  const ratios: number[] = []
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    // Whoever goes first changes, so that neither has the warmer machine.
    const first = pair % 2 === 0 ? await measure(ours) : undefined
    const theirs = await measure(bare)
    const own = first ?? (await measure(ours))
    ratios.push(own / theirs)
    const ratio = (own / theirs).toFixed(3)
    console.log(
      `pair ${pair}: authenticated ${own.toFixed(0)}/s, bare ${theirs.toFixed(0)}/s, ratio ${ratio}`,
    )
  }
  console.log(`median ratio of ${PAIRS} pairs: ${median(ratios).toFixed(3)}`)
}

const server = await startPostgres()
const context = await postgresContext(server)
try {
  // The key is made now, and is believed for a moment of wall time, which has to pass as it does in service.
  for (const clock of [context.clock, context.wall]) clock.set(new Date())
  context.clocks = { business: wallClock, wall: wallClock }
  await makeHome(context.store)
  const headers = { authorization: `Bearer ${await fill(context, context.organisation_id)}` }
  const options = { development_key: 'not used in here at all', version: 'bench', refresh: async () => {} }
  const whole = await listen(makeApp(makeServices(context), options).fetch)
  const answer = (await (await fetch(whole.url, { headers })).json()) as { items: unknown[] }
  const bare = await listen(bareApp(answer.items).fetch)
  await compare({ url: whole.url, headers }, { url: bare.url, headers: {} })
  whole.close()
  bare.close()
} finally {
  await context.close()
  await server.stop()
}
