import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Refusal } from '../../src/core/problem.ts'
import { DAY_MS, MINUTE_MS, plus } from '../../src/core/time.ts'
import { enqueue } from '../../src/operations/index.ts'
import { ATTEMPTS_MAX } from '../../src/operations/model.ts'
import { LEASE_MS } from '../../src/work/model.ts'
import { claim } from '../../src/work/store.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { kept } from '../work/support.ts'
import {
  accepts,
  acts,
  CONNECTION,
  connect,
  connectors,
  decide,
  dies,
  endings,
  type FakeCloud,
  fakeCloud,
  faults,
  look,
  losesAnswer,
  refuses,
  type Step,
  work,
} from './support.ts'

let context: TestContext
let cloud: FakeCloud
beforeAll(async () => {
  context = await testContext({ connectors })
  await connect(context)
})
afterAll(() => context.close())
beforeEach(async () => {
  cloud = fakeCloud()
  context.logged.length = 0
  await context.store.inTenant(context.organisation_id, async ({ tx }) => {
    await tx.operation_attempt.deleteMany()
    await tx.operation.deleteMany()
    await tx.work.deleteMany()
    await tx.timeline_event.deleteMany()
  })
})

/** Lets the time of the next try come, and works. */
async function later(): Promise<void> {
  context.clock.move(30 * MINUTE_MS)
  context.wall.move(30 * MINUTE_MS)
  await work(context, cloud)
}

const outcomes = async (id: string) => (await look(context, id)).attempts.map(({ outcome }) => outcome)

test('a change is written down before it is sent, and no transaction is open while it is', async () => {
  const { id } = await decide(context, 'k1')
  let seen: unknown
  // The embedded database has one connection: inside a transaction this would never answer.
  cloud.script.push(async (act) => {
    const { operation, attempts } = await look(context, id)
    seen = [operation.state, operation.attempts, attempts.map(({ outcome }) => outcome)]
    return act()
  })
  await work(context, cloud)
  expect(seen).toEqual(['sending', 1, ['sending']])
  const { operation, attempts } = await look(context, id)
  expect(operation).toMatchObject({ state: 'succeeded', target: { offer_id: 'made-1' } })
  expect(operation.finished_at).toEqual(context.clock.now())
  expect(attempts).toMatchObject([
    { outcome: 'succeeded', purpose: 'send', evidence: { received: 'made-1' } },
  ])
  expect(await endings(context)).toEqual([
    { operation: id, state: 'succeeded', target: { offer_id: 'made-1' } },
  ])
})

test('a decision that is rolled back sends nothing', async () => {
  const decision = context.store.inTenant(context.organisation_id, async (scope) => {
    await enqueue(scope, {
      connection_id: CONNECTION,
      kind: 'offer.create',
      subject_id: 'offer_1',
      key: 'k1',
      request: {},
    })
    throw new Refusal('conflict', 'changed my mind')
  })
  await expect(decision).rejects.toThrow('changed my mind')
  await work(context, cloud)
  expect(cloud.calls).toEqual([])
})

test('an accepted change is asked about until it is done', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(accepts, accepts, accepts)
  await work(context, cloud)
  expect((await look(context, id)).operation).toMatchObject({ state: 'accepted', reference: 'change-1' })
  await later()
  await later()
  expect(await endings(context)).toEqual([])
  await later()
  expect(cloud.calls.map(({ purpose }) => purpose)).toEqual(['send', 'check', 'check', 'check'])
  expect((await look(context, id)).operation.state).toBe('succeeded')
  expect(await endings(context)).toHaveLength(1)
  expect(await kept(context)).toEqual([])
})

test('a refused change fails with the reasons, once', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(refuses)
  await work(context, cloud)
  await later()
  const problems = [{ code: 'BAD_PRICE', message: 'The price is not possible.' }]
  expect((await look(context, id)).operation).toMatchObject({ state: 'failed', problems })
  expect(await endings(context)).toEqual([{ operation: id, state: 'failed', problems }])
  expect(cloud.calls).toHaveLength(1)
})

