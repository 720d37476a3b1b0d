// The values that Google's documents and the sandbox give.
import { generateKeyPairSync } from 'node:crypto'
import { decimal } from '../../../../src/core/decimal.ts'
import { HOUR_MS } from '../../../../src/core/time.ts'
import { listing, offer, resellerOffer } from '../../drafts.ts'
import type { Expected } from '../../world.ts'
import { CUSTOMER } from './accounts.ts'

const NO_UUID = '99999999-9999-4999-8999-999999999999'

const foreignKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export const expected: Expected = {
  permissions: [
    'Service account',
    'Procurement entitlements.list',
    'Procurement accounts.list',
    'commerceproducer.products.list',
    'commerceproducer.privateOffers.list',
    'servicemanagement.services.check',
    'storage.objects.list',
  ],
  wrong_secret: {
    connection: (vendor) => ({ ...vendor, id: 'conn_wrong', credentials: { private_key: foreignKey() } }),
    words: 'invalid_grant',
  },
  account_words: /permission on providers\/stranger-inc/,
  retry_after_ms: null,
  product_id: /^ledger\.endpoints\.vendor-inc-project\.cloud\.goog$/,
  unknown_product: 'nobody.endpoints.vendor-inc-project.cloud.goog',
  listing: {
    state: 'public',
    metered: [
      { key: 'calls', name: 'Ledger Cloud: calls', unit: 'Units' },
      { key: 'exports', name: 'Ledger Cloud: exports', unit: 'Units' },
    ],
    entitled: ['Ledger Cloud: Enterprise', 'Ledger Cloud: Business'],
  },
  impossible_listing: { draft: listing, code: '', field: '' },
  refused_listing: { draft: listing, code: '', plain: /^$/ },
  offer_id: /^[0-9a-f-]{36}$/,
  unknown_offer: NO_UUID,
  withdrawn: 'withdrawn',
  accepted: 'accepted',
  expire_accepted: 'OFFER_ACCEPTED',
  finest_price: { price: '0.00249975', charged: '2499.75' },
  refused_offer: {
    draft: (product_id) => ({
      ...offer,
      product_id,
      buyer_account_ids: ['0FFFFF-0FFFFF-0FFFFF'],
      options: { plan: 'enterprise' },
    }),
    code: 'INVALID_ARGUMENT/INVALID_ARGUMENT',
  },
  impossible_offer: {
    draft: (product_id) => ({
      ...offer,
      product_id,
      buyer_account_ids: [CUSTOMER],
      usage_prices: { calls: decimal('0.003') },
      options: { plan: 'enterprise' },
    }),
    code: 'PRICE_ABOVE_LIST',
    field: 'usage_prices.calls',
  },
  shared: { vendor_account_id: 'vendor-inc', names_product: true, only_when_used: true },
  resold_offer_name: resellerOffer.name,
  unknown_reseller: { account_id: '', code: '' },
  other_buyer: { buyer: '', code: '' },
  registration: { place: 'form', field: 'x-gcp-marketplace-token', covers: 'buyer' },
  agreement: {
    unknown: NO_UUID,
    cloud_state: 'ENTITLEMENT_ACTIVATION_REQUESTED',
    pending: true,
    grants: offer.grants,
    tells_price: true,
    usage_prices: [],
    ended: 'cancelled',
    tells_end: true,
  },
  hidden_agreement: { codes: ['not_found', 'forbidden'] },
  activate_ended: 'CANCELLED',
  wished_plan: 'business',
  answered_already: 'WISH_GONE',
  another_wish: 'ANOTHER_WISH',
  nobody_asked: 'WISH_GONE',
  metering: {
    grain: 'additive',
    batch_max: 50,
    batch_bytes_max: 900_000,
    one_product_per_request: true,
    requests_per_second: 5,
    burst: 10,
    window_ms: 2 * HOUR_MS,
    month_cutoff_ms: 8 * HOUR_MS,
    quantity: 'whole',
    zero_allowed: false,
    draws_included: 'seller',
    after_end_ms: HOUR_MS,
    named_by: 'license',
    read_back: false,
    unknown_outcome: 'send_identical',
  },
  usage: {
    exact: '9007199254740993',
    tells_duplicate: false,
    other_quantity: null,
    wrong_quantity: { quantity: '1.5', code: 'QuantityNotWhole' },
    zero: 'QuantityZero',
    nameless: { record: (record) => ({ ...record, license: null }), code: 'NoReportingId' },
    unknown_names: { license: 'project_number:1', agreement_id: NO_UUID },
    too_old: { as: 'answer', code: 'INVALID_ARGUMENT' },
    future: { as: 'answer', code: 'INVALID_ARGUMENT' },
    after_end: { as: 'answer', code: 'FAILED_PRECONDITION' },
    unknown_dimension: { as: 'answer', code: 'INVALID_ARGUMENT' },
    unknown_agreement: { as: 'answer', code: 'NOT_FOUND' },
    foreign_agreement: { as: 'fault', code: 'PERMISSION_DENIED/AUTH_PERMISSION_DENIED' },
    beyond_batch: { as: 'fault', code: '' },
    unpaid: { status: 'unprocessed' },
  },
  statement: {
    names_offer: true,
    fee: '-1800',
    payout: '58200',
    // A report names the SKU; its description says which metric that is.
    usage: { on: '2026-09-01', is: ({ raw }) => raw.sku_description === 'Ledger Cloud: calls' },
    reseller: [],
    missing: 'detailed_disbursement/nobody-knows-this.csv',
  },
}
