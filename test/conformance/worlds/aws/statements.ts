import type { Statements } from '../../world.ts'

/** The billing event feed: a corrected event keeps its id and gets a later update date. */
export const statements: Statements = {
  format: 'aws.billingeventfeed_v1',
  hasMoney: (name) => name.includes('billingeventfeed'),
  amount_column: 'amount',
  date_column: 'update_date',
  needed_column: 'billing_event_id',
  restated: (row) => ({ ...row, update_date: '2027-06-01T00:00:00Z', amount: '59000.00' }),
  isSale: ({ transaction_type, action, amount }) =>
    transaction_type === 'SELLER_REV_SHARE' && action === 'INVOICED' && Number(amount) === 60_000,
  intruder: (stranger, vendor) => ({
    ...stranger,
    settings: { ...stranger.settings, feed_bucket: vendor.settings.feed_bucket ?? '' },
  }),
}
