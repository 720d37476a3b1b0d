// Every answer is what the OpenAPI document says: no field more, none less.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { GLOBEX } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { readEverything } from '../support/crawl.ts'
import {
  buyerAccepts,
  liveOffer,
  MINUTE,
  publish,
  resell,
  type Seats,
  signUp,
  takeSeats,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  const product_id = await publish(service, seats.vendor)
  await resell(service, seats, product_id)
  const cloud_id = await buyerAccepts(service, GLOBEX, await liveOffer(service, seats.vendor, product_id))
  await service.move(3 * MINUTE)
  await signUp(service, GLOBEX, cloud_id)
  for (const day of ['2026-01-21T00:30:00Z', '2026-01-26T00:30:00Z', '2026-01-27T00:30:00Z'])
    await service.moveTo(day)
})
afterAll(() => service.stop())

type Schema = z.infer<typeof schemaShape>
const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.looseObject({})).optional(),
  required: z.array(z.string()).optional(),
  items: z.looseObject({}).optional(),
  allOf: z.array(z.looseObject({})).optional(),
  anyOf: z.array(z.looseObject({})).optional(),
  oneOf: z.array(z.looseObject({})).optional(),
  additionalProperties: z.unknown().optional(),
})
const documentShape = z.object({
  paths: z.record(
    z.string(),
    z.object({ get: z.looseObject({ responses: z.record(z.string(), z.unknown()) }).optional() }),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})
const responseShape = z.looseObject({ content: z.record(z.string(), z.object({ schema: schemaShape })) })

/** The parts of a value that its schema does not tell of, and those it promises that are not there. */
function differences(named: (name: string) => Schema, given: Schema, value: unknown, at: string): string[] {
  const schema = given.$ref === undefined ? given : named(given.$ref.split('/').at(-1) ?? '')
  const again = (next: unknown, part: unknown, where: string) =>
    differences(named, schemaShape.parse(next), part, where)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) {
    const tried = choices.map((choice) => again(choice, value, at))
    return tried.find((found) => found.length === 0) ?? tried[0] ?? []
  }
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value))
    return value.flatMap((item, index) => (schema.items ? again(schema.items, item, `${at}[${index}]`) : []))
  const whole = merged(named, schema)
  if (whole.properties === undefined) return []
  const { properties } = whole
  const unknown = whole.additionalProperties === undefined || whole.additionalProperties === false
  const extra = Object.keys(value).filter((key) => unknown && !(key in properties))
  const missing = (whole.required ?? []).filter((key) => !(key in value))
  const inner = Object.entries(value).flatMap(([key, part]) =>
    key in properties ? again(properties[key], part, `${at}.${key}`) : [],
  )
  return [
    ...extra.map((key) => `${at}.${key} is not described`),
    ...missing.map((key) => `${at}.${key} is missing`),
    ...inner,
  ]
}

function merged(named: (name: string) => Schema, schema: Schema): Schema {
  if (schema.allOf === undefined) return schema
  const parts = schema.allOf.map((part) => {
    const read = schemaShape.parse(part)
    return merged(named, read.$ref === undefined ? read : named(read.$ref.split('/').at(-1) ?? ''))
  })
  const all = [...parts, { ...schema, allOf: undefined }]
  return schemaShape.parse({
    properties: Object.assign({}, ...all.map(({ properties }) => properties ?? {})),
    required: all.flatMap(({ required }) => required ?? []),
  })
}

test('for the vendor and for the reseller', async () => {
  const document = documentShape.parse((await service.send('/openapi.json')).json)
  const named = (name: string) => schemaShape.parse(document.components.schemas[name])
  const found = new Set<string>()
  for (const { organisation_id, connection_id } of [seats.vendor, seats.reseller]) {
    const values = { connection_id, expires_on: EXPIRES_ON, format: 'csv' }
    for (const { path, answer } of await readEverything(service, organisation_id, values)) {
      expect([path, answer.status]).toEqual([path, 200])
      const template = Object.keys(document.paths).find((known) => fits(known, path))
      const response = responseShape.safeParse(document.paths[template ?? '']?.get?.responses['200'])
      const schema = response.success ? response.data.content['application/json']?.schema : undefined
      if (schema === undefined || answer.json === undefined) continue
      for (const difference of differences(named, schema, answer.json, ''))
        found.add(`${template} ${difference.replace(/\[\d+\]/g, '[]')}`)
    }
  }
  expect([...found]).toEqual([])
})

function fits(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/g, '[^/?]+')
  return new RegExp(`^${pattern}(\\?|$)`).test(path)
}
