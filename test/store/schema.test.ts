// The schema engine serves one comparison per process, so each is made in a process of its own.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'

const ENGINE = fileURLToPath(new URL('../../prisma/engine.ts', import.meta.url))
const SCHEMA = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url))
const SCRIPT = `
  const { difference } = await import(process.argv[2])
  console.log(JSON.stringify(await difference(process.argv[3])))`

/** What the migrations lack to make the database of a schema; null when nothing. */
async function difference(schema: string): Promise<string | null> {
  const parameters = ['--input-type=module', '-e', SCRIPT, 'compare', ENGINE, schema]
  const { stdout } = await promisify(execFile)(process.execPath, parameters)
  return JSON.parse(stdout)
}

let schema: string
beforeAll(async () => {
  schema = await readFile(SCHEMA, 'utf8')
})

/** The schema with something changed that must be there to be changed. */
function planted(before: string, after: string): string {
  expect(schema.split(before).length).toBeGreaterThan(1)
  return schema.replace(before, after)
}

describe.concurrent('the schema and the migrations', () => {
  test('say the same', async ({ expect }) => {
    expect(await difference(schema)).toBeNull()
  })

  test('what the schema alone has is found: a column, an index, a table', async ({ expect }) => {
    const more = planted(
      '@@index([due_at])',
      '@@index([due_at])\n  @@index([created_at])\n}\n\nmodel planted_table {\n  id String @id',
    ).replace(/(model organisation \{)/, '$1\n  planted_column String?')
    const sql = await difference(more)
    expect(sql).toContain('ADD COLUMN     "planted_column"')
    expect(sql).toContain('CREATE TABLE "planted_table"')
    expect(sql).toMatch(/CREATE INDEX .*created_at/)
  })

  test('what the migrations alone have is found: a column, an index', async ({ expect }) => {
    const less = planted('  lease_owner     String?\n', '').replace('  @@index([due_at])\n', '')
    const sql = await difference(less)
    expect(sql).toContain('DROP COLUMN "lease_owner"')
    expect(sql).toContain('DROP INDEX "work_due_at_idx"')
  })

  test('a schema that cannot be read is an error and not agreement', async ({ expect }) => {
    await expect(difference(`${schema}\nmodel broken {`)).rejects.toThrow()
  })
})
