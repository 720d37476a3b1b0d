import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Verdict } from '../src/demo/verdict.ts'
import { type Cloud, clouds } from '../src/demo/world.ts'

const STORY = fileURLToPath(new URL('../src/demo/main.ts', import.meta.url))
/** How many times each cloud's story is killed: more by `KILLS=50 npx vitest run test/kills.test.ts`. */
const KILLS = Number(process.env.KILLS ?? 3)

/** Runs the story's real process; kills it without warning after a while, or lets it end. */
function run(
  cloud: Cloud,
  data: string,
  kill_after_ms?: number,
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [STORY, '--cloud', cloud, '--data', data, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  const timer =
    kill_after_ms === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill_after_ms)
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output, errors })
    })
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

test.each(clouds)(
  `the story on %s, killed ${KILLS} times, comes to the same end as one that was not`,
  async (cloud) => {
    const calm = await mkdtemp(join(tmpdir(), 'syndic-calm-'))
    const killed = await mkdtemp(join(tmpdir(), 'syndic-killed-'))
    const moments: number[] = []
    try {
      const started = performance.now()
      const alone = await run(cloud, calm)
      const takes_ms = performance.now() - started
      expect(alone.code, alone.errors.slice(-2000)).toBe(0)
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Anywhere in what a whole telling takes on this machine: what was told already is told again quickly.
        const moment = Math.floor(500 + Math.random() * takes_ms * 0.8)
        moments.push(moment)
        await run(cloud, killed, moment)
      }
      const after = await run(cloud, killed)
      const told = `killed after ${moments.join(', ')} ms: ${after.errors.slice(-2000)}`
      expect(after.code, told).toBe(0)
      const [left, right] = [after, alone].map(({ output }) => figures(JSON.parse(output) as Verdict))
      expect(left, told).toEqual(right)
    } finally {
      await rm(calm, { recursive: true, force: true })
      await rm(killed, { recursive: true, force: true })
    }
  },
  600_000,
)
