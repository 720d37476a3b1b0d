/** Rows and cells of an export: a value that breaks the format is said with its row, its column and what to do. */
import { type Decimal, parseDecimal } from '../../src/core/decimal.ts'
import { isLocalDate } from '../../src/core/time.ts'
import { StatementError } from '../connector.ts'

/** Names are written in several cases and with blanks by Azure itself, and a spreadsheet may add a byte order mark. */
export function columnName(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\s+/g, '')
    .toLowerCase()
}

export function checkedHeader(cells: readonly string[], needed: readonly string[]): string[] {
  const header = cells.map(columnName)
  const absent = needed.find((name) => !header.includes(name))
  if (absent !== undefined)
    throw problem(1, absent, 'The column is missing', 'Export the file again with all columns.')
  const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index)
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
      'The file is cut off or damaged here. Export it again.',
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
    throw problem(
      row.number,
      column,
      'There is no value',
      'Export the file again; if it stays, ask Microsoft.',
    )
  return value
}

export function decimalAt(row: Row, column: string): Decimal {
  return readDecimal(row, column, required(row, column))
}

export function optionalDecimal(row: Row, column: string): Decimal | null {
  const text = optional(row, column)
  return text === null ? null : readDecimal(row, column, text)
}

function readDecimal(row: Row, column: string, text: string): Decimal {
  const value = parseDecimal(text)
  if (value === undefined)
    throw problem(row.number, column, `"${text}" is not a plain decimal number`, 'Write it like -1234.56.')
  return value
}

/** A currency as ISO 4217 writes it; anything else would be booked in no book. */
export function currencyAt(row: Row, column: string): string {
  const text = required(row, column).toUpperCase()
  if (!/^[A-Z]{3}$/.test(text))
    throw problem(row.number, column, `"${text}" is not a currency`, 'Write its three letters, like USD.')
  return text
}

export function instantAt(row: Row, column: string): Date | null {
  const text = optional(row, column)
  if (text === null) return null
  const instant = isLocalDate(text) ? new Date(`${text}T00:00:00Z`) : new Date(isoOf(text))
  if (Number.isNaN(instant.getTime()))
    throw problem(
      row.number,
      column,
      `"${text}" is not a date of ISO 8601`,
      'Write it like 2026-01-31T00:00:00Z.',
    )
  return instant
}

/** Exports are in UTC; a time without a zone is not the time of this machine. */
function isoOf(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?:Z| UTC|\+00:?00)?$/.exec(
    text,
  )
  return found === null ? '' : `${found[1]}T${found[2]}Z`
}
