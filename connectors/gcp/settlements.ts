/**
 * Finance reports. Google delivers them to a Cloud Storage bucket where the seller set that up; without a bucket they
 * are downloaded by a person and brought by hand, and there is nothing to pull.
 * Source: the public definition of the Cloud Storage JSON API.
 */
import { z } from 'zod'
import { Fault } from '../../src/core/fault.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import type { Connection, Pulled, SettlementRules, Settlements, StatementFile } from '../connector.ts'
import { lost, readWhole } from '../reply.ts'
import type { Gcp } from './clients.ts'
import { fromReply, shaped } from './faults.ts'
import { readDimensions } from './settlements/dimensions.ts'
import { parseReport, recogniseReport, skippedReports } from './settlements/reports.ts'
import { advance, readCursor, writeCursor } from './wire/cursor.ts'
import { exchange } from './wire/transport.ts'

const STORAGE_ROOT = 'https://storage.googleapis.com'
const PAGE_MAX = 500

const listShape = z.looseObject({
  items: z
    .array(
      z.looseObject({
        name: z.string(),
        generation: z.string().nullish(),
        size: z.string().nullish(),
        updated: z.iso.datetime({ offset: true }),
      }),
    )
    .nullish(),
  nextPageToken: z.string().nullish(),
})

/**
 * Sources: Google's pages on reselling (a reseller bills its customer itself, the vendor is paid what its discount
 * leaves), on reporting usage (until 01:00 in Los Angeles on the first) and on reports (days and months of Los Angeles,
 * insights two days later). The rounding of usage is not published: half up is ours. Reports carry no reference of the
 * bank's.
 */
const settlementRules: SettlementRules = {
  resale_pays: 'nothing',
  usage_rounding: 'half_up',
  time_zone: 'America/Los_Angeles',
  usage_taken_ms: 2 * HOUR_MS,
  usage_counted_ms: 4 * DAY_MS,
  payer: 'GOOGLE',
}

export function gcpSettlements(gcp: Gcp): Settlements {
  return {
    rules: settlementRules,
    pull: (connection, cursor) => pullFiles(gcp, connection, cursor),
    fetchFile: (connection, name) => fetchFile(gcp, connection, name),
    recognise: recogniseReport,
    parse: parseReport,
    dimensions: (connection) => readDimensions(gcp, connection),
    skipped: skippedReports,
  }
}

async function pullFiles(
  gcp: Gcp,
  connection: Connection,
  text: string | null,
): Promise<Pulled<StatementFile>> {
  if (!connection.settings.report_bucket) return { items: [], next: text, more: false }
  const cursor = readCursor(text)
  const started = gcp.parts.clocks.business.now()
  const listed = await listReports(gcp, connection, cursor.token)
  const page = (listed.items ?? []).flatMap(({ name, generation, size, updated }) => {
    if (!name.toLowerCase().endsWith('.csv')) return []
    const version = generation ?? updated
    const changed_at = new Date(updated)
    return [
      {
        key: `${name} ${version}`,
        changed_at,
        item: { name, version, bytes: Number(size ?? 0), changed_at },
      },
    ]
  })
  const { fresh, next } = advance(cursor, page, listed.nextPageToken || null, started)
  return {
    items: fresh.map((entry) => entry.item),
    next: writeCursor(next),
    more: next.token !== null,
  }
}

export function listReports(gcp: Gcp, connection: Connection, token: string | null) {
  const query = new URLSearchParams({ maxResults: String(PAGE_MAX) })
  if (connection.settings.report_prefix) query.set('prefix', connection.settings.report_prefix)
  if (token !== null) query.set('pageToken', token)
  return gcp.authorised(connection, 'ListObjects', async ({ signal, headers }) => {
    const reply = await gcp.send(`${bucketAddress(gcp, connection)}?${query}`, { signal, headers })
    const received: unknown = await reply.json()
    if (!reply.ok) throw fromReply('ListObjects', reply.status, reply.headers, received)
    return shaped(listShape, received, 'ListObjects')
  })
}

function bucketAddress(gcp: Gcp, connection: Connection): string {
  const bucket = connection.settings.report_bucket
  if (!bucket) throw new Fault('invalid', 'The connection names no report_bucket')
  const root = (gcp.parts.config.endpoints.storage ?? STORAGE_ROOT).replace(/\/$/, '')
  return `${root}/storage/v1/b/${encodeURIComponent(bucket)}/o`
}

async function fetchFile(
  gcp: Gcp,
  connection: Connection,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const address = `${bucketAddress(gcp, connection)}/${encodeURIComponent(name)}?alt=media`
  return gcp.authorised(connection, 'GetObject', async ({ signal, headers }) => {
    const reply = await exchange(gcp.parts.fetch, address, { signal, headers })
    if (!reply.ok || reply.body === null) {
      const words = new TextDecoder().decode(await readWhole('Google', reply, signal))
      throw fromReply('GetObject', reply.status, reply.headers, parsed(words))
    }
    return wholeOrFault(reply.body, name)
  })
}

/** The deadline ends with the headers; what breaks later is still told as a fault. */
function wholeOrFault(body: ReadableStream<Uint8Array>, name: string): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        const fault = lost('Google', error)
        controller.error(new Fault(fault.code, `GetObject ${name}: ${fault.message}`))
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
