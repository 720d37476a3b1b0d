// Keys that a key service wrapped: asked with the real client, held for a while, never asked for inside a transaction.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kmsKeyService } from '../../connectors/aws/keys/kms.ts'
import {
  type HeldSealer,
  holdSealer,
  KEYS_FRESH_MS,
  KEYS_HELD_MS,
  makeKeptKey,
} from '../../src/access/key-provider.ts'
import { makeSealer } from '../../src/access/seal.ts'
import { systemRandom as random } from '../../src/core/random.ts'
import { manualClock } from '../support/context.ts'
import { type FakeKms, KEY_ARN, startKms } from './fake-kms.ts'

const BOUND = ['org_1', 'conn_1']
const PLAIN = '1f'.repeat(32)

let kms: FakeKms
beforeEach(async () => {
  kms = await startKms()
})
afterEach(() => kms.stop())

const serviceOf = (key_arn = KEY_ARN) =>
  kmsKeyService({
    key_arn,
    endpoint: kms.url,
    credentials: { access_key_id: 'AKIA0000000000000000', secret_access_key: 'canary-kms-secret' },
  })

const clock = manualClock('2026-01-05T09:00:00Z')
const logged: string[] = []
const parts = {
  random,
  now: clock.now,
  log: (event: string, fields: unknown) => void logged.push(JSON.stringify({ event, fields })),
}
const hold = (current: string, previous: string[] = []): Promise<HeldSealer> =>
  holdSealer({ kept: { current, previous }, service: serviceOf() }, parts)

test('a new key comes wrapped, is never kept plain, and opens what it sealed at the next start', async () => {
  const kept = await makeKeptKey(random, serviceOf())
  expect(kept).toMatch(/^kms:[A-Za-z0-9+/]+={0,2}$/)
  const sealed = await (await hold(kept)).seal.seal('secret', BOUND)
  expect(await (await hold(kept)).seal.open(sealed, BOUND)).toBe('secret')
  expect(kms.asked).toEqual(['Encrypt', 'Decrypt', 'Decrypt'])
})

test('without a key service a new key is plain', async () => {
  expect(await makeKeptKey(random, undefined)).toMatch(/^[0-9a-f]{64}$/)
})

test('sealing and opening ask nobody, however often', async () => {
  const { seal } = await hold(await makeKeptKey(random, serviceOf()))
  kms.asked.length = 0
  for (let index = 0; index < 20; index += 1) await seal.open(await seal.seal('secret', BOUND), BOUND)
  expect(kms.asked).toEqual([])
})

test('what was sealed under a plain key opens beside a wrapped one, and the other way round', async () => {
  const wrapped = await makeKeptKey(random, serviceOf())
  const old = await (await makeSealer(PLAIN, random)).seal('old', BOUND)
  const { seal } = await hold(wrapped, [PLAIN])
  expect(await seal.open(old, BOUND)).toBe('old')
  const back = await hold(PLAIN, [wrapped])
  expect(await back.seal.open(await seal.seal('new', BOUND), BOUND)).toBe('new')
})

test('keys are asked for again after a while, and a service that is away does not matter for an hour', async () => {
  const held = await hold(await makeKeptKey(random, serviceOf()))
  const sealed = await held.seal.seal('secret', BOUND)
  kms.asked.length = 0
  await held.refresh()
  clock.move(KEYS_FRESH_MS)
  await held.refresh()
  expect(kms.asked).toEqual(['Decrypt'])
  kms.fails = { status: 400, type: 'DisabledException' }
  clock.move(KEYS_FRESH_MS)
  await held.refresh()
  await held.refresh()
  expect(kms.asked).toEqual(['Decrypt', 'Decrypt'])
  expect(await held.seal.open(sealed, BOUND)).toBe('secret')
  clock.move(KEYS_HELD_MS - KEYS_FRESH_MS)
  expect(await held.seal.open(sealed, BOUND)).toBe('secret')
  clock.move(1)
  expect(() => held.seal.open(sealed, BOUND)).toThrow('The key service has not answered for too long')
  kms.fails = undefined
  await held.refresh()
  expect(await held.seal.open(sealed, BOUND)).toBe('secret')
})

test('a start with a key that the service does not unwrap ends with the reason and without any secret', async () => {
  const kept = await makeKeptKey(random, serviceOf())
  const other = { kept: { current: kept, previous: [] }, service: serviceOf(`${KEY_ARN}0`) }
  await expect(holdSealer(other, parts)).rejects.toThrow(
    'The key service refused or did not answer: NotFoundException',
  )
  const changed = `${kept.slice(0, -8)}AAAAAAAA`
  await expect(hold(changed)).rejects.toThrow('InvalidCiphertextException')
  await expect(
    holdSealer({ kept: { current: kept, previous: [] }, service: undefined }, parts),
  ).rejects.toThrow('SYNDIC_KMS_KEY')
  expect(logged.join('\n')).not.toContain('canary-kms-secret')
})
