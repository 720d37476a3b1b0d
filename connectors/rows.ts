/** Rows and cells of a report: a value that breaks the format is said with its row, its column and what to do. */
import { type Decimal, parseDecimal } from '../src/core/decimal.ts'
import { StatementError } from './connector.ts'

export type Row = { number: number; values: Readonly<Record<string, string>> }

/** What differs between the clouds: how a heading is spelt, and where a whole file is to be had. */
export type ReportKind = {
  columnName(heading: string): string
  missing_column: string
  damaged: string
  missing_value: string
}

export function rowReader({ columnName, missing_column, damaged, missing_value }: ReportKind) {
  return {
    /** The names of a header row. Throws for a needed column that is not there, or one that is there twice. */
    checkedHeader(cells: readonly string[], needed: readonly string[]): string[] {
      const header = cells.map(columnName)
      const absent = needed.find((name) => !header.includes(name))
      if (absent !== undefined) throw problem(1, absent, 'The column is missing', missing_column)
      const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index)
      if (twice !== undefined) throw problem(1, twice, 'The column is there twice', 'Remove one of the two.')
      return header
    },
    rowOf(header: string[], cells: readonly string[], number: number): Row {
      if (cells.length !== header.length) {
        throw problem(number, null, `The row has ${cells.length} of ${header.length} columns`, damaged)
      }
      return { number, values: Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])) }
    },
    required(row: Row, column: string): string {
      const value = optional(row, column)
      if (value === null) throw problem(row.number, column, 'There is no value', missing_value)
      return value
    },
  }
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

export function readDecimal(
  row: Row,
  column: string,
  text: string,
  fix = 'Write it like -1234.56.',
): Decimal {
  const value = parseDecimal(text)
  if (value === undefined) throw problem(row.number, column, `"${text}" is not a plain decimal number`, fix)
  return value
}
