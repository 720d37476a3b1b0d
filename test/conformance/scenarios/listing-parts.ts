// Every part of a listing that may change, and what is told of it when the cloud shows it and our draft is the one before.
import type { ListingDifference, ListingDraft } from '../../../connectors/connector.ts'
import { decimal } from '../../../src/core/decimal.ts'

type Part = {
  name: string
  words: string
  change(draft: ListingDraft): ListingDraft
  /** What is told when the cloud shows this and our draft is the one before. */
  drift: Partial<ListingDifference>[]
}

export const withDimension = (draft: ListingDraft, key: string, more: object): ListingDraft => ({
  ...draft,
  dimensions: draft.dimensions.map((one) => (one.key === key ? { ...one, ...more } : one)),
})
const withPrices = (draft: ListingDraft, more: Partial<ListingDraft['prices']>): ListingDraft => ({
  ...draft,
  prices: { ...draft.prices, ...more },
})

function text(name: 'title' | 'short_description' | 'long_description' | 'support', value: string): Part {
  return {
    name,
    words: `the ${name.replace('_', ' ')}`,
    change: (draft) => ({ ...draft, [name]: value }),
    drift: [{ field: name, theirs: value }],
  }
}
function list(name: 'highlights' | 'keywords' | 'categories', value: string[]): Part {
  return {
    name,
    words: `the ${name}`,
    change: (draft) => ({ ...draft, [name]: value }),
    drift: [{ field: name, theirs: value }],
  }
}

export const parts: readonly Part[] = [
  text('title', 'Ledger Cloud Two'),
  text('short_description', 'Books that balance by themselves'),
  text('long_description', 'A ledger in which every cent is explained, twice.'),
  text('support', 'Call us.'),
  list('highlights', ['Exact to the cent', 'Explained']),
  list('keywords', ['ledger', 'books']),
  list('categories', ['Data Analytics']),
  {
    name: 'logo_url',
    words: 'the logo',
    change: (draft) => ({ ...draft, logo_url: 'https://vendor.example/logo-2.png' }),
    drift: [{ field: 'logo_url', theirs: 'https://vendor.example/logo-2.png' }],
  },
  {
    name: 'fulfilment_url',
    words: 'the address that buyers are sent to',
    change: (draft) => ({ ...draft, fulfilment_url: 'https://vendor.example/welcome' }),
    drift: [{ field: 'fulfilment_url', theirs: 'https://vendor.example/welcome' }],
  },
  {
    name: 'refund_policy',
    words: 'the refund policy',
    change: (draft) => ({ ...draft, refund_policy: 'Within thirty days.' }),
    drift: [{ field: 'refund_policy', theirs: 'Within thirty days.' }],
  },
  {
    name: 'dimension_name',
    words: 'the name of a dimension',
    change: (draft) => withDimension(draft, 'calls', { name: 'Requests' }),
    drift: [{ field: 'dimensions.calls.name', ours: 'Calls', theirs: 'Requests' }],
  },
  {
    name: 'dimension_description',
    words: 'the description of a dimension',
    change: (draft) => withDimension(draft, 'seats', { description: 'Named users' }),
    drift: [{ field: 'dimensions.seats.description', theirs: 'Named users' }],
  },
  {
    name: 'dimension_added',
    words: 'a dimension that is new',
    change: (draft) => ({
      ...withPrices(draft, { metered: { ...draft.prices.metered, scans: decimal('0.5') } }),
      dimensions: [
        ...draft.dimensions,
        { key: 'scans', name: 'Scans', description: 'Pages read', unit: 'Units', kind: 'metered' },
      ],
    }),
    drift: [
      { field: 'dimensions.scans', ours: null, theirs: 'metered' },
      { field: 'prices.metered.scans', ours: null, theirs: '0.5' },
    ],
  },
  {
    name: 'dimension_restricted',
    words: 'a dimension that is not sold any more',
    change: (draft) => ({
      ...withPrices(draft, { metered: { calls: decimal('0.0025') } }),
      restricted: ['exports'],
    }),
    drift: [
      {
        field: 'dimensions.exports',
        theirs: 'restricted',
        stops: { dimension: 'exports', reason: 'restricted' },
      },
      { field: 'prices.metered.exports', ours: '0.01', theirs: null },
    ],
  },
  {
    name: 'price_of_usage',
    words: 'the price of usage',
    change: (draft) => withPrices(draft, { metered: { ...draft.prices.metered, calls: decimal('0.0024') } }),
    drift: [{ field: 'prices.metered.calls', ours: '0.0025', theirs: '0.0024' }],
  },
  {
    name: 'price_of_contract',
    words: 'the price of the contract',
    change: (draft) => withPrices(draft, { entitled: { seats: decimal('149.5') } }),
    drift: [{ field: 'prices.entitled.seats', ours: '150', theirs: '149.5' }],
  },
  {
    name: 'term',
    words: 'the length of the contract',
    change: (draft) => withPrices(draft, { term_months: 24 }),
    drift: [{ field: 'prices.term_months', ours: ['12'], theirs: ['24'] }],
  },
]
