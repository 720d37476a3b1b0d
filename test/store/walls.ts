// A database with one row of each of two tenants in every table, and the ways to look at its walls. What the tables are
// is read from the catalogue: a new one is looked at by itself.
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { systemRandom } from '../../src/core/random.ts'
import { PrismaClient } from '../../src/store/generated/node/client.ts'
import { makeStore, type Store } from '../../src/store/index.ts'
import { embeddedPool } from '../../src/store/pglite.ts'
import { closing } from '../support/closing.ts'
import { embeddedDatabase, manualClock } from '../support/context.ts'
import { freshDatabase } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'

export const HERE = 'org_here'
export const THERE = 'org_there'

type Row = Record<string, unknown>

export type Database = {
  store: Store
  /** Statements of the owner, past every wall. */
  owner(sql: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** The store and the owner's statements over one pool. */
export function storeOn(pool: pg.Pool, close: () => Promise<void>): Database {
  const clock = manualClock('2026-01-05T09:00:00.000Z')
  const store = makeStore({
    pool,
    client: (adapter) => new PrismaClient({ adapter }),
    clocks: { business: clock, wall: clock },
    random: systemRandom,
    close,
  })
  const owner = async (sql: string, values: unknown[] = []) => (await pool.query<Row>(sql, values)).rows
  return { store, owner, close: () => store.close() }
}

export async function embedded(): Promise<Database> {
  const database: PGlite = await embeddedDatabase()
  return storeOn(embeddedPool(database), () => database.close())
}

/** One connection, so that whatever a transaction leaves behind meets the next one. */
export async function onServer(server: PostgresServer): Promise<Database> {
  const { url } = await freshDatabase(server)
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  return storeOn(pool, closing(pool))
}

/** The tables that have a tenant's column. */
export async function tenantTables({ owner }: Database): Promise<string[]> {
  const rows = await owner(
    `SELECT table_name FROM information_schema.columns
     WHERE table_schema = current_schema() AND column_name = 'organisation_id' ORDER BY table_name`,
  )
  return rows.map(({ table_name }) => String(table_name))
}

/** Functions that run as the owner. Each was looked at: it answers one id and nothing else. */
const LOOKED_AT = ['organisation_of_account']

/** What is wrong with the walls: tables a tenant can reach without a policy, and roles that would climb over one. */
export async function holes({ owner }: Database): Promise<string[]> {
  const open = await owner(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
       AND (EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organisation_id'
              AND NOT a.attisdropped)
            OR has_any_column_privilege('syndic_tenant', c.oid, 'SELECT, INSERT, UPDATE')
            OR has_table_privilege('syndic_tenant', c.oid, 'DELETE, TRUNCATE'))
       AND NOT (c.relrowsecurity AND EXISTS (
         SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid
           AND (SELECT oid FROM pg_roles WHERE rolname = 'syndic_tenant') = ANY (p.polroles)))`,
  )
  const climbing = await owner(
    `SELECT r.rolname AS name FROM pg_roles r
     WHERE r.rolname IN ('syndic_tenant', 'syndic_installation') AND (
       r.rolsuper OR r.rolbypassrls OR r.rolcanlogin OR r.rolcreaterole OR r.rolcreatedb
       OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
       OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid))`,
  )
  const around = await owner(
    `SELECT 'view ' || relname AS name FROM pg_class
     WHERE relkind IN ('v', 'm') AND relnamespace = current_schema()::regnamespace
     UNION ALL SELECT 'function ' || proname FROM pg_proc
     WHERE prosecdef AND pronamespace = current_schema()::regnamespace AND proname <> ALL ($1)`,
    [LOOKED_AT],
  )
  return [
    ...around.map(({ name }) => `${name} goes around the walls`),
    ...open.map(({ name }) => `table ${name} has no wall`),
    ...climbing.map(({ name }) => `role ${name} may do too much`),
  ].sort()
}

type Column = { column_name: string; data_type: string; is_nullable: string; column_default: string | null }

let made = 0

/** A row of a tenant with every column that has to be filled, and nothing that means anything. */
export async function rowFor({ owner }: Database, table: string, organisation_id: string): Promise<Row> {
  const columns = (await owner(
    `SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1`,
    [table],
    // The columns are named in the statement above.
  )) as Column[]
  made += 1
  const needed = columns.filter((column) => column.is_nullable === 'NO' && column.column_default === null)
  const row = Object.fromEntries(needed.map(({ column_name, data_type }) => [column_name, madeUp(data_type)]))
  return { ...row, organisation_id }
}

function madeUp(type: string): unknown {
  if (type === 'jsonb') return '[]'
  if (type === 'boolean') return false
  if (type === 'date' || type.startsWith('timestamp')) return '2026-01-05'
  if (type === 'ARRAY') return []
  return type === 'text' ? `made-${made}` : made
}

export function insertOf(table: string, row: Row): [string, unknown[]] {
  const names = Object.keys(row)
  const places = names.map((_, index) => `$${index + 1}`)
  return [
    `INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  ]
}

/** Both tenants, and a row of each in every table. */
export async function fill(database: Database): Promise<void> {
  for (const id of [HERE, THERE]) {
    await database.owner(
      `INSERT INTO organisation (id, kind, name, created_at) VALUES ($1, 'vendor', $1, '2026-01-05')`,
      [id],
    )
    for (const table of await tenantTables(database)) {
      await database.owner(...insertOf(table, await rowFor(database, table, id)))
    }
  }
}

/** All rows of a tenant in a table, as text that can be compared. */
export async function dump({ owner }: Database, table: string, organisation_id: string): Promise<string> {
  const column = table === 'organisation' ? 'id' : 'organisation_id'
  const rows = await owner(
    `SELECT to_jsonb(t)::text AS row FROM "${table}" t WHERE ${column} = $1 ORDER BY 1`,
    [organisation_id],
  )
  return rows.map(({ row }) => row).join('\n')
}

/** Runs a statement as the tenant and undoes it; answers what it said, or the code it was refused with. */
export async function asTenant(
  { store }: Database,
  sql: string,
  values: unknown[] = [],
  tenant = HERE,
): Promise<{ rows: Record<string, unknown>[] } | { refused: string }> {
  const undo = new Error('undo')
  let rows: Record<string, unknown>[] = []
  try {
    await store.inTenant(tenant, async ({ tx }) => {
      rows = await tx.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...values)
      throw undo
    })
  } catch (error) {
    if (error !== undo) return { refused: codeOf(error) }
  }
  return { rows }
}

/** The wall a statement met, or what else went wrong. */
export function codeOf(error: unknown): string {
  const text = JSON.stringify(error) + String(error)
  if (/row-level security/.test(text)) return 'row-level security'
  if (/permission denied/.test(text)) return 'permission denied'
  if (/append-only/.test(text)) return 'append-only'
  return text
}

/** The statement with each value cast to its column's type: Prisma sends plain text. */
export async function castsOf({ owner }: Database, table: string, insert: string): Promise<string> {
  const rows = await owner(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0`,
    [`"${table}"`],
  )
  const types = new Map(rows.map(({ name, type }) => [String(name), String(type)]))
  const names = /\((.*?)\)/.exec(insert)?.[1]?.replaceAll('"', '').split(', ') ?? []
  return insert.replace(
    /\$(\d+)/g,
    (place, index) => `${place}::${types.get(names[Number(index) - 1] ?? '')}`,
  )
}
