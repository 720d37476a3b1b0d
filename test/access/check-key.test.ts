import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkKey, makeSealer, SealBroken } from '../../src/access/index.ts'
import { systemRandom } from '../../src/core/random.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const startWith = async (key: string) =>
  checkKey({ store: context.store, seal: await makeSealer(key.repeat(32), systemRandom) })

test('a start with another key than the first one ends at once, and the right key still works after it', async () => {
  await startWith('1f')
  await startWith('1f')
  await expect(startWith('2e')).rejects.toThrow(SealBroken)
  await startWith('1f')
})
