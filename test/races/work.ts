// One piece of work of each kind, due: the closed list of work kinds, with what each comes to.
import type { Hint } from '../../connectors/connector.ts'
import { post, recipes } from '../../src/ledger/index.ts'
import { assetOf } from '../../src/core/money.ts'
import { importStatement } from '../../src/settlement/index.ts'
import { keepFile } from '../../src/settlement/files.ts'
import { receive } from '../../src/settlement/store.ts'
import type { Scope } from '../../src/store/index.ts'
import { remember } from '../../src/webhooks/store.ts'
import { schedule, type WorkKind } from '../../src/work/index.ts'
import { file, type Row } from '../settlement/support.ts'
import { changes, write } from './changes.ts'
import type { World } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { STARTED, type Tenant, told, writeAgreement, writeOffer } from './tenant.ts'
import { openHours, pendingRecords, takeEvents } from './usage.ts'

const inTenant = <T>({ one }: World, tenant: Tenant, work: (scope: Scope) => Promise<T>) =>
  one.context.store.inTenant(tenant.organisation_id, work)

const hint = (tenant: Tenant): Hint => ({
  kind: 'agreement_changed',
  agreement_id: `agmt-${tenant.tag}`,
  license: null,
  product_id: null,
  product_code: `code-${tenant.tag}`,
})

/** An invoice, its fee, their collection and pay-out, and how much the cloud counted. */
const ROWS: readonly Row[] = [
  { key: 'sale', kind: 'sale', stage: 'invoiced', amount: '100.00' },
  { key: 'fee', kind: 'listing_fee', stage: 'invoiced', amount: '-3.00' },
  { key: 'sale-paid', kind: 'sale', stage: 'collected', amount: '100.00', parent: 'sale' },
  { key: 'fee-paid', kind: 'listing_fee', stage: 'collected', amount: '-3.00', parent: 'fee' },
  { key: 'sale-out', kind: 'sale', stage: 'disbursed', amount: '-100.00', parent: 'sale', disbursement: 'pay' },
  { key: 'fee-out', kind: 'listing_fee', stage: 'disbursed', amount: '3.00', parent: 'fee', disbursement: 'pay' },
  { key: 'pay', kind: 'disbursement', stage: 'disbursed', amount: '97.00', disbursement: 'pay', trace: 'TRACE-97' },
]

export function rowsOf(tenant: Tenant): Row[] {
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

/** What matching the lines above comes to, wherever it began. */
const MATCHED = {
  'agreement active': 1,
  'listing live': 1,
}

export const work: Readonly<Record<WorkKind, Scenario>> = {
  'operation.send': {
    arrange: (world, tenant) => write(world, tenant, 'offer.create'),
    ends: changes['offer.create'].ends,
    says: changes['offer.create'].says,
  },
  'operation.check': {
    slow: true,
    async arrange(world, tenant) {
      await write(world, tenant, 'offer.create')
      await world.one.tick(1)
      // The cloud took it; it is asked when its first waiting time is over.
      await world.watch.query('UPDATE work SET due_at = created_at WHERE organisation_id = $1', [
        tenant.organisation_id,
      ])
    },
    ends: changes['offer.create'].ends,
    says: changes['offer.create'].says,
  },
  'inbox.process': {
    async arrange(world, tenant) {
      world.cloud.agreements.set(tenant.account, [told(tenant)])
      await inTenant(world, tenant, async (scope) => {
        const id = await remember(scope, {
          connection_id: tenant.connection_id,
          message_id: `message-${tenant.tag}`,
          type: 'changed',
          state: 'verified',
          reason: null,
          headers: {},
          body: '{}',
          hints: [hint(tenant), { kind: 'disbursement_paused' }],
        })
        await schedule(scope, { kind: 'inbox.process', key: id ?? '' })
      })
    },
    ends: {},
    says: [],
  },
  'agreements.pull': {
    async arrange(world, tenant) {
      const { account, tag, connection_id: key } = tenant
      world.cloud.agreements.set(account, [
        told(tenant, { agreement_id: `first-${tag}`, offer_id: `bought-${account}` }),
        told(tenant, { agreement_id: `second-${tag}` }),
        told(tenant, { agreement_id: `third-${tag}`, state: 'cancelled', cloud_state: 'CANCELLED' }),
      ])
      await inTenant(world, tenant, async (scope) => {
        await writeOffer(scope, tenant, { state: 'live', cloud_offer_id: `bought-${account}` })
        const past = { state: 'live', cloud_offer_id: `past-${account}`, expires_on: '2026-01-02' }
        await writeOffer(scope, tenant, past)
        await writeAgreement(scope, tenant, { cloud_id: `third-${tag}` })
        await schedule(scope, { kind: 'agreements.pull', key })
      })
    },
    ends: {},
    says: [],
  },
  'agreements.read': {
    async arrange(world, tenant) {
      const ended = { state: 'cancelled', cloud_state: 'CANCELLED' } as const
      world.cloud.agreements.set(tenant.account, [told(tenant, ended)])
      await inTenant(world, tenant, async (scope) => {
        await writeAgreement(scope, tenant)
        const { kind: _, ...rest } = hint(tenant) as Extract<Hint, { kind: 'agreement_changed' }>
        const payload = { connection_id: tenant.connection_id, ...rest }
        await schedule(scope, { kind: 'agreements.read', key: scope.id('message'), payload })
      })
    },
    ends: {},
    says: [],
  },
  'agreements.sign_up': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await writeAgreement(scope, tenant, { license: null })
        const payload = {
          connection_id: tenant.connection_id,
          buyer_account_id: `buyer-${tenant.tag}`,
          agreement_id: null,
          license: `license-${tenant.account}`,
          product_code: `code-${tenant.tag}`,
          at: STARTED,
        }
        await schedule(scope, { kind: 'agreements.sign_up', key: tenant.tag, payload })
      }),
    ends: {},
    says: [],
  },
  'metering.roll_up': {
    async arrange(world, tenant) {
      const id = await inTenant(world, tenant, (scope) => writeAgreement(scope, tenant))
      await takeEvents(world, tenant, id)
    },
    ends: {},
    says: [],
  },
  'metering.close': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await openHours(scope, tenant)
        await schedule(scope, { kind: 'metering.close', key: tenant.connection_id })
      }),
    ends: {},
    says: [],
  },
  'metering.batch': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await pendingRecords(scope, tenant)
        await schedule(scope, { kind: 'metering.batch', key: tenant.connection_id })
      }),
    ends: {},
    says: [],
  },
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
    ends: {},
    says: [],
  },
  'settlement.import': {
    async arrange(world, tenant) {
      const key = await received(world, tenant)
      await inTenant(world, tenant, (scope) => schedule(scope, { kind: 'settlement.import', key }))
    },
    ends: {},
    says: [],
  },
  'settlement.match': {
    async arrange(world, tenant) {
      const key = await received(world, tenant)
      await importStatement(world.one.context, importing(key, tenant.organisation_id))
    },
    ends: MATCHED,
    says: [],
  },
  'ledger.roll_up': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        const entries = ['100', '50', '25'].map((cents, index) =>
          recipes.offerAccepted({
            agreement_id: scope.id('agreement'),
            key: `${tenant.tag}-${index}`,
            amount: { asset: assetOf('USD'), amount: BigInt(cents) },
            occurred_at: STARTED,
            evidence: {},
          }),
        )
        await post(
          scope,
          entries.filter((entry) => entry !== null),
        )
      }),
    ends: {},
    says: [],
  },
}
