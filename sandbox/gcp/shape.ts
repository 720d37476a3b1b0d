import { invalidField, type Violation } from './errors.ts'
import type { Json, JsonObject } from './model.ts'

// A small description of protobuf messages, enough to read and write their JSON form as Google's front end does:
// names in lower camel or snake case, enums by name or number, and fields nobody knows refused.

export type Shape =
  | { kind: 'text' | 'integer' | 'flag' | 'bytes' }
  | { kind: 'enum'; values: readonly string[] }
  | { kind: 'list'; of: Shape }
  | { kind: 'message'; fields: Record<string, Shape>; oneofs: string[][]; output: Set<string> }

export const text: Shape = { kind: 'text' }
export const integer: Shape = { kind: 'integer' }
export const flag: Shape = { kind: 'flag' }
export const bytes: Shape = { kind: 'bytes' }

export function listOfShape(of: Shape): Shape {
  return { kind: 'list', of }
}

export function enumeration(...values: string[]): Shape {
  return { kind: 'enum', values }
}

/** `output` names the fields that only the server sets; what a client sends there is left out. */
export function message(
  fields: Record<string, Shape>,
  oneofs: string[][] = [],
  output: string[] = [],
): Shape {
  return { kind: 'message', fields, oneofs, output: new Set(output) }
}

export const dateTimeShape = message({
  year: integer,
  month: integer,
  day: integer,
  hours: integer,
  minutes: integer,
  seconds: integer,
  nanos: integer,
  utcOffset: text,
  timeZone: message({ id: text, version: text }),
})
export const moneyShape = message({ currencyCode: text, units: text, nanos: integer })
export const decimalShape = message({ value: text })

export function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
}

export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Reads a value a client sent into its one canonical form, or throws INVALID_ARGUMENT with the field's path. */
export function read(shape: Shape, value: Json, path = ''): Json {
  const wrong = (description: string) => invalidField(path || '(body)', description)
  switch (shape.kind) {
    case 'text':
    case 'bytes':
      if (typeof value === 'number') return String(value)
      if (typeof value !== 'string') throw wrong('must be a string')
      return value
    case 'integer':
      if (!/^-?\d+$/.test(String(value))) throw wrong('must be a whole number')
      return Number(value)
    case 'flag':
      if (typeof value !== 'boolean') throw wrong('must be true or false')
      return value
    case 'enum': {
      const name = typeof value === 'number' ? shape.values[value] : value
      if (typeof name !== 'string' || !shape.values.includes(name)) throw wrong('is not a value of this enum')
      return name
    }
    case 'list':
      if (!Array.isArray(value)) throw wrong('must be a list')
      return value.map((item, index) => read(shape.of, item, `${path}[${index}]`))
    case 'message':
      return readMessage(shape, value, path)
  }
}

function readMessage(shape: Shape & { kind: 'message' }, value: Json, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidField(path || '(body)', 'must be an object')
  }
  const result: JsonObject = {}
  for (const [given, item] of Object.entries(value)) {
    const name = camel(given)
    const field = shape.fields[name]
    const place = path === '' ? snake(name) : `${path}.${snake(name)}`
    if (shape.output.has(name) || item === null) continue
    if (!field) throw invalidField(place, `Invalid JSON payload received. Unknown name "${given}"`)
    result[name] = read(field, item, place)
  }
  for (const group of shape.oneofs) {
    const set = group.filter((name) => result[name] !== undefined)
    if (set.length > 1)
      throw invalidField(path || '(body)', `only one of ${set.map(snake).join(', ')} may be set`)
  }
  return result
}

/** Writes enums as numbers where the client asked for that, and as names otherwise. */
export function write(shape: Shape, value: Json | undefined, numbers: boolean): Json {
  if (value === undefined || value === null) return null
  if (shape.kind === 'enum' && numbers) return typeof value === 'string' ? shape.values.indexOf(value) : value
  if (shape.kind === 'list' && Array.isArray(value))
    return value.map((item) => write(shape.of, item, numbers))
  if (shape.kind === 'message' && typeof value === 'object' && !Array.isArray(value)) {
    const entries = Object.entries(value).map(([name, item]) => {
      const field = shape.fields[name]
      return [name, field ? write(field, item, numbers) : item] as const
    })
    return Object.fromEntries(entries)
  }
  return value
}

/** The paths of a field mask in lower camel case; `*` and an empty mask mean the fields that were sent. */
export function maskPaths(mask: string, sent: JsonObject): string[][] {
  const given = mask.split(',').filter((path) => path !== '')
  if (given.length === 0 || given.includes('*')) return Object.keys(sent).map((name) => [name])
  return given.map((path) => path.split('.').map(camel))
}

/** Overwrites what the mask names, and clears what it names but the sent resource lacks. */
export function merge(target: JsonObject, sent: JsonObject, paths: string[][], shape: Shape): JsonObject {
  let result = target
  for (const path of paths) result = mergePath(result, sent, path, shape, path.map(snake).join('.'))
  return result
}

function mergePath(
  target: JsonObject,
  sent: JsonObject,
  path: string[],
  shape: Shape,
  whole: string,
): JsonObject {
  const [name = '', ...rest] = path
  const field = shape.kind === 'message' ? shape.fields[name] : undefined
  if (!field) throw invalidField('update_mask', `${whole} is not a field`)
  const value = sent[name]
  const { [name]: before, ...others } = target
  const cleared =
    shape.kind === 'message' ? withoutSiblings(others, name, shape, value !== undefined) : others
  if (rest.length === 0) return value === undefined ? cleared : { ...cleared, [name]: value }
  const inner = isObject(before) ? before : {}
  const innerSent = isObject(value) ? value : {}
  return { ...cleared, [name]: mergePath(inner, innerSent, rest, field, whole) }
}

/** Setting one member of a oneof clears the others. */
function withoutSiblings(
  target: JsonObject,
  name: string,
  shape: Shape & { kind: 'message' },
  set: boolean,
): JsonObject {
  const siblings = shape.oneofs.find((group) => group.includes(name))
  if (!set || !siblings) return target
  return Object.fromEntries(Object.entries(target).filter(([key]) => !siblings.includes(key)))
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export type Check = (field: string, wrong: boolean, description: string) => void

/** Gathers every violation instead of stopping at the first. */
export function violations(): { check: Check; found: Violation[] } {
  const found: Violation[] = []
  return {
    found,
    check(field, wrong, description) {
      if (wrong) found.push({ field, description })
    },
  }
}
