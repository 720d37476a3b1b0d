// A bad day: every call that changes something, with every way in which its request or its answer can be lost. By the
// facet's own resolution it must end with exactly one effect at the cloud.
import type { Change, Connector, Resolution } from '../../../connectors/connector.ts'
import { Fault, type FaultCode, judge } from '../../../src/core/fault.ts'
import { claim, equal, given, show } from '../claims.ts'
import type { Capability, Scenario } from '../scenario.ts'
import type { Market, Mutation, Peculiarity } from '../world.ts'
import { mutations, type Prepared } from './mutations.ts'

type Mishap = {
  name: string
  what: string
  /** The plan of the sandbox; undefined where the request is held back on its way instead. */
  plan?: { fault: string; delay_ms?: number }
  /** What the caller is told; null: it may also never notice. */
  told: readonly (FaultCode | null)[]
  /** Only for calls that make something new. */
  makes_only?: boolean
}

const mishaps: readonly Mishap[] = [
  {
    name: 'drop_request',
    what: 'the request is lost',
    plan: { fault: 'drop_request' },
    told: ['connection_lost'],
  },
  {
    name: 'drop_answer',
    what: 'the answer is lost',
    plan: { fault: 'drop_answer' },
    told: ['connection_lost'],
  },
  {
    name: 'throttle',
    what: 'the cloud is asked too often',
    plan: { fault: 'throttle' },
    told: ['throttled'],
  },
  { name: 'error_500', what: 'the cloud fails', plan: { fault: 'error_500' }, told: ['unavailable'] },
  { name: 'delay', what: 'the answer is late', plan: { fault: 'delay', delay_ms: 30 }, told: [null] },
  {
    name: 'truncated',
    what: 'the answer breaks off',
    plan: { fault: 'truncated_json' },
    told: ['unreadable_reply', null],
  },
  {
    name: 'arrives_late',
    what: 'the lost request arrives after its repetition',
    told: ['connection_lost'],
    makes_only: true,
  },
]

export const faultScenarios: Scenario[] = mutations.flatMap((mutation) =>
  mishaps
    .filter(({ makes_only }) => !makes_only || mutation.makes)
    .map((mishap) => ({
      id: `faults.${mutation.name}.${mishap.name}`,
      title: `${mutation.title}: when ${mishap.what}, there is one effect in the end`,
      needs: mutation.needs as readonly (Capability | Peculiarity)[],
      run: (market) => survive(market, mutation.name, mishap),
    })),
)

/** Each request that changes something meets the mishap once, in a market of its own. */
async function survive(first: Market, name: Mutation, mishap: Mishap): Promise<void> {
  const { prepare } = given(
    mutations.find((mutation) => mutation.name === name),
    'mutation',
  )
  const writes = first.writes[name]
  claim(writes.length > 0, `The world knows the requests of ${name}`)
  for (const [index, write] of writes.entries()) {
    const market = index === 0 ? first : await first.another()
    const prepared = await prepare(market)
    const { service, operation, after = 0, address } = write
    const where = `${operation} (${after + 1})`
    const held =
      mishap.plan === undefined
        ? market.network.hold((request) => address.test(lineOf(request)), after)
        : undefined
    if (mishap.plan !== undefined)
      await market.control('/faults', { cloud: market.cloud, service, operation, after, ...mishap.plan })
    const met = await persist(market, prepared)
    if (held === undefined) await claimMet(market, where)
    const expected = met.length === 0 ? null : met[0]
    claim(
      met.length <= 1 && mishap.told.includes(expected ?? null),
      `At ${where} the caller is told ${show(mishap.told)}, once: ${show(met)}`,
    )
    if (held !== undefined) {
      await market.move({ by: 'PT1M' })
      await held.arrive()
      await market.move({ by: 'PT1H' })
      await persist(market, prepared)
    }
    equal(await prepared.effect(), prepared.one, `The effect after ${where}`)
    const left = held === undefined ? await prepared.leftovers?.() : undefined
    equal(left ?? [], [], `What is left behind after ${where}`)
  }
}

function lineOf(request: Request): string {
  return `${request.method} ${request.url} ${request.headers.get('x-amz-target') ?? ''}`
}

async function claimMet(market: Market, where: string): Promise<void> {
  const plans = await market.control<{ used: number }[]>('/faults')
  equal(
    plans.map(({ used }) => used),
    [1],
    `How often the fault at ${where} was met`,
  )
}

const ATTEMPTS_MAX = 20

/** Sends and asks until the change is over, as its caller does. Gives the faults that were met. */
async function persist(market: Market, prepared: Prepared): Promise<FaultCode[]> {
  const met: FaultCode[] = []
  let change: Change | undefined
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    try {
      change =
        change?.status === 'accepted'
          ? await prepared.check(change.reference)
          : await sendBy(resolutionOf(market.connector, prepared), prepared, met.length > 0)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      claim(judge(error.code).retry, `After ${error.code} it may be tried again: ${error.message}`)
      met.push(error.code)
      continue
    }
    if (change.status !== 'accepted') break
    await market.move({ by: 'PT20M' })
  }
  claim(change?.status === 'succeeded', `It succeeds in the end: ${show(change)}`)
  return met
}

function resolutionOf(connector: Connector, { resolution }: Prepared): Resolution {
  return resolution(connector)
}

/** How an unknown outcome is resolved: by the same call, which looks for its own mark where it must; or by reading first. */
async function sendBy(resolution: Resolution, prepared: Prepared, again: boolean): Promise<Change> {
  if (resolution === 'read_back' && again) {
    const found = await prepared.effect()
    if (JSON.stringify(found) === JSON.stringify(prepared.one))
      return { status: 'succeeded', target: {}, evidence: {} }
  }
  return prepared.send()
}
