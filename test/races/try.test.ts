import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationKinds } from '../../src/operations/model.ts'
import { workKinds } from '../../src/work/model.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { alone, comesBack, dies, diesLate, overlaps } from './drive.ts'
import { startWorld, type World } from './processes.ts'
import { counted, type Scenario } from './scenario.ts'
import { work } from './work.ts'
import { changes, write } from './changes.ts'

let server: PostgresServer
let world: World
beforeAll(async () => {
  server = await startPostgres()
  world = await startWorld(server)
}, 120_000)
afterAll(async () => {
  await world.close()
  await server.stop()
})

function diff(a: string[], b: string[]) {
  const left = [...a]
  const extra: string[] = []
  for (const x of b) { const i = left.indexOf(x); if (i >= 0) left.splice(i, 1); else extra.push(x) }
  return [...left.map(x => '  - ' + x.slice(0, 700)), ...extra.map(x => '  + ' + x.slice(0, 700))]
}
const MODE = process.env.RACE ?? 'back'
const ONLY = process.env.ONLY
const all: [string, Scenario][] = [
  ...workKinds.map((k): [string, Scenario] => [k, work[k]]),
  ...operationKinds.map((kind): [string, Scenario] => [kind, { ...changes[kind], arrange: (w, t) => write(w, t, kind) }]),
]
test.each(all.filter(([k]) => !ONLY || ONLY.split(',').includes(k)))('%s', async (kind, s) => {
  const out: string[] = []
  const right = await alone(world, s)
  if (process.env.COUNTS) console.log(kind, JSON.stringify(counted(right.stands)))
  const t = performance.now()
  let bad = 0
  const n = right.trail.length
  for (let k = 0; k <= n; k += 1) {
    const jj = MODE === 'over' ? [1, Math.floor(n / 2), Math.floor(Math.random() * n)] : [0]
    for (const j of jj) {
    let msg: string[] = []
    try {
      const told = MODE === 'dies' ? await dies(world, s, k) : MODE === 'late' ? await diesLate(world, s, k) : MODE === 'over' ? await overlaps(world, s, k, j) : await comesBack(world, s, k)
      msg = diff(right.stands, told.stands)
      const logs = [...world.one.logged, ...world.two.logged].filter(({ event }) => event === 'work.failed')
      for (const l of logs) msg.push('  log ' + l.kind + ' ' + String(l.reason).slice(0, 400))
      if ('kept' in told && !told.kept) msg.push('  not kept')
      msg.push(...world.cloud.wrong.splice(0))
    } catch (e) { msg = ['  threw ' + String(e).slice(0, 600)] }
    if (msg.length > 0) { bad += 1; out.push(`${kind} at ${k}/${j}: ${(right.trail[k] ?? 'end').slice(0, 130)}`, ...msg) }
    }
  }
  out.unshift(`=== ${kind}: ${bad} of ${n + 1} bad, ${((performance.now() - t) / (n + 1)).toFixed(0)} ms each`)
  console.log(out.slice(0, Number(process.env.LINES ?? 40)).join('\n'))
}, 300_000)
