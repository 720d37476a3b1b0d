// One change of each kind, written down and due: the closed list of operation kinds, with what each comes to.

import { decimal } from '../../src/core/decimal.ts'
import { insertSet, updateSet } from '../../src/offers/store-sets.ts'
import { enqueue } from '../../src/operations/index.ts'
import type { OperationKind } from '../../src/operations/model.ts'
import type { Scope } from '../../src/store/index.ts'
import { insert as insertAuthorization } from '../../src/syndication/store.ts'
import type { World } from './processes.ts'
import type { Scenario } from './scenario.ts'
import { TERMS, type Tenant, told, writeAgreement, writeOffer } from './tenant.ts'
import { pendingRecords, sendRecords } from './usage.ts'

/** What is changed, and exactly what is sent. */
type Asked = { subject_id: string; request: unknown }
export type Asking = Pick<Scenario, 'ends' | 'says'> & {
  /** The name of the call at the cloud. */
  call: string
  ask(scope: Scope, tenant: Tenant): Promise<Asked>
}

const offered = (tenant: Tenant) => ({
  name: 'Offer',
  description: 'Offer for Buyer',
  product_id: `prod-${tenant.account}`,
  buyer_account_ids: [`buyer-${tenant.tag}`],
  terms: TERMS,
  expires_on: '2026-02-01',
  marker: tenant.tag,
})

async function authorization(scope: Scope, tenant: Tenant, active: boolean): Promise<string> {
  const id = scope.id('authorization')
  await insertAuthorization(scope, {
    id,
    deal_id: tenant.deal_id,
    connection_id: tenant.connection_id,
    cloud: 'aws',
    reseller_organisation_id: null,
    reseller_account_id: `reseller-${tenant.tag}`,
    name: 'Deal',
    terms: TERMS,
    markup_min_percent: decimal('0'),
    markup_max_percent: decimal('20'),
    expires_on: '2026-02-01',
    single_use: true,
    buyer_account_ids: [],
    cloud_product_id: `prod-${tenant.account}`,
  })
  if (active) {
    const where = { organisation_id_id: { organisation_id: tenant.organisation_id, id } }
    const data = { state: 'active', cloud_authorization_id: `ra-${tenant.account}` }
    await scope.tx.resale_authorization.update({ where, data })
  }
  return id
}

async function writeSet(scope: Scope, tenant: Tenant, cloud_offer_set_id: string | null): Promise<string> {
  const { connection_id } = tenant
  const set = { id: scope.id('offerSet'), connection_id, name: 'Set', buyer_notes: 'Both' }
  const { id } = await insertSet(scope, { ...set, expires_on: '2026-02-01' })
  await updateSet(scope, id, { cloud_offer_set_id })
  return id
}

