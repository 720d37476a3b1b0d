// Tags that split usage: what they may look like, and the one text by which a set of them is known.
import { z } from 'zod'
import type { FieldProblem } from '../core/problem.ts'

/**
 * The limits of the one cloud that takes tags (the API model of AWS's metering service, 2016-01-14). Its pattern of
 * letters, digits and signs can be read in two ways; what is taken here fits both.
 */
export const TAGS_MAX = 5
export const TAG_KEY_MAX = 100
export const TAG_VALUE_MAX = 256
const SIGNS = /^[a-zA-Z0-9+ \-=._:/@]+$/

export type Tags = Readonly<Record<string, string>>
/** The text of no tags at all. */
export const UNTAGGED = ''

/** A set of tags as text: the same set is the same text, in whatever order it was written. */
export function tagsText(tags: Tags): string {
  const sorted = Object.entries(tags).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return sorted.length === 0 ? UNTAGGED : JSON.stringify(Object.fromEntries(sorted))
}

const shape = z.record(z.string(), z.string())

export function tagsOf(text: string): Tags {
  return text === UNTAGGED ? {} : shape.parse(JSON.parse(text))
}

/** Reads the tags of an event as their text, or says what is wrong with them. */
export function readTags(given: unknown): string | FieldProblem {
  const field = 'data.tags'
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return {
      field,
      rule: 'is not an object of text',
      fix: 'Send it like {"team": "search"}, or leave it out',
    }
  }
  const entries = Object.entries(given)
  if (entries.length > TAGS_MAX) {
    return { field, rule: `has more than ${TAGS_MAX} tags`, fix: `Send at most ${TAGS_MAX} tags per event` }
  }
  const pairs: [string, string][] = []
  for (const [key, value] of entries) {
    const problem = wrongKey(field, key) ?? wrongValue(`${field}.${key}`, value)
    if (problem !== undefined) return problem
    pairs.push([key, String(value)])
  }
  return tagsText(Object.fromEntries(pairs))
}

const ALLOWED = 'Use letters, digits, spaces and + - = . _ : / @'

function wrongKey(field: string, key: string): FieldProblem | undefined {
  if (key.length < 1 || key.length > TAG_KEY_MAX) {
    return {
      field,
      rule: `has a key that is not 1 to ${TAG_KEY_MAX} characters long`,
      fix: 'Shorten the key',
    }
  }
  // Readers of JSON leave this one out, and two sets of tags would become one.
  if (!SIGNS.test(key) || key === '__proto__') {
    return { field, rule: 'has a key with characters that are not allowed', fix: ALLOWED }
  }
  return undefined
}

function wrongValue(field: string, value: unknown): FieldProblem | undefined {
  if (typeof value !== 'string') {
    return { field, rule: 'is not text', fix: 'Send the value as text, such as "17"' }
  }
  if (value.length < 1 || value.length > TAG_VALUE_MAX) {
    const fix = value === '' ? 'Leave a tag without a value out' : 'Shorten the value'
    return { field, rule: `is not 1 to ${TAG_VALUE_MAX} characters long`, fix }
  }
  return SIGNS.test(value) ? undefined : { field, rule: 'has characters that are not allowed', fix: ALLOWED }
}
