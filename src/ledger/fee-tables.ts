// What each cloud keeps, as data: dated tables that name their source. A new table is one more row; nothing that was
// computed before changes.
import type { Cloud } from '../../connectors/connector.ts'
import type { LocalDate } from '../core/time.ts'

/** Whose fee: the only seller's of a direct deal, the manufacturer's or the reseller's of a resale. */
export type FeeSide = 'seller' | 'manufacturer' | 'reseller'

/** A rate for contracts below a value; `below` null: whatever their value. */
export type Tier = { below: string | null; rate: string }

/** What one side of a deal pays on. */
type SideRule = {
  /** own: all that this side is to get of the sale. margin: the sale less what it owes the manufacturer. */
  base: 'own' | 'margin'
  /** Added to the rate: a part, not percentage points. */
  uplift: string
  /** The cloud takes nothing of this side's part. */
  exempt: boolean
  /** What of this rule is our reading and not the cloud's word. */
  assumed?: string
}

export type FeeTable = {
  cloud: Cloud
  since: LocalDate
  /** Private offers by total contract value before tax, lowest first; the last has no upper end. */
  tiers: readonly [Tier, ...Tier[]]
  /** What is sold at the public price; null: by value like a private offer. */
  standard: string | null
  /** null: the cloud names no other rate for renewals. */
  renewal: string | null
  sides: Readonly<Record<FeeSide, SideRule>>
  source: string
}

const whole: SideRule = { base: 'own', uplift: '0', exempt: false }
const exempt: SideRule = { base: 'margin', uplift: '0', exempt: true }

/**
 * The thresholds are US dollars. For a contract in another currency they are taken at face value: no cloud says which
 * exchange rate it uses, so a difference shows up in settlement under the cause "fee tier".
 */
export const feeTables: readonly FeeTable[] = [
  {
    cloud: 'aws',
    since: '2024-01-05',
    tiers: [
      { below: '1000000', rate: '0.03' },
      { below: '10000000', rate: '0.02' },
      { below: null, rate: '0.015' },
    ],
    standard: null,
    renewal: '0.015',
    sides: {
      seller: whole,
      manufacturer: {
        ...whole,
        uplift: '0.005',
        assumed: 'the manufacturer pays on the wholesale price and the reseller on its margin',
      },
      reseller: {
        base: 'margin',
        uplift: '0.005',
        exempt: false,
        assumed: 'the manufacturer pays on the wholesale price and the reseller on its margin',
      },
    },
    source:
      'AWS Marketplace seller guide, "Listing fees", in force since 2024-01-05: SaaS by total contract value, ' +
      'renewals 1.5 %, channel partner private offers half a percentage point more',
  },
  {
    cloud: 'azure',
    since: '2021-07-01',
    tiers: [{ below: null, rate: '0.03' }],
    standard: null,
    renewal: null,
    sides: { seller: whole, manufacturer: whole, reseller: exempt },
    source:
      'Partner Center, pages on the commercial marketplace’s store service fee and on multiparty private offers: 3 % ' +
      'of the price the publisher set, none of a partner’s markup',
  },
  {
    cloud: 'gcp',
    since: '2025-04-21',
    tiers: [
      { below: '1000000', rate: '0.03' },
      { below: '10000000', rate: '0.02' },
      { below: null, rate: '0.015' },
    ],
    standard: '0.03',
    renewal: '0.015',
    sides: {
      seller: whole,
      // A reseller's discount comes off first: what remains is the manufacturer's own part.
      manufacturer: whole,
      reseller: exempt,
    },
    source:
      'Google Cloud Marketplace, "Vendor Net Revenue Schedule" since 2025-04-21: of new deals the vendor keeps 97, 98 ' +
      'or 98.5 % by total contract value when the offer is published, of renewals 98.5 %, of standard offers 97 %; ' +
      'what lies below one and above ten million is read from the range that Google names',
  },
]
