import { z } from 'zod'
import { catalogError } from '../errors.ts'
import type { Json } from '../model.ts'
import { readPage } from '../paging.ts'
import type { World } from '../world.ts'

export type CatalogRequest = { method: string; path: string; query: URLSearchParams; body: Json }
export type Operation = (world: World, account: string, request: CatalogRequest) => object

// Shapes of the published service model.
export const catalogName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z]+$/)
export const resourceId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\w-]+$/)
export const entityId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9][.a-zA-Z0-9/-]+[a-zA-Z0-9]$/)
export const resourceArn = z
  .string()
  .min(1)
  .max(255)
  .regex(/^arn:[\w+=/,.@-]+:aws-marketplace:[\w+=/,.@-]*:[0-9]+:[\w+=,.@-]+(\/[\w+=,.@-]+)*$/)
export const instant = z
  .string()
  .regex(/^\d{4}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12]\d)T(2[0-3]|[01]\d):[0-5]\d:[0-5]\dZ$/)
export const nextToken = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\w+=.:@\-/]+$/)
export const sortOrder = z.enum(['ASCENDING', 'DESCENDING'])
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
export const tagKey = z.string().min(1).max(128).regex(tagText)
export const tagList = z
  .array(z.object({ Key: tagKey, Value: z.string().max(256).regex(tagText) }))
  .min(1)
  .max(200)

/** Reads a body by its schema or refuses in the catalog's words. */
export function readCatalogBody<T>(schema: z.ZodType<T>, body: Json): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const fields = read.error.issues.slice(0, 20).map((issue) => ({
    Reason: 'FieldValidationFailed' as const,
    Field: issue.path.join('.').replace(/[^a-zA-Z0-9\-_./]/g, '_') || 'request',
    Message: issue.message,
  }))
  const words = fields.map(({ Field, Message }) => `${Field}: ${Message}`).join('; ')
  throw catalogError('ValidationException', `The request is not valid. ${words}`, fields)
}

/** Reads one value of the query string. */
export function readQuery<T>(request: CatalogRequest, name: string, schema: z.ZodType<T>): T {
  const value = request.query.get(name)
  return readCatalogBody(z.object({ [name]: schema }), value === null ? {} : { [name]: value })[name] as T
}

export function checkCatalog(catalog: string): void {
  if (catalog !== 'AWSMarketplace') {
    throw catalogError('ValidationException', `The catalog ${catalog} does not exist: use AWSMarketplace.`)
  }
}

/** Where a page token says to go on. */
export function readOffset(token: string | undefined): number {
  const offset = readPage(token)
  if (offset !== undefined) return offset
  throw catalogError('ValidationException', 'The NextToken is not one that was given out.')
}
