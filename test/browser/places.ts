// Where each screen has something to show in the lived demonstration.
import { makeClient, type Schemas, unwrap } from '../../src/client/index.ts'
import type { Screen } from '../../src/console/screens/screen.ts'
import type { House } from './house.ts'

export type Place = { address: string; organisation: string }

/** The list an id of a screen's address comes from, by the address up to the id. A new screen with an id needs a line here. */
const LISTS: Readonly<Record<string, string>> = {
  '/offers/': '/v1/offers',
  '/offer-sets/': '/v1/offer-sets',
  '/deals/': '/v1/deals',
  '/products/': '/v1/products',
  '/listings/': '/v1/listings',
  '/resale-authorizations/': '/v1/resale-authorizations',
  '/opened/': '/v1/opened-authorizations?standing=all',
  '/my-statements/': '/v1/partner-statements',
  '/agreements/': '/v1/agreements',
  '/usage/': '/v1/usage/hours',
  '/operations/': '/v1/operations',
  '/connections/': '/v1/connections',
  '/approvals/': '/v1/approvals',
  '/inbox/': '/v1/inbox',
  '/audit/': '/v1/audit',
  '/reconciliation/': '/v1/reconciliation?sort=-difference',
  '/trace/': '/v1/reconciliation/lines?kind=bank&sort=occurred_at',
  '/statements/': '/v1/statements?brought=new',
  '/ledger/entries/': '/v1/ledger/entries?sort=-book_date',
  '/commitments/': '/v1/commitments',
  '/partners/': '/v1/partners',
  '/partner-statements/': '/v1/partner-statements',
}

/** Screens that need a query: where its value comes from, by the address of the screen. */
const QUERIES: Readonly<Record<string, { list: string; parameter: string; named: string }>> = {
  '/ledger/account': { list: '/v1/ledger/accounts?prefix=asset:bank:', parameter: 'name', named: 'account' },
}

/** A screen's address with ids of things that are there, and in whose organisation. */
export async function placeOf(house: House, { path, kind }: Screen): Promise<Place> {
  const client = makeClient({ url: house.server.url, key: house.server.key })
  const organisations = unwrap(await client.GET('/v1/organisations', {})).items
  const home = organisations.find((organisation) => organisation.kind === (kind ?? 'vendor'))
  if (home === undefined) throw new Error(`Nobody is there to see ${path}.`)
  const before = /^(.*?\/):\w+/.exec(path)?.[1]
  const query = QUERIES[path]
  if (query !== undefined) {
    const value = (await firstOf(house, query.list, home))[query.named]
    if (value === undefined) throw new Error(`The first of ${query.list} has no ${query.named}.`)
    return { address: `${path}?${query.parameter}=${encodeURIComponent(value)}`, organisation: home.id }
  }
  if (before === undefined) return { address: path, organisation: home.id }
  const list = LISTS[before]
  if (list === undefined) throw new Error(`Say in test/browser/places.ts where an id for ${path} comes from.`)
  const first = await firstOf(house, list, home)
  const address = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    // A month is its own id, and things without any are named by what they are of.
    const value = first[name] ?? first.agreement_id ?? first.month
    if (value === undefined) throw new Error(`The first of ${list} has no ${name}.`)
    return encodeURIComponent(value)
  })
  return { address, organisation: home.id }
}

async function firstOf(
  house: House,
  list: string,
  home: Schemas['Organisation'],
): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${house.server.key}`, 'syndic-organisation': home.id }
  const answer = await fetch(`${house.server.url}${list}`, { headers })
  const { items } = (await answer.json()) as { items: Record<string, string>[] }
  const [first] = items
  if (first === undefined) throw new Error(`The demonstration has nothing at ${list}.`)
  return first
}
