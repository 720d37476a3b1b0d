import { z } from 'zod'
import type { Agreement } from '../agreements/model.ts'
import { compare, type Decimal, decimal, formatDecimal, isNegative, parseDecimal } from '../core/decimal.ts'
import { type FieldProblem, type ProblemCode, Refusal } from '../core/problem.ts'
import { plus } from '../core/time.ts'
import type { ProductDimension } from '../products/model.ts'
import { FUTURE_MS, isInside, PAST_MS, QUANTITY_DIGITS, QUANTITY_SCALE, spanOf } from './model.ts'
import { readTags, UNTAGGED } from './tags.ts'

/** The attribute whose different values a "unique" dimension counts. */
export const UNIQUE_ATTRIBUTE = 'unique'

/** What the vendor's product reports, after its form was checked. */
export type UsageEvent = {
  source: string
  id: string
  agreement_id: string
  dimension: string
  time: Date
  /** Null where none was sent: events of counted dimensions need none. */
  quantity: Decimal | null
  attributes: Record<string, string | number | boolean>
  /** The text of its tags; null where it has none. */
  tags: string | null
}
export type EventProblem = { code: ProblemCode; detail: string; errors: FieldProblem[] }
export type ReadEvent = { ok: true; event: UsageEvent } | { ok: false; problem: EventProblem }

// PostgreSQL's text takes neither a zero byte nor half a surrogate pair.
export function isPlainText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}

const text = (most: number) =>
  z.string().min(1).max(most).refine(isPlainText, 'must be plain text without zero bytes')

/** CloudEvents may carry extension attributes, so unknown members beside `data` are let through unread. */
const shape = z.object({
  id: text(200),
  source: text(200),
  subject: text(64),
  type: text(100),
  time: z.iso
    .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-03-31T10:00:00Z' })
    .refine((time) => !Number.isNaN(Date.parse(time)), 'must be a time that exists'),
  data: z.strictObject({
    quantity: z.union([z.string(), z.number()]).optional(),
    attributes: z
      .record(text(100), z.union([text(500), z.number(), z.boolean()]))
      .refine((all) => Object.keys(all).length <= 20, 'must have at most 20 attributes')
      .default({}),
    tags: z.unknown().optional(),
  }),
})

/** Reads one event as it came. Says everything that is wrong with its form. */
export function readEvent(given: unknown): ReadEvent {
  const parsed = shape.safeParse(given)
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({
      field: issue.path.map(String).join('.') || 'event',
      rule: issue.message,
      fix: 'Send id, source, time, subject (our agreement id), type (the dimension) and data.quantity',
    }))
    return refused(errors)
  }
  const { id, source, subject, type, time, data } = parsed.data
  const quantity = data.quantity === undefined ? null : readQuantity(data.quantity)
  if (quantity !== null && 'rule' in quantity) return refused([quantity])
  const tags = data.tags === undefined ? UNTAGGED : readTags(data.tags)
  if (typeof tags !== 'string') return refused([tags])
  const event = {
    source,
    id,
    agreement_id: subject,
    dimension: type,
    time: new Date(time),
    quantity,
    attributes: data.attributes,
    tags: tags === UNTAGGED ? null : tags,
  }
  return { ok: true, event }
}

function refused(errors: FieldProblem[]): { ok: false; problem: EventProblem } {
  const first = errors[0]
  const detail = `${first?.field}: ${first?.rule}. ${first?.fix}`
  return { ok: false, problem: { code: 'invalid-input', detail, errors } }
}

const LIMIT = decimal(10n ** BigInt(QUANTITY_DIGITS))

function readQuantity(given: string | number): Decimal | FieldProblem {
  const field = 'data.quantity'
  if (typeof given === 'number' && !Number.isSafeInteger(given)) {
    return {
      field,
      rule: 'is a number that JSON may round',
      fix: 'Send it as text, such as "1.25": only whole numbers may be sent as JSON numbers',
    }
  }
  const value = parseDecimal(String(given))
  if (value === undefined) {
    return { field, rule: 'is not a plain decimal number', fix: 'Write it like "1.25", without exponents' }
  }
  if (isNegative(value)) {
    return { field, rule: 'is negative', fix: 'Usage only adds up: a correction downwards is a refund' }
  }
  if (value.scale > QUANTITY_SCALE || compare(value, LIMIT) >= 0) {
    const rule = `has more than ${QUANTITY_DIGITS} digits or ${QUANTITY_SCALE} decimals`
    return { field, rule, fix: 'Round it before you send it' }
  }
  return value
}

