// Every place of a request in which an id of ours can stand: found in the description of the API, and in a request.
import { z } from 'zod'
import { OUR_IDS } from '../support/world.ts'

type Schema = {
  $ref?: string | undefined
  properties?: Record<string, Schema> | undefined
  items?: Schema | undefined
  anyOf?: Schema[] | undefined
  oneOf?: Schema[] | undefined
  allOf?: Schema[] | undefined
}
const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    properties: z.record(z.string(), schema).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    allOf: z.array(schema).optional(),
  }),
)
const operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: schema.optional() })) })
    .optional(),
})
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema).default({}) }).default({ schemas: {} }),
})

/** Ids that somebody else gives: a cloud its accounts and offers, a sender its events. */
const THEIRS = /(^|_)(account|cloud_\w+|offer_token|request)_id$/

/** "POST /v1/offers body.deal_id" and its like, for every operation that asks for a key. */
export function placesOf(described: unknown): string[] {
  const { paths, components } = document.parse(described)
  const fields = (one: Schema | undefined, seen: readonly string[] = []): string[] => {
    if (one === undefined) return []
    const name = one.$ref?.split('/').at(-1)
    if (name !== undefined)
      return seen.includes(name) ? [] : fields(components.schemas[name], [...seen, name])
    const parts = [one.items, ...(one.anyOf ?? []), ...(one.oneOf ?? []), ...(one.allOf ?? [])]
    const own = Object.entries(one.properties ?? {})
    return [
      ...own.map(([field]) => field),
      ...[...parts, ...own.map(([, inner]) => inner)].flatMap((inner) => fields(inner, seen)),
    ]
  }
  const isOurs = (field: string) => /(^|_)id$/.test(field) && !THEIRS.test(field)
  const found = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters, requestBody }]) => {
      const bodies = Object.values(requestBody?.content ?? {}).flatMap((one) => fields(one.schema))
      const places = [
        ...parameters.filter((one) => one.in === 'path').map(({ name }) => `path.${name}`),
        ...parameters
          .filter((one) => one.in === 'query' && isOurs(one.name))
          .map(({ name }) => `query.${name}`),
        ...bodies.filter(isOurs).map((field) => `body.${field}`),
      ]
      return places.map((place) => `${method.toUpperCase()} ${path} ${place}`)
    }),
  )
  return [...new Set(found)].sort()
}

/** The places of one request that an id of ours stands in. `name`: the method and the path with its parameters. */
export function placesIn(name: string, address: string, body: string | undefined): string[] {
  const pattern = name.split(' ')[1] ?? ''
  const { pathname, searchParams } = new URL(address, 'http://none')
  const parts = pathname.split('/')
  const isId = (text: unknown) => typeof text === 'string' && [...text.matchAll(OUR_IDS)].length > 0
  const found: string[] = []
  for (const [index, part] of pattern.split('/').entries()) {
    if (/[:{]/.test(part) && isId(parts[index])) found.push(`path.${part.replace(/[:{}]/g, '')}`)
  }
  for (const [field, text] of searchParams) if (isId(text)) found.push(`query.${field}`)
  if (body?.startsWith('{') === true) {
    JSON.parse(body, (field, value: unknown) => {
      if (isId(value)) found.push(`body.${field}`)
      return value
    })
  }
  const described = name.replace(/:(\w+)/g, '{$1}')
  return found.map((place) => `${described} ${place}`)
}
