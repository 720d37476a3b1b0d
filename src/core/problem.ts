/** One thing wrong with an input: where, which rule, and what to do. */
export type FieldProblem = { field: string; rule: string; fix: string }

export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  errors?: FieldProblem[]
}

/** Every kind of refusal the API gives, with its HTTP status: the one table of them (RFC 9457). */
export const problemCodes = {
  'invalid-input': [422, 'The input breaks a rule'],
  'malformed-request': [400, 'The request cannot be read'],
  unauthenticated: [401, 'Nobody is signed in, and no valid key was sent'],
  forbidden: [403, 'This is not allowed here'],
  'foreign-origin': [403, 'The request comes from another site'],
  'too-many-requests': [429, 'Too many requests'],
  'not-found': [404, 'There is no such thing here'],
  'method-not-allowed': [405, 'This address does not take that method'],
  conflict: [409, 'It contradicts what is there'],
  'idempotency-conflict': [409, 'This Idempotency-Key was used for another request'],
  'idempotency-in-flight': [409, 'The first request with this Idempotency-Key is still running'],
  'idempotency-required': [400, 'An Idempotency-Key is needed'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'This body type is not taken'],
  forged: [401, 'The message is not from who it says'],
  'schema-behind': [503, 'The database schema is older than this program'],
  misconfigured: [503, 'The service is not set up to serve'],
  'cloud-unavailable': [503, 'The cloud does not answer'],
  'provider-unavailable': [503, 'The sign-in provider does not answer'],
  internal: [500, 'Something broke on our side'],
} as const

export type ProblemCode = keyof typeof problemCodes

/** Seconds after which the same request is worth another try, where the refusal itself does not say. */
const waits: Partial<Record<ProblemCode, number>> = { 'idempotency-in-flight': 1 }

/** A refusal with a reason for the caller. Thrown in use cases, turned into problem+json at the door. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly errors: FieldProblem[]
  /** After how many seconds it makes sense to ask again; undefined where waiting does not help. */
  readonly retry_after_s: number | undefined

  constructor(code: ProblemCode, detail: string, errors: FieldProblem[] = [], retry_after_s?: number) {
    super(detail)
    this.name = 'Refusal'
    this.code = code
    this.errors = errors
    this.retry_after_s = retry_after_s ?? waits[code]
  }
}

export function problemBody(code: ProblemCode, detail: string, errors: FieldProblem[] = []): ProblemBody {
  const [status, title] = problemCodes[code]
  return { type: `/problems/${code}`, title, status, detail, ...(errors.length > 0 ? { errors } : {}) }
}

/** The refusal for one bad field. */
export function invalid(field: string, rule: string, fix: string): Refusal {
  return new Refusal('invalid-input', `${field}: ${rule}. ${fix}`, [{ field, rule, fix }])
}
