/**
 * Cursors over lists that Google gives in pages without an order of time. A walk hands on what changed since the last
 * walk began, a little overlap included, and nothing twice in the same version.
 */
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../../src/core/page.ts'
import { MINUTE_MS } from '../../../src/core/time.ts'

/** One thing of a list: its key names the version too, so that a change makes a new key. */
export type Listed<T> = { key: string; changed_at: Date; item: T }

const shape = z.object({
  /** Everything changed before this was handed on. */
  since: z.iso.datetime().nullable(),
  /** When the present walk began: what changes after it is the next walk's. */
  started: z.iso.datetime().nullable(),
  /** Keys handed on whose time is not before `since`. */
  seen: z.array(z.string()),
  /** Google's own token inside a walk. */
  token: z.string().nullable(),
})
export type Cursor = z.infer<typeof shape>

const START: Cursor = { since: null, started: null, seen: [], token: null }
const SEEN_MAX = 500
/** Google's clock and ours may differ, and its lists settle late. */
export const OVERLAP_MS = 5 * MINUTE_MS

/** An unreadable cursor starts over: everything is handed on again, nothing is missed. */
export function readCursor(text: string | null): Cursor {
  if (text === null) return START
  try {
    return shape.parse(JSON.parse(decodeCursor(text)))
  } catch {
    return START
  }
}

export function writeCursor(cursor: Cursor): string {
  return encodeCursor(JSON.stringify(cursor))
}

/** What of a page is new, oldest first, and the cursor after it. `token` is Google's for the rest, if there is a rest. */
export function advance<T>(
  cursor: Cursor,
  page: readonly Listed<T>[],
  token: string | null,
  now: Date,
): { fresh: Listed<T>[]; next: Cursor } {
  const known = new Set(cursor.seen)
  const since_ms = cursor.since === null ? Number.NEGATIVE_INFINITY : Date.parse(cursor.since)
  const fresh = page
    .filter((entry) => entry.changed_at.getTime() >= since_ms && !known.has(entry.key))
    .toSorted((left, right) => left.changed_at.getTime() - right.changed_at.getTime())
  const started = cursor.started ?? now.toISOString()
  const seen = [...cursor.seen, ...fresh.map((entry) => entry.key)].slice(-SEEN_MAX)
  if (token !== null) return { fresh, next: { since: cursor.since, started, seen, token } }
  const next_since = new Date(Date.parse(started) - OVERLAP_MS).toISOString()
  return { fresh, next: { since: next_since, started: null, seen, token: null } }
}
