// How often somebody may ask: counted per caller and per address in windows of a minute, in the memory of this process.
import type { Context as HonoContext } from 'hono'
import { Refusal } from '../core/problem.ts'
import { MINUTE_MS, SECOND_MS } from '../core/time.ts'
import type { DoorEnv } from './router.ts'

const WINDOW_MS = MINUTE_MS
/** Callers that are counted at once; beyond it the one whose window began first is forgotten. */
const REMEMBERED_MAX = 50_000

/** caller: a key or a session. open: an address at the doors without a key. sign_in: an address that signs in. */
export type LimitName = 'caller' | 'open' | 'sign_in'
/** How many requests a minute each may make; 0: as many as they like. */
export type Quotas = Readonly<Record<LimitName, number>>

export type Taken = { ok: boolean; quota: number; remaining: number; reset_s: number }

/** Counts requests. One for a process or an isolate: it holds as long as that. */
export type Limiter = { take(name: LimitName, who: string, now: Date): Taken | undefined }

export function makeLimiter(quotas: Quotas): Limiter {
  const windows = new Map<string, { from: number; used: number }>()
  return {
    take(name, who, now) {
      const quota = quotas[name]
      if (quota === 0) return undefined
      const key = `${name} ${who}`
      const time = now.getTime()
      let window = windows.get(key)
      if (window === undefined || time >= window.from + WINDOW_MS || time < window.from) {
        window = { from: time, used: 0 }
        // Put behind the others again: the first of the map is always the one that began first.
        windows.delete(key)
        const [oldest] = windows.keys()
        if (windows.size >= REMEMBERED_MAX && oldest !== undefined) windows.delete(oldest)
        windows.set(key, window)
      }
      const ok = window.used < quota
      if (ok) window.used += 1
      const reset_s = Math.max(1, Math.ceil((window.from + WINDOW_MS - time) / SECOND_MS))
      return { ok, quota, remaining: quota - window.used, reset_s }
    },
  }
}

/** Takes one request from a window and says in the answer how the window stands. Throws too-many-requests. */
export function takeRequest(
  limiter: Limiter,
  door: HonoContext<DoorEnv>,
  name: LimitName,
  who: string,
  now: Date,
): void {
  const taken = limiter.take(name, who, now)
  if (taken === undefined) return
  for (const [header, value] of Object.entries(limitHeaders(name, taken))) door.header(header, value)
  if (!taken.ok) throw tooMany(taken)
}

function tooMany({ quota, reset_s }: Taken): Refusal {
  const detail = `More than ${quota} requests a minute. Try again in ${reset_s} seconds.`
  return new Refusal('too-many-requests', detail, [], reset_s)
}

/** The headers of draft-ietf-httpapi-ratelimit-headers: what is allowed, and what is left of it for how long. */
function limitHeaders(name: LimitName, { quota, remaining, reset_s }: Taken): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${WINDOW_MS / SECOND_MS}`,
    ratelimit: `"${name}";r=${remaining};t=${reset_s}`,
  }
}
