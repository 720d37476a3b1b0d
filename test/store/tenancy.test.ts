// The second wall: what a tenant's transaction sees and changes when no statement asks whose a row is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sharedPostgres } from '../support/databases.ts'
import type { PostgresServer } from '../support/server.ts'
import {
  asTenant,
  castsOf,
  codeOf,
  type Database,
  dump,
  embedded,
  fill,
  HERE,
  holes,
  insertOf,
  onServer,
  rowFor,
  THERE,
  tenantTables,
} from './walls.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await sharedPostgres()
})
afterAll(() => server.stop())

const WALLS = ['row-level security', 'permission denied', 'append-only']

describe.each([
  ['the embedded database', () => embedded()],
  ['a PostgreSQL server', () => onServer(server)],
])('on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await fill(database)
  })
  afterAll(() => database.close())

  test('every table a tenant can reach has a wall, and no role climbs over it', async () => {
    expect((await tenantTables(database)).length).toBeGreaterThan(40)
    expect(await holes(database)).toEqual([])
  })

  test('a tenant reads its own rows and no others, in every table', async () => {
    for (const table of await tenantTables(database)) {
      const found = await asTenant(database, `SELECT DISTINCT organisation_id FROM "${table}"`)
      expect({ table, found }).toEqual({ table, found: { rows: [{ organisation_id: HERE }] } })
    }
    expect(await asTenant(database, 'SELECT id FROM organisation')).toEqual({ rows: [{ id: HERE }] })
  })

  test('without a tenant there is nothing to read', async () => {
    for (const table of await tenantTables(database)) {
      const found = await asTenant(database, `SELECT * FROM "${table}"`, [], '')
      expect({ table, found }).toEqual({ table, found: { rows: [] } })
    }
  })

  test('what a tenant changes or deletes without saying whose it is leaves the rows of the other as they were', async () => {
    for (const table of await tenantTables(database)) {
      const before = await dump(database, table, THERE)
      expect({ table, rows: before.split('\n').length }).toEqual({ table, rows: 1 })
      for (const statement of [
        `UPDATE "${table}" SET organisation_id = organisation_id RETURNING organisation_id`,
        `DELETE FROM "${table}" RETURNING organisation_id`,
      ]) {
        const found = await asTenant(database, statement)
        if ('refused' in found)
          expect({ statement, found, wall: WALLS.includes(found.refused) }).toMatchObject({ wall: true })
        else expect({ statement, found }).toEqual({ statement, found: { rows: [{ organisation_id: HERE }] } })
      }
      expect(await dump(database, table, THERE)).toBe(before)
    }
  })

  test('a tenant can neither write a row for the other nor give one away nor take one', async () => {
    for (const table of await tenantTables(database)) {
      const [insert, values] = insertOf(table, await rowFor(database, table, THERE))
      const casts = await castsOf(database, table, insert)
      const written = await asTenant(database, casts, values)
      expect({ table, written }).toMatchObject({
        written: { refused: expect.stringMatching(/row-level|permission/) },
      })
      const given = await asTenant(database, `UPDATE "${table}" SET organisation_id = '${THERE}'`)
      expect({ table, given }).toMatchObject({
        given: { refused: expect.stringMatching(/row-level|permission|append/) },
      })
      const taken = await asTenant(
        database,
        `UPDATE "${table}" SET organisation_id = '${HERE}' WHERE organisation_id = '${THERE}' RETURNING 1`,
      )
      if (!('refused' in taken)) expect({ table, taken }).toEqual({ table, taken: { rows: [] } })
    }
  })

  test('the role of a tenant can neither empty, drop nor make anything', async () => {
    expect(await asTenant(database, 'SELECT current_user::text AS name')).toEqual({
      rows: [{ name: 'syndic_tenant' }],
    })
    for (const statement of [
      'TRUNCATE connection',
      'DROP TABLE connection',
      'CREATE ROLE more',
      `COPY connection TO '/tmp/no'`,
    ]) {
      expect({ statement, found: await asTenant(database, statement) }).toMatchObject({
        found: { refused: expect.stringMatching(/permission denied|must be owner|pg_write_server_files/) },
      })
    }
  })

  test('the books refuse their owner too, and the audit record refuses to be emptied', async () => {
    const refused = async (statement: string) =>
      expect({ statement, said: await database.owner(statement).catch(String) }).toMatchObject({
        said: expect.stringContaining('append-only'),
      })
    for (const table of ['entry', 'posting']) {
      await refused(`UPDATE ${table} SET organisation_id = organisation_id`)
      await refused(`DELETE FROM ${table}`)
      await refused(`TRUNCATE ${table}`)
    }
    await refused('DELETE FROM audit_record')
    await refused('TRUNCATE audit_record')
  })

  test('a transaction leaves neither role nor tenant behind on the connection, however it ends', async () => {
    const state = async () =>
      (
        await database.owner(
          `SELECT current_user = session_user AS free, coalesce(current_setting('syndic.organisation', true), '') AS tenant`,
        )
      )[0]
    await database.store.inTenant(HERE, ({ tx }) => tx.connection.findMany())
    expect(await state()).toEqual({ free: true, tenant: '' })
    await database.store.inTenant(HERE, () => Promise.reject(new Error('ended'))).catch(() => undefined)
    expect(await state()).toEqual({ free: true, tenant: '' })
    await asTenant(database, 'SELECT no_such_column FROM connection')
    expect(await state()).toEqual({ free: true, tenant: '' })
    await database.store.inInstallation(({ tx }) => tx.work.findMany())
    expect(await state()).toEqual({ free: true, tenant: '' })
  })

  test('where a database begins transactions otherwise than READ COMMITTED, nothing runs', async () => {
    await database.owner(`SET default_transaction_isolation = 'repeatable read'`)
    const read = () => database.store.inTenant(HERE, ({ tx }) => tx.connection.findMany())
    try {
      await expect(read()).rejects.toThrow(/ISOLATION LEVEL/i)
    } finally {
      await database.owner('SET default_transaction_isolation TO DEFAULT')
    }
    expect(await read()).toBeInstanceOf(Array)
  })

  test('a reseller sees what was opened to it, and what was opened to an account once it is proven to be its own', async () => {
    const { owner } = database
    const seen = async () => {
      const found = await asTenant(
        database,
        'SELECT id FROM resale_authorization WHERE organisation_id <> $1 ORDER BY id',
        [HERE],
      )
      return 'refused' in found ? found.refused : found.rows.map(({ id }) => id)
    }
    const open = async (id: string, to: Record<string, unknown>) => {
      const row = await rowFor(database, 'resale_authorization', THERE)
      await owner(...insertOf('resale_authorization', { ...row, id, cloud: 'aws', ...to }))
    }
    await open('auth_1', { reseller_organisation_id: HERE })
    await open('auth_2', { reseller_organisation_id: 'org_else' })
    await open('auth_3', { reseller_organisation_id: null, reseller_account_id: '111' })
    await open('auth_4', { reseller_organisation_id: null, reseller_account_id: '222' })
    expect(await seen()).toEqual(['auth_1'])
    const prove = (result: string) =>
      owner(
        `UPDATE connection SET cloud = 'aws', account_id = '111', tested_at = now(), test_result = $2 WHERE organisation_id = $1`,
        [HERE, result],
      )
    const narrow = '[{"ok": true, "identity": true}, {"ok": false}]'
    await prove(narrow)
    expect(await seen()).toEqual(['auth_1', 'auth_3'])
    const strange = '[{"ok": false, "identity": true}, {"ok": true}]'
    for (const result of [strange, '[]', '[{"ok": false}]', '[{"ok": true}, {"ok": false}]']) {
      await prove(result)
      expect({ result, seen: await seen() }).toEqual({ result, seen: ['auth_1'] })
    }
    await prove('[{"ok": true}]')
    expect(await seen()).toEqual(['auth_1', 'auth_3'])
    await owner(`UPDATE connection SET tested_at = NULL WHERE organisation_id = $1`, [HERE])
    expect(await seen()).toEqual(['auth_1'])
    await owner(`UPDATE partner_statement SET reseller_organisation_id = $1 WHERE organisation_id = $2`, [
      HERE,
      THERE,
    ])
    expect(await asTenant(database, 'SELECT count(*)::int AS seen FROM partner_statement')).toEqual({
      rows: [{ seen: 2 }],
    })
    for (const table of ['resale_authorization', 'partner_statement']) {
      for (const change of [
        `UPDATE ${table} SET organisation_id = organisation_id`,
        `DELETE FROM ${table}`,
      ]) {
        const found = await asTenant(database, `${change} RETURNING organisation_id`)
        expect({ change, found }).toEqual({ change, found: { rows: [{ organisation_id: HERE }] } })
      }
    }
  })

  test('the other role sees what it claims and finds, and nothing of the deals', async () => {
    for (const table of [
      'offer',
      'agreement',
      'entry',
      'posting',
      'statement_line',
      'approval',
      'usage_event',
    ]) {
      const found = await database.store
        .inInstallation(({ tx }) => tx.$queryRawUnsafe(`SELECT * FROM "${table}"`))
        .catch(codeOf)
      expect({ table, found }).toEqual({ table, found: 'permission denied' })
    }
  })
})
