import type { Settlements, StatementFile } from '../../connectors/connector.ts'
import { openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { HOUR_MS, plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { keepFile, type StoredFile } from './files.ts'
import { receive } from './store.ts'

type Parts = Pick<Context, 'store' | 'seal' | 'connectors' | 'blobs' | 'clocks'>

/** How often a connection's files are looked for, and how many pages of them one run takes. */
const PULL_EVERY_MS = HOUR_MS
const PAGES_PER_RUN = 5
const FEED = 'settlement'

/** The handler of `settlement.pull`, key: a connection's id. Every new or changed file is fetched and kept, then imported. */
export async function pullStatements(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { organisation_id, key: connection_id } = item
  const { connector, connection } = await openConnection(context, organisation_id, connection_id)
  const settlements = connector.settlements
  if (settlements === undefined) return done
  const where = { organisation_id, connection_id, feed: FEED }
  const known = await context.store.inTenant(organisation_id, ({ tx }) =>
    tx.pull_cursor.findUnique({ where: { organisation_id_connection_id_feed: where } }),
  )
  let cursor: string | null = known?.cursor ?? null
  for (let page = 0; page < PAGES_PER_RUN; page += 1) {
    const pulled = await settlements.pull(connection, cursor)
    const fetched: { file: StatementFile; stored: StoredFile }[] = []
    for (const file of pulled.items) {
      const stored = await keepFile(context, chunksOf(await settlements.fetchFile(connection, file.name)))
      fetched.push({ file, stored })
    }
    const from = cursor
    cursor = pulled.next ?? cursor
    await context.store.inTenant(organisation_id, async (scope) => {
      for (const { file, stored } of fetched) await take(scope, connection_id, file, stored)
      await keepCursor(scope, connection_id, { from, to: cursor })
    })
    if (!pulled.more) return { done: false, again_at: plus(context.clocks.business.now(), PULL_EVERY_MS) }
  }
  return { done: false, again_at: context.clocks.business.now() }
}

/** Moves the cursor on from where a page began; one that another pull has moved since stays where it is. */
async function keepCursor(
  { tx, organisation_id, now }: Scope,
  connection_id: string,
  { from, to }: { from: string | null; to: string | null },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO pull_cursor (organisation_id, connection_id, feed, cursor, pulled_at)
    VALUES (${organisation_id}, ${connection_id}, ${FEED}, ${to}, ${now()})
    ON CONFLICT (organisation_id, connection_id, feed) DO UPDATE SET
      cursor = EXCLUDED.cursor, pulled_at = EXCLUDED.pulled_at
    WHERE pull_cursor.cursor IS NOT DISTINCT FROM ${from}::text`
}

async function take(
  scope: Scope,
  connection_id: string,
  file: StatementFile,
  stored: StoredFile,
): Promise<void> {
  const { statement } = await receive(scope, {
    connection_id,
    source: connection_id,
    name: file.name,
    version: file.version,
    stored,
  })
  if (statement.state === 'received') await schedule(scope, { kind: 'settlement.import', key: statement.id })
}

async function* chunksOf(stream: Awaited<ReturnType<Settlements['fetchFile']>>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}
