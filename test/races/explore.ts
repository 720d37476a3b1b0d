// Where two processes are made to meet: at every step of a piece of work, or at some of them, chosen by a seed.
import { expect } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { alone, comesBack, dies, diesLate, overlaps, type Told } from './drive.ts'
import type { World } from './processes.ts'
import { counted, type Scenario } from './scenario.ts'

/** RACES=all tries every step; otherwise this many of each sort, chosen by RACES_SEED. */
const ALL = process.env.RACES === 'all'
const SEED = Number(process.env.RACES_SEED ?? 1)

export type Sorts = { back: number; late: number; dead: number; both: number }

/**
 * What one process alone makes of a piece of work is right; whatever two make of it, however one of them hangs, comes
 * back or dies on the way, must be the same, row by row, in the database and at the cloud.
 */
export async function explore(world: World, scenario: Scenario, sorts: Sorts): Promise<void> {
  const right = await alone(world, scenario)
  expect(counted(right.stands)).toEqual(scenario.ends)
  for (const words of scenario.says) expect(right.stands.join('\n')).toContain(words)
  const steps = right.trail.length
  const pick = picker(right.trail.join())
  const hold = async (what: string, at: number, run: () => Promise<Told>) => {
    const told = await run()
    const where = `${what} before step ${at} of ${steps}: ${(right.trail[at] ?? 'the end').slice(0, 160)}`
    expect({ where, ...compared(right.stands, told.stands) }).toEqual({ where, missing: [], added: [] })
    expect({ where, wrong: wrongs(world), failed: failures(world) }).toEqual({
      where,
      wrong: [],
      failed: [],
    })
  }
  for (const at of pick(sorts.back, steps)) {
    await hold('one comes back that hung', at, () => comesBack(world, scenario, at))
  }
  for (const at of pick(sorts.late, steps)) {
    await hold('one dies late that hung', at, () => diesLate(world, scenario, at))
  }
  for (const at of pick(sorts.dead, steps)) {
    await hold('one dies', at, () => dies(world, scenario, at))
  }
  for (const at of pick(sorts.both, steps)) {
    const then = pick(1, steps)[0] ?? 0
    await hold(`one comes back while two stands before step ${then}: one hung`, at, async () => {
      const told = await overlaps(world, scenario, at, then)
      expect({ at, then, kept: told.kept }).toEqual({ at, then, kept: true })
      return told
    })
  }
}

/** Steps of a course, each at most once, in order. */
function picker(salt: string): (many: number, of: number) => number[] {
  const random = seededRandom([...salt].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, SEED))
  return (many, of) => {
    const steps = Array.from({ length: of + 1 }, (_, index) => index)
    if (ALL && many > 1) return steps
    const keyed = steps.map((step) => ({ step, at: Number(random.bytes(3).join('')) }))
    const chosen = keyed.toSorted((left, right) => left.at - right.at).slice(0, many)
    return chosen.map(({ step }) => step).toSorted((left, right) => left - right)
  }
}

function compared(right: readonly string[], found: readonly string[]) {
  const missing = [...right]
  const added: string[] = []
  for (const line of found) {
    const at = missing.indexOf(line)
    if (at < 0) added.push(line)
    else missing.splice(at, 1)
  }
  return { missing, added }
}

/** What the cloud and the mailbox were given that no honest client sends; told once. */
export function wrongs({ cloud, mailbox }: World): string[] {
  return [...cloud.wrong.splice(0), ...mailbox.wrong.splice(0)]
}

/** What a process could not do and did not foresee. */
export function failures({ one, two }: World): string[] {
  return [...one.logged, ...two.logged]
    .filter(({ event }) => event === 'work.failed')
    .map(({ kind, reason }) => `${kind}: ${reason}`)
}
