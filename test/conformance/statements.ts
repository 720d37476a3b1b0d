// Reading the cloud's reports as their importer does: pulled, fetched, recognised, parsed.
import { parse } from 'csv-parse/sync'
import {
  type Connection,
  StatementError,
  type StatementFile,
  type StatementItem,
  type StatementLine,
} from '../../connectors/connector.ts'
import { Broken, claim, given, show } from './claims.ts'
import { everything, facet, sold } from './deal.ts'
import type { Market } from './world.ts'

export type Row = Record<string, string>
/** A file as it was fetched: its rows, the header first. */
export type Statement = { file: StatementFile; format: string; rows: string[][] }

const ROUNDS_MAX = 4

/** Files that are new since the cursor. Some clouds write them when they are asked for, and hand them on later. */
export async function newFiles(
  market: Market,
  connection: Connection,
  cursor: string | null,
): Promise<{ items: StatementFile[]; next: string | null }> {
  const settlements = facet(market, 'settlements')
  const items: StatementFile[] = []
  let next = cursor
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = await everything<StatementFile>((from) => settlements.pull(connection, from), next)
    items.push(...found.items)
    next = found.next
    if (found.items.some(({ name }) => market.statements.hasMoney(name))) break
    await market.move({ by: 'PT1H' })
  }
  return { items, next }
}

export async function fetched(
  market: Market,
  connection: Connection,
  file: StatementFile,
): Promise<Statement> {
  const settlements = facet(market, 'settlements')
  const text = await new Response(await settlements.fetchFile(connection, file.name)).text()
  const rows = rowsOf(text)
  const format = settlements.recognise(file.name, given(rows[0], `header of ${file.name}`))
  return { file, format: given(format, `format of ${file.name}`), rows }
}

/** Texts in rows; what is no table is a file that the connector should not have handed on. */
function rowsOf(text: string): string[][] {
  return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true })
}

/** A deal whose first instalment was paid out, and every file the vendor has of it. */
export async function settled(market: Market): Promise<{ files: Statement[]; next: string | null }> {
  await sold(market)
  await market.deeds.settle()
  const { items, next } = await newFiles(market, market.vendor, null)
  const files: Statement[] = []
  for (const file of items) files.push(await fetched(market, market.vendor, file))
  return { files, next }
}

/** The file that holds the vendor's money, as it stands now. */
export async function moneyFile(market: Market): Promise<Statement> {
  const { files } = await settled(market)
  return given(
    files.findLast(
      ({ format, rows }) => format === market.statements.format && rows.some(isSaleRow(market, rows)),
    ),
    `file of the format ${market.statements.format} with the sale`,
  )
}

function isSaleRow(market: Market, rows: string[][]) {
  return (cells: string[]) => market.statements.isSale(toRow(rows, cells))
}

export function toRow(rows: string[][], cells: readonly string[]): Row {
  return Object.fromEntries((rows[0] ?? []).map((name, index) => [name, cells[index] ?? '']))
}

export function parsed(
  market: Market,
  { format, rows }: Pick<Statement, 'format' | 'rows'>,
): Promise<StatementItem[]> {
  return collect(facet(market, 'settlements').parse(format, given1(rows)))
}

async function* given1(rows: string[][]): AsyncGenerator<string[]> {
  yield* rows
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

export function linesOf(items: readonly StatementItem[]): StatementLine[] {
  return items.flatMap((item) => (item.is === 'line' ? [item.line] : []))
}

/** Each line in its latest version, those taken back left out. */
export function current(lines: readonly StatementLine[]): StatementLine[] {
  const latest = new Map<string, StatementLine>()
  for (const line of lines) {
    const known = latest.get(line.key)
    if (known === undefined || known.version < line.version) latest.set(line.key, line)
  }
  return [...latest.values()].filter(({ deleted }) => !deleted)
}

/** Every line of the vendor's money, in its latest version. */
export async function allLines(market: Market): Promise<StatementLine[]> {
  const { files } = await settled(market)
  const lines: StatementLine[] = []
  for (const file of files) lines.push(...linesOf(await parsed(market, file)))
  return current(lines)
}

/** Where the format of a file is broken, as it is told. */
export async function problemOf(market: Market, statement: Pick<Statement, 'format' | 'rows'>) {
  try {
    const items = await parsed(market, statement)
    throw new Broken(`The broken file was read: ${show(items.length)} items`)
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    const { problem } = error
    claim(
      problem.rule.trim() !== '' && problem.fix.trim() !== '',
      `The problem says what to do: ${show(problem)}`,
    )
    return problem
  }
}

/** The same rows with one cell changed. */
export function withCell(rows: string[][], row: number, column: string, value: string): string[][] {
  const place = (rows[0] ?? []).indexOf(column)
  if (place < 0) throw new Broken(`The file has no column ${column}`)
  return rows.map((cells, index) => (index === row ? cells.with(place, value) : cells))
}
