/** Files about money and usage: payout exports where the connection may have them, and usage as Azure recorded it. */
import { z } from 'zod'
import { formatDecimal } from '../../src/core/decimal.ts'
import { Fault } from '../../src/core/fault.ts'
import { decodeCursor, encodeCursor } from '../../src/core/page.ts'
import { DAY_MS, dateOf, HOUR_MS, isLocalDate, plus } from '../../src/core/time.ts'
import type { Connection, Pulled, SettlementRules, Settlements, StatementFile } from '../connector.ts'
import { lost } from '../reply.ts'
import { FULFILMENT_VERSION } from './agreements/subscriptions.ts'
import type { Azure } from './clients.ts'
import { isFaultOf, shaped } from './faults.ts'
import { parseExport, recogniseExport } from './settlements/feeds.ts'
import {
  askExport,
  type ExportRequest,
  exportKinds,
  exportLocation,
  exportsPayouts,
  readExport,
} from './settlements/payouts.ts'
import { fromAzureNumber } from './wire/numbers.ts'
import { exchange } from './wire/transport.ts'

/** Exports take up to a day, so one is asked for about as often. */
const ASK_EVERY_MS = 20 * HOUR_MS
/** How far back earnings may change: write-offs come months later. */
const EARNINGS_DAYS = 365
/** How far back a day's usage may still be settled by Azure. */
const USAGE_DAYS = 35

const cursorShape = z.object({
  open: z.array(z.object({ kind: z.enum(exportKinds), id: z.string() })),
  asked_at: z.iso.datetime().nullable(),
  usage_read_on: z.string().nullable(),
})
type Cursor = z.infer<typeof cursorShape>
const START: Cursor = { open: [], asked_at: null, usage_read_on: null }

/**
 * Sources: Microsoft's pages on multiparty private offers (it pays the publisher its price and the partner its markup),
 * on metered billing (events until 24 hours after their hour, amounts below a cent are cut off) and on payouts. Usage is
 * read back once a day, and a month is whole on the day after its last event was taken.
 */
const settlementRules: SettlementRules = {
  resale_pays: 'margin',
  usage_rounding: 'down',
  time_zone: 'UTC',
  usage_taken_ms: DAY_MS,
  usage_counted_ms: 3 * DAY_MS,
  payer: 'MICROSOFT',
}

export function azureSettlements(azure: Azure): Settlements {
  return {
    rules: settlementRules,
    pull: (connection, cursor) => pullFiles(azure, connection, cursor),
    fetchFile: (connection, name) => fetchFile(azure, connection, name),
    recognise: recogniseExport,
    parse: parseExport,
  }
}

/** An unreadable cursor starts over: exports are asked for again, and reading them twice changes nothing. */
function readCursor(text: string | null): Cursor {
  if (text === null) return START
  try {
    return cursorShape.parse(JSON.parse(decodeCursor(text)))
  } catch {
    return START
  }
}

async function pullFiles(
  azure: Azure,
  connection: Connection,
  text: string | null,
): Promise<Pulled<StatementFile>> {
  const now = azure.parts.clocks.business.now()
  const cursor = readCursor(text)
  const usage = usageFile(cursor, now)
  const exported = exportsPayouts(connection)
    ? await pullExports(azure, connection, cursor, now)
    : { items: [], open: [], asked_at: null }
  const { items, open, asked_at } = exported
  const next: Cursor = { open, asked_at, usage_read_on: dateOf(now) }
  return { items: [...items, ...usage], next: encodeCursor(JSON.stringify(next)), more: false }
}

type Exported = Pick<Cursor, 'open' | 'asked_at'> & { items: StatementFile[] }

async function pullExports(
  azure: Azure,
  connection: Connection,
  cursor: Cursor,
  now: Date,
): Promise<Exported> {
  const items: StatementFile[] = []
  const open: ExportRequest[] = []
  for (const request of cursor.open) {
    const found = await readOrNothing(azure, connection, request)
    if (found?.state === 'open') open.push(request)
    if (found?.state === 'done')
      items.push({
        name: nameOf(request),
        version: request.id,
        bytes: 0,
        changed_at: found.requested_at ?? now,
      })
  }
  const asked_at = cursor.asked_at
  if (open.length > 0 || (asked_at !== null && now.getTime() - Date.parse(asked_at) < ASK_EVERY_MS))
    return { items, open, asked_at }
  const from = dateOf(plus(now, -EARNINGS_DAYS * DAY_MS))
  for (const kind of exportKinds) open.push(await askExport(azure, connection, kind, from, dateOf(now)))
  return { items, open, asked_at: now.toISOString() }
}

