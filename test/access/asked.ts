// A request for every route with the vendor's own ids, and the same with an id exchanged.
import { z } from 'zod'
import { routePermissions } from '../../src/access/route-permissions.ts'
import { filled, idsUnder, reads } from '../support/crawl.ts'
import { questions, type Sample, samples } from '../support/samples.ts'
import { dumpTenant, OUR_IDS, type World } from '../support/world.ts'

export type Asked = {
  /** The method and the path with its parameters, as the router has them. */
  name: string
  method: string
  address: string
  body: string | undefined
  seat: 'vendor' | 'reseller'
}

/** One write for each route, with ids of the vendor's own. */
export async function writesOf(world: World): Promise<Asked[]> {
  const found: Asked[] = []
  for (const [index, [name, make]] of Object.entries({ ...samples, ...questions }).entries()) {
    const { path, body, seat = 'vendor' }: Sample = await make(world, `foreign-${index}`)
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    found.push({ name, method: name.split(' ')[0] ?? '', address: path, body: text, seat })
  }
  const { connection_id, organisation_id } = world.seats.vendor
  const partner = { name: 'Partner', reseller_organisation_id: organisation_id, share_percent: '4' }
  const write = { method: 'POST', seat: 'vendor' as const }
  const accept = 'POST /v1/opened-authorizations/:id/accept'
  const instead = await anAgreement(world)
  return [
    ...found,
    // In place of an agreement, which has to be the reseller's own: here it never is.
    ...found
      .filter(({ name }) => name === accept)
      .map((asked) => ({
        ...asked,
        body: JSON.stringify({ ...JSON.parse(asked.body ?? '{}'), replaces_agreement_id: instead }),
      })),
    { ...write, name: 'POST /v1/partners', address: '/v1/partners', body: JSON.stringify(partner) },
    {
      ...write,
      name: 'POST /v1/statements',
      address: `${STATEMENT}&connection_id=${connection_id}`,
      body: 'a,b',
    },
  ]
}

/** An agreement of the vendor. */
async function anAgreement({ tenant }: World): Promise<string> {
  const found = await tenant(({ tx, organisation_id }) =>
    tx.agreement.findFirstOrThrow({ where: { organisation_id }, orderBy: { id: 'asc' } }),
  )
  return found.id
}

/** What only a reseller has something at. */
const OF_RESELLERS = /^\/v1\/opened-/
/** Filters by time; postings have columns of these names. */
const TIMES = ['from', 'until']
/** What ids begin with that are not called like the field. */
const PREFIX: Readonly<Record<string, string>> = { offer_set_id: 'oset_' }
const STATEMENT = '/v1/statements?source=aws&name=a.csv'

const parameters = z.object({
  paths: z.record(
    z.string(),
    z.object({
      get: z
        .object({ parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]) })
        .optional(),
    }),
  ),
})

/** A read of each address, and of each list with every filter that an id fits. */
export async function readsOf(world: World): Promise<Asked[]> {
  const { service } = world
  const { organisation_id, connection_id } = world.seats.vendor
  const { paths } = parameters.parse((await service.send('/openapi.json')).json)
  const rows = JSON.stringify(await dumpTenant(world, organisation_id)).replaceAll('\\"', '"')
  const agreement_id = /\bagr_\w{26}\b/.exec(rows)?.[0] ?? ''
  const values = { connection_id, agreement_id, expires_on: '2026-03-01', format: 'csv' }
  const found: Asked[] = []
  for (const read of await reads(service)) {
    const name = `GET ${read.path.replace(/\{(\w+)\}/g, ':$1')}`
    // People belong to no tenant: what the operator reads of one has tests of its own.
    if (routePermissions[name] === 'operator' && name.includes(':')) continue
    const seat = OF_RESELLERS.test(read.path) ? ('reseller' as const) : ('vendor' as const)
    const owner = world.seats[seat].organisation_id
    const ids = read.path.includes('{') ? await idsUnder(service, owner, read.path) : ['']
    const address = filled(read, ids[0] ?? /\bline_\w{26}\b/.exec(rows)?.[0] ?? '', values)
    const ask = (query: string) =>
      found.push({
        name,
        method: 'GET',
        address: query === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`,
        body: undefined,
        seat,
      })
    ask('')
    for (const { name: field, in: place } of paths[read.path]?.get?.parameters ?? []) {
      if (place !== 'query' || read.query.includes(field) || TIMES.includes(field)) continue
      // What stands under the same name in some row: such as an agreement's account under "account".
      const told = rows.match(new RegExp(`"${field}": "([^"]*_[0-9a-hjkmnp-z]{26})"`))?.[1]
      // Else of the noun that the field is named after.
      const value =
        told ??
        rows.match(new RegExp(`\\b${PREFIX[field] ?? field.replace(/id$/, '')}[0-9a-hjkmnp-z]{26}\\b`))?.[0]
      if (value !== undefined) ask(`${field}=${encodeURIComponent(value)}`)
    }
  }
  return found
}

/** The request once for each id in it, with that id exchanged. */
export function exchanged(asked: Asked, by: (id: string) => string): { id: string; asked: Asked }[] {
  const ids = new Set(
    [...asked.address.matchAll(OUR_IDS), ...(asked.body ?? '').matchAll(OUR_IDS)].map(([id]) => id),
  )
  return [...ids].map((id) => ({
    id,
    asked: {
      ...asked,
      address: asked.address.replaceAll(id, by(id)),
      body: asked.body?.replaceAll(id, by(id)),
    },
  }))
}
