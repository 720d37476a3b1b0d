// The typed client of the HTTP API: the demonstration, the command line and the console use nothing else.
import createClient, { type Client as FetchClient } from 'openapi-fetch'
import type { components, paths } from './api.ts'

export type { paths }

export type Schemas = components['schemas']
export type Client = FetchClient<paths>

export type ClientOptions = {
  url: string
  /** undefined: a browser that is signed in, whose cookie says who it is. */
  key?: string
  /** Which organisation to act for; undefined: the installation's first one. */
  organisation?: string
  fetch?: typeof fetch
}

/** A client that sends its key with each request and an Idempotency-Key with each write that was not given one. */
export function makeClient(options: ClientOptions): Client {
  const client = createClient<paths>({
    baseUrl: options.url,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  })
  client.use({
    onRequest({ request }) {
      if (options.key !== undefined) request.headers.set('authorization', `Bearer ${options.key}`)
      if (options.organisation !== undefined) request.headers.set('syndic-organisation', options.organisation)
      if (request.method !== 'GET' && !request.headers.has('idempotency-key')) {
        request.headers.set('idempotency-key', crypto.randomUUID())
      }
      return request
    },
  })
  return client
}

/** A refusal of the API, with its problem. */
export class ApiProblem extends Error {
  readonly problem: Schemas['Problem']
  constructor(problem: Schemas['Problem']) {
    super(
      [
        problem.detail,
        ...(problem.errors ?? []).map((error) => `${error.field}: ${error.rule}. ${error.fix}`),
      ].join('\n  '),
    )
    this.name = 'ApiProblem'
    this.problem = problem
  }
}

/** The data of an answer; throws ApiProblem for a refusal. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.response.ok && answer.data !== undefined) return answer.data
  const problem = answer.error as Schemas['Problem'] | undefined
  throw new ApiProblem(
    problem?.detail === undefined
      ? {
          type: 'about:blank',
          title: 'Unreadable answer',
          status: answer.response.status,
          detail: `The service answered ${answer.response.status}.`,
        }
      : problem,
  )
}
