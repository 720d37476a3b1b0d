// Usage of a dimension that the cloud could not take waits: it is not sent, not lost, and its deadline is watched.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import { holdUsage } from '../../src/listings/held.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { fakeCloud } from './fake-cloud.ts'
import { connectorOf, door, event, type Sold, sell, settle } from './support.ts'

let context: TestContext
let cloud: ReturnType<typeof fakeCloud>
beforeEach(async () => {
  context = await testContext({ start: '2026-01-05T09:30:00Z' })
  cloud = fakeCloud(context.clock, seededRandom(1))
  context.connectors = { aws: connectorOf(cloud.metering) }
})
afterEach(() => context.close())

const TIME = '2026-01-05T09:10:00Z'
const DIMENSIONS = [{ key: 'scans' }, { key: 'alerts' }]
const inTenant = <T>(work: (scope: Scope) => Promise<T>) =>
  context.store.inTenant(context.organisation_id, work)

async function use(sold: Sold, dimension: string) {
  const answer = await door(context).post(event(sold, TIME, '3', { type: dimension }))
  expect(await answer.json()).toMatchObject({ status: 'accepted' })
}
async function pass(hours: number) {
  for (let turn = 0; turn < hours * 4; turn += 1) {
    context.clock.move(HOUR_MS / 4)
    await settle(context)
  }
}
/** What a reading found, as the room of listings writes it down. */
async function hold(sold: Sold, held: string[]) {
  const { organisation_id } = context
  await inTenant(async (scope) => {
    const { connection_id, product_id, agreement_id } = sold
    const agreement = await scope.tx.agreement.findUniqueOrThrow({
      where: { organisation_id_id: { organisation_id, id: agreement_id } },
    })
    const id = 'lst_held'
    const where = { organisation_id_id: { organisation_id, id } }
    const before = (await scope.tx.listing.findUnique({ where }))?.held ?? []
    await scope.tx.listing.upsert({
      where,
      create: {
        organisation_id,
        id,
        product_id,
        connection_id,
        state: 'live',
        cloud_product_id: agreement.cloud_product_id,
        prices: {},
        draft: {},
        problems: [],
        held,
        created_at: scope.now(),
        updated_at: scope.now(),
      },
      update: { held },
    })
    const differences = held.map((dimension) => ({
      field: `dimensions.${dimension}`,
      ours: 'metered',
      theirs: null,
      stops: { dimension, reason: 'missing' as const },
    }))
    await holdUsage(scope, { id, connection_id, held: before }, held, differences)
  })
}
const records = () => inTenant(({ tx }) => tx.usage_record.findMany({ orderBy: { dimension: 'asc' } }))
const told = () => inTenant(({ tx }) => tx.exception_item.findMany({ orderBy: { kind: 'asc' } }))

test('.happy only the usage of that dimension waits, and it goes on by itself when nothing differs any more', async () => {
  const sold = await sell(context, 'acme0001', { dimensions: DIMENSIONS })
  await hold(sold, ['scans'])
  await use(sold, 'scans')
  await use(sold, 'alerts')
  await pass(2)
  expect(await records()).toMatchObject([
    { dimension: 'alerts', state: 'accepted' },
    {
      dimension: 'scans',
      state: 'pending',
      attempts: 0,
      reason: expect.stringContaining('Its listing differs'),
    },
  ])
  expect(await told()).toMatchObject([{ kind: 'listing_drift', state: 'open' }])
  await hold(sold, [])
  await settle(context)
  expect(await records()).toMatchObject([{ state: 'accepted' }, { dimension: 'scans', state: 'accepted' }])
  expect(await told()).toMatchObject([{ kind: 'listing_drift', state: 'resolved' }])
})

test('.refusal its deadline is watched: it is alarmed an hour before, and told when it has passed', async () => {
  const sold = await sell(context, 'acme0001', { dimensions: DIMENSIONS })
  await hold(sold, ['scans'])
  await use(sold, 'scans')
  await pass(23)
  const open = await told()
  expect(open).toMatchObject([
    { kind: 'listing_drift', state: 'open' },
    { kind: 'metering_at_risk', state: 'open', fix: expect.stringContaining('open the listing') },
  ])
  await pass(4)
  expect(await told()).toMatchObject([
    { kind: 'listing_drift', state: 'open' },
    { kind: 'metering_at_risk', state: 'resolved' },
    { kind: 'metering_expired', state: 'open' },
  ])
}, 120_000)

test('.security a listing of another organisation holds nothing back here', async () => {
  const sold = await sell(context, 'acme0001', { dimensions: DIMENSIONS })
  const { connection_id, product_id } = sold
  await context.store.inTenant('org_other', ({ organisation_id, tx, now }) =>
    tx.listing.create({
      data: {
        ...{ organisation_id, id: 'lst_other', product_id, connection_id, state: 'live', held: ['scans'] },
        ...{ cloud_product_id: `cloud-${product_id}`, prices: {}, draft: {}, problems: [] },
        ...{ created_at: now(), updated_at: now() },
      },
    }),
  )
  await use(sold, 'scans')
  await pass(2)
  expect(await records()).toMatchObject([{ dimension: 'scans', state: 'accepted' }])
})
