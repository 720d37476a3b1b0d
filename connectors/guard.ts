/**
 * The one wrapper around every request to a cloud: a deadline by wall time, errors translated to `Fault`, credentials
 * kept out of what is remembered, and one line for the log. It never tries twice: repeating belongs to the operation
 * that was written down.
 */
import { Fault } from '../src/core/fault.ts'
import type { Clock } from '../src/core/time.ts'
import type { Cloud, Connection, ObservedCall } from './connector.ts'

export const REQUEST_DEADLINE_MS = 20_000

export type GuardParts = {
  cloud: Cloud
  wall: Clock
  /** Turns what an SDK threw into a Fault; undefined for what is no failure of the world but our own mistake. */
  translate: (error: unknown, call: string) => Fault | undefined
  observe?: ((call: ObservedCall) => void) | undefined
  /**
   * Drops what is kept of a connection, after a request that had no answer in time. Its clients may share one request
   * for a token; in a Worker that request may belong to a caller who left, and then its promise never settles.
   */
  forget: (connection: Connection) => void
  deadline_ms?: number | undefined
}

/** Runs one request. `work` must pass the signal on to whatever it waits for. */
export type Guard = <T>(
  connection: Connection,
  call: string,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>

export function createGuard(parts: GuardParts): Guard {
  const deadline_ms = parts.deadline_ms ?? REQUEST_DEADLINE_MS
  return async (connection, call, work) => {
    const started = parts.wall.now().getTime()
    const tell = (outcome: ObservedCall['outcome'], cloud_code: string | null) =>
      parts.observe?.({
        cloud: parts.cloud,
        connection_id: connection.id,
        call,
        duration_ms: parts.wall.now().getTime() - started,
        outcome,
        cloud_code,
      })
    try {
      const answer = await withDeadline(call, deadline_ms, work)
      tell('ok', null)
      return answer
    } catch (error) {
      const fault = error instanceof Fault ? error : parts.translate(error, call)
      tell(fault?.code ?? 'broken', fault?.cloudCode ?? null)
      if (fault?.code === 'timeout') parts.forget(connection)
      throw fault === undefined ? error : withoutSecrets(fault, connection)
    }
  }
}

/** Ends the wait at the deadline even if the work ignores its signal. */
async function withDeadline<T>(
  call: string,
  deadline_ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const fault = new Fault('timeout', `${call}: no answer within ${deadline_ms} ms`)
      reject(fault)
      controller.abort(fault)
    }, deadline_ms)
  })
  const running = work(controller.signal)
  // Once the deadline won, nobody waits for the work any more, and its late rejection must not end the process.
  running.catch(() => undefined)
  try {
    return await Promise.race([running, late])
  } finally {
    clearTimeout(timer)
  }
}

const SECRET_MIN_LENGTH = 8

/** The same fault with every credential of the connection blacked out; the original cause is dropped with its headers. */
function withoutSecrets(fault: Fault, connection: Connection): Fault {
  const secrets = Object.values(connection.credentials).filter((value) => value.length >= SECRET_MIN_LENGTH)
  const clean = (text: string) =>
    secrets.reduce((left, secret) => left.replaceAll(secret, '[credential]'), text)
  const cleaned = new Fault(fault.code, clean(fault.message), {
    cloudCode: fault.cloudCode,
    retryAfterMs: fault.retryAfterMs,
    evidence: cleanDeep(fault.evidence, clean),
  })
  if (fault.stack !== undefined) cleaned.stack = clean(fault.stack)
  return cleaned
}

function cleanDeep(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((item) => cleanDeep(item, clean))
  if (value instanceof Date || value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleanDeep(item, clean)]))
}
