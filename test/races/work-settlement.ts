// Work on a cloud's statements: the same shape as work.ts, which puts all kinds together.
import { keepFile } from '../../src/settlement/files.ts'
import { importStatement } from '../../src/settlement/index.ts'
import { receive } from '../../src/settlement/store.ts'
import { schedule } from '../../src/work/index.ts'
import { file, type Row } from '../settlement/support.ts'
import { inTenant, type World } from './processes.ts'
import type { Scenarios } from './scenario.ts'
import { type Tenant, writeAgreement } from './tenant.ts'

/** An invoice, its fee, their collection and pay-out, and how much the cloud counted. */
const ROWS: readonly Row[] = [
  { key: 'sale', kind: 'sale', stage: 'invoiced', amount: '100.00' },
  { key: 'fee', kind: 'listing_fee', stage: 'invoiced', amount: '-3.00' },
  { key: 'sale-paid', kind: 'sale', stage: 'collected', amount: '100.00', parent: 'sale' },
  { key: 'fee-paid', kind: 'listing_fee', stage: 'collected', amount: '-3.00', parent: 'fee' },
  {
    key: 'sale-out',
    kind: 'sale',
    stage: 'disbursed',
    amount: '-100.00',
    parent: 'sale',
    disbursement: 'pay',
  },
  {
    key: 'fee-out',
    kind: 'listing_fee',
    stage: 'disbursed',
    amount: '3.00',
    parent: 'fee',
    disbursement: 'pay',
  },
  {
    key: 'pay',
    kind: 'disbursement',
    stage: 'disbursed',
    amount: '97.00',
    disbursement: 'pay',
    trace: 'TRACE-97',
  },
]

function rowsOf(tenant: Tenant): Row[] {
  const agreement = `agmt-${tenant.tag}`
  const lines = ROWS.map((row) => ({ on: '2026-01-05', agreement, ...row }))
  return [...lines, { kind: 'usage_reading', on: '2026-01-04', agreement, dimension: 'scans', amount: '16' }]
}

async function received(world: World, tenant: Tenant): Promise<string> {
  const stored = await keepFile(world, chunks(file(rowsOf(tenant))))
  return inTenant(world, tenant, async (scope) => {
    await writeAgreement(scope, tenant)
    const { connection_id } = tenant
    const named = { connection_id, source: connection_id, name: 'feed.csv', version: '1' }
    return (await receive(scope, { ...named, stored })).statement.id
  })
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

const importing = (key: string, organisation_id: string) => ({
  organisation_id,
  id: 'work_0',
  kind: 'settlement.import' as const,
  key,
  payload: {},
  attempts: 1,
  generation: 0,
})

/** What is expected of an agreement by now. */
export const EXPECTED = {
  'entry fee_expected': 1,
  'entry sale_expected': 1,
  'expectation fee': 1,
  'expectation instalment': 1,
}
/** What matching the lines above comes to, wherever it began. */
const MATCHED = {
  ...EXPECTED,
  'agreement active': 1,
  'entry collected': 2,
  'entry disbursed': 2,
  'entry fee_invoiced': 1,
  'entry sale_invoiced': 1,
  match: 7,
  posting: 9,
  'statement_line explained': 7,
  usage_reading: 1,
  'work settlement.match': 1,
}
const BOOKED = [
  'balance asset:transit:pay USD/2 10000 300',
  'balance receivable:invoiced:agr_ USD/2 10300 10300',
  '"quantity":16',
]
export const settlementWork: Scenarios<'settlement.pull' | 'settlement.import' | 'settlement.match'> = {
  'settlement.pull': {
    async arrange(world, tenant) {
      const rows = rowsOf(tenant)
      world.cloud.files.set(tenant.account, [
        { name: 'first.csv', version: '1', text: file(rows.slice(0, 2)) },
        { name: 'second.csv', version: '1', text: file(rows.slice(2)) },
      ])
      await inTenant(world, tenant, async (scope) => {
        await writeAgreement(scope, tenant)
        await schedule(scope, { kind: 'settlement.pull', key: tenant.connection_id })
      })
    },
    ends: { ...MATCHED, pull_cursor: 1, 'statement imported': 2, 'work settlement.pull': 1 },
    says: [...BOOKED, '"cursor":"2"'],
  },
  'settlement.import': {
    async arrange(world, tenant) {
      const key = await received(world, tenant)
      await inTenant(world, tenant, (scope) => schedule(scope, { kind: 'settlement.import', key }))
    },
    ends: { ...MATCHED, 'statement imported': 1 },
    says: [...BOOKED, '"lines_new":7,"lines_read":8'],
  },
  'settlement.match': {
    async arrange(world, tenant) {
      const key = await received(world, tenant)
      await importStatement(world.one.context, importing(key, tenant.organisation_id))
    },
    ends: { ...MATCHED, 'statement imported': 1 },
    says: BOOKED,
  },
}
