export const described = {
  product: 'Product',
  offer: 'Offer',
  offeredTo: 'Made for',
  buyer: 'Buyer',
  seller: 'Seller of record',
  taxes: 'Taxes',
  /** "Sales, State TX" */
  tax: (type: string | null, level: string | null, jurisdiction: string | null) =>
    [type, [level, jurisdiction].filter((part) => part !== null).join(' ')].filter(Boolean).join(', '),
  rate: (percent: string) => `${percent} %`,
  liable: (who: string) => `${who} owes it to the authority`,
}
