// A licence and a product code for one buyer, product and hour are never mixed: the cloud would charge it twice.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MeterAnswer, MeterRecord } from '../../connectors/connector.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../src/core/time.ts'
import { schedule } from '../../src/work/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { awsRules } from './rules.ts'
import { connectorOf, door, event, type Sold, sell, settle } from './support.ts'

let context: TestContext
let sent: MeterRecord[]
let answer: (record: MeterRecord) => MeterAnswer
const accepted = ({ id }: MeterRecord): MeterAnswer => ({
  id,
  status: 'accepted',
  cloud_record_id: id,
  duplicate: false,
})

async function open() {
  context = await testContext({ start: '2026-01-05T09:30:00Z' })
  sent = []
  answer = accepted
  const report = async (_: unknown, records: readonly MeterRecord[]) => {
    sent.push(...records)
    return { answers: records.map((record) => answer(record)), evidence: {} }
  }
  context.connectors = { aws: connectorOf({ rules: awsRules, report }) }
}
beforeEach(open)
afterEach(() => context.close())

const dimensions = [{ key: 'scans' }, { key: 'calls' }]

async function named(sold: Sold, names: { license?: string | null; product_code?: string | null }) {
  await context.store.inTenant(context.organisation_id, async (scope) => {
    await scope.tx.agreement.update({
      where: { organisation_id_id: { organisation_id: context.organisation_id, id: sold.agreement_id } },
      data: names,
    })
    await schedule(scope, { kind: 'metering.batch', key: sold.connection_id })
  })
  await settle(context)
}

async function use(sold: Sold, type: string, time: Date, quantity = '3') {
  const taken = await door(context).post(event(sold, time, quantity, { type }))
  expect(await taken.json()).toMatchObject({ status: 'accepted' })
}

async function pass(hours: number) {
  for (let turn = 0; turn < hours; turn += 1) {
    context.clock.move(HOUR_MS)
    await settle(context)
  }
}

const shown = () => sent.map(({ dimension, license, hour }) => [dimension, license, hour.getUTCHours()])
const START = new Date('2026-01-05T09:10:00Z')

test('an agreement that gets its licence later goes on by product code for the hours that began so', async () => {
  const sold = await sell(context, 'acme0001', { dimensions, license: null })
  await named(sold, { product_code: 'code-1' })
  await use(sold, 'scans', START)
  await pass(1)
  expect(shown()).toEqual([['scans', null, 9]])
  await named(sold, { license: 'arn:license:1' })
  // Late usage of the same hour, and usage of the next.
  await use(sold, 'calls', plus(START, MINUTE_MS))
  await use(sold, 'scans', plus(START, HOUR_MS))
  await pass(2)
  expect(shown()).toEqual([
    ['scans', null, 9],
    ['calls', null, 9],
    ['scans', 'arn:license:1', 10],
  ])
})

test('what the cloud did not look at names nothing: it may go by the licence', async () => {
  const sold = await sell(context, 'acme0001', { dimensions, license: null })
  await named(sold, { product_code: 'code-1' })
  answer = ({ id }) => ({ id, status: 'unprocessed' })
  await use(sold, 'scans', START)
  await pass(1)
  answer = accepted
  await named(sold, { license: 'arn:license:1' })
  await pass(1)
  expect(shown().at(-1)).toEqual(['scans', 'arn:license:1', 9])
})

test('an agreement without a licence waits where the hour of its buyer went by licence, and says why', async () => {
  const first = await sell(context, 'acme0001', { dimensions })
  const second = await sell(context, 'acme0002', { license: null, connection_id: first.connection_id })
  await context.store.inTenant(context.organisation_id, ({ tx, organisation_id }) =>
    tx.agreement.update({
      where: { organisation_id_id: { organisation_id, id: second.agreement_id } },
      data: { product_id: first.product_id, cloud_product_id: `cloud-${first.product_id}` },
    }),
  )
  await use(first, 'scans', START)
  await pass(1)
  await use(second, 'scans', plus(START, MINUTE_MS))
  await named(second, { product_code: 'code-1' })
  await pass(1)
  expect(shown()).toEqual([['scans', 'arn:license:acme0001', 9]])
  const { items } = await door(context).get('/v1/usage/records?state=pending')
  expect(items).toMatchObject([
    { agreement_id: second.agreement_id, reason: expect.stringContaining('by the licence') },
  ])
  await named(second, { license: 'arn:license:2' })
  expect(shown().at(-1)).toEqual(['scans', 'arn:license:2', 9])
})
