// Everything that can be read over HTTP, found from the OpenAPI document, so that a new route is looked at by itself.
import { z } from 'zod'
import { routePermissions } from '../../src/access/route-permissions.ts'
import { newPerson } from '../access/callers.ts'
import { type Answer, KEY, type Service } from './service.ts'

const parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false) })
const documentShape = z.object({
  paths: z.record(
    z.string(),
    z.object({ get: z.object({ parameters: z.array(parameter).default([]) }).optional() }),
  ),
})

type Read = { path: string; query: string[] }

/** Every GET of the API, with the query it cannot do without. */
export async function reads(service: Service): Promise<Read[]> {
  const { paths } = documentShape.parse((await service.send('/openapi.json')).json)
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (get === undefined) return []
    const query = get.parameters.filter((item) => item.in === 'query' && item.required)
    return [{ path, query: query.map(({ name }) => name) }]
  })
}

/** Reads for an organisation. What is a person's own is no key's to read: a member reads it. */
export async function readAs(service: Service, organisation: string, path: string): Promise<Answer> {
  const own = routePermissions[`GET ${path.split('?')[0]}`] === 'person'
  const credentials: Record<string, string> = own
    ? (await newPerson({ service }, organisation, ['auditor'])).headers
    : { authorization: `Bearer ${KEY}` }
  return service.send(path, { headers: { ...credentials, 'syndic-organisation': organisation } })
}

/** What any organisation can be asked; an agreement that nobody has used nothing. */
const USUAL: Readonly<Record<string, string>> = {
  agreement_id: `agr_${'0'.repeat(26)}`,
  dimension: 'scans',
  of: '2026-01',
}

/** A read with its ids and its query filled in. */
export function filled({ path, query }: Read, id: string, values: Readonly<Record<string, string>>): string {
  const search = query.map((name) => {
    const value = values[name] ?? USUAL[name]
    if (value === undefined) throw new Error(`${path} needs ${name}: give the crawl a value for it`)
    return `${name}=${encodeURIComponent(value)}`
  })
  return path.replace(/\{\w+\}/, encodeURIComponent(id)) + (search.length > 0 ? `?${search.join('&')}` : '')
}

const page = z.object({ items: z.array(z.looseObject({ id: z.string().optional() })) })
const acts = z.object({ items: z.array(z.object({ sequence: z.string() })) })

/** Lists that leave something out of themselves unless it is asked for. */
const WHOLE: Readonly<Record<string, string>> = { '/v1/opened-authorizations': '?standing=all' }

/** The ids that a collection shows to an organisation; a path without a list of its own has none. */
export async function idsUnder(service: Service, organisation: string, path: string): Promise<string[]> {
  // A cloud is no row of anybody's.
  if (path.includes('{cloud}')) return ['aws']
  // Audit records have numbers instead of ids, each organisation its own.
  if (path.endsWith('/{sequence}')) {
    const read = acts.safeParse((await readAs(service, organisation, '/v1/audit?limit=1')).json)
    return read.success ? read.data.items.map(({ sequence }) => sequence) : []
  }
  const collection = path.slice(0, path.indexOf('/{'))
  const whole = `${collection}${WHOLE[collection] ?? ''}`
  const read = page.safeParse((await readAs(service, organisation, whole)).json)
  return read.success ? read.data.items.flatMap(({ id }) => id ?? []) : []
}

/** All that an organisation can read: each collection, and each thing in it by its id. */
export async function readEverything(
  service: Service,
  organisation: string,
  values: Readonly<Record<string, string>>,
): Promise<{ path: string; answer: Answer }[]> {
  const found: { path: string; answer: Answer }[] = []
  for (const read of await reads(service)) {
    const ids = read.path.includes('{') ? await idsUnder(service, organisation, read.path) : ['']
    for (const id of ids) {
      const path = filled(read, id, values)
      found.push({ path, answer: await readAs(service, organisation, path) })
    }
  }
  return found
}
