import { type Decimal, decimal } from '../../money.ts'

// Listing fees as AWS's seller guide lists them since January 2024. A later table is one more entry here.

type FeeTier = { below: string; rate: string }
type FeeTable = {
  from: string
  tiers: FeeTier[]
  top: string
  renewal: string
  public_offer: string
  reseller: string
}

export const feeTables: FeeTable[] = [
  {
    from: '2024-01-05',
    tiers: [
      { below: '1000000', rate: '0.03' },
      { below: '10000000', rate: '0.02' },
    ],
    top: '0.015',
    renewal: '0.015',
    public_offer: '0.03',
    reseller: '0.005',
  },
]

export type FeeCase = {
  on: string
  value: Decimal
  private_offer: boolean
  renewal: boolean
  resold: boolean
}

/** The listing fee's rate for one agreement: by total contract value, plus the uplift on a reseller's deal. */
export function listingFeeRate(deal: FeeCase): Decimal {
  const table = feeTables.findLast((candidate) => candidate.from <= deal.on) ?? feeTables[0]
  if (!table) throw new Error('there is no listing fee table')
  const tier = table.tiers.find(({ below }) => deal.value < decimal(below))
  let base = tier?.rate ?? table.top
  if (!deal.private_offer) base = table.public_offer
  if (deal.renewal) base = table.renewal
  return decimal(base) + (deal.resold ? decimal(table.reseller) : 0n)
}
