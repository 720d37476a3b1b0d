// A cent followed through the books, in both directions: bank line, pay-out, its lines, the invoice, what was expected
// and why, and what each of them booked.
import * as agreements from '../agreements/index.ts'
import { drawsOfLines } from '../commitments/index.ts'
import type { Context } from '../context.ts'
import { type Decimal, multiply, parseDecimal } from '../core/decimal.ts'
import { monthIn, nextMonth, startOfMonthIn } from '../core/time.ts'
import { type Entry, entriesByReference } from '../ledger/index.ts'
import { acceptedHours } from '../metering/index.ts'
import type { Scope } from '../store/index.ts'
import { expectedReference, findExpectations, rulesOf } from './expectations.ts'
import { childrenOf, linesByKey, linesOfDisbursement } from './lines.ts'
import { bookingKey, type Match, readMatches } from './matches.ts'
import type { Expectation } from './model.ts'
import type { StoredLine } from './store.ts'
import { type Start, startOf } from './trace-start.ts'

/** How many lines of one pay-out are followed; the rest is in the list of its lines. */
export const LINES_MAX = 200
/** Hours are listed where so many months of usage are shown, and not for each of a whole pay-out. */
const USAGE_MONTHS_MAX = 2

/** An hour of usage behind what was expected: its quantity, and what that is at the agreed price. */
export type HourBehind = { hour: Date; quantity: Decimal; amount: Decimal | null }

/** What was expected; `hours`: null where it is no usage, where it is the cloud's own count, or too much to list. */
export type Expected = { expectation: Expectation; entries: Entry[]; hours: HourBehind[] | null }

/** A line and what was booked for it. */
export type Booked = { line: StoredLine; entries: Entry[] }
/** An invoiced line with its explanation and the lines that collect it and pay it out. */
export type Followed = Booked & {
  match: Match | null
  expectation: Expected | null
  collected: Booked[]
  disbursed: Booked[]
}
/** What a pay-out has of its own and of no sale, such as a tax, with its explanation. */
export type OwnLine = Booked & { match: Match | null }

export type Trace = {
  start: Start
  /** Where the following began, if that is a line. */
  line: StoredLine | null
  bank: Booked[]
  disbursements: Booked[]
  invoices: Followed[]
  adjustments: OwnLine[]
  /** What was expected and no line has met. */
  open: Expected[]
  /** The pay-out has more lines than are shown. */
  more: boolean
}

type Parts = Pick<Context, 'connectors'>

/** Follows money from whatever an id names. Throws not-found. */
export async function trace(context: Parts, scope: Scope, id: string): Promise<Trace> {
  const monthOf = async (within: Scope, agreement_id: string, hour: Date) => {
    const agreement = await agreements.find(within, agreement_id)
    return agreement && monthIn(rulesOf(context, agreement).time_zone, hour)
  }
  const start = await startOf(scope, id, monthOf)
  const { payouts, more } = await payoutLines(scope, start.lines)
  const invoices = await invoicesOf(scope, start.lines, payouts)
  const own = payouts.filter(
    ({ kind, parent_key, agreement_id, cloud_agreement_id }) =>
      kind !== 'disbursement' && parent_key === null && agreement_id === null && cloud_agreement_id === null,
  )
  const children = await childrenOf(scope, invoices)
  const keys = disbursementKeys([...start.lines, ...payouts, ...children])
  const bank = await linesOfDisbursement(scope, keys, { side: 'bank', limit: LINES_MAX })
  const disbursements = await linesByKey(scope, keys, ['disbursement', 'disbursement_failure'])
  const all = [...bank, ...disbursements, ...invoices, ...own, ...children]
  const matches = await readMatches(
    scope,
    all.map(({ id: line_id }) => line_id),
  )
  const entriesOf = await bookedFor(scope, all, matches)
  const booked = (line: StoredLine): Booked => ({ line, entries: entriesOf(line) })
  const expected = await expectedOf(context, scope, [
    ...start.expectations,
    ...(await expectationsOf(scope, matches)),
  ])
  const followed = invoices.map((line): Followed => {
    const match = matches.get(line.id) ?? null
    const of_line = children.filter(
      ({ parent_key, source }) => parent_key === line.key && source === line.source,
    )
    return {
      ...booked(line),
      match,
      expectation: expected.get(match?.expectation_id ?? '') ?? null,
      collected: of_line.filter(({ stage }) => stage === 'collected').map(booked),
      disbursed: of_line.filter(({ stage }) => stage === 'disbursed').map(booked),
    }
  })
  const met = new Set(followed.flatMap(({ match }) => match?.expectation_id ?? []))
  return {
    start,
    line: start.lines[0] ?? null,
    bank: bank.map(booked),
    disbursements: disbursements.map(booked),
    invoices: followed,
    adjustments: own.map((line) => ({ ...booked(line), match: matches.get(line.id) ?? null })),
    open: [...expected.values()].filter(({ expectation }) => !met.has(expectation.id)),
    more,
  }
}

