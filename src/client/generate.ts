// Writes src/client/api.ts from the service's own OpenAPI document: the types that openapi-fetch reads. With --check
// it only says whether the committed file is what would be written.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { makeApp } from '../app.ts'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { systemRandom } from '../core/random.ts'
import { wallClock } from '../core/time.ts'
import { makeConnectors, makeServices } from '../services.ts'
import { memoryBlobs } from '../store/index.ts'
import { VERSION } from '../version.ts'

const FILE = fileURLToPath(new URL('./api.ts', import.meta.url))
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
type Parameter = { name: string; in: string; required?: boolean; schema?: Schema }
type Content = Record<string, { schema?: Schema }>
type Operation = {
  summary?: string
  parameters?: Parameter[]
  requestBody?: { content: Content; required?: boolean }
  responses: Record<string, { content?: Content }>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** The document of an app whose parts are never asked: only its routes are read. */
async function readDocument(): Promise<Document> {
  const closed = () => Promise.reject(new Error('The generator reads routes only'))
  const clocks = { business: wallClock, wall: wallClock }
  const context: Context = {
    config: readConfig({}),
    store: { inTenant: closed, inInstallation: closed, close: async () => {} },
    blobs: memoryBlobs(),
    clocks,
    random: systemRandom,
    connectors: makeConnectors({ clocks, random: systemRandom, addresses: undefined, fetch }),
    seal: { seal: closed, open: closed },
    mail: undefined,
    sandbox: undefined,
    log: () => {},
    wake: () => {},
  }
  const app = makeApp(makeServices(context), {
    development_key: 'none',
    version: VERSION,
    refresh: async () => {},
  })
  const answer = await app.request('/openapi.json')
  return z.custom<Document>().parse(await answer.json())
}

function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return 'unknown'
  if (schema.$ref) return `components['schemas']['${schema.$ref.split('/').at(-1)}']`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const either = schema.anyOf ?? schema.oneOf
  if (either) return either.map((part) => typeOf(part)).join(' | ')
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part)).join(' & ')
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'unknown']
  return kinds.map((kind) => plainType(kind, schema)).join(' | ')
}

function plainType(kind: string, schema: Schema): string {
  switch (kind) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `(${typeOf(schema.items)})[]`
    case 'object':
      return objectType(schema)
    default:
      return 'unknown'
  }
}

function objectType({ properties, required, additionalProperties }: Schema): string {
  if (!properties)
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`
  const members = Object.entries(properties).map(
    ([name, schema]) => `${member(name, required?.includes(name))}: ${typeOf(schema)}`,
  )
  return `{ ${members.join('; ')} }`
}

function member(name: string, required = false): string {
  return `${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}${required ? '' : '?'}`
}

function contentType(content: Content | undefined): string {
  if (!content) return '{}'
  return `{ ${Object.entries(content)
    .map(([type, { schema }]) => `${JSON.stringify(type)}: ${typeOf(schema)}`)
    .join('; ')} }`
}

function operationType(operation: Operation): string {
  const places = ['query', 'header', 'path'].map((place) => {
    const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place)
    const all = found.map(
      ({ name, required, schema }) => `${member(name, required && place !== 'header')}: ${typeOf(schema)}`,
    )
    const needed = place === 'path' && found.length > 0
    return `${place}${needed || found.some((parameter) => parameter.required && place === 'query') ? '' : '?'}: ${found.length === 0 ? 'never' : `{ ${all.join('; ')} }`}`
  })
  const body = operation.requestBody
    ? `requestBody: { content: ${contentType(operation.requestBody.content)} }`
    : 'requestBody?: never'
  const responses = Object.entries(operation.responses).map(
    ([status, { content }]) =>
      `${status}: { headers: Record<string, string>; content: ${contentType(content)} }`,
  )
  return `{ parameters: { ${places.join('; ')}; cookie?: never }; ${body}; responses: { ${responses.join('; ')} } }`
}

export function writeTypes({ paths, components }: Document): string {
  const lines = [
    '// Generated from the OpenAPI document by src/client/generate.ts. Do not edit.',
    '',
    'export type paths = {',
  ]
  for (const [path, operations] of Object.entries(paths)) {
    lines.push(`  ${JSON.stringify(path)}: {`)
    for (const method of METHODS) {
      const operation = operations[method]
      if (!operation) continue
      if (operation.summary) lines.push(`    /** ${operation.summary} */`)
      lines.push(`    ${method}: ${operationType(operation)}`)
    }
    lines.push('  }')
  }
  lines.push('}', '', 'export type components = {', '  schemas: {')
  for (const [name, schema] of Object.entries(components.schemas))
    lines.push(`    ${member(name, true)}: ${typeOf(schema)}`)
  lines.push('  }', '}', '')
  return lines.join('\n')
}

const wanted = writeTypes(await readDocument())
if (process.argv.includes('--check')) {
  const found = await readFile(FILE, 'utf8').catch(() => '')
  if (found !== wanted) {
    console.error('src/client/api.ts is not what the routes say. Run "npm run client:make" and commit it.')
    process.exit(1)
  }
  console.log('src/client/api.ts is what the routes say.')
} else {
  await writeFile(FILE, wanted)
  console.log('Wrote src/client/api.ts')
}