/** Old requests are forgotten by Azure; a new one is asked for then. */
async function readOrNothing(azure: Azure, connection: Connection, request: ExportRequest) {
  try {
    return await readExport(azure, connection, request)
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}

function nameOf({ kind, id }: ExportRequest): string {
  return `${kind}/${id}.csv`
}

// ---------------------------------------------------------------- usage

/** Usage is read back once a day: what Azure holds of the last weeks, as sums of days. */
function usageFile({ usage_read_on }: Cursor, now: Date): StatementFile[] {
  const today = dateOf(now)
  if (usage_read_on === today) return []
  const from = dateOf(plus(now, -USAGE_DAYS * DAY_MS))
  return [{ name: `usageevents/${from}_${today}.csv`, version: today, bytes: 0, changed_at: now }]
}

const usageColumns = [
  'usageDate',
  'usageResourceId',
  'dimension',
  'planId',
  'offerId',
  'reconStatus',
  'submittedQuantity',
  'processedQuantity',
  'submittedCount',
] as const
const usageShape = z.array(z.looseObject({ usageDate: z.string() }))

/** The service answers with JSON; it is written down as rows, with the names and values that it gave. */
async function usageRows(azure: Azure, connection: Connection, from: string, until: string): Promise<string> {
  const { body } = await azure.call(connection, 'metering', {
    call: 'GetUsageEvents',
    path: '/usageEvents',
    query: { ...FULFILMENT_VERSION, usageStartDate: `${from}T00:00:00Z`, usageEndDate: `${until}T23:59:59Z` },
  })
  const rows = shaped(usageShape, body, 'GetUsageEvents')
  const lines = rows.map((row) => usageColumns.map((column) => cellOf(row[column])).join(','))
  return `${[usageColumns.join(','), ...lines].join('\n')}\n`
}

function cellOf(value: unknown): string {
  const number = typeof value === 'number' ? fromAzureNumber(value) : undefined
  const text = number === undefined ? String(value ?? '') : formatDecimal(number)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// ---------------------------------------------------------------- files

async function fetchFile(
  azure: Azure,
  connection: Connection,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const [, from = '', until = ''] = /^usageevents\/([\d-]+)_([\d-]+)\.csv$/.exec(name) ?? []
  if (isLocalDate(from) && isLocalDate(until))
    return streamOf(await usageRows(azure, connection, from, until))
  const [, kind, id = ''] = /^(\w+)\/([\w-]+)\.csv$/.exec(name) ?? []
  const known = exportKinds.find((candidate) => candidate === kind)
  if (known === undefined) throw new Fault('not_found', `Azure has no file ${name}`)
  const location = await exportLocation(azure, connection, { kind: known, id })
  const reply = await azure.guard(connection, 'GetExportFile', async (signal) => {
    const found = await exchange(azure.parts.fetch, 'GetExportFile', location, { signal })
    if (found.ok && found.body !== null) return found
    await found.body?.cancel()
    // A link is good for a while only; the next look at the export gives another.
    throw new Fault(
      found.status >= 500 ? 'unavailable' : 'not_found',
      `GetExportFile: status ${found.status}`,
    )
  })
  const expected = reply.headers.has('content-encoding') ? null : reply.headers.get('content-length')
  return wholeOrFault(reply.body ?? streamOf(''), name, expected === null ? undefined : Number(expected))
}

function streamOf(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}

/** The deadline ends with the headers; what breaks later, or ends early, is still told as a fault. */
function wholeOrFault(
  body: ReadableStream<Uint8Array>,
  name: string,
  expected: number | undefined,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let length = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) {
          length += value.byteLength
          controller.enqueue(value)
          return
        }
      } catch (error) {
        controller.error(lost(`GetExportFile ${name}`, error))
        return
      }
      if (expected === undefined || length === expected) controller.close()
      else
        controller.error(
          new Fault('connection_lost', `GetExportFile ${name}: ${length} of ${expected} bytes came`),
        )
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
