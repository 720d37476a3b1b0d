import { type Decimal, decimal } from '../money.ts'

// What a vendor keeps of a sale, in percent: Google's net revenue schedule as published for April 2025. The tiers
// of new deals below one and above ten million are read from the fee range Google names. A later table is one more.

type ShareTable = {
  from: string
  tiers: { below: string; percent: string }[]
  top: string
  other_deals: string
  renewal: string
  standard: string
}

export const shareTables: ShareTable[] = [
  {
    from: '2025-04-21',
    tiers: [
      { below: '1000000', percent: '97' },
      { below: '10000000', percent: '98' },
    ],
    top: '98.5',
    other_deals: '98.5',
    renewal: '98.5',
    standard: '97',
  },
]

function tableOn(on: string): ShareTable {
  const table = shareTables.findLast((candidate) => candidate.from <= on) ?? shareTables[0]
  if (!table) throw new Error('there is no revenue share table')
  return table
}

/** By deal type and total contract value; migrations, channel shifts and native renewals have one share. */
export function vendorPercent(deal: { on: string; type: string; value: Decimal; renewed: boolean }): string {
  const table = tableOn(deal.on)
  if (deal.renewed) return table.renewal
  if (deal.type !== 'NEW') return table.other_deals
  return table.tiers.find(({ below }) => deal.value < decimal(below))?.percent ?? table.top
}

export function standardPercent(on: string): string {
  return tableOn(on).standard
}
