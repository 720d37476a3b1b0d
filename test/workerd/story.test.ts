// The whole story, lived through the Worker: the verdict is the same as on Node.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { live } from '../../src/demo/story.ts'
import { judge } from '../../src/demo/verdict.ts'
import { type Edge, startEdge } from './edge.ts'

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
    const verdict = await judge(await live({ url, key, control, settle, report: () => {} }))
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict.checks.length).toBeGreaterThan(25)
    expect(verdict.ok).toBe(true)
    const broken = ['work.failed', 'tick.failed', 'request.failed', 'answer.broken', 'unreadable']
    expect(edge.logged().filter(({ event }) => broken.includes(event))).toEqual([])
    expect(await edge.databaseClients()).toBe(0)
  },
  LIVING_MS,
)
