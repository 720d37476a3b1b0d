/**
 * AWS's errors as Faults. The SDK puts the error's code in `name`, its HTTP status in `$metadata` and hides the reply
 * in `$response`; S3 and STS use other names than the marketplace services for the same things.
 * Sources: the error shapes of the services' API models; S3 and STS common errors.
 */
import type { z } from 'zod'
import { Fault, type FaultCode } from '../../src/core/fault.ts'
import { retryAfter } from './wire/transport.ts'

/** Codes whose meaning does not depend on the status they come with. */
const byName: Readonly<Record<string, FaultCode>> = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  SlowDown: 'throttled',
  BandwidthLimitExceeded: 'throttled',
  ResourceInUseException: 'locked',
  ServiceQuotaExceededException: 'quota_exceeded',
  LimitExceededException: 'quota_exceeded',
  ExpiredToken: 'unauthorised',
  ExpiredTokenException: 'unauthorised',
  UnrecognizedClientException: 'unauthorised',
  InvalidClientTokenId: 'unauthorised',
  InvalidAccessKeyId: 'unauthorised',
  InvalidSignatureException: 'unauthorised',
  SignatureDoesNotMatch: 'unauthorised',
  IncompleteSignature: 'unauthorised',
  IncompleteSignatureException: 'unauthorised',
  MissingAuthenticationToken: 'unauthorised',
  MissingAuthenticationTokenException: 'unauthorised',
  RequestExpired: 'unauthorised',
  RequestTimeTooSkewed: 'unauthorised',
  InvalidToken: 'unauthorised',
  CredentialsProviderError: 'unauthorised',
  AccessDenied: 'forbidden',
  AccessDeniedException: 'forbidden',
  NotAuthorized: 'forbidden',
  OptInRequired: 'forbidden',
  SubscriptionRequiredException: 'forbidden',
  // The metering API is not switched on for this region.
  DisabledApiException: 'forbidden',
  ResourceNotFoundException: 'not_found',
  NoSuchBucket: 'not_found',
  NoSuchKey: 'not_found',
  NotFound: 'not_found',
  ConflictException: 'conflict',
  IdempotencyConflictException: 'conflict',
  InternalServiceException: 'unavailable',
  // The metering and entitlement services answer their own failures with status 400.
  InternalServiceErrorException: 'unavailable',
  InternalServerException: 'unavailable',
  InternalFailure: 'unavailable',
  InternalError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  SyntaxError: 'unreadable_reply',
}

function byStatus(status: number): FaultCode {
  if (status === 429) return 'throttled'
  if (status === 423) return 'locked'
  if (status === 402) return 'quota_exceeded'
  if (status === 401) return 'unauthorised'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 409) return 'conflict'
  if (status >= 500) return 'unavailable'
  if (status >= 400) return 'invalid'
  return 'unreadable_reply'
}

type SdkError = Error & {
  $metadata?: { httpStatusCode?: number; requestId?: string }
  $response?: { statusCode?: number; headers?: Record<string, string> }
  Code?: unknown
  reason?: unknown
  fields?: unknown
}

/** The Fault for what an SDK call threw; undefined for an error that did not come from AWS or the way to it. */
export function toFault(error: unknown, call: string): Fault | undefined {
  if (error instanceof Fault) return error
  if (!(error instanceof Error)) return undefined
  const thrown: SdkError = error
  const status = thrown.$response?.statusCode ?? thrown.$metadata?.httpStatusCode
  const name = codeOf(thrown)
  const known = codeFor(name, call, thrown.message)
  if (known === undefined && status === undefined) return undefined
  const code = known ?? byStatus(status ?? 0)
  const headers = thrown.$response?.headers ?? {}
  return new Fault(
    code,
    `${call}: ${name}${thrown.message && thrown.message !== name ? `: ${thrown.message}` : ''}`,
    {
      cloudCode: name,
      retryAfterMs: retryAfter(headers['retry-after']),
      evidence: {
        call,
        code: name,
        words: thrown.message,
        ...(status === undefined ? {} : { status }),
        ...(thrown.$metadata?.requestId === undefined ? {} : { request_id: thrown.$metadata.requestId }),
        // The agreement service says in these two which rule was broken and where.
        ...(thrown.reason === undefined ? {} : { reason: thrown.reason }),
        ...(thrown.fields === undefined ? {} : { fields: thrown.fields }),
      },
    },
  )
}

function codeOf(error: SdkError): string {
  return typeof error.Code === 'string' && (error.name === 'Error' || error.name === 'Unknown')
    ? error.Code
    : error.name
}

function codeFor(name: string, call: string, words: string): FaultCode | undefined {
  // ResolveCustomer says "expired" of the buyer's registration token with the very name that stands elsewhere for
  // expired credentials; only the words tell them apart.
  if (call === 'ResolveCustomer' && /^(Expired|Invalid)Token(Exception)?$/.test(name)) {
    return /security token/i.test(words) ? 'unauthorised' : 'invalid'
  }
  return Object.hasOwn(byName, name) ? byName[name] : undefined
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