export const changes: Readonly<Record<OperationKind, Asking>> = {
  'listing.publish': {
    call: 'publish',
    async ask({ tx }, tenant) {
      const { organisation_id, listing_id: id } = tenant
      const data = { state: 'publishing', cloud_product_id: null }
      await tx.listing.update({ where: { organisation_id_id: { organisation_id, id } }, data })
      const prices = { currency: 'USD', term_months: 12, entitled: { seats: '10' }, metered: { scans: '1' } }
      return { subject_id: id, request: { title: 'Product', dimensions: [], prices } }
    },
    ends: { 'operation succeeded': 1, 'timeline_event live': 1, 'work listings.read': 1 },
    says: ['"cloud_product_id":"prod-account-T"'],
  },
  'listing.update': {
    call: 'update',
    async ask({ tx }, tenant) {
      const { organisation_id, listing_id: id } = tenant
      const where = { organisation_id_id: { organisation_id, id } }
      const { cloud_product_id: product_id } = await tx.listing.findUniqueOrThrow({ where })
      const draft = {
        dimensions: [],
        prices: { currency: 'USD', term_months: 12, entitled: { seats: '10' }, metered: { scans: '1' } },
      }
      const at = { product_id, public_offer_id: null }
      return {
        subject_id: id,
        request: { at, before: { ...draft, title: 'Before' }, after: { ...draft, title: 'After' } },
      }
    },
    ends: { 'operation succeeded': 1, 'timeline_event changed': 1, 'work listings.read': 1 },
    says: ['"title":"After"'],
  },
  'listing.visibility': {
    call: 'setVisibility',
    async ask({ tx }, tenant) {
      const { organisation_id, listing_id: id } = tenant
      const where = { organisation_id_id: { organisation_id, id } }
      const { cloud_product_id: product_id } = await tx.listing.findUniqueOrThrow({ where })
      const at = { product_id, public_offer_id: null }
      return { subject_id: id, request: { at, visibility: 'public', replacement_product_id: null } }
    },
    ends: { 'operation succeeded': 1, 'timeline_event visibility': 1, 'work listings.read': 1 },
    says: ['"visibility":"public"'],
  },
  'offer.create': {
    call: 'create',
    ask: async (scope, tenant) => ({
      subject_id: await writeOffer(scope, tenant),
      request: offered(tenant),
    }),
    ends: { 'offer live': 1, 'operation succeeded': 1, 'timeline_event live': 1 },
    says: ['"cloud_offer_id":"offer-account-T"'],
  },
  'offer.expire': {
    call: 'expire',
    async ask(scope, tenant) {
      const offer_id = `offer-${tenant.account}`
      const subject_id = await writeOffer(scope, tenant, { state: 'live', cloud_offer_id: offer_id })
      return { subject_id, request: { offer_id, expires_on: '2026-01-04', withdraw: true } }
    },
    ends: { 'offer withdrawn': 1, 'operation succeeded': 1, 'timeline_event withdrawn': 1 },
    says: ['"expires_on":"2026-01-04"'],
  },
  'offer_set.create': {
    call: 'createSet',
    async ask(scope, tenant) {
      const subject_id = await writeSet(scope, tenant, null)
      // The offers that follow are changes of their own.
      return { subject_id, request: { name: 'Set', buyer_notes: 'Both', offers: [] } }
    },
    ends: { 'offer_set publishing': 1, 'operation succeeded': 1, 'timeline_event made': 1 },
    says: ['"cloud_offer_set_id":"set-account-T"'],
  },
  'offer_set.release': {
    call: 'releaseSet',
    async ask(scope, tenant) {
      const offer_set_id = `set-${tenant.account}`
      const subject_id = await writeSet(scope, tenant, offer_set_id)
      return { subject_id, request: { offer_set_id, offer_ids: ['offer-1', 'offer-2'] } }
    },
    ends: { 'offer_set released': 1, 'operation succeeded': 1, 'timeline_event released': 1 },
    says: ['"state":"released"'],
  },
  'authorization.create': {
    call: 'authorize',
    async ask(scope, tenant) {
      const { buyer_account_ids: _, ...rest } = offered(tenant)
      const request = { ...rest, reseller_account_id: 'r', buyer_account_ids: [], single_use: true }
      return { subject_id: await authorization(scope, tenant, false), request }
    },
    ends: {
      'operation succeeded': 1,
      'resale_authorization active': 1,
      'timeline_event active': 1,
    },
    says: ['"cloud_authorization_id":"ra-account-T"'],
  },
  'authorization.restrict': {
    call: 'restrict',
    ask: async (scope, tenant) => ({
      subject_id: await authorization(scope, tenant, true),
      request: { authorization_id: `ra-${tenant.account}` },
    }),
    ends: {
      'operation succeeded': 1,
      'resale_authorization restricted': 1,
      'timeline_event restricted': 1,
    },
    says: [],
  },
  'reseller_offer.create': {
    call: 'resell',
    async ask(scope, tenant) {
      const { name, description, buyer_account_ids, expires_on, marker } = offered(tenant)
      const authorization_id = `ra-${tenant.account}`
      const shared = { name, description, buyer_account_ids, expires_on, marker }
      const subject_id = await writeOffer(scope, tenant)
      return { subject_id, request: { ...shared, authorization_id, markup_percent: '12.5' } }
    },
    ends: { 'offer live': 1, 'operation succeeded': 1, 'timeline_event live': 1 },
    says: ['"cloud_offer_id":"resold-account-T"'],
  },
  'agreement.activate': {
    call: 'activate',
    async ask(scope, tenant) {
      const subject_id = await writeAgreement(scope, tenant, { state: 'pending' })
      const request = { agreement_id: `agmt-${tenant.tag}`, buyer_account_id: `buyer-${tenant.tag}` }
      return { subject_id, request }
    },
    // Being told that it is active, we expect what falls due.
    ends: {
      'agreement active': 1,
      'entry fee_expected': 1,
      'entry sale_expected': 1,
      'expectation fee': 1,
      'expectation instalment': 1,
      'operation succeeded': 1,
      posting: 3,
      'timeline_event activated': 1,
      'work settlement.match': 1,
    },
    says: ['"cloud_state":"ACTIVE"'],
  },
  'agreement.answer': {
    call: 'answer',
    async ask(scope, tenant) {
      const agreement_id = `agmt-${tenant.tag}`
      const wish = { agreement_id, wish_id: 'wish', action: 'quantity', plan: null, quantity: 7 }
      return { subject_id: await writeAgreement(scope, tenant), request: { wish, accept: true } }
    },
    ends: {
      'agreement active': 1,
      'operation succeeded': 1,
      'timeline_event change_granted': 1,
      'work agreements.read': 1,
    },
    says: ['The wish for a quantity of 7 was granted.'],
  },
  'agreement.request': {
    call: 'request',
    async ask(scope, tenant) {
      const asked = { kind: 'cancellation', reason: 'OTHER', words: null }
      const request = { agreement_id: `agmt-${tenant.tag}`, asked }
      return { subject_id: await writeAgreement(scope, tenant), request }
    },
    ends: {
      'agreement active': 1,
      'entry fee_expected': 1,
      'entry sale_expected': 1,
      'expectation fee': 1,
      'expectation instalment': 1,
      'operation succeeded': 1,
      posting: 3,
      'timeline_event request_granted': 1,
      'work settlement.match': 1,
    },
    says: ['The request to end the agreement was granted.'],
  },
  'agreement.withdraw': {
    call: 'withdraw',
    async ask(scope, tenant) {
      const request = { request_id: 'op_earlier', reference: 'earlier', words: 'A mistake' }
      return { subject_id: await writeAgreement(scope, tenant), request }
    },
    ends: { 'agreement active': 1, 'operation succeeded': 1 },
    says: [],
  },
  'metering.report': {
    call: 'report',
    // What is sent follows from the records: the room itself writes it down.
    ask: async () => ({ subject_id: '', request: undefined }),
    ends: {
      'agreement active': 1,

      'operation succeeded': 1,
      'usage_hour closed': 2,
      usage_meter: 1,
      'usage_record accepted': 2,
    },
    says: ['["license-account-T scans 2026-01-05T06:00:00.000Z","7"]', '"quantity":9'],
  },
}

/** Writes a change of a kind down, as the room that asks for it does. */
export async function write(world: World, tenant: Tenant, kind: OperationKind): Promise<void> {
  // What some changes lead to is read back from the cloud.
  world.cloud.agreements.set(tenant.account, [told(tenant)])
  await world.one.context.store.inTenant(tenant.organisation_id, async (scope) => {
    if (kind === 'metering.report') return sendRecords(scope, tenant, await pendingRecords(scope, tenant))
    const { subject_id, request } = await changes[kind].ask(scope, tenant)
    const key = `${kind} ${subject_id}`
    await enqueue(scope, { connection_id: tenant.connection_id, kind, subject_id, key, request })
  })
}
