// What the deals of all clouds share: the product, the hours of usage, and when. All of it is invented; every figure of
// the result is computed by the service and the sandbox.
import type { Schemas } from '../client/index.ts'

export const STARTS_AT = '2026-01-05T09:00:00.000Z'

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

/** The last day on which the offers can be accepted. */
export const EXPIRES_ON = '2026-01-16'

export const PARTNER_SHARE_PERCENT = '4'
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
