// The values that Microsoft's documents and the sandbox give.
import { HOUR_MS } from '../../../../src/core/time.ts'
import { authorization, listing, offer } from '../../drafts.ts'
import type { Expected } from '../../world.ts'
import { CUSTOMER, NOBODY } from './accounts.ts'

const NO_GUID = '99999999-9999-4999-8999-999999999999'

export const expected: Expected = {
  permissions: ['login', 'saas-fulfilment', 'metering', 'product-ingestion', 'payouts'],
  wrong_secret: {
    connection: (vendor) => ({
      ...vendor,
      id: 'conn_wrong',
      credentials: { client_secret: 'not-the-secret-at-all' },
    }),
    words: 'AADSTS7000215',
  },
  account_words: /^$/,
  retry_after_ms: 1000,
  product_id: /^ledger-cloud-[0-9a-f]{10}$/,
  unknown_product: 'nobody-knows-this',
  // A flat rate knows meters only, and of them name and unit.
  listing: {
    state: 'public',
    metered: listing.dimensions
      .filter(({ kind }) => kind === 'metered')
      .map((dimension) => ({ ...dimension, description: '' })),
    entitled: [],
  },
  impossible_listing: {
    draft: { ...listing, prices: { ...listing.prices, entitled: {}, metered: {} } },
    code: 'MISSING_PRICES',
    field: 'prices',
  },
  refused_listing: {
    draft: { ...listing, categories: ['analytics/data-insights'] },
    code: 'invalidState',
    plain: /did not certify/,
  },
  offer_id: /^private-offer\/[0-9a-f-]{36}$/,
  unknown_offer: `private-offer/${NO_GUID}`,
  withdrawn: 'draft',
  accepted: 'accepted',
  expire_accepted: 'ACCEPTED',
  finest_price: { price: '0.002001', charged: '2001' },
  refused_offer: {
    draft: (product_id) => ({ ...offer, product_id, buyer_account_ids: [NOBODY] }),
    code: 'businessValidationError',
  },
  impossible_offer: {
    draft: (product_id) => ({ ...offer, product_id, buyer_account_ids: [CUSTOMER], duration_months: 7 }),
    code: 'DURATION',
    field: 'duration_months',
  },
  shared: { vendor_account_id: '', names_product: false, only_when_used: false },
  resold_offer_name: authorization.name,
  unknown_reseller: { account_id: '99999999', code: 'businessValidationError' },
  other_buyer: { buyer: NOBODY, code: 'BUYER_FIXED' },
  registration: { place: 'query', field: 'token', covers: 'agreement' },
  agreement: {
    unknown: NO_GUID,
    cloud_state: 'PendingFulfillmentStart',
    pending: true,
    grants: [],
    tells_price: false,
    usage_prices: [
      ['calls', '0.002'],
      ['exports', '0.01'],
    ],
    ended: 'cancelled',
    tells_end: false,
  },
  hidden_agreement: { codes: ['not_found', 'forbidden'] },
  activate_ended: 'NOT_PENDING',
  wished_plan: 'gold',
  answered_already: 'DECIDED',
  another_wish: 'NOT_ASKED',
  nobody_asked: 'NOT_ASKED',
  metering: {
    grain: 'one_per_hour',
    batch_max: 25,
    batch_bytes_max: 1_000_000,
    one_product_per_request: false,
    requests_per_second: 5,
    burst: 10,
    window_ms: 24 * HOUR_MS,
    month_cutoff_ms: null,
    quantity: 'fractional',
    zero_allowed: false,
    draws_included: 'seller',
    after_end_ms: 24 * HOUR_MS,
    read_back: true,
    named_by: 'agreement',
    unknown_outcome: 'send_identical',
  },
  usage: {
    exact: '12.25',
    tells_duplicate: true,
    other_quantity: 'Duplicate',
    wrong_quantity: { quantity: '0.12345678901234567', code: 'QuantityTooExact' },
    zero: 'QuantityNotPositive',
    nameless: { record: (record) => ({ ...record, plan: null }), code: 'NoPlan' },
    unknown_names: { agreement_id: NO_GUID },
    too_old: { as: 'answer', code: 'Expired' },
    future: { as: 'answer', code: 'BadArgument' },
    after_end: { as: 'answer', code: 'Expired' },
    unknown_dimension: { as: 'answer', code: 'InvalidDimension' },
    unknown_agreement: { as: 'answer', code: 'ResourceNotFound' },
    foreign_agreement: { as: 'answer', code: 'ResourceNotAuthorized' },
    beyond_batch: { as: 'fault', code: 'BadArgument' },
    unpaid: { status: 'refused', code: 'ResourceNotActive' },
  },
  statement: {
    names_offer: false,
    fee: '-1800',
    payout: '58200',
    usage: { on: '2026-09-01', is: ({ dimension }) => dimension === 'calls' },
    reseller: ['sale 7407'],
    missing: 'transactionhistory/99999999-9999-4999-8999-999999999999.csv',
  },
}
