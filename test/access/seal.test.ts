import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { makeSealer } from '../../src/access/index.ts'
import type { Sealer } from '../../src/context.ts'
import { seededRandom, systemRandom } from '../../src/core/random.ts'

const BOUND = ['org_1', 'conn_1'] as const
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const BROKEN = 'A sealed secret does not open'

let sealer: Sealer
beforeAll(async () => {
  sealer = await makeSealer('1f'.repeat(32), systemRandom)
})

/** The sealed parts of a sealed text as bytes: what stands behind the version and the key's id. */
const partsOf = (sealed: string) =>
  sealed
    .split('.')
    .slice(2)
    .map((part) => Buffer.from(part, 'base64'))

test('whatever is sealed opens again for the same tenant and subject', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 500 }),
      fc.array(fc.string(), { maxLength: 3 }),
      async (plain, bound) => {
        expect(await sealer.open(await sealer.seal(plain, bound), bound)).toBe(plain.toWellFormed())
      },
    ),
    { numRuns: 60 },
  )
})

test('a service account file of some kilobytes can be sealed', async () => {
  const plain = JSON.stringify({ private_key: 'x'.repeat(60_000) })
  expect(await sealer.open(await sealer.seal(plain, BOUND), BOUND)).toBe(plain)
})

test('nothing of the secret or of what it is bound to can be read in the sealed text', async () => {
  const sealed = await sealer.seal(SECRET, BOUND)
  const seen = [sealed, ...partsOf(sealed).map((part) => part.toString('latin1'))].join('\n')
  for (const word of [
    SECRET,
    SECRET.slice(0, 8),
    'org_1',
    'conn_1',
    Buffer.from(SECRET).toString('base64'),
  ]) {
    expect(seen).not.toContain(word)
  }
})

test('the same secret sealed twice looks different in every part', async () => {
  const [left, right] = [await sealer.seal(SECRET, BOUND), await sealer.seal(SECRET, BOUND)]
  const pairs = partsOf(left).map((part, index) => [part, partsOf(right)[index]] as const)
  expect(pairs).toHaveLength(2)
  for (const [one, two] of pairs) expect(two?.equals(one)).toBe(false)
})

test.each([
  ['another tenant', ['org_2', 'conn_1']],
  ['another subject', ['org_1', 'conn_2']],
  ['the two exchanged', ['conn_1', 'org_1']],
  ['less', ['org_1']],
  ['more', ['org_1', 'conn_1', '']],
  ['the same letters, divided otherwise', ['org_1conn', '_1']],
  ['nothing', []],
])('it does not open for %s', async (_, bound) => {
  await expect(sealer.open(await sealer.seal(SECRET, BOUND), bound)).rejects.toThrow(BROKEN)
})

test('it does not open under another key, and the message says which setting to look at', async () => {
  const other = await makeSealer('2e'.repeat(32), seededRandom(1))
  const opened = other.open(await sealer.seal(SECRET, BOUND), BOUND)
  await expect(opened).rejects.toThrow(/does not open.*SYNDIC_SECRET_KEY/)
})

test('one changed bit anywhere, and it does not open', async () => {
  const sealed = await sealer.seal(SECRET, BOUND)
  const sizes = partsOf(sealed).map((part) => part.length)
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat({ max: 7 }), fc.nat({ max: 1 }), async (place, bit, which) => {
      const parts = partsOf(sealed)
      const part = parts[which] ?? Buffer.alloc(0)
      const at = place % (sizes[which] ?? 1)
      part[at] = (part[at] ?? 0) ^ (1 << bit)
      const texts = parts.map((one) => one.toString('base64'))
      for (const head of [sealed.split('.').slice(0, 2), ['v1']]) {
        await expect(sealer.open([...head, ...texts].join('.'), BOUND)).rejects.toThrow(BROKEN)
      }
    }),
    { numRuns: 200 },
  )
})

test('any other text is refused in the same way', async () => {
  const sealed = await sealer.seal(SECRET, BOUND)
  const [version, id, wrapped, data] = sealed.split('.')
  const texts = [
    '',
    'v1',
    'v1..',
    'v2',
    'v2...',
    `v2.${wrapped}.${data}`,
    `v3.${id}.${wrapped}.${data}`,
    `v1.${id}.${wrapped}.${data}`,
    `v2.000000000000.${wrapped}.${data}`,
    `${version}.${id}.${data}.${wrapped}`,
    `${version}.${id}.${wrapped}`,
    `${sealed}.`,
    `${sealed}.more`,
    `${version}.${id}.%%%.${data}`,
    `${version}.${id}.${wrapped}.é`,
    sealed.slice(0, -4),
  ]
  for (const text of texts) await expect(sealer.open(text, BOUND), text).rejects.toThrow(BROKEN)
})

test('parts of two sealed secrets cannot be put together', async () => {
  const [left, right] = [await sealer.seal('one', BOUND), await sealer.seal('two', BOUND)]
  const mixed = [...left.split('.').slice(0, 3), right.split('.')[3]].join('.')
  await expect(sealer.open(mixed, BOUND)).rejects.toThrow(BROKEN)
})
