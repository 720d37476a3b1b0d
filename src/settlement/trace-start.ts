// Where a cent is first met: everything that money can be followed from, by its id.
import { isId } from '../core/id.ts'
import { Refusal } from '../core/problem.ts'
import { type Entry, entriesByReference, findEntry } from '../ledger/index.ts'
import { findRecord } from '../metering/index.ts'
import type { Scope } from '../store/index.ts'
import { findWithParts } from './expectations.ts'
import { linesById } from './lines.ts'
import { readMatchesOf } from './matches.ts'
import type { Expectation } from './model.ts'
import { fromLineRow, type StoredLine } from './store.ts'

export const startKinds = ['line', 'entry', 'expectation', 'usage_record'] as const
export type StartKind = (typeof startKinds)[number]

/** What was asked about, and the lines and expectations that it is about. */
export type Start = {
  kind: StartKind
  lines: StoredLine[]
  expectations: Expectation[]
  entry: Entry | null
}

/** A correction may correct a correction, but not without end. */
const CORRECTIONS_MAX = 20

/** Finds what an id names. `monthOf`: the month that an hour of an agreement is billed in. Throws not-found. */
export async function startOf(
  scope: Scope,
  id: string,
  monthOf: (scope: Scope, agreement_id: string, hour: Date) => Promise<string | undefined>,
): Promise<Start> {
  const nothing = new Refusal(
    'not-found',
    `There is nothing with the id ${id} that money could be followed from.`,
  )
  if (isId('line', id)) {
    const lines = await linesById(scope, [id])
    if (lines.length === 0) throw nothing
    return { kind: 'line', lines, expectations: [], entry: null }
  }
  if (isId('entry', id)) {
    const entry = await findEntry(scope, id)
    if (entry === undefined) throw nothing
    return { kind: 'entry', ...(await aboutEntry(scope, entry)), entry }
  }
  if (isId('record', id)) {
    const record = await findRecord(scope, id)
    const month = record && (await monthOf(scope, record.agreement_id, record.hour))
    if (record === undefined || month === undefined) throw nothing
    const expectations = await findWithParts(
      scope,
      `usage:${record.agreement_id}:${month}:${record.dimension}`,
    )
    return { kind: 'usage_record', ...(await met(scope, expectations)), entry: null }
  }
  const expectations = await findWithParts(scope, id)
  if (expectations.length === 0) throw nothing
  return { kind: 'expectation', ...(await met(scope, expectations)), entry: null }
}

type About = Pick<Start, 'lines' | 'expectations'>

/** The lines that met some expectations. */
async function met(scope: Scope, expectations: Expectation[]): Promise<About> {
  const matches = await readMatchesOf(
    scope,
    expectations.map(({ id }) => id),
  )
  return {
    lines: await linesById(
      scope,
      matches.map(({ line_id }) => line_id),
    ),
    expectations,
  }
}

/** An entry names in its evidence the line it was booked for, or in its reference the expectation. */
async function aboutEntry(scope: Scope, booked: Entry): Promise<About> {
  let entry = booked
  for (let step = 0; entry.reverses !== null && step < CORRECTIONS_MAX; step += 1) {
    const [corrected] = await entriesByReference(scope, [entry.reverses])
    if (corrected === undefined) break
    entry = corrected
  }
  const { line_id, line_key } = evidenceOf(entry)
  if (line_id !== undefined) return { lines: await linesById(scope, [line_id]), expectations: [] }
  if (line_key !== undefined) return { lines: await linesByBookingKey(scope, line_key), expectations: [] }
  const key = entry.reference.slice(entry.kind.length + 1)
  return met(scope, entry.kind.endsWith('_expected') ? await findWithParts(scope, key) : [])
}

function evidenceOf({ evidence }: Entry): { line_id?: string; line_key?: string } {
  if (typeof evidence !== 'object' || evidence === null) return {}
  return {
    ...('line_id' in evidence && typeof evidence.line_id === 'string' ? { line_id: evidence.line_id } : {}),
    ...('line_key' in evidence && typeof evidence.line_key === 'string'
      ? { line_key: evidence.line_key }
      : {}),
  }
}

/** The line behind a booking key. Its parts are joined by a slash, which they may hold themselves. */
async function linesByBookingKey(scope: Scope, booking_key: string): Promise<StoredLine[]> {
  const [source = '', ...rest] = booking_key.replace(/\/taken-back$/, '').split('/')
  const splits = rest.slice(1).map((_, index) => ({
    key: rest.slice(0, index + 1).join('/'),
    version: rest.slice(index + 1).join('/'),
  }))
  if (splits.length === 0) return []
  const rows = await scope.tx.statement_line.findMany({
    where: { organisation_id: scope.organisation_id, source, OR: splits },
    orderBy: { id: 'asc' },
    take: 1,
  })
  return rows.map(fromLineRow)
}
