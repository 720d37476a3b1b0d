import { invalid } from './problem.ts'

/** One page of a list: items and the cursor of the next page, if there is one. */
export type Page<T> = { items: T[]; next: string | null }

export const PAGE_LIMIT_DEFAULT = 25
export const PAGE_LIMIT_MAX = 200

/** Cursors are opaque to callers: the id (or sort key) of the last item, in base64url. */
export function encodeCursor(value: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(value))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The value of a cursor; throws invalid-input for text that is none. */
export function decodeCursor(cursor: string): string {
  try {
    const bytes = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
    )
  } catch {
    throw invalid(
      'query.cursor',
      'is not a cursor of this service',
      'Send the "next" of the page before, unchanged',
    )
  }
}

/** Makes a page of rows read with limit + 1: the surplus row only says that there is more. */
export function toPage<R, T>(rows: R[], limit: number, key: (row: R) => string, map: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(map),
    next: rows.length > limit && last !== undefined ? encodeCursor(key(last)) : null,
  }
}
