// Runs scenarios, each in a market of its own, and keeps what came of them.
import type { Cloud, Connector } from '../../connectors/connector.ts'
import { type Ground, openGround } from './ground.ts'
import { facetOf, lacking, type Scenario } from './scenario.ts'
import type { Market, Traced, World } from './world.ts'

/**
 * passed: every claim holds. by hand: the same, and a person did what the cloud has no interface for. no capability: the
 * cloud cannot be asked this. failed: a claim does not hold.
 */
export type Outcome = 'passed' | 'by hand' | 'no capability' | 'failed'

export type Result = {
  cloud: Cloud
  id: string
  facet: string
  title: string
  rule: string
  source: string
  outcome: Outcome
  /** Why it failed, why the cloud cannot be asked, or what the person was told to do. */
  detail: string
  duration_ms: number
}

export type RunOptions = {
  /** File that the sandbox's exchanges are appended to. */
  record?: string | undefined
  /** Puts something in front of the connector: how planted bugs get in. */
  spoil?: (connector: Connector) => Connector
}

export async function runScenario(
  world: World,
  scenario: Scenario,
  { record, spoil = (connector) => connector }: RunOptions = {},
): Promise<Result> {
  const started = performance.now()
  const { outcome, detail } = await play(world, scenario, record, spoil)
  const { id, title } = scenario
  const { rule = '', source = '' } = outcome === 'no capability' ? {} : (tracedIn(world, id) ?? {})
  const untraced = outcome !== 'no capability' && source === ''
  return {
    cloud: world.cloud,
    id,
    facet: facetOf(scenario),
    title,
    rule,
    source,
    outcome: untraced ? 'failed' : outcome,
    detail: untraced ? 'No document is named for it' : detail,
    duration_ms: Math.round(performance.now() - started),
  }
}

/** The rule of a scenario; those of one call with different mishaps share one. */
export function tracedIn({ trace }: World, id: string): Traced | undefined {
  return trace[id] ?? trace[id.replace(/\.[^.]+$/, '')]
}

async function play(
  world: World,
  scenario: Scenario,
  record: string | undefined,
  spoil: (connector: Connector) => Connector,
): Promise<Pick<Result, 'outcome' | 'detail'>> {
  const grounds: Ground[] = []
  async function open(): Promise<Market> {
    const ground = await openGround(record, scenario.starts)
    grounds.push(ground)
    const opened = await world.open(ground)
    return { ...opened, connector: spoil(opened.connector), another: open }
  }
  try {
    const market = await open()
    const reason = lacking(scenario, world, market.connector)
    if (reason !== undefined) return { outcome: 'no capability', detail: reason }
    await scenario.run(market)
    const own = market.by_hand.filter(({ facet }) => facet === facetOf(scenario))
    const tasks = own.map(({ task }) => task.title)
    return tasks.length === 0
      ? { outcome: 'passed', detail: '' }
      : { outcome: 'by hand', detail: [...new Set(tasks)].join('; ') }
  } catch (error) {
    return { outcome: 'failed', detail: wordsOf(error) }
  } finally {
    for (const ground of grounds) await ground.close()
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'Broken') return error.message
  const place = error.stack?.split('\n').find((line) => line.includes('/conformance/')) ?? ''
  return `${error.name}: ${error.message} ${place.trim()}`.trim()
}
