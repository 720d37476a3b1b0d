/**
 * Cursors of lists sorted by time of change. AWS's filters are by the second and its lists settle late, so the next
 * pull starts a little before the newest thing seen and leaves out what was already handed on.
 */
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../../src/core/page.ts'

/** One thing of a list: its key names the version too, so that a change makes a new key. */
export type Listed<T> = { key: string; changed_at: Date; item: T }

const shape = z.object({
  /** Everything changed before this was handed on. */
  since: z.iso.datetime().nullable(),
  /** The newest change seen so far. */
  newest: z.iso.datetime().nullable(),
  /** Keys handed on whose time is not before `since`. */
  seen: z.array(z.string()),
  /** The cloud's own token inside a list that is longer than a page. */
  token: z.string().nullable(),
})
export type Cursor = z.infer<typeof shape>

const START: Cursor = { since: null, newest: null, seen: [], token: null }
const SEEN_MAX = 1000

/** An unreadable cursor starts over: everything is handed on again, nothing is missed. */
export function readCursor(text: string | null): Cursor {
  if (text === null) return START
  try {
    return shape.parse(JSON.parse(decodeCursor(text) ?? ''))
  } catch {
    return START
  }
}

export function writeCursor(cursor: Cursor): string {
  // File names may hold any letter, while the encoding takes Latin ones only.
  const ascii = JSON.stringify(cursor).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return encodeCursor(ascii)
}

/** What of a page is new, and the cursor after it. `token` is the cloud's for the rest of the list, if there is a rest. */
export function advance<T>(
  cursor: Cursor,
  page: readonly Listed<T>[],
  token: string | null,
  overlap_ms: number,
): { fresh: Listed<T>[]; next: Cursor } {
  const known = new Set(cursor.seen)
  const fresh = page.filter((entry) => !known.has(entry.key))
  const times = page.map((entry) => entry.changed_at.getTime())
  const newestBefore = cursor.newest === null ? Number.NEGATIVE_INFINITY : Date.parse(cursor.newest)
  const newestTime = Math.max(newestBefore, ...times)
  const newest = Number.isFinite(newestTime) ? new Date(newestTime).toISOString() : null
  const overlapped = newest === null ? null : new Date(newestTime - overlap_ms).toISOString()
  // Inside a list the filter must stay as it was, or the cloud's token no longer fits it.
  const since = token === null ? (overlapped ?? cursor.since) : cursor.since
  const kept = [...cursor.seen, ...fresh.map((entry) => entry.key)]
  return { fresh, next: { since, newest, seen: recent(kept, page, token, since), token } }
}

/** Only keys that the next pull can show again are kept; losing one costs a second reading, never a missed thing. */
function recent(
  keys: string[],
  page: readonly Listed<unknown>[],
  token: string | null,
  since: string | null,
): string[] {
  if (token !== null || since === null) return keys.slice(-SEEN_MAX)
  const older = new Set(
    page.filter((entry) => entry.changed_at.getTime() < Date.parse(since)).map((entry) => entry.key),
  )
  return keys.filter((key) => !older.has(key)).slice(-SEEN_MAX)
}