test('a request the cloud does not take at all fails at once', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(faults('invalid'))
  await work(context, cloud)
  expect((await look(context, id)).operation.state).toBe('failed')
  expect(await endings(context)).toHaveLength(1)
})

test('a throttled change goes out again with the same key, when the cloud says', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(faults('throttled', 10 * MINUTE_MS))
  await work(context, cloud)
  expect((await look(context, id)).operation.state).toBe('written')
  context.clock.move(10 * MINUTE_MS - 1)
  await work(context, cloud)
  expect(cloud.calls).toHaveLength(1)
  context.clock.move(1)
  await work(context, cloud)
  expect(cloud.calls.map(({ key }) => key)).toEqual(['k1', 'k1'])
  expect(await outcomes(id)).toEqual(['refused', 'succeeded'])
  expect(context.logged).toEqual([])
})

test.each(['connection_lost', 'timeout', 'unreadable_reply'] as const)(
  'after %s the outcome is unknown, and the identical request brings one effect',
  async (code) => {
    const { id } = await decide(context, 'k1')
    cloud.script.push(losesAnswer(code))
    await work(context, cloud)
    expect((await look(context, id)).operation.state).toBe('unknown')
    expect(await endings(context)).toEqual([])
    await later()
    expect(cloud.calls[1]).toEqual(cloud.calls[0])
    expect([...cloud.made.keys()]).toEqual(['k1'])
    expect(await outcomes(id)).toEqual(['unknown', 'succeeded'])
    expect(await endings(context)).toHaveLength(1)
  },
)

test('an unknown outcome stays unknown while the cloud only turns us away', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(losesAnswer(), faults('throttled'))
  await work(context, cloud)
  await later()
  expect((await look(context, id)).operation.state).toBe('unknown')
})

const breaks: [string, Step[]][] = [
  ['a lost answer', [losesAnswer(), faults('forbidden')]],
  ['a crash while sending', [dies, faults('invalid')]],
  ['an acceptance', [accepts, faults('not_found')]],
]
test.each(breaks)('after %s a refusal proves nothing: a person is asked', async (_, script) => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(...script)
  await work(context, cloud)
  await later()
  const { operation } = await look(context, id)
  expect(operation.state).toBe('waiting_for_person')
  expect(operation.human_task?.steps.join(' ')).toContain('k1')
  expect(await endings(context)).toEqual([])
})

test('a process that dies between sending and answer leaves a change that is sent again with its key', async () => {
  const { id } = await decide(context, 'k1')
  // The process took the work, the request went out, and nothing was heard of it again.
  cloud.script.push((act) => {
    act()
    return new Promise(() => {})
  })
  void work(context, cloud, 'gone')
  await expect.poll(() => cloud.calls.length).toBe(1)
  await work(context, cloud)
  expect(cloud.calls).toHaveLength(1)
  context.wall.move(LEASE_MS + 1)
  await work(context, cloud)
  expect(cloud.calls[1]).toEqual(cloud.calls[0])
  expect(cloud.made.size).toBe(1)
  expect(await outcomes(id)).toEqual(['sending', 'succeeded'])
  expect(await endings(context)).toHaveLength(1)
})

test('an error of our own between sending and answer is logged, and the change goes out again', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(dies)
  await work(context, cloud)
  expect(context.logged.map((line) => JSON.parse(line).event)).toEqual(['work.failed'])
  expect((await look(context, id)).operation.state).toBe('sending')
  await later()
  expect(cloud.made.size).toBe(1)
  expect(await endings(context)).toHaveLength(1)
})

test('consequences that cannot be stored leave no answer behind, and follow the next one', async () => {
  const { id } = await decide(context, 'k1')
  const offer = cloud.handlers['offer.create']
  const broken: FakeCloud = {
    ...cloud,
    handlers: {
      ...cloud.handlers,
      'offer.create': {
        ...offer,
        ended: async (scope, operation, ending) => {
          await offer.ended(scope, operation, ending)
          throw new Error('a rule was broken')
        },
      },
    },
  }
  await work(context, broken)
  expect((await look(context, id)).operation.state).toBe('sending')
  expect(await endings(context)).toEqual([])
  await later()
  expect((await look(context, id)).operation.state).toBe('succeeded')
  expect(await endings(context)).toHaveLength(1)
})

