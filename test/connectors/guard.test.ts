import { expect, test } from 'vitest'
import type { ObservedCall } from '../../connectors/connector.ts'
import { createGuard } from '../../connectors/guard.ts'
import { Fault } from '../../src/core/fault.ts'
import { wallClock } from '../../src/core/time.ts'

const connection = { id: 'conn_1', account_id: '1', credentials: { secret: 'verysecret' }, settings: {} }

function guardWith(translate: (error: unknown) => Fault | undefined = () => undefined) {
  const calls: ObservedCall[] = []
  const forgotten: string[] = []
  const guard = createGuard({
    cloud: 'aws',
    wall: wallClock,
    translate,
    observe: (call) => calls.push(call),
    deadline_ms: 20,
    forget: ({ id }) => void forgotten.push(id),
  })
  return { guard, calls, forgotten }
}

test('work that ignores its signal still ends at the deadline', async () => {
  const { guard, calls, forgotten } = guardWith()
  await expect(guard(connection, 'Ask', () => new Promise(() => undefined))).rejects.toMatchObject({
    code: 'timeout',
  })
  expect(calls).toMatchObject([{ call: 'Ask', outcome: 'timeout' }])
  expect(forgotten).toEqual(['conn_1'])
})

test('the signal is given at the deadline', async () => {
  const { guard } = guardWith()
  let reason: unknown
  const work = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
        resolve()
      })
    })
  await expect(guard(connection, 'Ask', work)).rejects.toMatchObject({ code: 'timeout' })
  expect(reason).toMatchObject({ code: 'timeout' })
})

test('an answer is handed on and told', async () => {
  const { guard, calls } = guardWith()
  expect(await guard(connection, 'Ask', async () => 7)).toBe(7)
  expect(calls).toMatchObject([
    { cloud: 'aws', connection_id: 'conn_1', call: 'Ask', outcome: 'ok', cloud_code: null },
  ])
})

test('what is no failure of the world passes as it is', async () => {
  const { guard, calls, forgotten } = guardWith()
  const bug = new RangeError('ours')
  await expect(guard(connection, 'Ask', () => Promise.reject(bug))).rejects.toBe(bug)
  expect(calls).toMatchObject([{ outcome: 'broken' }])
  expect(forgotten).toEqual([])
})

test('credentials are blacked out in words and evidence', async () => {
  const evidence = { headers: ['verysecret'], deep: { word: 'x verysecret y' } }
  const { guard } = guardWith(() => new Fault('forbidden', 'no to verysecret', { evidence }))
  await expect(guard(connection, 'Ask', () => Promise.reject(new Error('x')))).rejects.toMatchObject({
    message: 'no to [credential]',
    evidence: { headers: ['[credential]'], deep: { word: 'x [credential] y' } },
  })
})
