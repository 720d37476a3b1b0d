// Nothing that could be a secret of somebody's stands in the files of the project: not in a sample, not in a recording.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
const PLACES = ['bench', 'connectors', 'docs', 'prisma', 'sandbox', 'src', 'test']

/** What a secret looks like, by who gives it out. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "a user's access key of AWS": /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
  "an application's secret of Entra": /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
  'a private key': /-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----(\\n|\s)+[A-Za-z0-9+/]{40,}/g,
  'one of our API keys': /\bsyn_[\w-]{43}\b/g,
  'a signed token': /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/g,
}

/** Made up, and it shows: they spell something, or count. */
const MADE_UP = /^AKIA(0{16}|0123456789ABCDEF|(WRONG|TEST|UNKNOWN)[A-Z0]+)$|^syn_(0123456789)+012$/

function secretsIn(text: string): string[] {
  return Object.entries(SHAPES).flatMap(([what, shape]) =>
    (text.match(shape) ?? []).filter((found) => !MADE_UP.test(found)).map((found) => `${what}: ${found}`),
  )
}

test('no file of the project holds a secret', async () => {
  const found: string[] = []
  let looked = 0
  for (const place of PLACES) {
    for (const entry of await readdir(new URL(place, ROOT), { recursive: true, withFileTypes: true })) {
      const file = `${entry.parentPath}/${entry.name}`
      if (!entry.isFile() || file.includes('/generated/')) continue
      looked += 1
      const secrets = secretsIn(await readFile(file, 'utf8'))
      found.push(...secrets.map((one) => `${file.slice(fileURLToPath(ROOT).length)} has ${one}`))
    }
  }
  expect(looked).toBeGreaterThan(500)
  expect(found).toEqual([])
})

test.each([
  ['AKIA', 'QYLPMN5HHHFPZAM2'],
  ['abc8', `Q~${'tG5k'.repeat(8)}`],
  ['-----BEGIN PRIVATE', ` KEY-----\nMIIEvQ${'IBADAN'.repeat(8)}`],
  ['syn', `_${'Ab3-_'.repeat(8)}xyz`],
])('a secret that begins with %s would be found', (begin, rest) => {
  // In two pieces, so that this file holds none.
  expect(secretsIn(`"${begin}${rest}"`)).toHaveLength(1)
})
