// The look at the walls finds a hole in them, and the walls stand under a login that is no superuser.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { closing } from '../support/closing.ts'
import { emptyDatabase, withClient } from '../support/databases.ts'
import { type PostgresServer, startPostgres } from '../support/server.ts'
import { asTenant, type Database, embedded, fill, HERE, holes, storeOn, THERE } from './walls.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('a hole is found', () => {
  let database: Database
  beforeAll(async () => {
    database = await embedded()
    await fill(database)
  })
  afterAll(() => database.close())

  /** Does it, looks, and undoes it by hand. */
  async function planted(plant: string, undo: string): Promise<string[]> {
    await database.owner(plant)
    const found = await holes(database)
    await database.owner(undo)
    expect(await holes(database)).toEqual([])
    return found
  }

  test('a new table with a tenant and without a policy', async () => {
    const found = await planted('CREATE TABLE novelty (organisation_id text)', 'DROP TABLE novelty')
    expect(found).toEqual(['table novelty has no wall'])
  })

  test('a table without a tenant that tenants may read', async () => {
    const found = await planted(
      'CREATE TABLE novelty (id text); GRANT SELECT ON novelty TO syndic_tenant',
      'DROP TABLE novelty',
    )
    expect(found).toEqual(['table novelty has no wall'])
  })

  test('a policy that was dropped, row-level security that was switched off', async () => {
    const policy = `CREATE POLICY tenant ON deal TO syndic_tenant
      USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))`
    expect(await planted('DROP POLICY tenant ON deal', policy)).toEqual(['table deal has no wall'])
    const off = 'ALTER TABLE deal DISABLE ROW LEVEL SECURITY'
    expect(await planted(off, 'ALTER TABLE deal ENABLE ROW LEVEL SECURITY')).toEqual([
      'table deal has no wall',
    ])
  })

  test('a view, and a function that runs as the owner', async () => {
    const view = await planted('CREATE VIEW novelty AS SELECT * FROM deal', 'DROP VIEW novelty')
    expect(view).toEqual(['view novelty goes around the walls'])
    const found = await planted(
      'CREATE FUNCTION novelty() RETURNS bigint LANGUAGE sql SECURITY DEFINER RETURN 1',
      'DROP FUNCTION novelty',
    )
    expect(found).toEqual(['function novelty goes around the walls'])
  })

  test('a role that may climb', async () => {
    const found = await planted(
      'ALTER ROLE syndic_tenant BYPASSRLS; ALTER ROLE syndic_installation SUPERUSER',
      'ALTER ROLE syndic_tenant NOBYPASSRLS; ALTER ROLE syndic_installation NOSUPERUSER',
    )
    expect(found).toEqual(['role syndic_installation may do too much', 'role syndic_tenant may do too much'])
  })

  test('a policy that lets everything through', async () => {
    await database.owner('CREATE POLICY loose ON deal FOR SELECT TO syndic_tenant USING (true)')
    const found = await asTenant(database, 'SELECT DISTINCT organisation_id FROM deal ORDER BY 1')
    expect(found).toEqual({ rows: [{ organisation_id: HERE }, { organisation_id: THERE }] })
    await database.owner('DROP POLICY loose ON deal')
  })
})

test('a login that is no superuser, as a hosted database gives one, migrates and serves behind the same walls', async () => {
  const { url } = await emptyDatabase(server)
  const name = new URL(url).pathname.slice(1)
  await withClient(url, async (client) => {
    await client.query(`CREATE ROLE hosted LOGIN PASSWORD 'hosted' NOSUPERUSER CREATEROLE`)
    await client.query(`ALTER DATABASE ${name} OWNER TO hosted; ALTER SCHEMA public OWNER TO hosted`)
  })
  const login = new URL(url)
  login.username = login.password = 'hosted'
  const pool = new pg.Pool({ connectionString: login.href, max: 1 })
  const close = closing(pool)
  await migrate(pool, await readMigrations())
  const database = storeOn(pool, close)
  expect(await holes(database)).toEqual([])
  await fill(database)
  const found = await asTenant(database, 'SELECT DISTINCT organisation_id FROM deal')
  expect(found).toEqual({ rows: [{ organisation_id: HERE }] })
  await database.close()
})
