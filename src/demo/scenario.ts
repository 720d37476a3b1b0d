// The deal that the demonstration lives: who, what, and when. All of it is invented; every figure of the result is
// computed by the service and the sandbox.
import type { Schemas } from '../client/index.ts'

export const STARTS_AT = '2026-01-05T09:00:00.000Z'

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

export const PRODUCT: Omit<Schemas['Product'], 'id' | 'created_at'> = {
  name: 'Northwind Analytics',
  short_description: 'Dashboards and alerts for warehouse operators.',
  long_description:
    'Northwind Analytics reads what scanners and conveyors report and shows where a warehouse loses time.',
  details: {
    highlights: ['Connects in an hour', 'No agents to install'],
    keywords: ['analytics', 'warehouse'],
    categories: ['Data Catalogs'],
    logo_url: 'https://example.com/logo.png',
    support: 'support@example.com, every working day.',
    refund_policy: 'Refunds within 30 days of purchase.',
  },
  dimensions: [
    {
      key: 'seats',
      name: 'Seats',
      description: 'People who may sign in',
      unit: 'Users',
      kind: 'entitled',
      aggregation: 'sum',
      multiplier: '1',
    },
    {
      key: 'scans',
      name: 'Scans',
      description: 'Scanner events, in thousands',
      unit: 'Thousand',
      kind: 'metered',
      aggregation: 'sum',
      multiplier: '1',
    },
  ],
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
export const EXPIRES_ON = '2026-01-16'

export const PARTNER_SHARE_PERCENT = '4'
export const COMMITMENTS = [
  { buyer: GLOBEX, name: 'Globex, private pricing 2026', amount: '500000.00', cap_percent: '25' },
  { buyer: INITECH, name: 'Initech, private pricing 2026', amount: '200000.00', cap_percent: '25' },
]

/** The first of the ten hours of usage. */
export const USAGE_FROM = '2026-01-06T00:00:00.000Z'
export const USAGE_HOURS = 10

export type UsageEvent = { id: string; at: string; quantity: string; sent_in_hour: number }

/**
 * Ten hours of events, three an hour and most of them fractional. An event that is to be late is sent three hours
 * after it happened, when its own hour has been reported already.
 */
export function usageEvents(): UsageEvent[] {
  const from = Date.parse(USAGE_FROM)
  return Array.from({ length: USAGE_HOURS * 3 }, (_, index) => {
    const hour = Math.floor(index / 3)
    const at = new Date(from + hour * 3_600_000 + (index % 3) * 1_100_000 + 60_000)
    const late = index === 5 || index === 14
    return {
      id: `scan-${String(index).padStart(3, '0')}`,
      at: at.toISOString(),
      quantity: `${10 + ((index * 7) % 23)}.${(index * 125) % 1000}`.replace(/0+$/, '').replace(/\.$/, ''),
      sent_in_hour: late ? hour + 3 : hour,
    }
  })
}

/** Events that a careless sender sends twice. */
export const SENT_TWICE = (event: UsageEvent): boolean => Number(event.id.slice(-3)) % 4 === 0

/** When every instalment and the month's usage is invoiced, paid by the buyer, disbursed and in the bank, and April can be stated. */
export const ENDS_AT = '2026-05-02T12:00:00.000Z'
