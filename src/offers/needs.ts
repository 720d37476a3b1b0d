// What a person should look at: offers that run out, and offers that a cloud refused.
import { z } from 'zod'
import { type Money, parseMoney } from '../core/money.ts'
import { DAY_MS, dateOf, plus, startOfDate } from '../core/time.ts'
import type { Need, Needs } from '../home/model.ts'
import type { Scope } from '../store/index.ts'
import { offerStates } from './model.ts'
import { toSet } from './store-sets.ts'

/** How long before its last day an offer that nobody accepted is told of. */
const EXPIRING_MS = 7 * DAY_MS
/** How long a refusal is told of that nobody made good. */
export const FAILED_MS = 30 * DAY_MS

const foundRow = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(offerStates),
  expires_on: z.string(),
  updated_at: z.date(),
  reason: z.string().nullable(),
  currency: z.string(),
  total: z.string().nullable(),
})
const sumRow = z.object({ currency: z.string(), count: z.number().int(), total: z.string().nullable() })

/** Live offers whose last day is near, the nearest first and then the largest. */
export async function expiringOffers(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const today = dateOf(scope.now())
  const until = dateOf(plus(scope.now(), EXPIRING_MS))
  const rows = await tx.$queryRaw`
    SELECT id, name, state, expires_on, updated_at, NULL AS reason, terms->>'currency' AS currency, terms->>'total' AS total
    FROM offer
    WHERE organisation_id = ${organisation_id} AND state = 'live' AND expires_on BETWEEN ${today} AND ${until}
    ORDER BY expires_on, (terms->>'total')::numeric DESC NULLS LAST, id LIMIT ${limit}`
  const sums = await tx.$queryRaw`
    SELECT terms->>'currency' AS currency, count(*)::int AS count, sum((terms->>'total')::numeric)::text AS total
    FROM offer
    WHERE organisation_id = ${organisation_id} AND state = 'live' AND expires_on BETWEEN ${today} AND ${until}
    GROUP BY 1 ORDER BY 1`
  const need = (row: z.infer<typeof foundRow>): Need => ({
    subject_id: row.id,
    sentence: `"${row.name}" can be accepted until ${row.expires_on}, and nobody has.`,
    money: moneyOf(row),
    deadline_at: plus(startOfDate(row.expires_on), DAY_MS),
    since: row.updated_at,
  })
  return toNeeds(rows, sums, need)
}

/** Offers that a cloud refused and that were not made anew since, and those that it refused to move or to withdraw. */
export async function failedOffers(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const since = plus(scope.now(), -FAILED_MS)
  // What was asked for again, of the same deal or authorization at the same place, needs nobody any more.
  const rows = await tx.$queryRaw`
    SELECT id, name, state, expires_on, updated_at, coalesce(problems->0->>'plain', problems->0->>'message') AS reason,
           terms->>'currency' AS currency, terms->>'total' AS total
    FROM offer o
    WHERE organisation_id = ${organisation_id} AND updated_at > ${since}
      AND (state = 'live' AND problems <> '[]'::jsonb OR state = 'failed'
        AND NOT EXISTS (SELECT 1 FROM offer n WHERE n.organisation_id = o.organisation_id AND n.deal_id = o.deal_id
                        AND n.connection_id = o.connection_id AND n.id > o.id AND n.state <> 'failed')
        AND NOT EXISTS (SELECT 1 FROM offer n WHERE n.organisation_id = o.organisation_id
                        AND n.authorization_id = o.authorization_id AND n.id > o.id AND n.state <> 'failed'))
    ORDER BY (terms->>'total')::numeric DESC NULLS LAST, id LIMIT ${limit}`
  const sums = await tx.$queryRaw`
    SELECT terms->>'currency' AS currency, count(*)::int AS count, sum((terms->>'total')::numeric)::text AS total
    FROM offer o
    WHERE organisation_id = ${organisation_id} AND updated_at > ${since}
      AND (state = 'live' AND problems <> '[]'::jsonb OR state = 'failed'
        AND NOT EXISTS (SELECT 1 FROM offer n WHERE n.organisation_id = o.organisation_id AND n.deal_id = o.deal_id
                        AND n.connection_id = o.connection_id AND n.id > o.id AND n.state <> 'failed')
        AND NOT EXISTS (SELECT 1 FROM offer n WHERE n.organisation_id = o.organisation_id
                        AND n.authorization_id = o.authorization_id AND n.id > o.id AND n.state <> 'failed'))
    GROUP BY 1 ORDER BY 1`
  const need = (row: z.infer<typeof foundRow>): Need => ({
    subject_id: row.id,
    sentence: `"${row.name}" was not ${row.state === 'failed' ? 'made' : 'changed'}: ${row.reason ?? 'the cloud refused it'}`,
    money: moneyOf(row),
    deadline_at: null,
    since: row.updated_at,
  })
  return toNeeds(rows, sums, need)
}

/** Offer sets that no buyer sees yet because an offer of them, or their release, was refused. */
export async function incompleteSets(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const where = { organisation_id, state: 'incomplete', expires_on: { gte: dateOf(scope.now()) } }
  const rows = await tx.offer_set.findMany({
    where,
    orderBy: [{ expires_on: 'asc' }, { id: 'asc' }],
    take: limit,
  })
  const items = rows.map(toSet).map(({ id, name, expires_on, problems: [refusal], updated_at }) => ({
    subject_id: id,
    sentence:
      refusal === undefined
        ? `The offer set "${name}" is not released: an offer is missing in it. Add one in its place, or release it without.`
        : `The offer set "${name}" was not released: ${refusal.plain ?? refusal.message}`,
    money: null,
    deadline_at: plus(startOfDate(expires_on), DAY_MS),
    since: updated_at,
  }))
  return { items, count: await tx.offer_set.count({ where }), sums: [] }
}

function toNeeds(rows: unknown, sums: unknown, need: (row: z.infer<typeof foundRow>) => Need): Needs {
  const told = z.array(sumRow).parse(sums)
  return {
    items: z.array(foundRow).parse(rows).map(need),
    count: told.reduce((all, { count }) => all + count, 0),
    sums: told.flatMap((row) => moneyOf(row) ?? []),
  }
}

/** The fixed part of a deal; null where it is by usage alone. */
function moneyOf({ currency, total }: { currency: string; total: string | null }): Money | null {
  return total === null ? null : (parseMoney(currency, total) ?? null)
}
