import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { Actor } from '../audit/model.ts'
import { type FieldProblem, Refusal } from '../core/problem.ts'

/** Who is calling for which organisation, put there by the door before any room is reached. */
export type Caller = {
  organisation_id: string
  /** For logs and for people: a key's name, never anything personal. */
  name: string
  actor: Actor
  permissions: ReadonlySet<string>
  /** Of this request: in its answer's headers, in the log and in the audit record. */
  request_id: string
}
export type DoorEnv = {
  Variables: {
    caller: Caller
    request_id: string
    /** Where the request came from, as far as it is known: for limits, never for rights. */
    address: string | undefined
  }
}

/** A room's HTTP door. Input that does not fit the route's schema becomes one problem that lists every field. */
export function makeRouter(): OpenAPIHono<DoorEnv> {
  return new OpenAPIHono<DoorEnv>({
    defaultHook: (result) => {
      if (!result.success) throw badInput(result.target, result.error.issues)
    },
  })
}

export function badInput(place: string, issues: readonly z.core.$ZodIssue[]): Refusal {
  const errors = issues.flatMap((issue) => fieldProblems(place, issue))
  if (place === 'header' && issues.some((issue) => issue.path[0] === 'idempotency-key' && isMissing(issue))) {
    const fix = 'Send an Idempotency-Key of your own making, and the same one when you repeat the request'
    return new Refusal('idempotency-required', `This request reaches a cloud or moves money. ${fix}.`)
  }
  const first = errors[0]
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return new Refusal('invalid-input', `${first?.field}: ${first?.rule}${more}.`, errors)
}

function fieldProblems(place: string, issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.map(String).join('.')
  const at = place === 'json' ? path || 'body' : `${place}.${path}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: at === 'body' ? key : `${at}.${key}`,
      rule: 'is not a known field',
      fix: 'Remove it or correct its spelling',
    }))
  }
  return [{ field: at, rule: isMissing(issue) ? 'is missing' : issue.message, fix: fixFor(issue) }]
}

/** The library says so in its own words only: it expected something and received nothing. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return (
    issue.code === 'invalid_type' && (issue.input === undefined || / received undefined$/.test(issue.message))
  )
}

function fixFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Send a value of type ${issue.expected}`
    case 'invalid_value':
      return `Use one of: ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `Send at least ${issue.minimum}`
    case 'too_big':
      return `Send at most ${issue.maximum}`
    default:
      return 'Correct the value'
  }
}
