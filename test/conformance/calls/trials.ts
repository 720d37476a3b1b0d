// One call of a connector under every mishap of every request that it makes: it is told as what it was, may be tried
// again, and in the end there is one effect.
import type { Change } from '../../../connectors/connector.ts'
import { Fault, judge } from '../../../src/core/fault.ts'
import { claim, equal, show } from '../claims.ts'
import type { Market } from '../world.ts'
import { callMishaps, type Mishap, RETRY_AFTER_MS, withDeadlines } from './mishaps.ts'

/** One thing to be done, as often as it takes. */
export type Trial = {
  call(): Promise<unknown>
  /** For slow changes: asked until it is over. */
  check?(reference: string): Promise<Change>
  /** How often the cloud did it, asked of the cloud. */
  effects?(): Promise<number>
  /** What every answer must be, for reads. */
  same?(answer: unknown): unknown
}
/** `make` gives a trial of its own for each number. */
export type CallRow = {
  /** The facet and the method, and after a colon which of several things it does. */
  name: string
  prepare(market: Market): Promise<(number: number) => Promise<Trial>>
  /** Mishaps that this call cannot have, each with the reason. */
  without?: Readonly<Record<string, string>>
  /** Nothing is read of what the cloud says but whether it is well. */
  unread?: true
  /** It tells what went wrong in its answer, and throws nothing. */
  tells?: true
}

/** Claims all of it for one call. Gives how many cells there were. */
export async function surviveAll(market: Market, row: CallRow): Promise<number> {
  const make = await row.prepare(market)
  const first = await make(0)
  const { requests } = await spoiled(market, undefined, 0, () => first.call())
  claim(requests > 0, `${row.name} asks the cloud`)
  const expected = first.same?.(await first.call())
  await over(market, row, first)
  let cells = 0
  for (const mishap of callMishaps.filter(({ name }) => row.without?.[name] === undefined))
    for (let place = 0; place < requests; place += 1) {
      cells += 1
      await survive(market, row, { mishap, place, trial: await make(cells), expected })
    }
  return cells
}

type Cell = { mishap: Mishap; place: number; trial: Trial; expected: unknown }

async function survive(market: Market, row: CallRow, { mishap, place, trial, expected }: Cell) {
  const where = `${row.name}, ${mishap.name} at request ${place + 1}`
  const { met, fault } = await spoiled(market, mishap, place, () => trial.call())
  claim(met, `${where}: it was met`)
  if (row.tells === undefined) claimTold(where, row, mishap, fault)
  const change = await over(market, row, trial)
  claim(change === undefined || change.status === 'succeeded', `${where}: ${show(change)}`)
  if (trial.effects !== undefined) equal(await trial.effects(), 1, `${where}: the number of effects`)
  if (trial.same !== undefined) equal(trial.same(await trial.call()), expected, `${where}: the answer`)
}

function claimTold(where: string, { unread }: CallRow, mishap: Mishap, fault: Fault | undefined): void {
  const { name, told, done } = mishap
  const found = fault?.code ?? null
  const missed = unread && done && found === null
  claim(missed || told.includes(found), `${where}: told ${show(told)}, and it is ${found}: ${fault?.message}`)
  if (fault === undefined) return
  claim(judge(fault.code).retry, `${where}: it may be tried again after ${fault.code}`)
  if (name === '429 with Retry-After') equal(fault.retryAfterMs, RETRY_AFTER_MS, `${where}: how long to wait`)
}

type Spoiled = { requests: number; met: boolean; fault: Fault | undefined }

/** Makes a call whose request at this place meets the mishap. */
async function spoiled(
  market: Market,
  mishap: Mishap | undefined,
  place: number,
  call: () => Promise<unknown>,
): Promise<Spoiled> {
  let requests = 0
  let met = false
  const work = (deadline: () => void) => {
    market.network.spoil((request, reach) => {
      const present = requests++
      if (mishap === undefined || present !== place || met) return reach()
      met = true
      return mishap.meet({ request, reach, deadline })
    })
    return call()
  }
  try {
    await withDeadlines(work)
    return { requests, met, fault: undefined }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { requests, met, fault: error }
  } finally {
    market.network.spoil(undefined)
  }
}

const ROUNDS_MAX = 8

/** Sends the same again and asks until it is over, on a good day. */
async function over(market: Market, { name }: CallRow, trial: Trial): Promise<Change | undefined> {
  const answer = await trial.call()
  let change = isChange(answer) ? answer : undefined
  for (let rounds = 0; change?.status === 'accepted' && trial.check !== undefined; rounds += 1) {
    claim(rounds < ROUNDS_MAX, `${name} is over at last`)
    await market.move({ by: 'PT1M' })
    change = await trial.check(change.reference)
  }
  return change
}

function isChange(answer: unknown): answer is Change {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'evidence' in answer
}
