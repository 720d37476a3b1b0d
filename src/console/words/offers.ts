export const offers = {
  title: 'Offers',
  lead: 'Private offers on the clouds, and what became of each.',
  emptyTitle: 'No offers yet',
  emptyHelp: 'An offer carries a deal to one cloud. Write the deal first, then make an offer of it.',
  columns: {
    name: 'Offer',
    state: 'State',
    buyerPays: 'Buyer pays',
    channel: 'Channel',
    expires: 'Last day',
    changed: 'Changed',
  },
  channels: { direct: 'Direct', reseller: 'Through a reseller' },
  byUsage: 'By usage',
}
