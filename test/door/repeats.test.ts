// Every write of the API, sent one to five times: one after the other or at once, by one process or by two, with the
// same body or another, across a restart. One effect, identical answers, another body refused. RUNS=10000 for the long
// one; each run says its seed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp } from '../../src/app.ts'
import { seededRandom } from '../../src/core/random.ts'
import { makeServices } from '../../src/services.ts'
import { freshDatabase } from '../store/databases.ts'
import {
  type PostgresServer,
  type PostgresStore,
  postgresContext,
  postgresStore,
  startPostgres,
} from '../support/postgres.ts'
import { type Sample, samples } from '../support/samples.ts'
import { KEY, type Service, startService } from '../support/service.ts'
import { liveWorld, tenantTables, type World } from '../support/world.ts'

const RUNS = Number(process.env.RUNS ?? 100)
const SEED = Number(process.env.SEED ?? 1)

let server: PostgresServer
let database: PostgresServer
let service: Service
let world: World
let second: PostgresStore
/** Two processes of the service on one database. */
let processes: ReturnType<typeof makeApp>[]
beforeAll(async () => {
  server = await startPostgres()
  database = await freshDatabase(server)
  service = await startService(undefined, (start) => postgresContext(database, { start }))
  world = await liveWorld(service)
  processes = [appOf(undefined)]
  await restart()
})
afterAll(async () => {
  await second.close()
  await service.stop()
  await server.stop()
})

function appOf(other: PostgresStore | undefined) {
  const { context } = service.services
  const held = other === undefined ? context : { ...context, store: other.store }
  return makeApp(makeServices(held), { development_key: KEY, version: 'test', refresh: async () => {} })
}

/** The second process ends, and another one takes its place. */
async function restart(): Promise<void> {
  await second?.close()
  second = await postgresStore(database)
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
  const own = sample.headers ?? { authorization: `Bearer ${KEY}` }
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body)
  const answer = await processes[process]?.request(`${service.url}${sample.path}`, {
    method: name.split(' ')[0] ?? '',
    headers: {
      ...own,
      'syndic-organisation': seat,
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

/** How many rows each table has, for all tenants together, and when each was changed last as far as rows say so. */
async function counts(): Promise<Record<string, number>> {
  const { organisation_id } = world.seats.vendor
  const found: Record<string, number> = {}
  for (const tenant of [organisation_id, world.seats.reseller.organisation_id]) {
    await world.tenant(async (scope) => {
      for (const table of await tenantTables(scope)) {
        const [row] = await scope.tx.$queryRawUnsafe<{ rows: number }[]>(
          `SELECT count(*)::int AS rows FROM "${table}"`,
        )
        found[table] = (found[table] ?? 0) + (row?.rows ?? 0)
      }
    }, tenant)
  }
  return found
}

const difference = (before: Record<string, number>, after: Record<string, number>) =>
  Object.fromEntries(
    Object.keys(after)
      .map((table) => [table, (after[table] ?? 0) - (before[table] ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  )

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
    const before = await counts()
    const { status, text } = await send(0, name, sample, sample.body, `alone ${made}`)
    expect({ name, good: status >= 200 && status < 300, text }).toMatchObject({ name, good: true })
    effect = difference(before, await counts())
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

test('each write alone succeeds, leaves one audit record and one remembered answer', async () => {
  for (const name of names) {
    const effect = await learn(name)
    // Usage has its own ids in place of keys, and its own record of what came.
    const expected = name === 'POST /v1/usage' ? {} : { audit_record: 1, idempotency_key: 1 }
    expect({ name, effect }).toMatchObject({ name, effect: expected })
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
  const before = await counts()
  const key = `run ${seed}`
  const answers: Answer[] = []
  if (together) {
    answers.push(
      ...(await Promise.all(bodies.map((body, index) => send(index % 2, name, sample, body, key)))),
    )
  } else {
    for (const [index, body] of bodies.entries()) {
      if (restarts && index === 1) await restart()
      answers.push(await send(restarts ? 1 : index % 2, name, sample, body, key))
    }
  }
  const told = `seed ${seed}: ${name} ${times}× ${together ? 'at once' : 'in turn'}${restarts ? ', restarted' : ''}`
  return [...wrongAnswers(name, bodies, answers), ...(await wrongEffect(name, before))].map(
    (problem) => `${told}: ${problem}`,
  )
}

function wrongAnswers(name: string, bodies: readonly unknown[], answers: readonly Answer[]): string[] {
  const good = answers
    .map((answer, index) => ({ ...answer, body: bodies[index] }))
    .filter(({ status }) => status < 300)
  const problems: string[] = []
  if (good.length === 0)
    problems.push(`no request succeeded: ${answers.map(({ status, type }) => `${status} ${type}`)}`)
  if (name !== 'POST /v1/usage') {
    const shown = (text: string) => text.replace(/"secret":"[^"]*"/, '"secret":""')
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

async function wrongEffect(name: string, before: Record<string, number>): Promise<string[]> {
  const effect = JSON.stringify(difference(before, await counts()))
  const expected = JSON.stringify(alone.get(name))
  return effect === expected ? [] : [`left ${effect} where one request leaves ${expected}`]
}

test(`${RUNS} runs from seed ${SEED}`, { timeout: 3_600_000 }, async () => {
  for (const name of names) await learn(name)
  const problems: string[] = []
  for (let index = 0; index < RUNS; index += 1) problems.push(...(await run(SEED * 1_000_003 + index)))
  expect(problems).toEqual([])
})
