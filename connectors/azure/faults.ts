/**
 * Azure's errors as Faults. Each API wraps them in its own way: fulfilment and metering {code, message, details},
 * ingestion and payouts {error: {code, message, details}}, version errors {Error: {Code, Message}}, the login
 * {error, error_description}.
 * Sources: Microsoft's OpenAPI documents of the SaaS fulfilment and metering APIs, the ingestion API's guide.
 */
import { z } from 'zod'
import { Fault, type FaultCode } from '../../src/core/fault.ts'

/** Codes whose meaning does not depend on the status they come with. */
const byName: Readonly<Record<string, FaultCode>> = {
  TooManyRequests: 'throttled',
  // A submission or another job holds the product.
  productLocked: 'locked',
  collectionLimitExceeded: 'quota_exceeded',
  resourceNotFound: 'not_found',
  // The login's words for credentials that are not taken.
  invalid_client: 'unauthorised',
  unauthorized_client: 'unauthorised',
  invalid_grant: 'unauthorised',
  invalid_resource: 'forbidden',
  temporarily_unavailable: 'unavailable',
}

function byStatus(status: number): FaultCode {
  if (status === 429) return 'throttled'
  if (status === 423) return 'locked'
  if (status === 401) return 'unauthorised'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 409 || status === 412) return 'conflict'
  if (status >= 500) return 'unavailable'
  if (status >= 400) return 'invalid'
  return 'unreadable_reply'
}

const text = z.string().nullish().catch(null)
const plainShape = z.looseObject({ code: text, message: text, Code: text, Message: text })
const errorShape = z.looseObject({
  code: text,
  message: text,
  error: z.union([z.string(), plainShape]).nullish().catch(null),
  Error: plainShape.nullish().catch(null),
  error_description: text,
})

/** The code and the words of an error body, wherever this API puts them. */
function wordsOf(body: unknown): { code: string | null; message: string } {
  const read = errorShape.safeParse(body)
  if (!read.success) return { code: null, message: '' }
  const { error, Error: upper, code, message, error_description } = read.data
  if (typeof error === 'string') return { code: error, message: error_description ?? message ?? '' }
  const inner = error ?? upper
  return {
    code: inner?.code ?? inner?.Code ?? code ?? null,
    message: inner?.message ?? inner?.Message ?? message ?? '',
  }
}

/** The Fault for a reply that is no success. */
export function httpFault(call: string, status: number, headers: Headers, body: unknown): Fault {
  const { code, message } = wordsOf(body)
  const name = code || `HTTP ${status}`
  const known = code !== null && Object.hasOwn(byName, code) ? byName[code] : undefined
  // A failing service may name any code: what it did is unknown then.
  const meaning = status >= 500 ? byStatus(status) : (known ?? byStatus(status))
  const request_id = headers.get('x-ms-requestid') ?? headers.get('x-ms-request-id')
  const activity_id = headers.get('x-ms-activityid')
  return new Fault(meaning, `${call}: ${name}${message === '' ? '' : `: ${message}`}`, {
    cloudCode: name,
    retryAfterMs: retryAfter(headers.get('retry-after')),
    evidence: {
      call,
      status,
      ...(body === undefined ? {} : { body }),
      ...(request_id === null ? {} : { request_id }),
      ...(activity_id === null ? {} : { activity_id }),
    },
  })
}

/** Everything that reaches the guard is a Fault already, or a mistake of ours. */
export function toFault(error: unknown): Fault | undefined {
  return error instanceof Fault ? error : undefined
}

/** A reply that parses but lacks what must be in it. */
export function missing(call: string, what: string, received: unknown): Fault {
  return new Fault('unreadable_reply', `${call}: the reply has no ${what}`, { evidence: { call, received } })
}

export function isFaultOf(error: unknown, ...codes: FaultCode[]): error is Fault {
  return error instanceof Fault && codes.includes(error.code)
}

/** Reads a reply by its shape; one that does not have it cannot be read, whatever its status said. */
export function shaped<T>(shape: z.ZodType<T>, value: unknown, call: string): T {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const where = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).slice(0, 3)
  throw new Fault('unreadable_reply', `${call}: the reply has another shape (${where.join('; ')})`, {
    evidence: { call, received: value },
  })
}

/** Retry-After in milliseconds; only its form in seconds is used here. */
export function retryAfter(value: string | null): number | undefined {
  if (value === null || !/^\d{1,6}$/.test(value.trim())) return undefined
  return Number(value.trim()) * 1000
}
