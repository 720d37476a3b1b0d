import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Verdict } from '../src/demo/verdict.ts'

const STORY = fileURLToPath(new URL('../src/demo/main.ts', import.meta.url))
/** How many times the story is killed: by `KILLS=50 npx vitest run test/kills.test.ts` that of all clouds and more often. */
const KILLS = Number(process.env.KILLS ?? 2)
/** Else the story of one of them, a different one from time to time, as all of them take minutes. */
const CLOUDS = ['aws', 'azure', 'gcp']
const CLOUD = process.env.KILLS === undefined ? CLOUDS[Math.floor(Math.random() * CLOUDS.length)] : undefined

/** A sentence that the story told, and how long it took until the next one. */
type Told = { sentence: string; lasts_ms: number }
type Telling = { code: number | null; output: string; errors: string; told: Told[] }

/** Runs the story's real process; kills it without warning a while after it told a sentence, or lets it end. */
function run(data: string, kill?: { sentence: string; after_ms: number }): Promise<Telling> {
  const only = CLOUD === undefined ? [] : ['--cloud', CLOUD]
  const child = spawn(process.execPath, [STORY, '--data', data, '--json', ...only], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const telling: Telling = { code: null, output: '', errors: '', told: [] }
  let spoken_at = performance.now()
  const lasted = () => {
    const last = telling.told.at(-1)
    if (last !== undefined) last.lasts_ms = performance.now() - spoken_at
  }
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (chunk) => {
    telling.output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    telling.errors += String(chunk)
    for (const [, sentence = ''] of String(chunk).matchAll(/^· (.*)$/gm)) {
      lasted()
      spoken_at = performance.now()
      telling.told.push({ sentence, lasts_ms: 0 })
      if (sentence === kill?.sentence) timer ??= setTimeout(() => child.kill('SIGKILL'), kill.after_ms)
    }
  })
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer)
      lasted()
      resolve({ ...telling, code })
    })
  })
}

/** Moments all over a telling, the first ones first: each telling comes at least as far as the one before. */
function moments(told: readonly Told[]) {
  const places = Array.from({ length: KILLS }, () => Math.floor(Math.random() * told.length))
  return places
    .sort((left, right) => left - right)
    .flatMap((place) => {
      const found = told[place]
      return found === undefined
        ? []
        : [{ sentence: found.sentence, after_ms: Math.random() * found.lasts_ms }]
    })
}

/** What two tellings of the same story must agree on, whatever ids they made. */
function figures({ seats, deals }: Verdict) {
  const amounts = ({ expected, banked, explained }: Verdict['seats'][number]['total'][number]) => [
    expected.amount,
    banked.amount,
    explained,
  ]
  return {
    totals: seats.map((seat) => seat.total.map(amounts)),
    deals: deals.map(({ cloud, usage, reconciliation, partner_statements, commitments, timelines }) => ({
      cloud,
      usage: usage.map(({ used, drawn, sent, carried, lost, accepted }) => ({
        used,
        drawn,
        sent,
        carried,
        lost,
        accepted,
      })),
      vendor: reconciliation.vendor.map(amounts),
      reseller: reconciliation.reseller.map(amounts),
      partners: partner_statements.map(({ content, total }) => [content.month, total.amount]),
      commitments: commitments.map(({ balance }) => balance.drawn.amount.amount),
      events: timelines.map((timeline) => timeline.events.map((event) => event.kind)),
    })),
  }
}

test(`the story${CLOUD === undefined ? '' : ` of ${CLOUD}`}, killed ${KILLS} times, comes to the same end as one that was not`, async () => {
  const calm = await mkdtemp(join(tmpdir(), 'syndic-calm-'))
  const killed = await mkdtemp(join(tmpdir(), 'syndic-killed-'))
  const kills: string[] = []
  try {
    const alone = await run(calm)
    expect(alone.code, alone.errors.slice(-2000)).toBe(0)
    for (const kill of moments(alone.told)) {
      const { code } = await run(killed, kill)
      kills.push(`${kill.after_ms.toFixed()} ms after "${kill.sentence}"${code === null ? '' : ' (missed)'}`)
    }
    const after = await run(killed)
    const told = `killed ${kills.join(', ')}: ${after.errors.slice(-2000)}`
    expect(after.code, told).toBe(0)
    const [left, right] = [after, alone].map(({ output }) => figures(JSON.parse(output) as Verdict))
    expect(left, told).toEqual(right)
    if (process.env.KILLS !== undefined) console.log(`killed ${kills.join(', ')}`)
  } finally {
    await rm(calm, { recursive: true, force: true })
    await rm(killed, { recursive: true, force: true })
  }
}, 900_000)
