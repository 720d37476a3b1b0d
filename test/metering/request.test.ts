// One record with the names a cloud knows, and where the agreement ends inside its hour.
import { expect, test } from 'vitest'
import type { Agreement } from '../../src/agreements/model.ts'
import { decimal } from '../../src/core/decimal.ts'
import type { UsageRecord } from '../../src/metering/model.ts'
import { toMeterRecord, toSentRecord } from '../../src/metering/request.ts'
import { awsRules } from './rules.ts'

const hour = new Date('2026-01-05T09:00:00.000Z')
const record: UsageRecord = {
  id: 'rec_1',
  agreement_id: 'agr_1',
  dimension: 'scans',
  connection_id: 'conn_1',
  hour,
  source_hour: hour,
  quantity: decimal('3.50'),
  allocations: null,
  state: 'pending',
  attempts: 0,
  operation_id: null,
  named_by: null,
  cloud_record_id: null,
  reason: null,
  deadline_at: new Date('2026-01-06T09:00:00.000Z'),
  created_at: hour,
  settled_at: null,
}
const agreement = (ends_at: string | null): Agreement => ({
  organisation_id: 'org_1',
  id: 'agr_1',
  connection_id: 'conn_1',
  cloud: 'gcp',
  cloud_agreement_id: 'order-1',
  cloud_offer_id: null,
  cloud_authorization_id: null,
  replaces_agreement_id: null,
  cloud_product_id: 'services/scans',
  product_code: null,
  license: 'project_number:1',
  plan: 'gold',
  product_id: 'prod_1',
  deal_id: null,
  offer_id: null,
  authorization_id: null,
  role: 'seller',
  state: 'active',
  cloud_state: 'ACTIVE',
  buyer_account_id: 'buyer-1',
  seller_account_id: 'seller-1',
  currency: 'USD',
  terms: { kind: 'usage', currency: 'USD', duration_months: 12, usage_prices: { scans: '1' } },
  wholesale: null,
  accepted_at: new Date('2026-01-01T00:00:00.000Z'),
  starts_at: null,
  ends_at: ends_at === null ? null : new Date(ends_at),
  ended_at: null,
  signed_up_at: null,
  cloud_updated_at: null,
})

test.each([
  ['a whole hour', null, null],
  ['an end in a later hour', '2026-01-05T11:00:00.000Z', null],
  ['an end exactly at the end of the hour', '2026-01-05T10:00:00.000Z', null],
  ['an end inside the hour', '2026-01-05T09:33:00.000Z', '2026-01-05T09:33:00.000Z'],
])('%s', (_, ends_at, until) => {
  const sent = toSentRecord(record, agreement(ends_at), awsRules)
  expect(sent).toMatchObject({ agreement_id: 'order-1', license: 'project_number:1', quantity: '3.5', until })
  if (sent === null) throw new Error('It can be named')
  expect(toMeterRecord(sent).until).toEqual(until === null ? null : new Date(until))
})
