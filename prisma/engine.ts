// Prisma's schema engine as WebAssembly, run against an in-memory database: it writes new migrations and proves that
// the migrations and schema.prisma say the same. Nothing native is downloaded.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { migrate, readMigrations } from '../src/store/migrate.ts'
import { embeddedPool } from '../src/store/pglite.ts'

const HERE = dirname(fileURLToPath(import.meta.url))
const SCHEMA = join(HERE, 'schema.prisma')
const CHAR_TYPE = 18
const TEXT_TYPE = 25

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>
type Loose = {
  performIO(query: unknown): Promise<{ fields?: { dataTypeID: number }[] }>
  queryRaw(query: unknown): Promise<{ columnTypes: number[] }>
  executeScript(script: string): Promise<void>
}

/** The engine reads catalogue columns of type "char", which the adapter does not map, and sends whole scripts. */
function mend(adapter: Adapter, run: (script: string) => Promise<unknown>): Adapter {
  const loose = adapter as unknown as Loose
  const perform = loose.performIO.bind(adapter)
  const query = loose.queryRaw.bind(adapter)
  let characters = new Set<number>()
  loose.performIO = async (input) => {
    const result = await perform(input)
    characters = new Set()
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CHAR_TYPE) continue
      field.dataTypeID = TEXT_TYPE
      characters.add(index)
    }
    return result
  }
  loose.queryRaw = async (input) => {
    const result = await query(input)
    for (const index of characters) result.columnTypes[index] = ColumnTypeEnum.Character
    return result
  }
  loose.executeScript = async (script) => {
    await run(script)
  }
  return adapter
}

async function database(migrations: Awaited<ReturnType<typeof readMigrations>>) {
  const memory = await PGlite.create()
  const pool = embeddedPool(memory)
  await migrate(pool, migrations)
  await pool.query('DROP TABLE "_prisma_migrations"')
  const adapters = new PrismaPg(pool)
  const connect = async () => mend(await adapters.connect(), (script) => memory.exec(script))
  return { connect, pool, memory }
}

/** The SQL that turns the database the migrations make into the one schema.prisma describes; null where none is needed. */
export async function difference(schemaText?: string): Promise<string | null> {
  const schema = schemaText ?? (await readFile(SCHEMA, 'utf8'))
  const files = [{ path: SCHEMA, content: schema }]
  const real = await database(await readMigrations())
  const shadow = await database([])
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: real.connect,
    connectToShadowDb: shadow.connect,
  })
  const engine = await loadEngine(schema, factory)
  const filters = { externalTables: [], externalEnums: [] }
  const from = { tag: 'schemaDatasource', files, configDir: HERE }
  const to = { tag: 'schemaDatamodel', files }
  const shared = { from, to, shadowDatabaseUrl: null, filters }
  const verdict = await engine.diff({ ...shared, script: false, exitCode: true })
  // A crashed engine prints nothing and ends well, so silence is not agreement.
  if (verdict.exitCode === 0) {
    if (!String(verdict.stdout).includes('No difference detected'))
      throw new Error('The schema engine gave no verdict')
    return null
  }
  const script = await engine.diff({ ...shared, script: true, exitCode: null })
  return String(script.stdout)
}

type Engine = { diff(input: Record<string, unknown>): Promise<{ exitCode: number; stdout: string | null }> }

async function loadEngine(schema: string, factory: unknown): Promise<Engine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const module = new WebAssembly.Module(await readFile(join(folder, 'schema_engine_bg.wasm')))
  const imports = { './schema_engine_bg.js': bindings } as unknown as WebAssembly.Imports
  const instance = new WebAssembly.Instance(module, imports)
  const glue = bindings as unknown as {
    __wbg_set_wasm(exports: WebAssembly.Exports): void
    SchemaEngine: { new: (options: unknown, log: () => void, factory: unknown) => Promise<Engine> }
  }
  glue.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return glue.SchemaEngine.new({ datamodels: [[SCHEMA, schema]] }, () => {}, factory)
}

async function main([command, name]: string[]): Promise<number> {
  const sql = await difference()
  if (command === 'check') {
    if (sql === null) {
      console.log('No difference: the migrations make the database that schema.prisma describes.')
      return 0
    }
    console.error(
      `schema.prisma and prisma/migrations differ. Run "npm run schema:new -- NAME". Missing:\n${sql}`,
    )
    return 1
  }
  if (command === 'new' && name !== undefined && /^[a-z0-9_]+$/.test(name)) {
    if (sql === null) {
      console.log('No difference: nothing to write.')
      return 0
    }
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const folder = join(HERE, 'migrations', `${stamp}_${name}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'migration.sql'), sql)
    await writeFile(join(HERE, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n')
    console.log(`Wrote ${folder}/migration.sql. Read it before you commit it.`)
    return 0
  }
  console.error('Usage: node prisma/engine.ts check | new NAME (small letters, digits and underscores)')
  return 2
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)))
