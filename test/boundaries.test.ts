import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Import = { from: string; to: string; typeOnly: boolean }

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name)
    if (item.isDirectory())
      return item.name === 'generated' || item.name === 'node_modules' ? [] : sources(path)
    return /\.tsx?$/.test(item.name) ? [path] : []
  })
}

/** Every import of a file, as a path from the root or the name of a package. */
function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)(\s+type)?\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => {
    const target = match[2] ?? match[3] ?? match[4] ?? ''
    const to = target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target
    return { from: file, to, typeOnly: match[1] !== undefined }
  })
}

/** The room a file of src belongs to; files directly in src are the house itself. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1]
}

/** A cloud's own packages are used by its connector only. */
const PACKAGE_OWNERS = [
  [/^@aws-sdk\/|^@smithy\//, 'connectors/aws/'],
  [/^@azure\//, 'connectors/azure/'],
  [/^@googleapis\/|^@google-cloud\/|^google-auth-library$/, 'connectors/gcp/'],
] as const

/** Why an import is not allowed; undefined when it is. */
function violation({ from, to }: Import): string | undefined {
  const inside = (folder: string) => to.startsWith(`${folder}/`)
  const owner = PACKAGE_OWNERS.find(([packages]) => packages.test(to))?.[1]
  if (owner !== undefined && !from.startsWith(owner) && !from.startsWith('test/'))
    return `this package belongs to ${owner}`
  if (from.startsWith('sandbox/'))
    return inside('src') || inside('connectors') ? 'the sandbox shares no code with us' : undefined
  if (from.startsWith('test/') || from.startsWith('prisma/')) return undefined
  if (inside('sandbox')) return 'the sandbox is somebody else: it is reached by HTTP only'
  if (from.startsWith('connectors/')) {
    const own = from.split('/')[1] ?? ''
    if (
      inside('src/core') ||
      // Files directly beside the contract are what every cloud shares.
      /^connectors\/[^/]+\.ts$/.test(to) ||
      (from === 'connectors/connector.ts' && inside('connectors/contract')) ||
      inside(`connectors/${own}`)
    )
      return undefined
    return inside('src') || inside('connectors')
      ? 'a connector imports the core and the contract only'
      : undefined
  }
  const room = roomOf(from)
  if (room === 'core')
    return to.startsWith('src/') && !inside('src/core') ? 'the core imports nothing' : undefined
  if (inside('connectors') && to !== 'connectors/connector.ts' && from !== 'src/services.ts')
    return 'only services.ts knows the real connectors'
  if (room === undefined) return undefined
  if (room === 'demo' || room === 'console') {
    const entry = from === 'src/demo/main.ts'
    const allowed =
      inside(`src/${room}`) ||
      inside('src/client') ||
      inside('src/core') ||
      // The world outside, not the service: the demonstration plays in it too.
      (room === 'demo' && to === 'src/sandbox/model.ts') ||
      (entry && /^src\/(server|config)\.ts$/.test(to))
    return to.startsWith('src/') && !allowed ? `${room} uses the client only` : undefined
  }
  const other = roomOf(to)
  if (other === undefined || other === room || other === 'core') return undefined
  return /\/(model|index)\.ts$/.test(to)
    ? undefined
    : `another room is entered by its index.ts or model.ts, not ${to}`
}

function cycles(edges: Import[]): string[][] {
  const graph = Map.groupBy(
    edges.filter(({ to }) => /\.tsx?$/.test(to)),
    ({ from }) => from,
  )
  const state = new Map<string, 'open' | 'done'>()
  const found: string[][] = []
  const walk = (file: string, path: string[]) => {
    state.set(file, 'open')
    for (const { to } of graph.get(file) ?? []) {
      if (state.get(to) === 'open') found.push([...path.slice(path.indexOf(to)), to])
      else if (!state.has(to)) walk(to, [...path, to])
    }
    state.set(file, 'done')
  }
  for (const file of graph.keys()) if (!state.has(file)) walk(file, [file])
  return found
}

/** Everything a file brings along, packages too, over all that it imports. */
function reach(edges: Import[], file: string, seen = new Set<string>()): Set<string> {
  for (const { from, to } of edges) {
    if (from !== file || seen.has(to)) continue
    seen.add(to)
    reach(edges, to, seen)
  }
  return seen
}

const files = ['src', 'connectors', 'sandbox', 'prisma'].flatMap(sources)
const edges = files.flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')))

describe('connectors', () => {
  test('have the same files for every cloud; what one of them needs beside lies in its folders', () => {
    const names = (cloud: string) =>
      readdirSync(join(ROOT, 'connectors', cloud), { withFileTypes: true })
        .filter((item) => item.isFile())
        .map(({ name }) => name)
        .sort()
    const aws = names('aws')
    expect(aws).toContain('index.ts')
    expect(names('azure')).toEqual(aws)
    expect(names('gcp')).toEqual(aws)
  })
})

describe('import boundaries', () => {
  test('hold everywhere', () => {
    expect(files.length).toBeGreaterThan(100)
    const broken = edges.flatMap((edge) => {
      const reason = violation(edge)
      return reason === undefined ? [] : [`${edge.from} → ${edge.to}: ${reason}`]
    })
    expect(broken).toEqual([])
  })

  test('no import cycles', () => {
    expect(cycles(edges.filter(({ typeOnly }) => !typeOnly))).toEqual([])
  })

  test('the library for SMTP comes along on Node, and not to a Worker', () => {
    const running = edges.filter(({ typeOnly }) => !typeOnly)
    expect(reach(running, 'src/server.ts')).toContain('nodemailer')
    const worker = reach(running, 'src/worker.ts')
    expect(worker).toContain('src/mail/http.ts')
    expect(worker).not.toContain('nodemailer')
  })

  test.each([
    ['src/ledger/post.ts', `import { x } from '../offers/store.ts'`],
    ['src/ledger/post.ts', `import { S3Client } from '@aws-sdk/client-s3'`],
    ['connectors/aws/index.ts', `import { JWT } from 'google-auth-library'`],
    ['src/offers/model.ts', `import { aws } from '../../connectors/aws/index.ts'`],
    ['sandbox/aws/money/billing.ts', `import { money } from '../../../src/core/money.ts'`],
    ['connectors/aws/offers.ts', `import { post } from '../../src/ledger/index.ts'`],
    ['src/core/money.ts', `import { post } from '../ledger/index.ts'`],
    ['src/demo/story.ts', `import { post } from '../ledger/index.ts'`],
    ['src/server.ts', `import { createSandbox } from '../sandbox/sandbox.ts'`],
  ])('a planted violation in %s is caught: %s', (file, line) => {
    expect(importsOf(file, line).map(violation)).not.toContain(undefined)
  })

  test('a planted cycle is caught', () => {
    const edge = (from: string, to: string) => ({ from, to, typeOnly: false })
    expect(cycles([edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'a.ts')])).toEqual([
      ['a.ts', 'b.ts', 'c.ts', 'a.ts'],
    ])
  })
})
