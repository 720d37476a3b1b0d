// npm run bench:screens: how long each read takes that a screen of the console makes when it opens, over a database made
// large, through HTTP. Median and worst of 7; what takes longer than a second is said last. Measured and never asserted.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { makeClient, unwrap } from '../src/client/index.ts'
import { readConfig } from '../src/config.ts'
import { STARTS_AT } from '../src/demo/scenario.ts'
import { live } from '../src/demo/story.ts'
import { startServer } from '../src/server.ts'
import { closing } from '../test/support/closing.ts'
import { openPostgres } from '../test/support/postgres.ts'
import { startPostgres } from '../test/support/server.ts'
import type { Sizes } from './copies.ts'
import { readsOf } from './reads.ts'
import { seed } from './seed.ts'

const RUNS = 7
/** What a screen's data may take. */
const LIMIT_MS = 1000

const count = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const sizes: Sizes = {
  offers: count('OFFERS', 100_000),
  entries: count('ENTRIES', 1_000_000),
  lines: count('LINES', 100_000),
  hours: count('HOURS', 100_000),
  exceptions: count('EXCEPTIONS', 10_000),
}

const milliseconds = (value: number) => `${value.toFixed(0).padStart(6)} ms`
const say = (text: string) => console.log(text)

type Asked = { url: string; headers: Record<string, string> }

/** Asks once. Answers what it took in milliseconds, to the last byte, and the body. */
async function ask({ url, headers }: Asked): Promise<{ took_ms: number; body: string }> {
  const began = performance.now()
  const answer = await fetch(url, { headers })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 300)}`)
  return { took_ms: performance.now() - began, body }
}

async function measure(asked: Asked): Promise<{ median_ms: number; worst_ms: number }> {
  const taken: number[] = []
  for (let run = 0; run < RUNS; run += 1) taken.push((await ask(asked)).took_ms)
  taken.sort((left, right) => left - right)
  return { median_ms: taken[Math.floor(RUNS / 2)] ?? 0, worst_ms: taken.at(-1) ?? 0 }
}

const database = await startPostgres()
const data = await mkdtemp(join(tmpdir(), 'syndic-bench-'))
try {
  const config = readConfig({
    PORT: '0',
    SYNDIC_DATA: data,
    DATABASE_URL: database.url,
    SYNDIC_RATE_PER_MINUTE: '0',
  })
  const server = await startServer(config, { log: () => {}, ticking: false, sandbox_start: STARTS_AT })
  const opened = await openPostgres(database)
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  const close = closing(pool)
  try {
    if (server.control === undefined) throw new Error('The demonstration needs the sandbox.')
    say('The demonstration is lived, then made large.')
    await live({ ...server, control: server.control, report: () => {} })
    const client = makeClient({ url: server.url, key: server.key })
    const home = unwrap(await client.GET('/v1/organisations', {})).items.find(({ kind }) => kind === 'vendor')
    if (home === undefined) throw new Error('Nobody sells here.')
    const began = performance.now()
    await seed({ pool, store: opened.store, organisation_id: home.id }, sizes)
    const lasted_s = ((performance.now() - began) / 1000).toFixed(0)
    say(`${JSON.stringify(sizes)}, written in ${lasted_s} s.`)
    const headers = { authorization: `Bearer ${server.key}`, 'syndic-organisation': home.id }
    const checked = await ask({ url: `${server.url}/v1/ledger/check`, headers })
    const { ok, assertions } = JSON.parse(checked.body) as {
      ok: boolean
      assertions: { ok: boolean; detail: string }[]
    }
    const wrong = assertions.filter((one) => !one.ok).map(({ detail }) => detail)
    say(
      `The books ${ok ? 'hold' : `do not hold: ${wrong.join(' ')}`} (checked in ${milliseconds(checked.took_ms).trim()}).`,
    )
    const slow: string[] = []
    for (const { screen, path } of await readsOf((path) => ask({ url: `${server.url}${path}`, headers }))) {
      const { median_ms, worst_ms } = await measure({ url: `${server.url}${path}`, headers })
      say(`${milliseconds(median_ms)} ${milliseconds(worst_ms)}  ${screen.padEnd(22)} ${path}`)
      if (worst_ms > LIMIT_MS) slow.push(path)
    }
    say(slow.length === 0 ? 'No read took longer than 1 s.' : `Longer than 1 s: ${slow.join(', ')}`)
  } finally {
    await close()
    await opened.close()
    await server.stop()
  }
} finally {
  await database.stop()
  await rm(data, { recursive: true, force: true })
}
