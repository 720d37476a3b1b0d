import { z } from '@hono/zod-openapi'
import { parseDecimal } from '../core/decimal.ts'
import { currencies } from '../core/money.ts'
import { type Orders, sortNames } from '../core/order.ts'
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../core/page.ts'
import { isLocalDate } from '../core/time.ts'

/** An exact decimal as text: "12.345". */
export const decimalText = z
  .string()
  .refine((text) => parseDecimal(text) !== undefined, 'must be a plain decimal number such as "12.5"')
  .openapi({ example: '12.5' })

export const positiveDecimalText = decimalText.refine((text) => !text.startsWith('-'), 'must not be negative')

export const currency = z.enum(currencies as [string, ...string[]]).openapi({ example: 'USD' })

export const moneySchema = z
  .strictObject({ currency, amount: decimalText })
  .openapi('Money', { description: 'An exact amount. The amount is text so that no digit is lost.' })

export const localDate = z
  .string()
  .refine(isLocalDate, 'must be a date that exists, written YYYY-MM-DD')
  .openapi({ example: '2026-03-31', format: 'date' })

export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month written YYYY-MM')
  .openapi({ example: '2026-03' })

/** An instant on the wire: ISO 8601 with a zone. Answers are always UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-03-31T10:00:00Z' })
  .openapi({ example: '2026-03-31T10:00:00.000Z' })

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), rule: z.string(), fix: z.string() })).optional(),
  })
  .openapi('Problem')

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  cursor: z.string().max(400).optional(),
})

/** The query of a list that is ordered as the caller likes. */
export function orderedQuery<O extends Orders>(orders: O) {
  return pageQuery.extend({
    sort: z
      .enum(sortNames(orders))
      .optional()
      .openapi({ description: 'Upwards, or downwards with a minus; oldest first if nothing is said.' }),
  })
}

/** Text that is looked for in a list. */
export const searchText = z.string().trim().max(120).optional()

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'The same key answers the same again, for seven days.' }),
})
export const requiredIdempotencyHeader = z.object({
  'idempotency-key': z
    .string({ error: 'is required: this request reaches a cloud or moves money' })
    .min(1)
    .max(200),
})

const problemContent = { content: { 'application/problem+json': { schema: problemSchema } } }

/** The refusals every route may give, for its OpenAPI description. */
export const refusals = {
  400: { description: 'The request cannot be read', ...problemContent },
  401: { description: 'No valid key was sent', ...problemContent },
  404: { description: 'There is no such thing here', ...problemContent },
  409: { description: 'It contradicts what is there', ...problemContent },
  422: { description: 'The input breaks a rule', ...problemContent },
} as const

/** A schema with a name of its own, or null: `.nullable()` would be lost in the API's description. */
export function orNull<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.null()])
}

export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

export function body<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } }
}
