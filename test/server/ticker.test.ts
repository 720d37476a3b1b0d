import { expect, test } from 'vitest'
import { makeTicker } from '../../src/ticker.ts'

/** Longer than any test waits. */
const REST_MS = 600_000

/** Rounds that end when the test says so. */
function rounds() {
  const begun: PromiseWithResolvers<void>[] = []
  const waiting: (() => void)[] = []
  const settle = () => {
    const round = Promise.withResolvers<void>()
    begun.push(round)
    for (const tell of waiting.splice(0)) tell()
    return round.promise
  }
  /** Until so many rounds were begun. */
  const reached = async (count: number) => {
    while (begun.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { begun, settle, reached, turn }
}

test('a waking ends the rest', async () => {
  const { begun, settle, reached, turn } = rounds()
  const ticker = makeTicker(settle, REST_MS, () => {})
  begun[0]?.resolve()
  await turn()
  expect(begun).toHaveLength(1)
  ticker.wake()
  await reached(2)
  begun[1]?.resolve()
  await ticker.stop()
  expect(begun).toHaveLength(2)
})

test('a waking during a round is not lost, and many are one', async () => {
  const { begun, settle, reached, turn } = rounds()
  const ticker = makeTicker(settle, REST_MS, () => {})
  ticker.wake()
  ticker.wake()
  await turn()
  expect(begun).toHaveLength(1)
  begun[0]?.resolve()
  await reached(2)
  begun[1]?.resolve()
  await turn()
  expect(begun).toHaveLength(2)
  await ticker.stop()
})

test('a round that fails is logged, and the next one is made', async () => {
  const { begun, settle, reached } = rounds()
  const logged: unknown[] = []
  const ticker = makeTicker(settle, REST_MS, (event, fields) => void logged.push([event, fields]))
  begun[0]?.reject(new Error('the disk is full'))
  ticker.wake()
  await reached(2)
  expect(logged).toEqual([['tick.failed', { reason: 'the disk is full' }]])
  begun[1]?.resolve()
  await ticker.stop()
})

test('stopping waits for the round that is under way, and begins no other', async () => {
  const { begun, settle, turn } = rounds()
  const ticker = makeTicker(settle, REST_MS, () => {})
  let stopped = false
  const end = ticker.stop().then(() => {
    stopped = true
  })
  await turn()
  expect(stopped).toBe(false)
  begun[0]?.resolve()
  await end
  expect(begun).toHaveLength(1)
})
