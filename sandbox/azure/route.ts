import type { Fault } from '../faults.ts'
import type { Account } from './model.ts'
import type { World } from './world.ts'

/** One request on its way: who asks, and what the address and the body say. */
export type Call = {
  world: World
  service: string
  operation: string
  caller: Account
  request: Request
  url: URL
  parameters: Record<string, string>
  body: string
  fault: Fault | undefined
}

export type Answer = {
  status: number
  body?: unknown
  /** Sent as it is, for files. */
  raw?: string | undefined
  headers?: Record<string, string> | undefined
}

export type Route = {
  method: string
  /** Segments with a colon are parameters; a last `*` takes the rest. */
  path: string
  operation: string
  /** Served without a bearer token. */
  open?: boolean
  run: (call: Call) => Answer
}

/** What cannot be decoded is taken as it is written. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The parameters of a path when it fits a template. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/').filter(Boolean)
  const given = path.split('/').filter(Boolean)
  const parameters: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    if (part === '*') {
      parameters.rest = given.slice(index).map(decoded).join('/')
      return parameters
    }
    const value = given[index]
    if (value === undefined) return undefined
    if (part.startsWith(':')) parameters[part.slice(1)] = decoded(value)
    else if (part.toLowerCase() !== value.toLowerCase()) return undefined
  }
  return wanted.length === given.length ? parameters : undefined
}
