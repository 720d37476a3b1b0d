import type pg from 'pg'

/** The newest migration this program was written for. A test holds it against prisma/migrations. */
export const LATEST_MIGRATION = '20261122011455_usage_split'

/** Why a database cannot be used by a program that does not migrate by itself; undefined when it can. */
export async function schemaProblem(pool: pg.Pool): Promise<string | undefined> {
  const known = await pool.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`)
  if (known.rows[0]?.there !== true)
    return 'The database is empty. Run "npm run migrate" with its DATABASE_URL.'
  const found = await pool.query(
    'SELECT 1 FROM "_prisma_migrations" WHERE migration_name = $1 AND finished_at IS NOT NULL',
    [LATEST_MIGRATION],
  )
  if (found.rows.length > 0) return undefined
  return `The database lacks migration ${LATEST_MIGRATION}. Run "npm run migrate" with its DATABASE_URL.`
}
