// The deal on Microsoft's commercial marketplace: who, at which price, and who does not pay.
import type { Scenario } from '../../world.ts'

/**
 * Fabrikam has an enterprise agreement: its sellers are paid before it pays. It never pays its second instalment, so that
 * Microsoft writes the invoice off and takes the money back.
 */
export const FABRIKAM = {
  account_id: '0a1b2c3d-0000-4000-8000-000000000001:0a1b2c3d-0000-4000-8000-000000000002_2019-05-31',
  name: 'Fabrikam',
  agreement_type: 'EA' as const,
  days_to_pay: 10,
  write_off_days: 45,
}
/** Tailspin pays ten days after its invoices; Microsoft remits its tax itself. */
export const TAILSPIN = {
  account_id: '0a1b2c3d-0000-4000-8000-000000000003:0a1b2c3d-0000-4000-8000-000000000004_2019-05-31',
  name: 'Tailspin',
  agreement_type: 'MCA' as const,
  days_to_pay: 10,
  tax: { rate: '0.07', liable: 'microsoft' as const },
}

/** Fabrikam's invoice of 2 February is due on the first of these days and written off before the second is over. */
export const STOPS_PAYING_ON = '2026-02-11'
export const PAYS_AGAIN_ON = '2026-03-19'

export const azureScenario: Scenario = {
  sellers: {
    vendor: { account_id: '12345678', name: 'Northwind Analytics' },
    reseller: { account_id: '87654321', name: 'Contoso Cloud Partners' },
  },
  buyers: { direct: FABRIKAM, resold: TAILSPIN },
  prices: { currency: 'USD', term_months: 12, entitled: { seats: '1200' }, metered: { scans: '0.9' } },
  terms: {
    // Five hundred scans are included: the seller draws them first, and reports what goes beyond.
    direct: {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '60000.00',
      grants: [
        { dimension: 'seats', quantity: 50 },
        { dimension: 'scans', quantity: 500 },
      ],
      instalments: [
        { due_on: '2026-01-05', amount: '20000.00' },
        { due_on: '2026-02-02', amount: '15000.00' },
        { due_on: '2026-03-02', amount: '25000.00' },
      ],
      usage_prices: { scans: '0.8125' },
    },
    resold: {
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: '36000.01',
      grants: [{ dimension: 'seats', quantity: 30 }],
      instalments: [
        { due_on: '2026-01-05', amount: '20000.01' },
        { due_on: '2026-03-02', amount: '16000.00' },
      ],
      usage_prices: { scans: '0.75' },
    },
  },
  markup: { min: '5', max: '20', chosen: '12.5' },
  promises: {
    direct: { amount: '300000.00', cap_percent: '100' },
    resold: { amount: '120000.00', cap_percent: '100' },
  },
  stated_months: ['2026-02', '2026-03', '2026-04'],
}
