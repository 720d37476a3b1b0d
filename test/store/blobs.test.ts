// One test for every driver: what a room keeps, it gets back, wherever it runs.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/canonical.ts'
import { systemRandom } from '../../src/core/random.ts'
import { directoryBlobs } from '../../src/store/blobs-directory.ts'
import { type Blobs, bucketBlobs, memoryBlobs } from '../../src/store/index.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syndic-blobs-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** A bucket as the Workers runtime offers one. */
function bucket(): Parameters<typeof bucketBlobs>[0] {
  const kept = new Map<string, Uint8Array>()
  return {
    put: async (key, value) => void kept.set(key, Uint8Array.from(value)),
    get: async (key) => {
      const found = kept.get(key)
      return found === undefined ? null : { arrayBuffer: async () => Uint8Array.from(found).buffer }
    },
  }
}

const drivers: [string, () => Blobs][] = [
  ['a directory', () => directoryBlobs(directory)],
  ['a bucket', () => bucketBlobs(bucket())],
  ['memory', memoryBlobs],
]

const big = () => systemRandom.bytes(60_000)

describe.each(drivers)('blobs in %s', (_, make) => {
  let blobs: Blobs
  beforeAll(() => {
    blobs = make()
  })
  const read = async (key: string) => {
    const found = await blobs.get(key)
    return found === undefined ? undefined : [...found]
  }

  test('what is put is got back, byte for byte', async () => {
    for (const bytes of [Uint8Array.of(0, 255, 10, 13), new Uint8Array(), big()]) {
      const key = await sha256(bytes)
      await blobs.put(key, bytes)
      expect(await read(key)).toEqual([...bytes])
    }
  })

  test('the same again is harmless', async () => {
    const bytes = big()
    const key = await sha256(bytes)
    await blobs.put(key, bytes)
    await blobs.put(key, bytes)
    expect(await read(key)).toEqual([...bytes])
  })

  test('the same from many at once is whole for whoever reads meanwhile', async () => {
    const bytes = big()
    const key = await sha256(bytes)
    const readers = async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        const found = await blobs.get(key)
        if (found !== undefined) expect(found.length).toBe(bytes.length)
      }
    }
    await Promise.all([...Array.from({ length: 20 }, () => blobs.put(key, bytes)), readers(), readers()])
    expect(await read(key)).toEqual([...bytes])
  })

  test('what was never put is absent', async () => {
    expect(await blobs.get('0'.repeat(64))).toBeUndefined()
  })

  test('what was put is kept as it was, even if the caller uses its buffer again', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const key = await sha256(bytes)
    await blobs.put(key, bytes)
    bytes.fill(9)
    expect(await read(key)).toEqual([1, 2, 3])
  })

  test.each([
    '',
    '../../etc/passwd',
    'ABCDEF0123456789',
    '0123456789abcde',
    'statement.csv',
    `${'a'.repeat(64)}/b`,
  ])('the key "%s" is no digest and is refused', async (key) => {
    await expect(blobs.put(key, Uint8Array.of(1))).rejects.toThrow('digest')
    await expect(blobs.get(key)).rejects.toThrow('digest')
  })
})

test('a directory keeps nothing but whole blobs', async () => {
  const names = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const { name } of names.filter((item) => item.isFile())) expect(name).toMatch(/^[0-9a-f]{64}$/)
})

test('blobs in a directory are there for the next process', async () => {
  const bytes = Uint8Array.of(7)
  const key = await sha256(bytes)
  await directoryBlobs(directory).put(key, bytes)
  expect([...((await directoryBlobs(directory).get(key)) ?? [])]).toEqual([7])
})
