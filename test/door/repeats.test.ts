// Every write of the API, sent one to five times: one after the other or at once, by one process or by two, with the
// same body or another, across a restart. One effect, identical answers, another body refused. RUNS=10000 for the long
// one; each run says its seed.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp } from '../../src/app.ts'
import { seededRandom } from '../../src/core/random.ts'
import { makeServices } from '../../src/services.ts'
import { freshDatabase, sharedPostgres } from '../support/databases.ts'
import { openPostgres, postgresContext } from '../support/postgres.ts'
import { type Sample, samples } from '../support/samples.ts'
import type { PostgresServer } from '../support/server.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { liveWorld, type World } from '../support/world.ts'

const RUNS = Number(process.env.RUNS ?? (process.env.CI === undefined ? 100 : 30))
const SEED = Number(process.env.SEED ?? 1)

type Opened = Awaited<ReturnType<typeof openPostgres>>

let server: PostgresServer
let database: PostgresServer
let service: Service
let world: World
let second: Opened
/** Past the service, and past the walls between tenants. */
let owner: pg.Client
let everything: string
/** Two processes of the service on one database. */
let processes: ReturnType<typeof makeApp>[]
beforeAll(async () => {
  server = await sharedPostgres()
  database = await freshDatabase(server)
  service = await startService(undefined, (start) => postgresContext(database, { start }))
  world = await liveWorld(service)
  processes = [appOf(undefined)]
  await restart()
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  everything = await everyTable()
})
afterAll(async () => {
  await owner.end()
  await second.close()
  await service.stop()
  await server.stop()
})

function appOf(other: Opened | undefined) {
  const { context } = service.services
  const held = other === undefined ? context : { ...context, store: other.store }
  return makeApp(makeServices(held), { development_key: KEY, version: 'test', refresh: async () => {} })
}

/** The second process ends, and another one takes its place. */
async function restart(): Promise<void> {
  await second?.close()
  second = await openPostgres(database)
  for (const clock of [second.clock, second.wall]) clock.set(service.now())
  processes[1] = appOf(second)
}

type Random = ReturnType<typeof seededRandom>
const below = (random: Random, limit: number) => (random.bytes(1)[0] ?? 0) % limit

type Answer = { status: number; text: string; replayed: boolean; type: string | undefined }

async function send(
  process: number,
  name: string,
  sample: Sample,
  body: unknown,
  key: string,
): Promise<Answer> {
  const seat = world.seats[sample.seat ?? 'vendor'].organisation_id
  // A person has the organisation of their seat, or none yet.
  const own = sample.headers ?? { authorization: `Bearer ${KEY}`, 'syndic-organisation': seat }
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
  const answer = await processes[process]?.request(`${service.url}${sample.path}`, {
    method: name.split(' ')[0] ?? '',
    headers: {
      ...own,
      'idempotency-key': key,
      'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
    },
    ...(text === undefined ? {} : { body: text }),
  })
  if (answer === undefined) throw new Error('There is no such process')
  const said = await answer.text()
  return {
    status: answer.status,
    text: said,
    replayed: answer.headers.get('idempotency-replayed') === 'true',
    type: /"type":"(\/problems\/[^"]+)"/.exec(said)?.[1],
  }
}

type Rows = Record<string, { rows: number; content: string }>

/** How many rows each table has, whoever's they are, and a sum over what stands in them. */
async function look(): Promise<Rows> {
  const { rows } = await owner.query<{ name: string; rows: number; content: string }>(everything)
  return Object.fromEntries(rows.map(({ name, ...found }) => [name, found]))
}

async function everyTable(): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
  )
  const one = (name: string) =>
    `SELECT '${name}' AS name, count(*)::int AS rows, coalesce(sum(hashtext(t::text)::bigint), 0)::text AS content FROM "${name}" t`
  return rows.map(({ name }) => one(name)).join(' UNION ALL ')
}

