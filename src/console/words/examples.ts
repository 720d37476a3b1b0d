// What forms are filled in with where the clouds are the embedded ones. All of it is invented.

export const examples = {
  product: {
    name: 'Warehouse Insight',
    short_description: 'Dashboards and alerts for warehouse operators.',
    long_description:
      'Warehouse Insight reads what scanners and conveyors report, and shows where a warehouse loses time.',
    highlights: 'Connects in an hour\nNo agents to install',
    keywords: 'analytics, warehouse',
    categories: 'Data Catalogs',
    logo_url: 'https://example.com/logo.png',
    support: 'support@example.com, every working day.',
    refund_policy: 'Refunds within 30 days of purchase.',
    seats: { key: 'seats', name: 'Seats', description: 'People who may sign in', unit: 'Users' },
    scans: { key: 'scans', name: 'Scans', description: 'Scanner events, in thousands', unit: 'Units' },
  },
  prices: { entitled: '1200', metered: '0.96', term_months: '12' },
  deal: {
    name: (product: string, buyer: string) => `${product} for ${buyer}`,
    contact_name: 'Grace Hopper',
    contact_email: 'grace@example.com',
    total: '1200.00',
    duration_months: '12',
    quantity: '1',
    // Of the public price: Google takes a price of usage only as its public one, or with a discount.
    usage_price: '0.96',
  },
  markup: { low: '5', high: '20' },
}
