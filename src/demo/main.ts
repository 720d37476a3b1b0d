// npm run story [-- --cloud aws] [--data DIR] [--json] [--export DIR]: lives one deal on each cloud (or on one) headless and
// exits 0 only if all of it is true.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unwrap } from '../client/index.ts'
import { readConfig } from '../config.ts'
import { startServer } from '../server.ts'
import { describe } from './print.ts'
import { STARTS_AT } from './scenario.ts'
import { live } from './story.ts'
import type { Lived } from './teller.ts'
import { judge } from './verdict.ts'
import { type Cloud, clouds } from './world.ts'

const FORMATS = { hledger: 'books.journal', beancount: 'books.beancount', csv: 'books.csv' } as const

async function exportBooks(lived: Lived, directory: string): Promise<void> {
  for (const [seat, client] of [
    ['vendor', lived.vendor],
    ['reseller', lived.reseller],
  ] as const) {
    await mkdir(join(directory, seat), { recursive: true })
    for (const [format, name] of Object.entries(FORMATS)) {
      const query = { format: format as keyof typeof FORMATS }
      const text = unwrap(await client.GET('/v1/ledger/export', { params: { query }, parseAs: 'text' }))
      await writeFile(join(directory, seat, name), text)
    }
  }
}

const USAGE = `Usage: npm run story [-- --cloud ${clouds.join('|')}] [--data DIR] [--json] [--export DIR]`

type Options = {
  clouds: readonly Cloud[]
  data: string | undefined
  json: boolean
  export: string | undefined
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        cloud: { type: 'string', multiple: true },
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
        export: { type: 'string' },
      },
    })
    const wanted = values.cloud ?? clouds
    const unknown = wanted.find((name) => !clouds.some((cloud) => cloud === name))
    if (unknown !== undefined) throw new Error(`There is no cloud "${unknown}".`)
    return {
      clouds: clouds.filter((cloud) => wanted.includes(cloud)),
      data: values.data,
      json: values.json,
      export: values.export,
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    process.exit(2)
  }
}

const portFile = (data: string) => join(data, 'port')

/** Listings told a cloud where its messages go, so a story that goes on listens where it listened before. */
async function portOf(data: string): Promise<string> {
  return readFile(portFile(data), 'utf8').catch(() => '0')
}

async function main(): Promise<boolean> {
  const options = readOptions()
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'syndic-story-')))
  // With --json the verdict alone goes to the standard output.
  const say = options.json ? console.error : console.log
  const config = readConfig({ ...process.env, PORT: await portOf(data), SYNDIC_DATA: data })
  const log = (event: string, fields?: Record<string, unknown>) =>
    console.error(JSON.stringify({ event, ...fields }))
  const server = await startServer(config, { log, ticking: false, sandbox_start: STARTS_AT })
  try {
    await writeFile(portFile(data), new URL(server.url).port)
    if (server.control === undefined) throw new Error('The story needs the sandbox: unset SYNDIC_MODE')
    const lived = await live({
      ...server,
      control: server.control,
      clouds: options.clouds,
      report: (sentence) => say(`· ${sentence}`),
    })
    const verdict = await judge(lived)
    if (options.export !== undefined) await exportBooks(lived, options.export)
    console.log(options.json ? JSON.stringify(verdict, null, 2) : describe(verdict))
    return verdict.ok
  } finally {
    await server.stop()
    if (options.data === undefined) await rm(data, { recursive: true, force: true })
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
