// One piece of work of each kind, due: the closed list of work kinds, with what each comes to.
import type { Hint } from '../../connectors/connector.ts'
import { assetOf } from '../../src/core/money.ts'
import { MINUTE_MS, plus } from '../../src/core/time.ts'
import { post, recipes } from '../../src/ledger/index.ts'
import { update } from '../../src/operations/store.ts'
import { remember } from '../../src/webhooks/store.ts'
import { schedule, type WorkKind } from '../../src/work/index.ts'
import { changes, write } from './changes.ts'
import { inTenant } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { STARTED, type Tenant, told, writeAgreement, writeOffer } from './tenant.ts'
import { HOURS, openHours, pendingRecords, takeEvents } from './usage.ts'
import { seatsWork } from './work-seats.ts'
import { EXPECTED, settlementWork } from './work-settlement.ts'

const hint = (tenant: Tenant): Hint => ({
  kind: 'agreement_changed',
  agreement_id: `agmt-${tenant.tag}`,
  license: null,
  product_id: null,
  product_code: `code-${tenant.tag}`,
})

const wish = ({ tag }: Tenant): Hint => ({
  kind: 'change_wished',
  wish: { agreement_id: `agmt-${tag}`, wish_id: 'wish', action: 'quantity', plan: null, quantity: 7 },
})

/** Two records that went out and were taken. */
const REPORTED = {
  'agreement active': 1,
  'operation succeeded': 1,
  'usage_hour closed': 2,
  usage_meter: 1,
  'usage_record accepted': 2,
}
const usedAtCloud = (first: string, second: string) =>
  `"usage":[["license-account-T scans ${HOURS[0]}","${first}"],["license-account-T scans ${HOURS[1]}","${second}"]]`

export const work: Readonly<Record<WorkKind, Scenario>> = {
  ...settlementWork,
  ...seatsWork,
  'operation.send': {
    arrange: (world, tenant) => write(world, tenant, 'offer.create'),
    ends: changes['offer.create'].ends,
    says: changes['offer.create'].says,
  },
  'operation.check': {
    slow: true,
    async arrange(world, tenant) {
      await write(world, tenant, 'offer.create')
      await inTenant(world, tenant, async (scope) => {
        const { organisation_id, account } = tenant
        const operation = await scope.tx.operation.findFirstOrThrow({ where: { organisation_id } })
        const id = `${account} create ${operation.key}`
        world.cloud.made.set(id, { offer_id: `offer-${account}` })
        await update(scope, operation.id, { state: 'accepted', reference: `change ${id}` })
        await scope.tx.work.deleteMany({ where: { organisation_id } })
        await schedule(scope, { kind: 'operation.check', key: operation.id })
      })
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
          hints: [hint(tenant), wish(tenant), { kind: 'disbursement_paused' }],
        })
        await schedule(scope, { kind: 'inbox.process', key: id ?? '' })
      })
    },
    ends: {
      'agreement active': 1,
      'exception_item open': 1,
      'inbox_message processed': 1,
      'operation succeeded': 1,
      'timeline_event accepted': 1,
      'timeline_event change_wished': 1,
      'timeline_event change_granted': 1,
      'work agreements.read': 1,
      'work settlement.match': 1,
    },
    says: ['The wish for a quantity of 7 was granted.'],
  },
  'listings.read': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        const { organisation_id, listing_id: id } = tenant
        const scans = { key: 'scans', name: 'Scans', description: 'Scans', unit: 'Units', kind: 'metered' }
        const prices = { currency: 'USD', term_months: 12, entitled: {}, metered: { scans: '1' } }
        await scope.tx.listing.update({
          where: { organisation_id_id: { organisation_id, id } },
          data: { draft: { dimensions: [scans], prices } },
        })
        await schedule(scope, { kind: 'listings.read', key: id })
      }),
    ends: {
      'exception_item open': 1,
      'timeline_event compared': 1,
      'work listings.read': 1,
    },
    says: ['"held":["scans"]', '"visibility":"public"'],
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
    ends: {
      'agreement active': 2,
      'agreement cancelled': 1,
      'entry agreement_ended': 1,
      'entry fee_expected': 2,
      'entry offer_accepted': 1,
      'entry sale_expected': 2,
      'expectation fee': 2,
      'expectation instalment': 2,
      'offer accepted': 1,
      'offer expired': 1,
      posting: 8,
      pull_cursor: 1,
      'timeline_event accepted': 3,
      'timeline_event cancelled': 1,
      'timeline_event expired': 1,
      'work agreements.pull': 1,
      'work settlement.match': 1,
    },
    says: [
      '"cursor":"3"',
      '"dimension":"seats","expires_at":null',
      'balance bookings:total USD/2 20000 40000',
    ],
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
    ends: {
      ...EXPECTED,
      'agreement cancelled': 1,
      'entry agreement_ended': 1,
      posting: 4,
      'timeline_event cancelled': 1,
      'work settlement.match': 1,
    },
    says: ['The agreement agmt-T is CANCELLED.', '"ended_at":"2026-01-05T08:00:00+00:00"'],
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
    ends: { 'agreement active': 1, 'timeline_event signed_up': 1 },
    says: ['"license":"license-account-T"', '"signed_up_at":"2026-01-01T00:00:00+00:00"'],
  },
  'metering.roll_up': {
    async arrange(world, tenant) {
      const id = await inTenant(world, tenant, (scope) => writeAgreement(scope, tenant))
      await takeEvents(world, tenant, id)
    },
    ends: { ...REPORTED, usage_claim: 6, usage_event: 6, 'work metering.close': 1 },
    says: [usedAtCloud('6', '10'), '"carry":0.5'],
  },
  'metering.close': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await openHours(scope, tenant)
        await schedule(scope, { kind: 'metering.close', key: tenant.connection_id })
      }),
    ends: { ...REPORTED, 'work metering.close': 1 },
    says: [usedAtCloud('7', '9'), '"carry":0.25'],
  },
  'metering.batch': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        await pendingRecords(scope, tenant)
        await schedule(scope, { kind: 'metering.batch', key: tenant.connection_id })
      }),
    ends: REPORTED,
    says: [usedAtCloud('7', '9')],
  },
  'sandbox.move': {
    arrange: (world, tenant) =>
      inTenant(world, tenant, async (scope) => {
        const from = scope.now()
        const payload = { from: from.toISOString(), to: plus(from, 3 * MINUTE_MS).toISOString() }
        await schedule(scope, { kind: 'sandbox.move', key: 'clock', payload })
      }),
    ends: {},
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
    ends: { 'entry offer_accepted': 3, posting: 3 },
    says: ['balance bookings:total USD/2 0 175'],
  },
}
