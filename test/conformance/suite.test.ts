import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { clouds } from '../../connectors/connector.ts'
import { Fault } from '../../src/core/fault.ts'
import { Broken, claim, equal, faultOf, holds } from './claims.ts'
import { openGround } from './ground.ts'
import { exitCode, summaries, toText } from './report.ts'
import { runScenario, tracedIn } from './run.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import { scenariosOf, worlds } from './worlds/index.ts'

/** The suite about itself: that it counts right, that every scenario has a document, and that it can be run alone. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const readmeOf = (cloud: string) => readFile(join(root, 'connectors', cloud, 'README.md'), 'utf8')

describe('scenarios', () => {
  test('have ids of their own', () => {
    const ids = clouds.flatMap((cloud) => scenariosOf(worlds[cloud]).map(({ id }) => id))
    const own = clouds.flatMap((cloud) => worlds[cloud].own ?? [])
    expect(new Set(ids).size).toBe(scenarios.length + own.length)
  })

  test.each(clouds)('of %s are traced to documents that its page names', async (cloud) => {
    const readme = await readmeOf(cloud)
    const sources = readme.slice(readme.indexOf('## Sources'))
    const traced = Object.values(worlds[cloud].trace)
    expect(traced.length).toBeGreaterThan(100)
    expect(traced.filter(({ source }) => !sources.includes(source))).toEqual([])
    expect(traced.filter(({ rule }) => rule.length < 15)).toEqual([])
  })

  test.each(clouds)('of %s: the table names no scenario that is not there', (cloud) => {
    const ids = scenariosOf(worlds[cloud]).map(({ id }) => id)
    const unknown = Object.keys(worlds[cloud].trace).filter(
      (id) => !ids.some((known) => known === id || known.startsWith(`${id}.`)),
    )
    expect(unknown).toEqual([])
  })

  test.each(clouds)('that %s lacks have a reason', (cloud) => {
    for (const reason of Object.values(worlds[cloud].lacks)) expect(reason).toMatch(/^[A-Z].{15,}[^.]$/)
  })
})

const passing: Scenario = { id: 'connection.fields', title: 'It holds', run: async () => undefined }

describe('a run', () => {
  test('passes what holds and fails what does not, with the claim', async () => {
    expect(await runScenario(worlds.aws, passing)).toMatchObject({
      outcome: 'passed',
      source: 'Our contract',
    })
    const broken = { ...passing, run: async () => equal(1 + 1, 3, 'The sum') }
    expect(await runScenario(worlds.aws, broken)).toMatchObject({
      outcome: 'failed',
      detail: 'The sum: expected 3, found 2',
    })
  })

  test('fails what crashes, and goes on', async () => {
    const crash = { ...passing, run: () => Promise.reject(new TypeError('oh')) }
    expect(await runScenario(worlds.gcp, crash)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('TypeError: oh'),
    })
  })

  test('never passes what a cloud has no capability for', async () => {
    const wants: Scenario = { ...passing, needs: ['agreements.activate'] }
    expect(await runScenario(worlds.aws, wants)).toMatchObject({ outcome: 'no capability' })
    const peculiar: Scenario = { ...passing, needs: ['suspension'] }
    const { outcome, detail } = await runScenario(worlds.aws, peculiar)
    expect([outcome, detail]).toEqual(['no capability', 'AWS tells no suspension of an agreement'])
  })

  test('fails what no document is named for', async () => {
    expect(tracedIn(worlds.aws, 'faults.offers.create.throttle')?.source).toBe('Catalog API model')
    expect(await runScenario(worlds.aws, { ...passing, id: 'offers.untraced' })).toMatchObject({
      outcome: 'failed',
      detail: 'No document is named for it',
    })
  })

  test('says what is by hand', async () => {
    const publish = scenarios.find(({ id }) => id === 'listings.publish')
    if (publish === undefined) throw new Error('There is no such scenario')
    expect(await runScenario(worlds.gcp, publish)).toMatchObject({
      outcome: 'by hand',
      detail: expect.stringContaining('Producer Portal'),
    })
    expect(await runScenario(worlds.aws, publish)).toMatchObject({ outcome: 'passed' })
  })

  test('is counted by outcome, and failures are told with their words', async () => {
    const results = [
      await runScenario(worlds.aws, passing),
      await runScenario(worlds.aws, { ...passing, run: async () => claim(false, 'It is not so') }),
      await runScenario(worlds.aws, { ...passing, needs: ['suspension'] }),
    ]
    expect(summaries(results)).toEqual([
      { cloud: 'aws', scenarios: 3, passed: 1, by_hand: 0, no_capability: 1, failed: 1 },
    ])
    expect([exitCode(results), exitCode(results.slice(0, 1))]).toEqual([1, 0])
    const text = toText(results)
    expect(text).toContain('3 scenarios, 1 passed, 0 by hand, 1 without capability, 1 failed')
    expect(text).toContain('FAILED aws connection.fields: It holds\n       It is not so')
  })
})

describe('claims', () => {
  test('say what was expected and found', () => {
    expect(() => holds({ a: { b: [1, 2] } }, { a: { b: [1] } }, 'It')).toThrow('It: a.b has not 1 items')
    expect(() => holds({ a: 'x' }, { a: /y/ }, 'It')).toThrow('It: a does not fit /y/')
    expect(() => holds({ a: new Date(0) }, { a: new Date(1) }, 'It')).toThrow(Broken)
    expect(() => holds({ a: 'xy', more: 1 }, { a: /y/ }, 'It')).not.toThrow()
  })

  test('tell the wrong fault, no fault, and what is none', async () => {
    const lost = () => Promise.reject(new Fault('timeout', 'late'))
    await expect(faultOf(lost, ['invalid'])).rejects.toThrow('The fault is timeout (late), not invalid')
    await expect(faultOf(async () => 7, ['invalid'])).rejects.toThrow('it was answered: 7')
    await expect(faultOf(() => Promise.reject(new TypeError('x')), ['invalid'])).rejects.toThrow(TypeError)
    expect((await faultOf(lost, ['invalid', 'timeout'])).code).toBe('timeout')
  })
})

describe('a request that is held back', () => {
  test('is lost to its sender and arrives when it is let go', async () => {
    const ground = await openGround()
    try {
      const held = ground.network.hold(({ url }) => url.endsWith('/clock'), 1)
      const address = `${ground.server.urls.control}/clock`
      const move = () => ground.network.fetch(address, { method: 'POST', body: '{"by":"PT1H"}' })
      expect((await move()).status).toBe(200)
      await expect(move()).rejects.toThrow('fetch failed')
      const now = async () => (await ground.control<{ now: string }>('/clock')).now
      expect(await now()).toBe('2026-09-01T09:00:00.000Z')
      await held.arrive()
      expect(await now()).toBe('2026-09-01T10:00:00.000Z')
    } finally {
      await ground.close()
    }
  })
})

describe('the command', () => {
  const run = (...given: string[]) =>
    promisify(execFile)(process.execPath, ['test/conformance/main.ts', ...given], {
      cwd: root,
      maxBuffer: 1 << 26,
    })

  test('prints JSON, records the exchanges without a secret, and ends with 0', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syndic-conformance-'))
    try {
      const record = join(folder, 'exchanges.jsonl')
      const { stdout } = await run('--json', '--only', 'connection.', '--record', record)
      const { summary } = JSON.parse(stdout) as {
        summary: { cloud: string; scenarios: number; failed: number }[]
      }
      expect(summary.map(({ cloud, scenarios: count, failed }) => [cloud, count, failed])).toEqual([
        ['aws', 6, 0],
        ['azure', 6, 0],
        ['gcp', 6, 0],
      ])
      const text = await readFile(record, 'utf8')
      const lines = text.trim().split('\n')
      const seen = new Set(lines.map((line) => (JSON.parse(line) as { cloud: string }).cloud))
      expect([...seen].sort()).toEqual(['aws', 'azure', 'gcp'])
      for (const secret of ['not-the-secret-at-all', 'wrongwrongwrongwrong', 'BEGIN PRIVATE KEY', 'Bearer '])
        expect(text.includes(secret), secret).toBe(false)
      expect(text).not.toMatch(/"?(client_secret|assertion|access_token)"?[=:]"?[\w.-]{20,}/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('prints a table of one cloud', async () => {
    const { stdout } = await run('aws', '--only', 'metering.window')
    expect(stdout).toMatch(
      /passed {2}metering\.window {2}Metering API model {2}A timestamp is less than 24 hours old/,
    )
    expect(stdout).toContain('AWS Marketplace: 1 scenarios, 1 passed')
  })

  test.each([[['ibm']], [['--only', 'nothing.like.this']], [['--colour']]])(
    '%s ends with 2',
    async (given) => {
      await expect(run(...given)).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining('npm run'),
      })
    },
  )
})
