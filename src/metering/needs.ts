// Usage that no cloud has taken though it should have, as Home tells it: by agreement and dimension, with the moment at
// which the first of it is lost.
import { z } from 'zod'
import * as agreements from '../agreements/index.ts'
import type { Agreement } from '../agreements/model.ts'
import { formatDecimal } from '../core/decimal.ts'
import { HOUR_MS, plus } from '../core/time.ts'
import { type Need, type Needs, needsOf } from '../home/model.ts'
import { findDeal } from '../offers/index.ts'
import { numericColumn, type Scope } from '../store/index.ts'
import { worthOf } from './lose.ts'
import { ALARM_MS } from './model.ts'

/** A record is sent within minutes; one that has waited this long waits for something. */
const STUCK_MS = HOUR_MS

const stuckRow = z.object({
  agreement_id: z.string(),
  dimension: z.string(),
  quantity: numericColumn,
  deadline_at: z.date(),
  since: z.date(),
})

/** Usage at risk, what is lost soonest first. */
export async function usageNeeds(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const alarm = plus(scope.now(), ALARM_MS)
  const rows = await tx.$queryRaw`
    SELECT agreement_id, dimension, sum(quantity) AS quantity, min(deadline_at) AS deadline_at, min(since) AS since
    FROM (
      SELECT agreement_id, dimension, quantity, deadline_at, created_at AS since FROM usage_record
      WHERE organisation_id = ${organisation_id} AND state IN ('pending', 'sending')
        AND (deadline_at < ${alarm} OR created_at < ${plus(scope.now(), -STUCK_MS)})
      UNION ALL
      SELECT agreement_id, dimension, used, deadline_at, hour FROM usage_hour
      WHERE organisation_id = ${organisation_id} AND state = 'open' AND used <> 0 AND deadline_at < ${alarm}
    ) AS stuck
    GROUP BY agreement_id, dimension ORDER BY min(deadline_at), agreement_id, dimension`
  const stuck = z.array(stuckRow).parse(rows)
  const known = await agreements.findMany(scope, [...new Set(stuck.map(({ agreement_id }) => agreement_id))])
  const needs = stuck.map(({ agreement_id, dimension, quantity, deadline_at, since }): Need => {
    const sentence = `${formatDecimal(quantity)} ${dimension} of ${agreement_id} were not taken by the cloud yet.`
    const money = worthOf(known.get(agreement_id), dimension, quantity)
    return { subject_id: agreement_id, sentence, money, deadline_at, since }
  })
  const told = needsOf(needs, limit)
  return { ...told, items: await named(scope, told.items, known) }
}

/** The same with the buyer's name for the agreement's id, where a deal of ours tells it. */
async function named(
  scope: Scope,
  items: readonly Need[],
  known: ReadonlyMap<string, Agreement>,
): Promise<Need[]> {
  const found: Need[] = []
  for (const item of items) {
    const deal_id = known.get(item.subject_id)?.deal_id ?? null
    const buyer = deal_id === null ? undefined : (await findDeal(scope, deal_id)).buyer_name
    found.push({ ...item, sentence: item.sentence.replace(item.subject_id, buyer ?? item.subject_id) })
  }
  return found
}
