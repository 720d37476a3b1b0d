/** The data feeds AWS writes into the seller's bucket once a day. */

import { Fault } from '../../src/core/fault.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import type { Connection, Pulled, SettlementRules, Settlements, StatementFile } from '../connector.ts'
import type { Aws } from './clients.ts'
import { missing, toFault } from './faults.ts'
import { parseFeed, recogniseFeed } from './settlements/feeds.ts'
import { advance, type Listed, readCursor, writeCursor } from './wire/cursor.ts'

/**
 * The time of an object is when its upload began, so a long upload appears with a time that has gone by: the listing
 * looks back a day and leaves out what was handed on in the same version.
 */
const OVERLAP_MS = DAY_MS
const LIST_PAGES_MAX = 20
const FILES_PER_PULL_MAX = 100

/**
 * Sources: AWS's public queries over the seller data feeds (a reseller is paid the sale and charged the wholesale cost,
 * in two rows) and the metering guide (usage of a month until 06:00 UTC on the first). AWS publishes no rounding of
 * usage: half up is ours. Its daily usage feed has a day by the day after.
 */
const settlementRules: SettlementRules = {
  resale_pays: 'gross_and_cost',
  usage_rounding: 'half_up',
  time_zone: 'UTC',
  usage_taken_ms: 6 * HOUR_MS,
  usage_counted_ms: 3 * DAY_MS,
  payer: 'AMAZON',
}

export function awsSettlements(aws: Aws): Settlements {
  return {
    rules: settlementRules,
    pull: (connection, cursor) => pullFiles(aws, connection, cursor),
    fetchFile: (connection, name) => fetchFile(aws, connection, name),
    recognise: recogniseFeed,
    parse: parseFeed,
  }
}

async function pullFiles(
  aws: Aws,
  connection: Connection,
  text: string | null,
): Promise<Pulled<StatementFile>> {
  const cursor = readCursor(text)
  const since = cursor.since === null ? Number.NEGATIVE_INFINITY : Date.parse(cursor.since)
  const seen = new Set(cursor.seen)
  const listed = (await listBucket(aws, connection))
    .filter((entry) => entry.changed_at.getTime() >= since && !seen.has(entry.key))
    .sort(
      (left, right) =>
        left.changed_at.getTime() - right.changed_at.getTime() || (left.key < right.key ? -1 : 1),
    )
  const page = listed.slice(0, FILES_PER_PULL_MAX)
  const { fresh, next } = advance(cursor, page, null, OVERLAP_MS)
  return {
    items: fresh.map((entry) => entry.item),
    next: writeCursor(next),
    more: listed.length > page.length,
  }
}

/** S3 lists by name and cannot be asked for what is new, so the whole listing is read each time. */
async function listBucket(aws: Aws, connection: Connection): Promise<Listed<StatementFile>[]> {
  const { storage, Bucket } = await bucketOf(aws, connection)
  const { ListObjectsV2Command } = await import('./wire/s3.ts')
  const prefix = connection.settings.feed_prefix
  const found: Listed<StatementFile>[] = []
  let token: string | undefined
  for (let pages = 0; pages < LIST_PAGES_MAX; pages += 1) {
    const command = new ListObjectsV2Command({
      Bucket,
      ...(prefix ? { Prefix: prefix } : {}),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    })
    const answer = await aws.guard(connection, 'ListObjectsV2', (abortSignal) =>
      storage.send(command, { abortSignal }),
    )
    for (const { Key, ETag, Size, LastModified } of answer.Contents ?? []) {
      if (Key === undefined || Key.endsWith('/') || LastModified === undefined) continue
      const version = (ETag ?? '').replaceAll('"', '') || LastModified.toISOString()
      const item = { name: Key, version, bytes: Size ?? 0, changed_at: LastModified }
      found.push({ key: `${Key} ${version}`, changed_at: LastModified, item })
    }
    token = answer.IsTruncated ? answer.NextContinuationToken : undefined
    if (token === undefined) return found
  }
  throw new Fault(
    'invalid',
    'The bucket holds more objects than are listed at once. Set feed_prefix to the folder of the feeds.',
  )
}

async function bucketOf(aws: Aws, connection: Connection) {
  const Bucket = connection.settings.feed_bucket
  if (!Bucket) throw new Fault('invalid', 'The connection names no feed_bucket')
  return { storage: await (await aws.clients(connection)).storage(), Bucket }
}

async function fetchFile(
  aws: Aws,
  connection: Connection,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const { storage, Bucket } = await bucketOf(aws, connection)
  const { GetObjectCommand } = await import('./wire/s3.ts')
  const answer = await aws.guard(connection, 'GetObject', (abortSignal) =>
    storage.send(new GetObjectCommand({ Bucket, Key: name }), { abortSignal }),
  )
  if (answer.Body === undefined) throw missing('GetObject', 'body', { ContentLength: answer.ContentLength })
  return wholeOrFault(answer.Body.transformToWebStream(), name, answer.ContentLength)
}

/** The deadline ends with the headers; what breaks later, or ends early, is still told as a fault. */
export function wholeOrFault(
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
        const words = error instanceof Error ? error.message : String(error)
        controller.error(
          toFault(error, 'GetObject') ?? new Fault('connection_lost', `GetObject ${name}: ${words}`),
        )
        return
      }
      if (expected === undefined || length === expected) controller.close()
      else
        controller.error(
          new Fault('connection_lost', `GetObject ${name}: ${length} of ${expected} bytes came`),
        )
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