/** The lines of the pay-outs that bank lines or pay-outs are about. */
async function payoutLines(
  scope: Scope,
  lines: readonly StoredLine[],
): Promise<{ payouts: StoredLine[]; more: boolean }> {
  const keys = lines.flatMap(({ kind, key, disbursement_key }) =>
    kind === 'disbursement' ? key : kind === 'bank' ? (disbursement_key ?? []) : [],
  )
  if (keys.length === 0) return { payouts: [], more: false }
  const found = await linesOfDisbursement(scope, keys, { side: 'cloud', limit: LINES_MAX + 1 })
  return { payouts: found.slice(0, LINES_MAX), more: found.length > LINES_MAX }
}

async function invoicesOf(
  scope: Scope,
  lines: readonly StoredLine[],
  payouts: readonly StoredLine[],
): Promise<StoredLine[]> {
  const own = lines.filter(({ stage }) => stage === 'invoiced' || stage === 'forgiven')
  const parents = [...lines.filter((line) => !own.includes(line)), ...payouts].flatMap(
    ({ parent_key }) => parent_key ?? [],
  )
  const found = await linesByKey(scope, [...new Set(parents)])
  return [...own, ...found.filter(({ id }) => !own.some((line) => line.id === id))]
}

function disbursementKeys(lines: readonly StoredLine[]): string[] {
  return [
    ...new Set(
      lines.flatMap(({ disbursement_key, kind, key }) =>
        kind === 'disbursement' ? key : (disbursement_key ?? []),
      ),
    ),
  ]
}

async function expectationsOf(scope: Scope, matches: ReadonlyMap<string, Match>): Promise<Expectation[]> {
  const ids = [...matches.values()].flatMap(({ expectation_id }) => expectation_id ?? [])
  return [...(await findExpectations(scope, ids)).values()]
}

/** The entries of each line: its own, the partner's share of it, and what it drew of commitments. */
async function bookedFor(
  scope: Scope,
  lines: readonly StoredLine[],
  matches: ReadonlyMap<string, Match>,
): Promise<(line: StoredLine) => Entry[]> {
  const keys = new Map(lines.map((line) => [line.id, bookingKey(line)]))
  const draws = Map.groupBy(await drawsOfLines(scope, [...keys.values()]), ({ line_key }) => line_key)
  const referencesOf = ({ id }: StoredLine) => {
    const key = keys.get(id) ?? ''
    return [
      ...(matches.get(id)?.booked ?? []).map(({ reference }) => reference),
      `partner_share:${key}`,
      ...(draws.get(key) ?? []).map(({ commitment_id }) => `commitment_drawn:${commitment_id}:${key}`),
    ]
  }
  const found = await entriesByReference(scope, lines.flatMap(referencesOf))
  const known = new Map(found.map((entry) => [entry.reference, entry]))
  return (line) => referencesOf(line).flatMap((reference) => known.get(reference) ?? [])
}

async function expectedOf(
  context: Parts,
  scope: Scope,
  expectations: readonly Expectation[],
): Promise<Map<string, Expected>> {
  const distinct = [...new Map(expectations.map((one) => [one.id, one])).values()]
  const found = await entriesByReference(scope, distinct.map(expectedReference))
  const known = new Map(found.map((entry) => [entry.reference, entry]))
  const listed = distinct.filter(({ kind }) => kind === 'usage').length <= USAGE_MONTHS_MAX
  const expected = new Map<string, Expected>()
  for (const expectation of distinct) {
    const entry = known.get(expectedReference(expectation))
    const hours = listed ? await hoursOf(context, scope, expectation) : null
    expected.set(expectation.id, { expectation, entries: entry === undefined ? [] : [entry], hours })
  }
  return expected
}

/** The hours of the month that a cloud accepted from us; null for what we do not meter ourselves. */
async function hoursOf(
  context: Parts,
  scope: Scope,
  { kind, agreement_id, dimension, period_starts_on, arithmetic }: Expectation,
): Promise<HourBehind[] | null> {
  if (kind !== 'usage' || dimension === null) return null
  const agreement = await agreements.find(scope, agreement_id)
  if (agreement === undefined || agreement.product_id === null) return null
  const { time_zone } = rulesOf(context, agreement)
  const month = period_starts_on.slice(0, 7)
  const span = {
    from: startOfMonthIn(time_zone, month),
    until: startOfMonthIn(time_zone, nextMonth(month)),
  }
  const price = parseDecimal(arithmetic.price ?? '')
  const hours = await acceptedHours(scope, agreement_id, dimension, span)
  return hours.map((one) => ({
    ...one,
    amount: price === undefined ? null : multiply(one.quantity, price),
  }))
}
