/** Google's canonical codes with their number and the HTTP status each is answered with. */
export const canonical = {
  INVALID_ARGUMENT: [3, 400],
  NOT_FOUND: [5, 404],
  ALREADY_EXISTS: [6, 409],
  PERMISSION_DENIED: [7, 403],
  RESOURCE_EXHAUSTED: [8, 429],
  FAILED_PRECONDITION: [9, 400],
  ABORTED: [10, 409],
  UNIMPLEMENTED: [12, 501],
  INTERNAL: [13, 500],
  UNAVAILABLE: [14, 503],
  UNAUTHENTICATED: [16, 401],
} as const

export type CanonicalCode = keyof typeof canonical
export type Violation = { field: string; description: string }

/** A refusal as google.rpc.Status; `reason` goes into an ErrorInfo, violations into a BadRequest. */
export class GcpError extends Error {
  readonly code: CanonicalCode
  readonly reason: string | undefined
  readonly violations: Violation[]

  constructor(code: CanonicalCode, message: string, reason?: string, violations: Violation[] = []) {
    super(message)
    this.name = 'GcpError'
    this.code = code
    this.reason = reason
    this.violations = violations
  }
}

export function invalid(violations: Violation[]): GcpError {
  const [first] = violations
  const message = first ? `${first.field}: ${first.description}` : 'Request contains an invalid argument.'
  return new GcpError('INVALID_ARGUMENT', message, 'INVALID_ARGUMENT', violations)
}

export function invalidField(field: string, description: string): GcpError {
  return invalid([{ field, description }])
}

export function notFound(name: string): GcpError {
  return new GcpError('NOT_FOUND', `Resource '${name}' was not found.`, 'RESOURCE_NOT_FOUND')
}

/** google.rpc.Status in its JSON form, as every Google API answers a failure. */
export function errorBody(error: GcpError, domain: string): object {
  const [, status] = canonical[error.code]
  const details: object[] = []
  if (error.reason !== undefined) {
    const type = 'type.googleapis.com/google.rpc.ErrorInfo'
    details.push({ '@type': type, reason: error.reason, domain, metadata: { service: domain } })
  }
  if (error.violations.length > 0) {
    const type = 'type.googleapis.com/google.rpc.BadRequest'
    details.push({ '@type': type, fieldViolations: error.violations })
  }
  const rest = details.length > 0 ? { details } : {}
  return { error: { code: status, message: error.message, status: error.code, ...rest } }
}
