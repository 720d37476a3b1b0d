// A billing event feed as AWS writes it, through our import and matching to the bank.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseFeed, recogniseFeed } from '../../connectors/aws/settlements/feeds.ts'
import { agree, contract, pullAndImport, type World, world } from './support.ts'

let vendor: World
beforeEach(async () => {
  vendor = await world()
  const { settlements } = vendor.cloud.connector
  if (settlements === undefined) throw new Error('the fake cloud has settlements')
  settlements.recognise = recogniseFeed
  settlements.parse = parseFeed
})
afterEach(() => vendor.context.close())

const columns =
  'valid_from,insert_date,update_date,delete_date,billing_event_id,parent_billing_event_id,action,transaction_type,' +
  'product_id,disbursement_billing_event_id,amount,currency,balance_impacting,invoice_date,usage_period_start_date,' +
  'usage_period_end_date,invoice_id,bank_trace_id,agreement_id,offer_id,disbursement_reference_number,' +
  'charge_variant,charge_side,action_date'

type Event = {
  id: string
  parent?: string
  action: string
  type: string
  amount: string
  impact: '0' | '1'
  payout?: string
  trace?: string
}

function feed(events: readonly Event[]): string {
  const at = '2026-02-01T08:00:00Z'
  const rows = events.map((event) => {
    const agreement = event.type === 'DISBURSEMENT' ? '' : 'agmt-agr_a1'
    return [
      at,
      at,
      at,
      '',
      event.id,
      event.parent ?? '',
      event.action,
      event.type,
      'prod-1',
      event.payout ?? '',
      event.amount,
      'USD',
      event.impact,
      at,
      at,
      at,
      '123456',
      event.trace ?? '',
      agreement,
      'offer-1',
      '',
      '',
      '',
      at,
    ].join(',')
  })
  return `${[columns, ...rows].join('\r\n')}\r\n`
}

test('a direct deal with tax that AWS remits, from the feed to the bank', async () => {
  await agree(vendor, 'agr_a1', contract(['2026-02-01', '1000.00']))
  const trace = 'TRACE0001'
  const text = feed([
    { id: 's', action: 'INVOICED', type: 'SELLER_REV_SHARE', amount: '1000.00', impact: '1' },
    { id: 'f', action: 'INVOICED', type: 'AWS_REV_SHARE', amount: '-30.00', impact: '1' },
    { id: 't', action: 'INVOICED', type: 'AWS_TAX_SHARE', amount: '80.00', impact: '0' },
    { id: 'sc', parent: 's', action: 'COLLECTED', type: 'SELLER_REV_SHARE', amount: '1000.00', impact: '0' },
    { id: 'fc', parent: 'f', action: 'COLLECTED', type: 'AWS_REV_SHARE', amount: '-30.00', impact: '0' },
    { id: 'tc', parent: 't', action: 'COLLECTED', type: 'AWS_TAX_SHARE', amount: '80.00', impact: '0' },
    {
      id: 'sd',
      parent: 's',
      action: 'DISBURSED',
      type: 'SELLER_REV_SHARE',
      amount: '-1000.00',
      impact: '0',
      payout: 'p',
      trace,
    },
    {
      id: 'fd',
      parent: 'f',
      action: 'DISBURSED',
      type: 'AWS_REV_SHARE',
      amount: '30.00',
      impact: '0',
      payout: 'p',
      trace,
    },
    { id: 'p', action: 'DISBURSED', type: 'DISBURSEMENT', amount: '970.00', impact: '0', trace },
  ])
  vendor.cloud.files.set('billingeventfeed_v1/year=2026/month=02/data.csv', text)
  vendor.cloud.files.set('accountfeed_v1/year=2026/month=02/data.csv', 'account_id\r\n1\r\n')
  await pullAndImport(vendor.context, vendor.context.organisation_id, vendor.connection_id)
  await vendor.match()
  await vendor.bank(
    `booked_on,value_on,amount,currency,reference,counterparty,description\n2026-02-09,2026-02-09,970.00,USD,AWS ${trace},AMAZON,x\n`,
  )
  expect(await vendor.total()).toMatchObject({
    expected: 97_000n,
    banked: 97_000n,
    difference: 0n,
    explained: true,
  })
  expect(await vendor.balance('asset')).toEqual({ 'asset:bank:main': '970.00' })
  const states = await vendor.tenant(({ tx }) =>
    tx.statement_line.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } }),
  )
  expect(states.map(({ state, _count }) => [state, _count])).toEqual([
    ['explained', 8],
    ['not_counted', 2],
  ])
})

test('a feed cut in half is refused and nothing of it counts', async () => {
  const whole = feed([
    { id: 's', action: 'INVOICED', type: 'SELLER_REV_SHARE', amount: '1000.00', impact: '1' },
    { id: 'f', action: 'INVOICED', type: 'AWS_REV_SHARE', amount: '-30.00', impact: '1' },
  ])
  vendor.cloud.files.set('billingeventfeed_v1/year=2026/month=02/data.csv', whole.slice(0, -60))
  await pullAndImport(vendor.context, vendor.context.organisation_id, vendor.connection_id)
  const [statement] = await vendor.tenant(({ tx }) => tx.statement.findMany())
  expect(statement).toMatchObject({ state: 'refused', problem: { row: 3 } })
  expect(await vendor.tenant(({ tx }) => tx.statement_line.count())).toBe(0)
})
