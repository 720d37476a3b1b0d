// The deal on Google Cloud Marketplace: who, at which price, and who pays late.
import type { Scenario } from '../../world.ts'

export const PROJECT = 'northwind-public'
export const SERVICE = `analytics.endpoints.${PROJECT}.cloud.goog`
/** The domain that Google signs its sign-up tokens for. */
export const DOMAIN = 'northwind.example'

/** Hooli leaves its bills of January open until the end of February: Google withholds them and releases them later. */
export const HOOLI = {
  account_id: '01A2B3-C4D5E6-F70001',
  name: 'Hooli',
  contact: { name: 'Helen Hooli', email: 'helen@hooli.example' },
}
/** Vandelay buys through the reseller, so its billing account is a subaccount of the reseller's. */
export const VANDELAY = {
  account_id: '01A2B3-C4D5E6-F70002',
  name: 'Vandelay',
  contact: { name: 'Victor Vandelay', email: 'victor@vandelay.example' },
}
export const STOPS_PAYING_ON = '2026-02-10'
export const PAYS_AGAIN_ON = '2026-02-24'

/** What a plan is listed at in the Producer Portal: 1,200 a year, by month. */
export const MONTHLY_FEE = '100'

/**
 * The plan that the reseller is given: a fifth off the vendor's price. It asks its customer for a quarter more than it
 * pays, so that what is left of each price is what the authorization says: 15,000.01 less a fifth is 12,000.01.
 */
export const RESELLER_PLAN = {
  discount_percent: '20',
  instalments: [
    { due_on: null, amount: '15000.01' },
    { due_on: '2026-03-20', amount: '15000.00' },
  ],
}

export const gcpScenario: Scenario = {
  sellers: {
    vendor: { account_id: 'northwind-analytics', name: 'Northwind Analytics' },
    reseller: { account_id: 'contoso-cloud-partners', name: 'Contoso Cloud Partners' },
  },
  buyers: { direct: HOOLI, resold: VANDELAY },
  prices: { currency: 'USD', term_months: 12, entitled: { seats: '1200' }, metered: { scans: '0.96' } },
  terms: {
    // Google takes usage prices as a discount off the list price: 0.816 is fifteen per cent off 0.96.
    direct: {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '36000.50',
      grants: [{ dimension: 'seats', quantity: 30 }],
      instalments: [
        { due_on: '2026-01-05', amount: '18000.00' },
        { due_on: '2026-02-20', amount: '18000.50' },
      ],
      usage_prices: { scans: '0.816' },
    },
    // The customer pays 0.96 for usage, of which a fifth is the reseller's.
    resold: {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '24000.01',
      grants: [{ dimension: 'seats', quantity: 20 }],
      instalments: [
        { due_on: '2026-01-05', amount: '12000.01' },
        { due_on: '2026-03-20', amount: '12000.00' },
      ],
      usage_prices: { scans: '0.768' },
    },
  },
  markup: { min: '10', max: '30', chosen: '25' },
  promises: {
    direct: { amount: '250000.00', cap_percent: '100' },
    resold: { amount: '100000.00', cap_percent: '100' },
  },
  stated_months: ['2026-02', '2026-04'],
}
