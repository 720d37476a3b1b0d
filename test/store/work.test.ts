import { afterAll, beforeAll, expect, test } from 'vitest'
import { schedule } from '../../src/work/index.ts'
import { claim } from '../../src/work/store.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

test('the same key is one piece of work', async () => {
  await context.store.inTenant(context.organisation_id, async (scope) => {
    await schedule(scope, { kind: 'ledger.roll_up', key: 'a' })
    await schedule(scope, { kind: 'ledger.roll_up', key: 'a' })
  })
  expect((await claim(context.store, 'one'))?.key).toBe('a')
  expect(await claim(context.store, 'two')).toBeUndefined()
})