/** What makes an event of good form unbillable; undefined when nothing does. */
export function judgeEvent(
  event: UsageEvent,
  known: { now: Date; agreement: Agreement | undefined; dimensions: readonly ProductDimension[] },
): EventProblem | undefined {
  const { agreement, now } = known
  if (agreement === undefined) {
    return wrong('subject', `no agreement ${event.agreement_id} is known`, 'Send the agreement id ("agr_…")')
  }
  if (agreement.product_id === null) {
    const fix = 'Link its listing to a product, then send the event again'
    return wrong('subject', 'the agreement is not linked to a product yet', fix)
  }
  const metered = known.dimensions.filter(({ kind }) => kind === 'metered')
  const dimension = metered.find(({ key }) => key === event.dimension)
  if (dimension === undefined) {
    const keys = metered.map(({ key }) => key).join(', ') || 'none'
    return wrong('type', `"${event.dimension}" is not a metered dimension`, `Known dimensions: ${keys}`)
  }
  return judgeQuantity(event, dimension) ?? judgeTime(event, agreement, now)
}

function judgeQuantity(event: UsageEvent, { aggregation }: ProductDimension): EventProblem | undefined {
  if (aggregation === 'unique' && event.attributes[UNIQUE_ATTRIBUTE] === undefined) {
    const fix = `Send what is counted once, such as "${UNIQUE_ATTRIBUTE}": "user-17"`
    return wrong(
      `data.attributes.${UNIQUE_ATTRIBUTE}`,
      'is missing: the dimension counts different values',
      fix,
    )
  }
  if (event.quantity === null && aggregation !== 'count' && aggregation !== 'unique') {
    return wrong('data.quantity', 'is missing', 'Send it as text, such as "1.25"')
  }
  return undefined
}

function judgeTime({ time }: UsageEvent, agreement: Agreement, now: Date): EventProblem | undefined {
  if (time > plus(now, FUTURE_MS)) {
    return wrong('time', 'lies more than 5 minutes in the future', 'Send usage after it happened')
  }
  if (time < plus(now, -PAST_MS)) {
    return wrong('time', 'lies more than 400 days back', 'Usage that old is corrected by hand')
  }
  const span = spanOf(agreement)
  if (isInside(span, time)) return undefined
  const from = span.starts_at?.toISOString() ?? 'ever'
  const until = span.ends_at?.toISOString() ?? 'now'
  return wrong('time', 'lies outside the agreement', `It counts usage from ${from} until ${until}`)
}

function wrong(field: string, rule: string, fix: string): EventProblem {
  return refused([{ field, rule, fix }]).problem
}

/** The first field in which two events of one id differ, by its name in the request. */
export function differenceOf(
  left: UsageEvent,
  right: UsageEvent,
): { field: string; stored: string } | undefined {
  const pairs: [string, string, string][] = [
    ['subject', left.agreement_id, right.agreement_id],
    ['type', left.dimension, right.dimension],
    ['time', left.time.toISOString(), right.time.toISOString()],
    ['data.quantity', quantityText(left), quantityText(right)],
    ['data.attributes', attributesText(left), attributesText(right)],
    ['data.tags', left.tags ?? 'none', right.tags ?? 'none'],
  ]
  const found = pairs.find(([, stored, sent]) => stored !== sent)
  return found === undefined ? undefined : { field: found[0], stored: found[1] }
}

function quantityText({ quantity }: UsageEvent): string {
  return quantity === null ? 'none' : formatDecimal(quantity)
}

function attributesText({ attributes }: UsageEvent): string {
  const sorted = Object.entries(attributes).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return JSON.stringify(sorted)
}

export function conflictOf(stored: UsageEvent, sent: UsageEvent): EventProblem | undefined {
  const difference = differenceOf(stored, sent)
  if (difference === undefined) return undefined
  const { field } = difference
  const rule = `differs from the event taken before (${difference.stored})`
  return {
    code: 'conflict',
    detail: `Event ${sent.id} of ${sent.source} was taken with another ${field}: ${difference.stored}.`,
    errors: [{ field, rule, fix: 'Give a new event a new id, or send the same event again' }],
  }
}

export function toRefusal({ code, detail, errors }: EventProblem): Refusal {
  return new Refusal(code, detail, errors)
}
