/**
 * Google's errors as Faults. Every API answers `{error: {code, message, status, details}}` with a name of google.rpc in
 * `status`; the token endpoint answers `{error, error_description}` as OAuth 2 says.
 * Sources: google.rpc.Code and error_details of the public API definitions; RFC 6749, section 5.2.
 */
import { z } from 'zod'
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import { SECOND_MS } from '../../src/core/time.ts'
import type { ChangeProblem } from '../connector.ts'
import { retryAfter } from './wire/transport.ts'

const byName: Readonly<Record<string, FaultCode>> = {
  RESOURCE_EXHAUSTED: 'throttled',
  UNAVAILABLE: 'unavailable',
  INTERNAL: 'unavailable',
  UNKNOWN: 'unavailable',
  DATA_LOSS: 'unavailable',
  CANCELLED: 'unavailable',
  DEADLINE_EXCEEDED: 'timeout',
  UNAUTHENTICATED: 'unauthorised',
  PERMISSION_DENIED: 'forbidden',
  NOT_FOUND: 'not_found',
  INVALID_ARGUMENT: 'invalid',
  OUT_OF_RANGE: 'invalid',
  UNIMPLEMENTED: 'invalid',
  // The thing is in a state that does not allow it: the same request will not work later either.
  FAILED_PRECONDITION: 'conflict',
  ALREADY_EXISTS: 'conflict',
  // Somebody else changed it at the same moment; Google did nothing and says to try again.
  ABORTED: 'locked',
  invalid_grant: 'unauthorised',
  invalid_client: 'unauthorised',
  unauthorized_client: 'unauthorised',
  invalid_scope: 'unauthorised',
  access_denied: 'forbidden',
  account_disabled: 'forbidden',
  temporarily_unavailable: 'unavailable',
  server_error: 'unavailable',
  internal_failure: 'unavailable',
  invalid_request: 'invalid',
  unsupported_grant_type: 'invalid',
}

/** Reasons of an ErrorInfo that say more than the status they come with. */
const byReason: Readonly<Record<string, FaultCode>> = {
  ACCESS_TOKEN_EXPIRED: 'unauthorised',
  ACCESS_TOKEN_TYPE_UNSUPPORTED: 'unauthorised',
  CREDENTIALS_MISSING: 'unauthorised',
  RATE_LIMIT_EXCEEDED: 'throttled',
  RESOURCE_QUOTA_EXCEEDED: 'quota_exceeded',
  BILLING_DISABLED: 'forbidden',
  SERVICE_DISABLED: 'forbidden',
}

function byStatus(status: number): FaultCode {
  if (status === 429) return 'throttled'
  if (status === 401) return 'unauthorised'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 409) return 'conflict'
  if (status === 423) return 'locked'
  if (status >= 500) return 'unavailable'
  if (status >= 400) return 'invalid'
  return 'unreadable_reply'
}

const text = z.string().nullish().catch(null)
const details = z.array(z.looseObject({ '@type': text, reason: text, retryDelay: text })).catch([])
const apiError = z.looseObject({
  error: z.looseObject({
    code: z.number().nullish().catch(null),
    status: text,
    message: text,
    details: details.optional(),
  }),
})
const tokenError = z.looseObject({ error: z.string(), error_description: text })

/** The Fault for a reply that is no success. */
export function fromReply(call: string, status: number, headers: Headers, body: unknown): Fault {
  const read = readError(body)
  const reason = read.details.map((detail) => detail.reason).find((item) => typeof item === 'string') ?? ''
  const code =
    (Object.hasOwn(byReason, reason) ? byReason[reason] : undefined) ??
    (Object.hasOwn(byName, read.name) ? byName[read.name] : undefined) ??
    byStatus(status)
  const name = read.name === '' ? `HTTP ${status}` : read.name
  const delay = read.details.map((detail) => durationMs(detail.retryDelay)).find((ms) => ms !== undefined)
  return new Fault(code, `${call}: ${name}${read.words === '' ? '' : `: ${read.words}`}`, {
    cloudCode: reason === '' ? name : `${name}/${reason}`,
    retryAfterMs: delay ?? retryAfter(headers.get('retry-after')),
    evidence: { call, status, code: name, words: read.words, details: read.details },
  })
}

function readError(body: unknown) {
  const api = apiError.safeParse(body)
  if (api.success) {
    const { status, message, details: found } = api.data.error
    return { name: status ?? '', words: message ?? '', details: found ?? [] }
  }
  const token = tokenError.safeParse(body)
  if (token.success) return { name: token.data.error, words: token.data.error_description ?? '', details: [] }
  return { name: '', words: '', details: [] }
}

/** A duration as JSON carries it: "3.5s". */
function durationMs(value: string | null | undefined): number | undefined {
  const found = /^(\d{1,6})(?:\.(\d{1,3})\d*)?s$/.exec(value ?? '')
  if (found === null) return undefined
  return Number(found[1]) * SECOND_MS + Number((found[2] ?? '').padEnd(3, '0'))
}

type GaxiosShape = Error & { response?: { status?: unknown; headers?: unknown; data?: unknown } }

/** The Fault for what a client threw; undefined for an error that did not come from Google or the way to it. */
export function toFault(error: unknown, call: string): Fault | undefined {
  if (error instanceof Fault) return error
  if (!(error instanceof Error)) return undefined
  // The clients wrap what our own fetch threw.
  if (error.cause instanceof Fault) return error.cause
  const thrown: GaxiosShape = error
  const status = thrown.response?.status
  if (typeof status !== 'number') return undefined
  const headers = thrown.response?.headers instanceof Headers ? thrown.response.headers : new Headers()
  return fromReply(call, status, headers, thrown.response?.data)
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

const violations = z.looseObject({
  details: z.array(
    z.looseObject({
      fieldViolations: z.array(z.looseObject({ field: text, description: text, reason: text })).optional(),
      violations: z.array(z.looseObject({ type: text, subject: text, description: text })).optional(),
    }),
  ),
})

/** What Google found wrong with a change, one problem per violation it names; never an empty list. */
export function problemsOf(fault: Fault): ChangeProblem[] {
  const code = fault.cloudCode ?? 'UNKNOWN'
  const read = violations.safeParse(fault.evidence)
  const found = (read.success ? read.data.details : []).flatMap((detail): ChangeProblem[] => [
    ...(detail.fieldViolations ?? []).map((item) => ({
      code: item.reason ?? code,
      message: item.description ?? 'Google gave no reason.',
      ...(item.field ? { field: item.field } : {}),
    })),
    ...(detail.violations ?? []).map((item) => ({
      code: item.type ?? code,
      message: item.description ?? 'Google gave no reason.',
      ...(item.subject ? { field: item.subject } : {}),
    })),
  ])
  return found.length > 0 ? found : [{ code, message: fault.message }]
}
