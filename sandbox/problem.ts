import type { z } from 'zod'

/** A control call that cannot be done: which field, which rule, and what to do instead. */
export class Refusal extends Error {
  readonly status: number
  readonly field: string
  readonly rule: string

  constructor(status: number, field: string, rule: string, fix: string) {
    super(fix)
    this.name = 'Refusal'
    this.status = status
    this.field = field
    this.rule = rule
  }
}

type Problem = { field: string; rule: string; fix: string }

/** RFC 9457, with every problem named. */
export function problemResponse(status: number, title: string, problems: Problem[]): Response {
  const detail = problems.map((problem) => `${problem.field}: ${problem.fix}`).join(' ')
  const body = { type: 'about:blank', title, status, detail, problems }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })
}

export function refusalResponse(refusal: Refusal): Response {
  const problem = { field: refusal.field, rule: refusal.rule, fix: refusal.message }
  return problemResponse(refusal.status, 'The sandbox cannot do that.', [problem])
}

export function shapeResponse(error: z.ZodError): Response {
  const problems = error.issues.map((issue) => ({
    field: issue.path.join('.') || '(body)',
    rule: issue.code,
    fix: issue.message,
  }))
  return problemResponse(422, 'The request has another shape than this route takes.', problems)
}