/** How many rows more each table has. */
const difference = (before: Rows, after: Rows): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([table, { rows }]) => [table, rows - (before[table]?.rows ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  )

const changed = (before: Rows, after: Rows): string[] =>
  Object.keys(after).filter((table) => before[table]?.content !== after[table]?.content)

const names = Object.keys(samples)
let made = 0

/** What one request alone leaves behind, by route. */
const alone = new Map<string, Record<string, number>>()

async function learn(name: string): Promise<Record<string, number>> {
  const known = alone.get(name)
  if (known !== undefined) return known
  let effect: Record<string, number> = {}
  // The second time shows it: work that is shared by all requests of a kind is written down by the first.
  for (let round = 0; round < 2; round += 1) {
    const sample = await make(name)
    const before = await look()
    const { status, text } = await send(0, name, sample, sample.body, `alone ${made}`)
    expect({ name, good: status >= 200 && status < 300, text }).toEqual({ name, good: true, text })
    effect = difference(before, await look())
  }
  alone.set(name, effect)
  return effect
}

async function make(name: string): Promise<Sample> {
  made += 1
  const sample = await samples[name]?.(world, `repeat-${SEED}-${made}`)
  if (sample === undefined) throw new Error(`There is no sample of ${name}`)
  return sample
}

/** Who is forgotten leaves their seats; who agrees to an act does it; who makes an organisation is told of in it too. */
const TOLD_TWICE = ['POST /v1/people/:id/erase', 'POST /v1/approvals/:id/approve', 'POST /v1/organisations']

test('each write alone succeeds, leaves one audit record and one remembered answer', async () => {
  for (const name of names) {
    const effect = await learn(name)
    // Usage has its own ids in place of keys, and its own record of what came.
    const remembered = name === 'POST /v1/usage' ? undefined : 1
    const told = TOLD_TWICE.includes(name) ? 2 : remembered
    expect({ name, told: effect.audit_record, remembered: effect.idempotency_key }).toEqual({
      name,
      told,
      remembered,
    })
  }
})

/** One run; answers what was wrong with it. */
async function run(seed: number): Promise<string[]> {
  const random = seededRandom(seed)
  const name = names[below(random, names.length)] ?? ''
  const times = 1 + below(random, 5)
  const together = below(random, 2) === 0
  const restarts = !together && below(random, 3) === 0
  const sample = await make(name)
  const bodies = Array.from({ length: times }, () =>
    sample.other !== undefined && below(random, 3) === 0 ? sample.other : sample.body,
  )
  const before = await look()
  const key = `run ${seed}`
  const answers: Answer[] = []
  const problems: string[] = []
  if (together) {
    answers.push(
      ...(await Promise.all(bodies.map((body, index) => send(index % 2, name, sample, body, key)))),
    )
  } else {
    let first: Rows | undefined
    for (const [index, body] of bodies.entries()) {
      if (restarts && index === 1) await restart()
      answers.push(await send(restarts ? 1 : index % 2, name, sample, body, key))
      first ??= await look()
    }
    // After the first request not one value is another any more.
    const touched = changed(first ?? before, await look())
    if (touched.length > 0) problems.push(`a repetition changed ${touched}`)
  }
  const told = `seed ${seed}: ${name} ${times}× ${together ? 'at once' : 'in turn'}${restarts ? ', restarted' : ''}`
  problems.push(...wrongAnswers(name, bodies, answers), ...(await wrongEffect(name, before)))
  return problems.map((problem) => `${told}: ${problem}`)
}

function wrongAnswers(name: string, bodies: readonly unknown[], answers: readonly Answer[]): string[] {
  const good = answers
    .map((answer, index) => ({ ...answer, body: bodies[index] }))
    .filter(({ status }) => status < 300)
  const problems: string[] = []
  if (good.length === 0)
    problems.push(`no request succeeded: ${answers.map(({ status, type }) => `${status} ${type}`)}`)
  if (name !== 'POST /v1/usage') {
    const shown = (text: string) => text.replace(/"(secret|link)":"[^"]*"/, '"$1":""')
    if (new Set(good.map(({ status, text }) => `${status} ${shown(text)}`)).size > 1)
      problems.push('answers differ')
    if (good.filter(({ replayed }) => !replayed).length > 1) problems.push('more than one was the first')
    if (new Set(good.map(({ body }) => body)).size > 1) problems.push('two bodies were taken under one key')
    const winner = good[0]?.body
    for (const [index, { status, type }] of answers.entries()) {
      if (status < 300) continue
      const expected = [
        '/problems/idempotency-in-flight',
        ...(bodies[index] === winner ? [] : ['/problems/idempotency-conflict']),
      ]
      if (status !== 409 || !expected.includes(type ?? '')) problems.push(`answered ${status} ${type}`)
    }
  }
  return problems
}

async function wrongEffect(name: string, before: Rows): Promise<string[]> {
  const effect = JSON.stringify(difference(before, await look()))
  const expected = JSON.stringify(alone.get(name))
  return effect === expected ? [] : [`left ${effect} where one request leaves ${expected}`]
}

test(`${RUNS} runs from seed ${SEED}`, { timeout: 3_600_000 }, async () => {
  for (const name of names) await learn(name)
  const problems: string[] = []
  for (let index = 0; index < RUNS; index += 1) problems.push(...(await run(SEED * 1_000_003 + index)))
  expect(problems).toEqual([])
})
