// The whole story, lived through the Worker: the verdict is the same as on Node.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { live } from '../../src/demo/story.ts'
import { judge } from '../../src/demo/verdict.ts'
import { clouds } from '../../src/demo/world.ts'
import { type Edge, startEdge } from './edge.ts'

/** CI has time for one cloud; the connectors of all three are tried on the Worker in requests.test.ts too. */
const CLOUDS = process.env.CI === undefined ? clouds : (['aws'] as const)
const STARTING_MS = 300_000
const LIVING_MS = 900_000

let edge: Edge
beforeAll(async () => {
  edge = await startEdge({ migrated: true })
}, STARTING_MS)
afterAll(() => edge?.stop(), STARTING_MS)

test(
  'the story is lived to its end, and every check holds',
  async () => {
    const { url, key, control, settle } = edge
    const verdict = await judge(await live({ url, key, control, settle, clouds: CLOUDS, report: () => {} }))
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict.checks.length).toBeGreaterThan(CLOUDS.length * 8)
    expect(verdict.ok).toBe(true)
    const broken = ['work.failed', 'tick.failed', 'request.failed', 'answer.broken', 'unreadable']
    expect(edge.logged().filter(({ event }) => broken.includes(event))).toEqual([])
    expect(await edge.databaseClients()).toBe(0)
  },
  LIVING_MS,
)
