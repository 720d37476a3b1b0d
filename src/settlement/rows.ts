// A file as a stream of rows. Memory holds one part of the file and a few rows, however long the file is.
import { parse } from 'csv-parse/stream'
import { StatementError } from '../../connectors/connector.ts'

/** Where the reader stands: the header is row 1. */
export type Place = { row: number }

const CUT_OFF = 'The file looks cut off: get it again, whole'

/**
 * Reads comma-separated rows. Throws StatementError for a row whose number of values is not the header's, for a
 * quoted value without an end, and (where `whole` is asked for) for a last row without its line end.
 */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  place: Place,
  asked: { whole: boolean },
): AsyncGenerator<readonly string[]> {
  const ending = { last: 10 }
  const source = asStream(watched(bytes, ending))
  const rows = source.pipeThrough(parse({ bom: true, relax_column_count: true, skip_empty_lines: true }))
  let width = 0
  try {
    for await (const row of rows as AsyncIterable<string[]>) {
      place.row += 1
      if (width === 0) width = row.length
      if (row.length !== width) {
        throw problem(place, `has ${row.length} values where the header has ${width}`, CUT_OFF)
      }
      yield row
    }
  } catch (error) {
    if (error instanceof StatementError || !isCsvError(error)) throw error
    throw problem({ row: place.row + 1 }, quoteRule(error.code), CUT_OFF)
  }
  if (width === 0) throw problem({ row: 1 }, 'the file is empty', 'Send the file with its header row')
  if (asked.whole && ending.last !== 10) throw problem(place, 'the last row has no line end', CUT_OFF)
}

/** The first row alone, for recognising a format. */
export async function readHeader(bytes: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  for await (const row of readRows(bytes, { row: 0 }, { whole: false })) return row
  return []
}

async function* watched(bytes: AsyncIterable<Uint8Array>, ending: { last: number }): AsyncGenerator<Buffer> {
  for await (const part of bytes) {
    if (part.length === 0) continue
    ending.last = part[part.length - 1] ?? ending.last
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength)
  }
}

function asStream(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const part = await parts.next()
      if (part.done === true) controller.close()
      else controller.enqueue(part.value)
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
}

function problem(place: Place, rule: string, fix: string): StatementError {
  return new StatementError({ row: place.row, column: null, rule, fix })
}

function isCsvError(error: unknown): error is { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')
}

function quoteRule(code: string): string {
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quoted value has no end'
    : `is not comma-separated text (${code})`
}
