// Steps without an interface, and changes nobody can find out about by asking.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { completeByHand } from '../../src/operations/index.ts'
import { operationRoutes } from '../../src/operations/routes.ts'
import { callers, type Door } from '../door/support.ts'
import { type TestContext, testContext } from '../support/context.ts'
import {
  connect,
  connectors,
  decide,
  endings,
  type FakeCloud,
  fakeCloud,
  look,
  type Step,
  work,
} from './support.ts'

let context: TestContext
let cloud: FakeCloud
let door: Door
let stranger: Door
beforeAll(async () => {
  context = await testContext({ connectors })
  await connect(context)
})
afterAll(() => context.close())
beforeEach(async () => {
  cloud = fakeCloud()
  door = callers(operationRoutes(context, cloud.handlers), context.organisation_id)
  stranger = callers(operationRoutes(context, cloud.handlers), 'org_stranger')
  await context.store.inTenant(context.organisation_id, async ({ tx }) => {
    await tx.operation_attempt.deleteMany()
    await tx.operation.deleteMany()
    await tx.work.deleteMany()
    await tx.timeline_event.deleteMany()
    await tx.idempotency_key.deleteMany()
  })
})

const asksForHands: Step = () => ({
  status: 'human',
  task: { title: 'Publish it', steps: ['Open the console'], evidence: 'A link' },
  evidence: {},
})

async function waiting(key: string): Promise<string> {
  const { id } = await decide(context, key)
  cloud.script.push(asksForHands)
  await work(context, cloud)
  expect((await look(context, id)).operation.state).toBe('waiting_for_person')
  return id
}

const complete = (id: string, body: unknown, key = `complete ${id}`) =>
  door.post(`/v1/operations/${id}/complete`, body, { 'idempotency-key': key })

const success = {
  outcome: 'succeeded',
  target: { offer_id: 'made-1' },
  evidence: 'https://console.example/1',
}

test('a step done by hand has the consequences of an answer of the cloud', async () => {
  const { id: byCloud } = await decide(context, 'by cloud')
  await work(context, cloud)
  const byHand = await waiting('by hand')
  expect((await complete(byHand, success)).status).toBe(200)
  const [first, second] = (await endings(context)) as Record<string, unknown>[]
  expect(first).toEqual({ operation: byCloud, state: 'succeeded', target: { offer_id: 'made-1' } })
  expect({ ...second, operation: byCloud }).toEqual(first)
  const [left, right] = [await look(context, byCloud), await look(context, byHand)]
  const alike = ({ state, target, finished_at }: typeof left.operation) => ({ state, target, finished_at })
  expect(alike(right.operation)).toEqual(alike(left.operation))
})

test('a failure told by hand has the consequences of a refusal, with the evidence as the reason', async () => {
  const id = await waiting('k1')
  await complete(id, { outcome: 'failed', evidence: 'The console says no.' })
  const problems = [{ code: 'by_hand', message: 'The console says no.' }]
  expect(await endings(context)).toEqual([{ operation: id, state: 'failed', problems }])
  expect((await look(context, id)).operation).toMatchObject({ state: 'failed', problems })
})

test('the answer shows the operation as it now is, and the evidence is in its history', async () => {
  const id = await waiting('k1')
  const answer = await complete(id, success)
  const read = await door.get(`/v1/operations/${id}`)
  const { request, history, makes, ...shown } = read.body as Record<string, unknown>
  expect(answer.body).toEqual(shown)
  expect(makes).toEqual(['offer_id'])
  expect(shown).toMatchObject({ state: 'succeeded', target: { offer_id: 'made-1' }, attempts: 2 })
  expect(request).toEqual({ price: '12.50', buyers: ['a', 'b'] })
  expect(history).toMatchObject([
    { number: 1, outcome: 'human' },
    { number: 2, outcome: 'by_hand_succeeded', evidence: { evidence: 'https://console.example/1' } },
  ])
})

test('without evidence nothing is completed', async () => {
  const id = await waiting('k1')
  const answer = await complete(id, { ...success, evidence: '  ' })
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'evidence' }] } })
  expect((await look(context, id)).operation.state).toBe('waiting_for_person')
  expect(await endings(context)).toEqual([])
})

test.each([{}, { offer_id: '' }, { product_id: 'x' }])(
  'a success must bring the ids that a success of the cloud brings, not %j',
  async (target) => {
    const id = await waiting('k1')
    const answer = await complete(id, { ...success, target })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'target.offer_id' }] } })
    expect(await endings(context)).toEqual([])
  },
)

test('only what waits for a person is completed by hand, and only once', async () => {
  const id = await waiting('k1')
  expect((await complete(id, success, 'a')).status).toBe(200)
  expect((await complete(id, success, 'a')).headers.get('idempotency-replayed')).toBe('true')
  expect((await complete(id, { ...success, outcome: 'failed' }, 'b')).status).toBe(409)
  const { id: fresh } = await decide(context, 'k2')
  expect((await complete(fresh, success)).status).toBe(409)
  expect(await endings(context)).toHaveLength(1)
  expect((await complete('op_none', success)).status).toBe(404)
})

test('nothing more is sent once a person has ended it', async () => {
  const id = await waiting('k1')
  await complete(id, success)
  context.clock.move(86_400_000)
  await work(context, cloud)
  expect(cloud.calls).toHaveLength(1)
})

test('a person ends a change while its last request is still under way: the late answer has no consequences', async () => {
  const { id } = await decide(context, 'k1')
  cloud.script.push(async (act) => {
    await context.store.inTenant(context.organisation_id, async (scope) => {
      await scope.tx.operation.updateMany({ data: { state: 'waiting_for_person' } })
      await completeByHand(scope, cloud.handlers, id, {
        outcome: 'failed',
        target: {},
        evidence: 'It is not in the console.',
      })
    })
    return act()
  })
  await work(context, cloud)
  const { operation, attempts } = await look(context, id)
  expect(operation.state).toBe('failed')
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['succeeded', 'by_hand_failed'])
  expect(await endings(context)).toHaveLength(1)
})

test('operations are read by state and subject, page by page, and by nobody else', async () => {
  const ids = []
  for (const key of ['a', 'b', 'c']) {
    context.clock.move(1)
    ids.push((await decide(context, key, { subject_id: key === 'c' ? 'offer_2' : 'offer_1' })).id)
  }
  const first = (await door.get('/v1/operations?limit=2')).body as { items: { id: string }[]; next: string }
  const second = (await door.get(`/v1/operations?limit=2&cursor=${first.next}`)).body as typeof first
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed())
  expect(second.next).toBeNull()
  const filtered = await door.get('/v1/operations?subject_id=offer_2&state=written')
  expect((filtered.body as typeof first).items.map(({ id }) => id)).toEqual([ids[2]])
  expect((await stranger.get(`/v1/operations/${ids[0]}`)).status).toBe(404)
  expect(((await stranger.get('/v1/operations')).body as typeof first).items).toEqual([])
})
