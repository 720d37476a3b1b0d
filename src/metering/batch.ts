import type { MeteringRules } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import { type Agreement, takesUsage } from '../agreements/model.ts'
import type { Context } from '../context.ts'
import { plus } from '../core/time.ts'
import { heldUsage } from '../listings/index.ts'
import type { Scope } from '../store/index.ts'
import { done, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { alarm, doubtOf, loseRecords } from './lose.ts'
import { ALARM_MS, earliest, GRACE_MS, rulesOf, type UsageRecord } from './model.ts'
import { readNaming } from './naming.ts'
import { ask, fill, groupOf, type SentRecord, toSentRecord } from './request.ts'
import { nearDeadline, sayWhy, takePending } from './store-records.ts'

/** Records one piece of work puts into requests. */
export const RECORDS_PER_PIECE = 1000

type Parts = Pick<Context, 'store' | 'connectors'>

/**
 * The handler of `metering.batch` (key: a connection): puts pending records into requests, the earliest deadline
 * first. What nobody can take any more is expired, and what is in danger of it is told.
 */
export async function batch(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { again_at } = await context.store.inTenant(item.organisation_id, async (scope) => {
    const more = await batchPiece(context, scope, item.key)
    return { again_at: more ? scope.now() : await watch(scope, item.key) }
  })
  return again_at === null ? done : { done: false, again_at }
}

/** Answers whether there is more to send. */
async function batchPiece(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  connection_id: string,
): Promise<boolean> {
  const now = scope.now()
  // Records whose agreement has no licence yet, or is not active, keep their place and must not hide the ones behind them.
  for (let skip = 0; ; ) {
    const { records: pending, full } = await takePending(scope, connection_id, RECORDS_PER_PIECE, skip)
    const known = await agreements.findMany(scope, [...new Set(pending.map((record) => record.agreement_id))])
    const expired = pending.filter((record) => record.deadline_at <= now)
    await loseRecords(
      scope,
      'expired',
      expired.map((record) => ({
        record,
        reason: `${record.reason ?? 'The deadline passed before it was sent.'}${doubtOf(record)}`,
      })),
      known,
    )
    const live = pending.filter((record) => record.deadline_at > now)
    const sent = await send(context, scope, connection_id, live, known)
    if (!full) return false
    if (sent + expired.length > 0) return true
    skip += pending.length
  }
}

/** Puts records into requests; answers how many. */
async function send(
  context: Pick<Context, 'connectors'>,
  scope: Scope,
  connection_id: string,
  records: readonly UsageRecord[],
  known: ReadonlyMap<string, Agreement>,
): Promise<number> {
  const groups = new Map<string, SentRecord[]>()
  const held = await heldUsage(scope, connection_id)
  const naming = await readNaming(scope, connection_id, records, known)
  const waiting: string[] = []
  const unnamed = new Map<string, string[]>()
  // What waits under a name may be at the cloud by that name.
  const doubtful = new Set(records.filter(({ named_by }) => named_by !== null).map(({ id }) => id))
  const attempts = new Map(records.map((record) => [record.id, record.attempts]))
  let rules: MeteringRules | undefined
  for (const record of records) {
    const agreement = known.get(record.agreement_id)
    // What the cloud would refuse today it may take tomorrow: it waits for its agreement, up to its deadline.
    if (agreement === undefined || !takesUsage(agreement.state)) continue
    if (held(agreement, record.dimension)) {
      waiting.push(record.id)
      continue
    }
    rules = rulesOf(context, agreement.cloud)
    const named = toSentRecord(record, agreement, rules)
    if (named === null) continue
    const sent = rules.named_by === 'license' ? naming(named, agreement) : named
    if (typeof sent === 'string') {
      unnamed.set(sent, [...(unnamed.get(sent) ?? []), record.id])
      continue
    }
    const group = groupOf(sent, agreement.id, rules)
    groups.set(group, [...(groups.get(group) ?? []), sent])
  }
  await sayWhy(scope, waiting, HELD)
  for (const [reason, ids] of unnamed) await sayWhy(scope, ids, reason)
  if (rules === undefined) return 0
  const limits = rules
  const requests = [...groups.values()].flatMap((group) =>
    fill(group, limits).map((request, turn) => ({ request, turn, deadline: request[0]?.deadline_at ?? '' })),
  )
  // At equal deadlines the products take turns, so that a large one does not make the others wait.
  requests.sort((left, right) => {
    if (left.deadline !== right.deadline) return left.deadline < right.deadline ? -1 : 1
    return left.turn - right.turn
  })
  for (const { request } of requests) {
    const occasion = request.map(({ id }) => attempts.get(id)).join(' ')
    const may_have_arrived = request.some(({ id }) => doubtful.has(id))
    await ask(scope, connection_id, { may_have_arrived, records: request }, occasion)
  }
  return requests.reduce((total, { request }) => total + request.length, 0)
}

const HELD =
  'Its listing differs at the cloud, which could not take it: open the listing, where the ways on stand'

/** Tells of records near their deadline; answers when to look again. */
async function watch(scope: Scope, connection_id: string): Promise<Date | null> {
  const now = scope.now()
  const { near, next, last } = await nearDeadline(scope, connection_id, plus(now, ALARM_MS))
  // Records of an ended agreement are born near their deadline: they get a moment to be taken first.
  const calm = (record: UsageRecord) =>
    plus(record.created_at, GRACE_MS) > now && record.deadline_at > plus(now, GRACE_MS)
  const alarming = near.filter((record) => !calm(record))
  const known = await agreements.findMany(scope, [...new Set(alarming.map((record) => record.agreement_id))])
  await alarm(scope, alarming, known)
  const times = near.filter(calm).map((record) => plus(record.created_at, GRACE_MS))
  if (next !== null) times.push(plus(next, -ALARM_MS))
  if (last !== null) times.push(last)
  return earliest(times.map((time) => (time > now ? time : plus(now, 1000))))
}
