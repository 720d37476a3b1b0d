import '@hono/zod-openapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { formatDecimal } from '../../src/core/decimal.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import { summary } from '../../src/metering/index.ts'
import { tick } from '../../src/work/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { sharedPostgres } from '../support/databases.ts'
import { postgresStore } from '../support/postgres.ts'
import type { PostgresServer } from '../support/server.ts'
import { fakeCloud } from './fake-cloud.ts'
import { connectorOf, door, event, handlers, sell, settle } from './support.ts'

let server: PostgresServer
let base: TestContext
let context: TestContext
beforeAll(async () => {
  server = await sharedPostgres()
  base = await testContext()
  context = { ...base, ...(await postgresStore(server, { start: '2026-01-05T09:30:00Z' })) }
}, 120_000)
afterAll(async () => {
  await context.close()
  await base.close()
  await server.stop()
})

const answered = z.object({ accepted: z.number(), replayed: z.number(), conflicts: z.number() })

test('clients that send the same events at once, in any order, get each of them taken once', async () => {
  const cloud = fakeCloud(context.clock, base.random)
  context.connectors = { aws: connectorOf(cloud.metering) }
  const sold = await sell(context, 'race0001')
  const events = Array.from({ length: 60 }, () => event(sold, '2026-01-05T09:10:00Z', '0.5'))
  const other = events.map((one) => ({ ...one, data: { quantity: '99' } }))
  const work = handlers(context)
  const orders = Array.from({ length: 8 }, (_, turn) => {
    const turned = [...events.slice(turn * 7), ...events.slice(0, turn * 7)]
    return turn % 2 === 0 ? turned : turned.toReversed()
  })
  const rolling = Array.from({ length: 4 }, (_, owner) =>
    tick(context, work, `ticker-${owner}`, { milliseconds: 60_000, pieces: 20 }),
  )
  const bodies = await Promise.all(
    orders.map(async (batch) => answered.parse(await (await door(context).post({ events: batch })).json())),
  )
  await Promise.all(rolling)
  expect(bodies.reduce((total, { accepted }) => total + accepted, 0)).toBe(60)
  for (const { accepted, replayed } of bodies) expect(accepted + replayed).toBe(60)
  const refused = answered.parse(await (await door(context).post({ events: other })).json())
  expect(refused).toMatchObject({ accepted: 0, conflicts: 60 })

  // Several tickers at once close, batch and send; the cloud still hears of every unit exactly once.
  await Promise.all([0, 1, 2].map(() => settle(context, work)))
  context.clock.move(HOUR_MS)
  await Promise.all([0, 1, 2].map(() => settle(context, work)))
  await settle(context, work)
  expect(formatDecimal(cloud.total('arn:license:race0001', 'scans'))).toBe('30')
  expect(cloud.doubled).toEqual([])
  const [meter] = await context.store.inTenant(context.organisation_id, (scope) => summary(scope))
  expect(meter).toMatchObject({ balanced: true })
})
