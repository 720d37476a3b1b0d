import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Connector } from '../../connectors/connector.ts'
import { capabilities } from '../../src/connections/capabilities.ts'
import { connectors, optionalMethods, tableOf, withTable } from './capabilities.ts'

const line = (table: string, words: string) =>
  table.split('\n').find((text) => text.startsWith(`| ${words} |`)) ?? ''

describe('the table of capabilities', () => {
  test('tells what is there, what is by hand, and what a cloud has no such step for', () => {
    const table = tableOf(connectors())
    expect(line(table, 'Report usage')).toBe('| Report usage | yes | yes | yes |')
    expect(line(table, 'Publish a listing')).toBe('| Publish a listing | yes | yes | by hand |')
    expect(line(table, 'Activate a purchase that waits for the seller')).toContain('| – | yes | yes |')
  })

  test('is in README.md as it is', async () => {
    const page = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    expect(withTable(page, tableOf(connectors()))).toBe(page)
  })

  test('has a row for each facet and each optional method', () => {
    const all = connectors()
    expect(new Set(capabilities.map(({ facet }) => facet)).size).toBe(8)
    const told = capabilities.flatMap(({ facet, methods }) => methods.map((method) => `${facet}.${method}`))
    expect(optionalMethods(all).length).toBeGreaterThan(3)
    expect(optionalMethods(all).filter((name) => !told.includes(name))).toEqual([])
  })

  test('follows the connectors: a facet that goes, a method that comes, a step that becomes a person’s', () => {
    const all = connectors()
    const { metering: _, ...without } = all.aws
    const changed: Connector = {
      ...without,
      ...(all.aws.offers ? { offers: all.aws.offers } : {}),
      ...(all.aws.listings ? { listings: { ...all.aws.listings, by_hand: ['publish'] } } : {}),
      ...(all.aws.agreements
        ? { agreements: { ...all.aws.agreements, activate: () => Promise.reject(new Error('planted')) } }
        : {}),
    }
    const table = tableOf({ ...all, aws: changed })
    expect(line(table, 'Report usage')).toContain('| – | yes | yes |')
    expect(line(table, 'Publish a listing')).toContain('| by hand | yes | by hand |')
    expect(line(table, 'Activate a purchase that waits for the seller')).toContain('| yes | yes | yes |')
  })

  test('needs its two marks', () => {
    expect(() => withTable('nothing', 'table')).toThrow('needs the marks')
  })
})
