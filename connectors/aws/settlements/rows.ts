/** Rows and cells of a feed: a value that breaks the format is said with its row, its column and what to do. */
import type { Decimal } from '../../../src/core/decimal.ts'
import { isLocalDate, type LocalDate } from '../../../src/core/time.ts'
import { optional, problem, type Row, readDecimal, rowReader } from '../../rows.ts'

/** A spreadsheet may have put a byte order mark before the first name. */
export function columnName(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
}

export const { checkedHeader, rowOf, required } = rowReader({
  columnName,
  missing_column: 'Fetch the file again from the bucket, or export it with all columns.',
  damaged: 'The file is cut off or damaged here. Fetch it again from the bucket.',
  missing_value: 'Fetch the file again; if it stays, ask AWS.',
})
export { optional, problem, type Row }

export function decimalAt(row: Row, column: string): Decimal {
  return readDecimal(row, column, required(row, column))
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
