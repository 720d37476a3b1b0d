import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'

/** How often listings are asked after while a cloud is at work on one. */
const ASK_MS = 5_000
const LIMIT = 200

/**
 * The listings of one product. All listings are read at once and shared by the rows of a table; only where there are
 * more than fit into one page is a product's own page asked for.
 */
export function useListings(product_id: string): readonly Schemas['Listing'][] | undefined {
  const all = api.useQuery(
    'get',
    '/v1/listings',
    { params: { query: { limit: LIMIT } } },
    {
      staleTime: 10_000,
      refetchInterval: (query) =>
        query.state.data?.items.some(({ state }) => state === 'publishing') ? ASK_MS : false,
    },
  )
  const incomplete = all.data !== undefined && all.data.next !== null
  const own = api.useQuery(
    'get',
    '/v1/listings',
    { params: { query: { product_id, limit: LIMIT } } },
    { enabled: incomplete },
  )
  const known = incomplete ? own.data : all.data
  return known?.items.filter((listing) => listing.product_id === product_id)
}