test('attempts without a clear answer are bounded: then a person is asked to find out', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(...Array.from({ length: ATTEMPTS_MAX + 5 }, () => losesAnswer()))
  await work(context, cloud)
  for (let turn = 1; turn < ATTEMPTS_MAX + 3; turn += 1) await later()
  expect(cloud.calls).toHaveLength(ATTEMPTS_MAX)
  const { operation } = await look(context, id)
  expect(operation.state).toBe('waiting_for_person')
  expect(operation.human_task?.evidence).toContain('No answer.')
  expect(await endings(context)).toEqual([])
  expect(await kept(context)).toEqual([])
})

test('a change the cloud works on for long may be asked about for long: one bad day does not count', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(...Array.from({ length: ATTEMPTS_MAX * 2 }, () => accepts), faults('throttled'), accepts)
  await work(context, cloud)
  for (let turn = 0; turn < ATTEMPTS_MAX * 2 + 1; turn += 1) await later()
  expect((await look(context, id)).operation.state).toBe('accepted')
  await later()
  expect((await look(context, id)).operation.state).toBe('succeeded')
})

test('the same key with the same request is one change, however the request was written', async () => {
  const first = await decide(context, 'k1')
  const again = await decide(context, 'k1', { request: { buyers: ['a', 'b'], price: '12.50' } })
  expect(again.id).toBe(first.id)
  await work(context, cloud)
  expect((await decide(context, 'k1')).state).toBe('succeeded')
  await later()
  expect(cloud.calls).toHaveLength(1)
})

test('the same key with another request is refused and changes nothing', async () => {
  await decide(context, 'k1')
  await expect(decide(context, 'k1', { request: { price: '13.00' } })).rejects.toThrow(/k1.*another request/)
  await work(context, cloud)
  expect(cloud.calls).toMatchObject([{ request: { price: '12.50' } }])
})

test('a finished change is not touched when its work runs once more', async () => {
  const { id } = await decide(context, 'k1')
  await work(context, cloud)
  const before = await look(context, id)
  await context.store.inTenant(context.organisation_id, (scope) =>
    scope.tx.work.create({
      data: {
        organisation_id: context.organisation_id,
        id: scope.id('work'),
        kind: 'operation.send',
        key: id,
        payload: {},
        due_at: scope.now(),
        deadline_at: scope.now(),
        attempts: 0,
        generation: 0,
        created_at: scope.now(),
      },
    }),
  )
  await work(context, cloud)
  expect(await look(context, id)).toEqual(before)
  expect(cloud.calls).toHaveLength(1)
})

test('what is sent is what was decided, whatever came later', async () => {
  const request = { price: '1.10', list: [1, 'ü', null], nested: { deep: true } }
  await decide(context, 'k1', { request })
  cloud.script.push(losesAnswer(), losesAnswer(), acts)
  await work(context, cloud)
  await later()
  await later()
  expect(cloud.calls.map((call) => call.request)).toEqual([request, request, request])
})

test('the change that is soonest lost is sent first', async () => {
  await decide(context, 'in time')
  await decide(context, 'urgent', { deadline_at: plus(context.clock.now(), MINUTE_MS) })
  await decide(context, 'patient', { deadline_at: plus(context.clock.now(), 9 * DAY_MS) })
  await work(context, cloud)
  expect(cloud.calls.map(({ key }) => key)).toEqual(['urgent', 'in time', 'patient'])
})

test('a change whose connection is gone stays and is seen, and does not hold up the others', async () => {
  const { id } = await decide(context, 'lost', { connection_id: 'conn_gone' })
  await decide(context, 'sound')
  await work(context, cloud)
  expect(cloud.calls.map(({ key }) => key)).toEqual(['sound'])
  expect(context.logged.join()).toContain('conn_gone')
  expect((await look(context, id)).operation).toMatchObject({ state: 'written', attempts: 0 })
  expect(await claim(context.store, 'one')).toBeUndefined()
})
