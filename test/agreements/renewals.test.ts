// An agreement that comes from an offer a second time is that one renewed: the cloud's terms count, not the offer's dates.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgreementRecord } from '../../connectors/connector.ts'
import { applyRecord } from '../../src/agreements/sync.ts'
import { decimal } from '../../src/core/decimal.ts'
import { money } from '../../src/core/money.ts'
import { insertOffer } from '../../src/offers/index.ts'
import type { Terms } from '../../src/offers/model.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const connection = {
  id: 'conn_renewals',
  cloud: 'aws' as const,
  covers: 'agreement' as const,
  activates: false,
  answer: null,
}
const CONTRACT: Terms = {
  kind: 'contract',
  currency: 'USD',
  duration_months: 12,
  total: '1000.00',
  grants: [{ dimension: 'seats', quantity: 10 }],
  instalments: [{ due_on: '2026-01-20', amount: '1000.00' }],
}
const LIST: Terms = {
  kind: 'configurable',
  currency: 'USD',
  rates: [{ duration_months: 12, prices: { seats: '0.335' } }],
  usage_prices: { scans: '0.5' },
}

function recordOf(agreement_id: string, change: Partial<AgreementRecord> = {}): AgreementRecord {
  const at = new Date('2026-01-05T10:00:00.000Z')
  return {
    agreement_id,
    role: 'seller',
    offer_id: 'offer-1',
    authorization_id: null,
    product_id: 'prod-1',
    buyer_account_id: '777788889999',
    seller_account_id: '111122223333',
    state: 'active',
    cloud_state: 'ACTIVE',
    accepted_at: at,
    starts_at: at,
    ends_at: new Date('2027-01-05T10:00:00.000Z'),
    currency: 'USD',
    value: null,
    instalments: [{ due_on: '2026-01-20', amount: money('USD', 1000_00n) }],
    usage_prices: {},
    grants: [{ dimension: 'seats', quantity: 10 }],
    updated_at: at,
    evidence: {},
    ...change,
  }
}

async function writeOffer(scope: Scope, cloud_offer_id: string, terms: Terms): Promise<void> {
  const id = scope.id('offer')
  await insertOffer(scope, {
    id,
    vendor_organisation_id: scope.organisation_id,
    deal_id: null,
    connection_id: connection.id,
    authorization_id: null,
    channel: 'direct',
    name: 'Offer',
    terms,
    wholesale: null,
    markup_percent: null,
    expires_on: '2026-01-16',
    buyer_account_ids: ['777788889999'],
    cloud_product_id: 'prod-1',
  })
  const where = { organisation_id_id: { organisation_id: scope.organisation_id, id } }
  await scope.tx.offer.update({ where, data: { cloud_offer_id, state: 'live' } })
}

const booked = async (scope: Scope, id: string) => {
  const where = { organisation_id: scope.organisation_id, to_account: `bookings:open:${id}` }
  return (await scope.tx.posting.findMany({ where })).map(({ amount }) => amount)
}
const tenant = <T>(work: (scope: Scope) => Promise<T>) =>
  context.store.inTenant(context.organisation_id, work)

test('a renewed agreement has the price and the dates that the cloud tells, and names the one before', async () => {
  await tenant(async (scope) => {
    await writeOffer(scope, 'offer-1', CONTRACT)
    const first = await applyRecord(scope, connection, recordOf('agmt-1'))
    expect(first).toMatchObject({ terms: CONTRACT, replaces_agreement_id: null })
    const dearer = [{ due_on: '2027-01-20', amount: money('USD', 1050_00n) }]
    const second = await applyRecord(scope, connection, recordOf('agmt-2', { instalments: dearer }))
    expect(second).toMatchObject({
      offer_id: first.offer_id,
      replaces_agreement_id: first.id,
      terms: { total: '1050', instalments: [{ due_on: '2027-01-20', amount: '1050.00' }] },
    })
    expect(await booked(scope, second.id)).toEqual([1050_00n])
    // Another buyer of the same offer takes it as it was made.
    const other = await applyRecord(
      scope,
      connection,
      recordOf('agmt-3', { buyer_account_id: '222233334444' }),
    )
    expect(other).toMatchObject({ terms: CONTRACT, replaces_agreement_id: null })
  })
})

test('a choice that is told late is priced then, each dimension rounded half up, and booked once', async () => {
  await tenant(async (scope) => {
    await writeOffer(scope, 'offer-2', LIST)
    const untold = {
      offer_id: 'offer-2',
      instalments: [],
      grants: [],
      usage_prices: { scans: decimal('0.5') },
    }
    const early = await applyRecord(scope, connection, recordOf('agmt-4', untold))
    expect([early.terms, await booked(scope, early.id)]).toEqual([LIST, []])
    const told = {
      ...untold,
      chosen_months: 12,
      grants: [{ dimension: 'seats', quantity: 3 }],
      instalments: [{ due_on: '2026-01-05', amount: money('USD', 1_01n) }],
      updated_at: new Date('2026-01-05T10:01:00.000Z'),
    }
    for (const _ of [1, 2]) {
      const late = await applyRecord(scope, connection, recordOf('agmt-4', told))
      expect(late.terms).toEqual({
        kind: 'contract_with_consumption',
        currency: 'USD',
        duration_months: 12,
        total: '1.01',
        grants: [{ dimension: 'seats', quantity: 3 }],
        instalments: [{ due_on: '2026-01-05', amount: '1.01' }],
        usage_prices: { scans: '0.5' },
      })
    }
    expect(await booked(scope, early.id)).toEqual([1_01n])
  })
})
