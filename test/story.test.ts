import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../src/client/index.ts'
import { readConfig } from '../src/config.ts'
import { STARTS_AT } from '../src/demo/scenario.ts'
import { live } from '../src/demo/story.ts'
import type { Lived } from '../src/demo/teller.ts'
import { type DealVerdict, judge, type Verdict } from '../src/demo/verdict.ts'
import type { Cloud } from '../src/demo/world.ts'
import { type RunningServer, startServer } from '../src/server.ts'

let data: string
let server: RunningServer
let lived: Lived
let verdict: Verdict

async function open(): Promise<RunningServer> {
  const config = readConfig({ PORT: '0', SYNDIC_DATA: data })
  return startServer(config, { log: () => {}, ticking: false, sandbox_start: STARTS_AT })
}

async function tell(running: RunningServer): Promise<Lived> {
  if (running.control === undefined) throw new Error('no sandbox')
  return live({ ...running, control: running.control, report: () => {} })
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'syndic-test-'))
  server = await open()
  lived = await tell(server)
  verdict = await judge(lived)
}, 180_000)

afterAll(async () => {
  await server.stop()
  await rm(data, { recursive: true, force: true })
})

describe('one deal on each cloud, end to end', () => {
  test('every check holds', () => {
    expect(verdict.checks.filter((check) => !check.ok)).toEqual([])
    expect(verdict.checks.length).toBeGreaterThan(25)
  })

  test('on AWS the figures are those a bookkeeper comes to', () => {
    const deal = dealOn('aws')
    expect(deal.usage.map(countsOf)).toEqual([
      { used: '643.375', drawn: '0', sent: '643', carried: '0.375', lost: '0' },
      { used: '643.375', drawn: '0', sent: '643', carried: '0.375', lost: '0' },
    ])
    // 90,000 less 3 per cent, and 643 × 0.8125 = 522.44 less 15.67.
    // 48,000.01 less 3.5 per cent, and 643 × 0.75 = 482.25 less 16.88.
    expect(deal.reconciliation.vendor.map(bankedOf)).toEqual(['87806.77', '46785.38'])
    // 54,000.01 − 48,000.01, its usage margin, less 3.5 per cent of both; and 5 per cent tax passed on.
    expect(deal.reconciliation.reseller.map(causesOf)).toEqual([[['tax', '-2727.13']]])
    expect(deal.partner_statements.map(statedOf)).toEqual([
      ['2026-02', '960.00'],
      ['2026-03', '19.29'],
      ['2026-04', '960.00'],
    ])
    expect(deal.commitments.map(drawnOf)).toEqual([
      ['90522.44', 'estimate'],
      ['48482.26', 'estimate'],
    ])
  })

  test('the vendor sees neither the resale price nor the markup', async () => {
    const { vendor } = lived
    const seen = JSON.stringify([
      unwrap(await vendor.GET('/v1/agreements', { params: { query: { limit: 100 } } })),
      unwrap(await vendor.GET('/v1/offers', { params: { query: { limit: 100 } } })),
      unwrap(await vendor.GET('/v1/resale-authorizations', {})),
      unwrap(await vendor.GET('/v1/reconciliation', { params: { query: { limit: 100 } } })),
    ])
    expect(seen).not.toMatch(/54000\.01|27000\.01|12\.5/)
  })

  test('a second run of the same story changes nothing', async () => {
    const before = await entries()
    await server.stop()
    server = await open()
    lived = await tell(server)
    expect(await entries()).toEqual(before)
    expect((await judge(lived)).ok).toBe(true)
  }, 120_000)

  test('other programs read the same books', async () => {
    for (const [format, program, ...command] of [
      ['hledger', 'hledger', 'check', '--strict', '-f'],
      ['hledger', 'ledger', 'balance', '--strict', '--pedantic', '-f'],
      ['beancount', 'bean-check'],
    ] as const) {
      for (const client of [lived.vendor, lived.reseller]) {
        const text = unwrap(
          await client.GET('/v1/ledger/export', { params: { query: { format } }, parseAs: 'text' }),
        )
        const file = join(data, `books.${format}`)
        await writeFile(file, text)
        const done = spawnSync(program, [...command, file], { encoding: 'utf8' })
        if (done.error && !process.env.CI) {
          console.warn(`${program} is not installed: its check of the exported books did not run.`)
          continue
        }
        expect(done.error).toBeUndefined()
        expect([program, done.status, done.stderr]).toEqual([program, 0, ''])
      }
    }
  }, 60_000)
})

function dealOn(cloud: Cloud): DealVerdict {
  const deal = verdict.deals.find((candidate) => candidate.cloud === cloud)
  if (deal === undefined) throw new Error(`No deal was lived on ${cloud}`)
  return deal
}

const countsOf = ({ used, drawn, sent, carried, lost }: DealVerdict['usage'][number]) => ({
  used,
  drawn,
  sent,
  carried,
  lost,
})
type Reconciled = DealVerdict['reconciliation']['vendor'][number]
const bankedOf = ({ banked }: Reconciled) => banked.amount
const causesOf = ({ causes }: Reconciled) => causes.map(({ cause, amount }) => [cause, amount.amount])
const statedOf = ({ content, total }: DealVerdict['partner_statements'][number]) => [
  content.month,
  total.amount,
]
const drawnOf = ({ balance: { drawn } }: DealVerdict['commitments'][number]) => [
  drawn.amount.amount,
  drawn.basis,
]

async function entries(): Promise<string[]> {
  const { items } = unwrap(
    await lived.vendor.GET('/v1/ledger/entries', { params: { query: { limit: 200 } } }),
  )
  return items.map((entry) => entry.reference)
}
