/** Rows and cells of a feed: a value that breaks the format is said with its row, its column and what to do. */
import { type Decimal, parseDecimal } from '../../src/core/decimal.ts'
import { isLocalDate, type LocalDate } from '../../src/core/time.ts'
import { StatementError } from '../connector.ts'

/** A spreadsheet may have put a byte order mark before the first name. */
export function columnName(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
}

export function checkedHeader(cells: readonly string[], needed: readonly string[]): string[] {
  const header = cells.map(columnName)
  const absent = needed.find((name) => !header.includes(name))
  if (absent !== undefined) {
    throw problem(
      1,
      absent,
      'The column is missing',
      'Fetch the file again from the bucket, or export it with all columns.',
    )
  }
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  if (twice !== undefined) throw problem(1, twice, 'The column is there twice', 'Remove one of the two.')
  return header
}

export type Row = { number: number; values: Readonly<Record<string, string>> }

export function rowOf(header: string[], cells: readonly string[], number: number): Row {
  if (cells.length !== header.length) {
    throw problem(
      number,
      null,
      `The row has ${cells.length} of ${header.length} columns`,
      'The file is cut off or damaged here. Fetch it again from the bucket.',
    )
  }
  return { number, values: Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])) }
}

export function problem(
  row: number | null,
  column: string | null,
  rule: string,
  fix: string,
): StatementError {
  return new StatementError({ row, column, rule, fix })
}

export function optional(row: Row, column: string): string | null {
  return row.values[column]?.trim() || null
}

export function required(row: Row, column: string): string {
  const value = optional(row, column)
  if (value === null)
    throw problem(row.number, column, 'There is no value', 'Fetch the file again; if it stays, ask AWS.')
  return value
}

export function decimalAt(row: Row, column: string): Decimal {
  const text = required(row, column)
  const value = parseDecimal(text)
  if (value === undefined)
    throw problem(row.number, column, `"${text}" is not a plain decimal number`, 'Write it like -1234.56.')
  return value
}

export function instantAt(row: Row, column: string): Date | null {
  const text = optional(row, column)
  if (text === null) return null
  const instant = isLocalDate(text) ? new Date(`${text}T00:00:00Z`) : new Date(isoOf(text))
  if (Number.isNaN(instant.getTime())) {
    throw problem(
      row.number,
      column,
      `"${text}" is not a date of ISO 8601`,
      'Write it like 2026-01-31T00:00:00Z.',
    )
  }
  return instant
}

/** Feeds are in UTC; a time without a zone is not the time of this machine. */
function isoOf(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?:Z| UTC|\+00:?00)?$/.exec(
    text,
  )
  return found === null ? '' : `${found[1]}T${found[2]}Z`
}

export function dateAt(row: Row, column: string): LocalDate | null {
  return instantAt(row, column)?.toISOString().slice(0, 10) ?? null
}
