/** Rows and cells of a report: a value that breaks the format is said with its row, its column and what to do. */
import { type Decimal, zero } from '../../../src/core/decimal.ts'
import { isLocalDate, type LocalDate } from '../../../src/core/time.ts'
import { optional, problem, type Row, readDecimal, rowReader } from '../../rows.ts'
import { pacificDate, startOfPacificDate } from '../wire/dates.ts'

/** "SKU ID" and "sku_id" are one name: Google's headings differ between the file, BigQuery and the years. */
export function columnName(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}

export const { checkedHeader, rowOf, required } = rowReader({
  columnName,
  missing_column: 'Download the report again with all columns.',
  damaged: 'The file is cut off or damaged here. Download the report again.',
  missing_value: 'Download the report again; if it stays, ask Google.',
})
export { optional, problem, type Row }

/** An amount or a quantity; an empty cell is nothing. */
export function amountAt(row: Row, column: string): Decimal {
  const text = optional(row, column)
  if (text === null) return zero
  const fix = 'Write it like -1234.56, without a currency sign and without groups of thousands.'
  return readDecimal(row, column, text.replace(/^\+/, ''), fix)
}

/** An instant; a bare date is midnight in Los Angeles, as in all of Google's reports. */
export function instantAt(row: Row, column: string): Date | null {
  const text = optional(row, column)
  if (text === null) return null
  const instant = isLocalDate(text) ? startOfPacificDate(text) : new Date(isoOf(text))
  if (Number.isNaN(instant.getTime())) {
    throw problem(row.number, column, `"${text}" is not a date of ISO 8601`, 'Write it like 2026-01-31.')
  }
  return instant
}

/** A time without a zone is not the time of this machine. */
function isoOf(text: string): string {
  const found =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?$/.exec(text)
  if (found === null) return ''
  const zone = found[3]
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return `${found[1]}T${found[2]}Z`
  return `${found[1]}T${found[2]}${zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`
}

export function dateAt(row: Row, column: string): LocalDate | null {
  const instant = instantAt(row, column)
  return instant === null ? null : pacificDate(instant)
}
