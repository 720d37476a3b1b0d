// The deal on AWS Marketplace: who, at which price.
import type { Schemas } from '../../../client/index.ts'
import type { Scenario } from '../../world.ts'

export const VENDOR = { account_id: '111122223333', name: 'Northwind Analytics' }
export const RESELLER = { account_id: '444455556666', name: 'Contoso Cloud Partners' }
/** Each buyer's tax is handled differently: AWS remits Globex's itself and passes Initech's on to the seller. */
export const GLOBEX = {
  account_id: '777788889999',
  name: 'Globex',
  tax: { rate: '0.08', liable: 'aws' as const },
}
export const INITECH = {
  account_id: '222233334444',
  name: 'Initech',
  tax: { rate: '0.05', liable: 'seller' as const },
}

export const LIST_PRICES = {
  currency: 'USD' as const,
  term_months: 12,
  entitled: { seats: '1200' },
  metered: { scans: '0.9' },
}

/** Sold directly: three instalments and usage. */
export const DIRECT_TERMS: Schemas['Terms'] = {
  kind: 'contract_with_consumption',
  currency: 'USD',
  duration_months: 12,
  total: '90000.00',
  grants: [{ dimension: 'seats', quantity: 80 }],
  instalments: [
    { due_on: '2026-01-20', amount: '30000.00' },
    { due_on: '2026-02-20', amount: '30000.00' },
    { due_on: '2026-03-20', amount: '30000.00' },
  ],
  usage_prices: { scans: '0.8125' },
}

/** Sold through the reseller: what the reseller pays the vendor. */
export const WHOLESALE_TERMS: Schemas['Terms'] = {
  kind: 'contract_with_consumption',
  currency: 'USD',
  duration_months: 12,
  total: '48000.01',
  grants: [{ dimension: 'seats', quantity: 40 }],
  instalments: [
    { due_on: '2026-01-25', amount: '24000.01' },
    { due_on: '2026-03-25', amount: '24000.00' },
  ],
  usage_prices: { scans: '0.75' },
}
export const MARKUP = { min: '5', max: '20', chosen: '12.5' }

export const awsScenario: Scenario = {
  sellers: { vendor: VENDOR, reseller: RESELLER },
  buyers: { direct: GLOBEX, resold: INITECH },
  prices: LIST_PRICES,
  terms: { direct: DIRECT_TERMS, resold: WHOLESALE_TERMS },
  markup: MARKUP,
  promises: {
    direct: { amount: '500000.00', cap_percent: '25' },
    resold: { amount: '200000.00', cap_percent: '25' },
  },
  stated_months: ['2026-02', '2026-03', '2026-04'],
}
