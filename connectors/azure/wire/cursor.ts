/**
 * Cursors of lists that can only be read whole: Azure's lists know no time of change. Each entry is remembered by a
 * fingerprint; the next round hands on only what is not as it was in the round before.
 */
import { z } from 'zod'
import { canonicalJson, sha256 } from '../../../src/core/canonical.ts'
import { decodeCursor, encodeCursor } from '../../../src/core/page.ts'

const shape = z.object({
  /** The cloud's own link to the rest of the list; null at the start of a round. */
  link: z.string().nullable(),
  /** Fingerprints of the round before. */
  before: z.array(z.string()),
  /** Fingerprints of this round so far. */
  round: z.array(z.string()),
})
export type Cursor = z.infer<typeof shape>

export const START: Cursor = { link: null, before: [], round: [] }
/** Beyond this many entries some are handed on again each round, and nothing is missed. */
const FINGERPRINTS_MAX = 5000
const FINGERPRINT_LENGTH = 12

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

export async function fingerprintOf(value: unknown): Promise<string> {
  return (await sha256(canonicalJson(value))).slice(0, FINGERPRINT_LENGTH)
}

export type Listed<T> = { fingerprint: string; item: T }
export type Advanced<T> = { fresh: T[]; next: Cursor; more: boolean }

/**
 * What of a page is new, at most `limit` entries, and the cursor after it. A page with more is asked for again, and
 * what was handed on is passed over.
 */
export function advance<T>(
  cursor: Cursor,
  page: readonly Listed<T>[],
  link: string | null,
  limit: number,
): Advanced<T> {
  const before = new Set(cursor.before)
  const round = new Set(cursor.round)
  const fresh: T[] = []
  for (const { fingerprint, item } of page) {
    if (round.has(fingerprint)) continue
    if (!before.has(fingerprint)) {
      if (fresh.length === limit) return { fresh, next: kept(cursor, round), more: true }
      fresh.push(item)
    }
    round.add(fingerprint)
  }
  if (link !== null) return { fresh, next: { ...kept(cursor, round), link }, more: true }
  return { fresh, next: { link: null, before: recent(round), round: [] }, more: false }
}

function kept(cursor: Cursor, round: ReadonlySet<string>): Cursor {
  return { ...cursor, round: recent(round) }
}

function recent(fingerprints: ReadonlySet<string>): string[] {
  return [...fingerprints].slice(-FINGERPRINTS_MAX)
}
