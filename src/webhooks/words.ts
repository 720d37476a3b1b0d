// A cloud's message as people read it.
import type { JSONValue } from 'hono/utils/types'

/** What proves a message or opens something else: it is kept with the message and shown to nobody. */
const KEPT_BACK = /unsubscribe|signature|token|secret|password/i
const PLACE = '(kept back)'
/** Deeper than any cloud's message: what is forged may be deeper. */
const DEPTH_MAX = 20

/**
 * The text of a message, opened as far as it is JSON, also where JSON lies in it as text or in base64, as two of the
 * clouds send it. Text that is no JSON stays text.
 */
export function readable(text: string): JSONValue {
  const opened = parsed(text)
  // What was parsed is JSON, and opening it leaves it so.
  return opened === undefined ? text : (open(opened, DEPTH_MAX) as JSONValue)
}

function open(value: unknown, depth: number): unknown {
  if (depth === 0) return PLACE
  if (typeof value === 'string') {
    const inner = parsed(value) ?? parsed(decoded(value) ?? '')
    return inner === undefined ? value : open(inner, depth - 1)
  }
  if (Array.isArray(value)) return value.map((item) => open(item, depth - 1))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, KEPT_BACK.test(name) ? PLACE : open(item, depth - 1)]),
  )
}

/** An object or a list; numbers and words that happen to be JSON are what they are. */
function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decoded(text: string): string | undefined {
  if (text.length < 8 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
    )
  } catch {
    return undefined
  }
}
