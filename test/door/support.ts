import { Hono } from 'hono'
import { problemBody, problemCodes, Refusal } from '../../src/core/problem.ts'
import type { DoorEnv } from '../../src/door/index.ts'
import { callerFor } from '../support/caller.ts'

export type Answer = { status: number; headers: Headers; text: string; body: unknown }

/** One caller at a room's door. */
export type Door = {
  get(path: string): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** A room's routes as one tenant reaches them, without the service around them. */
export function callers(routes: Hono<DoorEnv>, organisation_id: string): Door {
  const app = new Hono<DoorEnv>()
  app.use(async (door, next) => {
    door.set('caller', callerFor(organisation_id))
    await next()
  })
  app.route('/', routes)
  app.onError((error, door) => {
    if (!(error instanceof Refusal)) throw error
    return door.json(problemBody(error.code, error.message, error.errors), problemCodes[error.code][0])
  })
  return {
    get: async (path) => readAnswer(await app.request(path)),
    post: async (path, body, headers = {}) =>
      readAnswer(
        await app.request(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
      ),
  }
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json ? JSON.parse(text) : undefined,
  }
}
