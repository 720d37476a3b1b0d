// What came of a run, as plain text or JSON.
import type { Cloud } from '../../connectors/connector.ts'
import type { Outcome, Result } from './run.ts'

const names: Readonly<Record<Cloud, string>> = {
  aws: 'AWS Marketplace',
  azure: "Microsoft's commercial marketplace",
  gcp: 'Google Cloud Marketplace',
}

/** Counts of one cloud. Scenarios are all that were looked at; what a cloud cannot be asked is never passed. */
export type Summary = {
  cloud: Cloud
  scenarios: number
  passed: number
  by_hand: number
  no_capability: number
  failed: number
}

export function summaries(results: readonly Result[]): Summary[] {
  const clouds = [...new Set(results.map(({ cloud }) => cloud))]
  return clouds.map((cloud) => {
    const own = results.filter((result) => result.cloud === cloud)
    const count = (wanted: Outcome) => own.filter(({ outcome }) => outcome === wanted).length
    return {
      cloud,
      scenarios: own.length,
      passed: count('passed'),
      by_hand: count('by hand'),
      no_capability: count('no capability'),
      failed: count('failed'),
    }
  })
}

/** 0 when nothing failed. */
export function exitCode(results: readonly Result[]): 0 | 1 {
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

export function toJson(results: readonly Result[]): string {
  return JSON.stringify({ summary: summaries(results), scenarios: results }, null, 2)
}

/** Table after table, then what failed, then the counts, which are what is looked at first. */
export function toText(results: readonly Result[]): string {
  const counts = summaries(results)
  const tables = counts.map(({ cloud }) =>
    tableOf(
      cloud,
      results.filter((result) => result.cloud === cloud),
    ),
  )
  const failures = results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ cloud, id, title, detail }) => `FAILED ${cloud} ${id}: ${title}\n       ${detail}`)
  const lines = counts.map(
    ({ cloud, scenarios, passed, by_hand, no_capability, failed }) =>
      `${names[cloud]}: ${scenarios} scenarios, ${passed} passed, ${by_hand} by hand, ${no_capability} without capability, ${failed} failed`,
  )
  return [...tables, ...failures, lines.join('\n')].join('\n\n')
}

const marks: Readonly<Record<Outcome, string>> = {
  passed: 'passed',
  'by hand': 'by hand',
  'no capability': '-',
  failed: 'FAILED',
}

function tableOf(cloud: Cloud, results: readonly Result[]): string {
  const rows = results.map(({ outcome, id, source, rule, detail }) => [
    marks[outcome],
    id,
    outcome === 'no capability' ? 'no capability' : source,
    outcome === 'no capability' ? detail : rule,
  ])
  const head = ['', 'scenario', 'document', 'rule']
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
  const rule = line(widths.map((width) => '-'.repeat(width)))
  return [names[cloud], line(head), rule, ...rows.map(line)].join('\n')
}
