/** Rows and cells of an export: a value that breaks the format is said with its row, its column and what to do. */
import type { Decimal } from '../../../src/core/decimal.ts'
import { isLocalDate } from '../../../src/core/time.ts'
import { optional, problem, type Row, readDecimal, rowReader } from '../../rows.ts'

/** Names are written in several cases and with blanks by Azure itself, and a spreadsheet may add a byte order mark. */
export function columnName(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\s+/g, '')
    .toLowerCase()
}

export const { checkedHeader, rowOf, required } = rowReader({
  columnName,
  missing_column: 'Export the file again with all columns.',
  damaged: 'The file is cut off or damaged here. Export it again.',
  missing_value: 'Export the file again; if it stays, ask Microsoft.',
})
export { optional, problem, type Row }

export function decimalAt(row: Row, column: string): Decimal {
  return readDecimal(row, column, required(row, column))
}

export function optionalDecimal(row: Row, column: string): Decimal | null {
  const text = optional(row, column)
  return text === null ? null : readDecimal(row, column, text)
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
