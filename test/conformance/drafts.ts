// What every cloud sells here: a ledger by seats for two instalments, and calls by number beside it. A world changes what
// its cloud wants otherwise.
import type {
  AuthorizationDraft,
  ListingDraft,
  OfferDraft,
  ResellerOfferDraft,
} from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import { money } from '../../src/core/money.ts'

export const listing: ListingDraft = {
  title: 'Ledger Cloud',
  short_description: 'Books that balance',
  long_description: 'A ledger in which every cent is explained.',
  highlights: ['Exact to the cent'],
  keywords: ['ledger'],
  categories: ['Data Catalogs'],
  logo_url: 'https://vendor.example/logo.png',
  fulfilment_url: 'https://vendor.example/sign-up',
  webhook_url: 'https://vendor.example/webhooks',
  support: 'Write to support@vendor.example',
  refund_policy: 'No refunds.',
  dimensions: [
    { key: 'seats', name: 'Seats', description: 'People who sign in', unit: 'Units', kind: 'entitled' },
    { key: 'calls', name: 'Calls', description: 'Calls answered', unit: 'Units', kind: 'metered' },
    { key: 'exports', name: 'Exports', description: 'Files written', unit: 'Units', kind: 'metered' },
  ],
  prices: {
    currency: 'USD',
    entitled: { seats: decimal('150') },
    metered: { calls: decimal('0.0025'), exports: decimal('0.01') },
    term_months: 12,
  },
}

/** The first instalment, 60,000.00, is due before the last day of acceptance, the second, 60,000.50, after it. */
export const offer: Omit<OfferDraft, 'product_id' | 'buyer_account_ids'> = {
  name: 'Ledger for Acme',
  description: 'A year, paid by halves',
  buyer: { company: 'Buyer Corp', contact: 'Bea Buyer', email: 'purchasing@buyer.example' },
  currency: 'USD',
  grants: [{ dimension: 'seats', quantity: 100 }],
  instalments: [
    { due_on: '2026-09-15', amount: money('USD', 60_000_00n) },
    { due_on: '2027-01-01', amount: money('USD', 60_000_50n) },
  ],
  usage_prices: { calls: decimal('0.002'), exports: decimal('0.01') },
  duration_months: 12,
  expires_on: '2026-09-20',
  eula: 'standard',
  marker: 'offer_1',
}

/** Wholesale is the same price; the reseller's markup of 12.345 % makes 67,407.00 of the first instalment. */
export const authorization: Omit<
  AuthorizationDraft,
  'product_id' | 'buyer_account_ids' | 'reseller_account_id'
> = {
  ...offer,
  name: 'Ledger through Partner',
  single_use: true,
  marker: 'auth_1',
}

export const resellerOffer: Omit<ResellerOfferDraft, 'authorization_id' | 'buyer_account_ids'> = {
  name: 'Ledger by Partner',
  description: 'With our help',
  markup_percent: decimal('12.345'),
  expires_on: '2026-09-20',
  marker: 'leg_1',
}
