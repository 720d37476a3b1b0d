import type { WorkKind } from '../../src/work/index.ts'
import type { World } from './processes.ts'
import type { Tenant } from './tenant.ts'

/** One piece of work of a kind, from its writing down to its end. */
export type Scenario = {
  /** The tenant's cloud takes changes and finishes them later. */
  slow?: boolean
  /** Writes things so that exactly one piece of work is due, and it is of this kind. */
  arrange(world: World, tenant: Tenant): Promise<void>
  /** What stands when it is done and whatever followed at once: how many rows of a table in which state. */
  ends: Readonly<Record<string, number>>
  /** What must be found in what stands, word for word. */
  says: readonly string[]
}

/** The races of some kinds of work. */
export type Scenarios<Kind extends WorkKind> = Readonly<Record<Kind, Scenario>>

/** What a tenant has before anything happens. */
const FURNITURE = ['cloud', 'balance', 'product', 'dimension', 'deal', 'listing']

/** How many rows of each table stand in which state; of those without a state, of which kind. */
export function counted(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const table = line.slice(0, line.indexOf(' '))
    if (FURNITURE.includes(table)) continue
    const row = JSON.parse(line.slice(table.length + 1)) as { state?: string; kind?: string }
    const label = [table, row.state ?? row.kind].filter((part) => part !== undefined).join(' ')
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}
