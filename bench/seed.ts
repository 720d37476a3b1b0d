// Makes a small installation large: rows that are there are written again, many times, each a little different. For
// looking at screens and measuring them; never for a database that somebody needs.
import type pg from 'pg'
import { rollUp } from '../src/ledger/roll-up.ts'
import type { Store } from '../src/store/index.ts'
import { type Copies, copiesOf, SEQUENCES, type Sizes } from './copies.ts'

/** Where: the store for what the service does itself, the pool for what is only written down. */
export type Ground = { pool: pg.Pool; store: Store; organisation_id: string }

/** Copies one row of an organisation many times, in one statement. */
async function multiply(pool: pg.Pool, organisation_id: string, copies: Copies): Promise<void> {
  const { table, from = table, where = 'true', count, columns } = copies
  const names = await pool.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  )
  const all = names.rows.map(({ name }) => name)
  const values = all.map((name) => columns[name] ?? `t."${name}"`)
  const { rowCount } = await pool.query(
    `INSERT INTO "${table}" (${all.map((name) => `"${name}"`).join(', ')}) SELECT ${values.join(', ')}
     FROM (SELECT * FROM "${from}" WHERE organisation_id = $1 AND ${where} LIMIT 1) t, generate_series(1, $2::int) n`,
    [organisation_id, count],
  )
  if (rowCount !== count) throw new Error(`There is no row of ${from} to copy. Live the demonstration first.`)
}

/** Makes an organisation that lived the demonstration as large as is asked. Once: a second time the ids are taken. */
export async function seed(ground: Ground, sizes: Sizes): Promise<void> {
  const { pool, organisation_id } = ground
  for (const one of copiesOf(sizes)) await multiply(pool, organisation_id, one)
  await book(ground)
  await pool.query('VACUUM ANALYZE')
}

/** So many entries are rolled up at once; the service takes fewer, as others write beside it. */
const ROLL_UP_ENTRIES = 20_000

/** Balances, days and months come to what was booked because the service's own roll-up makes them. */
async function book({ pool, store, organisation_id }: Ground): Promise<void> {
  await pool.query(
    `INSERT INTO unrolled_entry (organisation_id, entry_id)
     SELECT organisation_id, id FROM entry WHERE organisation_id = $1 AND sequence > $2`,
    [organisation_id, SEQUENCES],
  )
  await pool.query('ANALYZE')
  let taken: number
  do taken = await store.inTenant(organisation_id, (scope) => rollUp(scope, ROLL_UP_ENTRIES))
  while (taken > 0)
}
