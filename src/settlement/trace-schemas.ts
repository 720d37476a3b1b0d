// How a followed cent looks on the wire, and what it is made of: matches with their causes, expectations.
import { z } from '@hono/zod-openapi'
import { formatDecimal } from '../core/decimal.ts'
import type { Asset } from '../core/money.ts'
import { moneySchema, orNull } from '../door/index.ts'
import { entrySchema, shownEntry } from '../ledger/index.ts'
import type { Known } from './known.ts'
import type { Match } from './matches.ts'
import { type Cause, causeNames, type Expectation, expectationKinds } from './model.ts'
import { line, money, shownLine } from './schemas.ts'
import type { Different, Met } from './store-lists.ts'
import type { Booked, Expected, Followed, Trace } from './trace.ts'
import { startKinds } from './trace-start.ts'

const text = z.string().nullable()

const cause = z
  .object({
    cause: z.enum(causeNames),
    amount: moneySchema,
    sentence: z.string(),
    arithmetic: z.record(z.string(), z.string()),
  })
  .openapi('Cause')

function shownCause(asset: Asset, item: Cause): z.infer<typeof cause> {
  return { ...item, amount: money(asset, item.amount) }
}

const match = z
  .object({
    stage: z.string(),
    expected: moneySchema,
    received: moneySchema,
    causes: z.array(cause),
    entries: z.array(z.string()).openapi({ description: 'The references of what was booked.' }),
  })
  .openapi('Match')

function shownMatch({ stage, asset, expected, received, causes, booked }: Match): z.infer<typeof match> {
  return {
    stage,
    expected: money(asset, expected),
    received: money(asset, received),
    causes: causes.map((item) => shownCause(asset, item)),
    entries: booked.map(({ reference }) => reference),
  }
}

const expectation = z
  .object({
    id: z.string(),
    key: z.string(),
    agreement_id: z.string(),
    kind: z.enum(expectationKinds),
    dimension: text,
    sale_key: text.openapi({ description: 'The sale that a fee or a cost is of.' }),
    due_on: z.string(),
    period_starts_on: z.string(),
    period_ends_on: z.string(),
    amount: moneySchema,
    arithmetic: z.record(z.string(), z.string()),
  })
  .openapi('Expectation')

function shownExpectation({ asset, amount, ...item }: Expectation): z.infer<typeof expectation> {
  const { id, key, agreement_id, kind, dimension, sale_key, due_on, arithmetic } = item
  const { period_starts_on, period_ends_on } = item
  const span = { due_on, period_starts_on, period_ends_on }
  return {
    id,
    key,
    agreement_id,
    kind,
    dimension,
    sale_key,
    ...span,
    amount: money(asset, amount),
    arithmetic,
  }
}

/** An expectation in a list: with the line that met it. */
export const met = expectation
  .extend({ line_id: text, received: orNull(moneySchema) })
  .openapi('MetExpectation')

export function shownMet({ expectation: item, line_id, received }: Met): z.infer<typeof met> {
  const came = received === null ? null : money(item.asset, received)
  return { ...shownExpectation(item), line_id, received: came }
}

/** A line that is not what was expected. */
export const difference = z
  .object({
    id: z.string().openapi({ description: "The line's id." }),
    line,
    match,
    expectation: orNull(expectation),
  })
  .openapi('Difference')

export function shownDifference(item: Different, known: Known): z.infer<typeof difference> {
  return {
    id: item.line.id,
    line: shownLine(item.line, known),
    match: shownMatch(item.match),
    expectation: item.expectation === null ? null : shownExpectation(item.expectation),
  }
}

const booked = line.extend({ entries: z.array(entrySchema) }).openapi('TracedLine')
const expected = expectation
  .extend({
    entries: z.array(entrySchema),
    hours: z
      .array(z.object({ hour: z.string(), quantity: z.string(), amount: text }))
      .nullable()
      .openapi({
        description:
          'The hours of usage behind it, with what each is at the agreed price before rounding. null where it is no ' +
          'usage, where the cloud itself counted, or where several months are shown: ask for the one by its id.',
      }),
  })
  .openapi('TracedExpectation')

export const traced = z
  .object({
    start: z.object({ kind: z.enum(startKinds), id: z.string() }),
    line: orNull(line).openapi({ description: 'The line that the following began at.' }),
    entry: orNull(entrySchema),
    bank: z.array(booked),
    disbursements: z.array(booked),
    invoices: z.array(
      z.object({
        line: booked,
        match: orNull(match),
        expectation: orNull(expected),
        collected: z.array(booked),
        disbursed: z.array(booked),
      }),
    ),
    adjustments: z.array(z.object({ line: booked, match: orNull(match) })),
    open: z.array(expected).openapi({ description: 'What was expected and no line has met.' }),
    more: z.boolean().openapi({
      description: 'The pay-out has more lines than these: see /v1/reconciliation/lines?disbursement_key=…',
    }),
  })
  .openapi('Trace')

/** Every line of a trail, once. */
export function linesIn({ line: start, bank, disbursements, invoices, adjustments }: Trace) {
  const followed = invoices.flatMap((item) => [item, ...item.collected, ...item.disbursed])
  const lines = [...bank, ...disbursements, ...followed, ...adjustments].map((one) => one.line)
  const all = [...lines, ...(start === null ? [] : [start])]
  return [...new Map(all.map((one) => [one.id, one])).values()]
}

export function shownTrace(id: string, found: Trace, known: Known): z.infer<typeof traced> {
  const shown = (one: Booked) => shownBooked(one, known)
  return {
    start: { kind: found.start.kind, id },
    line: found.line === null ? null : shownLine(found.line, known),
    entry: found.start.entry === null ? null : shownEntry(found.start.entry),
    bank: found.bank.map(shown),
    disbursements: found.disbursements.map(shown),
    invoices: found.invoices.map((item) => shownFollowed(item, known)),
    adjustments: found.adjustments.map((own) => ({
      line: shown(own),
      match: own.match === null ? null : shownMatch(own.match),
    })),
    open: found.open.map(shownExpected),
    more: found.more,
  }
}

function shownBooked({ line: of, entries }: Booked, known: Known) {
  return { ...shownLine(of, known), entries: entries.map(shownEntry) }
}

function shownExpected({ expectation: of, entries, hours }: Expected): z.infer<typeof expected> {
  return {
    ...shownExpectation(of),
    entries: entries.map(shownEntry),
    hours:
      hours?.map(({ hour, quantity, amount }) => ({
        hour: hour.toISOString(),
        quantity: formatDecimal(quantity),
        amount: amount === null ? null : formatDecimal(amount),
      })) ?? null,
  }
}

function shownFollowed(item: Followed, known: Known) {
  const shown = (one: Booked) => shownBooked(one, known)
  return {
    line: shown(item),
    match: item.match === null ? null : shownMatch(item.match),
    expectation: item.expectation === null ? null : shownExpected(item.expectation),
    collected: item.collected.map(shown),
    disbursed: item.disbursed.map(shown),
  }
}
