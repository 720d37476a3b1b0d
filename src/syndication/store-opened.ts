// What vendors opened to the tenant as a reseller, and how each of it stands.
import { z } from 'zod'
import type { Slice } from '../core/order.ts'
import { dateOf } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { type Authorization, type Standing, standings } from './model.ts'
import { fromRow } from './store.ts'

/** What opened authorizations can be ordered by; all of it is text, as the query below needs it. */
export const openedOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
  expires_on: { column: 'expires_on', holds: 'text' },
} as const

/** An opened authorization as the reseller sees it, with its own offer that was made from it and not refused. */
export type Opened = Authorization & { standing: Standing; offer_id: string | null; vendor_name: string }

export type OpenedFilter = {
  id?: string | undefined
  /** undefined: whatever it is. */
  standing?: Standing | undefined
  cloud?: string | undefined
  q?: string | undefined
}

const found = z.object({ id: z.string(), standing: z.enum(standings), offer_id: z.string().nullable() })

/**
 * Authorizations that vendors of this installation opened to the tenant, once the cloud made them: also those that were
 * opened to its account before it connected that. An account number proves nothing until the connection's test passed.
 */
export async function findOpened(scope: Scope, filter: OpenedFilter, slice: Slice): Promise<Opened[]> {
  const { organisation_id, tx } = scope
  const { id = null, standing = null, cloud = null, q = '' } = filter
  const today = dateOf(scope.now())
  const { column, descending, after } = slice
  const text = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await tx.$queryRaw`
    WITH made AS (
      SELECT DISTINCT ON (authorization_id) authorization_id, id FROM offer
      WHERE organisation_id = ${organisation_id} AND authorization_id IS NOT NULL AND state <> 'failed'
      ORDER BY authorization_id, id),
    opened AS (
      SELECT a.id, a.cloud, a.name, made.id AS offer_id,
        CASE ${column} WHEN 'name' THEN a.name WHEN 'expires_on' THEN coalesce(a.expires_on, '9999') ELSE a.id END AS place,
        CASE WHEN a.state = 'restricted' THEN 'taken_back' WHEN a.state = 'declined' THEN 'declined'
          WHEN a.single_use AND made.id IS NOT NULL THEN 'used'
          WHEN a.expires_on < ${today} THEN 'expired' ELSE 'open' END AS standing
      FROM resale_authorization a LEFT JOIN made ON made.authorization_id = a.id
      WHERE a.organisation_id <> ${organisation_id} AND a.state IN ('active', 'restricted', 'declined')
        AND (a.reseller_organisation_id = ${organisation_id}
          OR (a.reseller_organisation_id IS NULL AND EXISTS (SELECT 1 FROM connection c
            WHERE c.organisation_id = ${organisation_id} AND c.cloud = a.cloud
              AND c.account_id = a.reseller_account_id AND is_proven(c.tested_at, c.test_result)))))
    SELECT id, standing, offer_id FROM opened
    WHERE (${id}::text IS NULL OR id = ${id}) AND (${standing}::text IS NULL OR standing = ${standing})
      AND (${cloud}::text IS NULL OR cloud = ${cloud}) AND (name ILIKE ${text} OR id ILIKE ${text})
      AND (${after === undefined} OR CASE WHEN ${descending} THEN (place, id) < (${String(after?.value)}, ${after?.id ?? ''})
        ELSE (place, id) > (${String(after?.value)}, ${after?.id ?? ''}) END)
    ORDER BY CASE WHEN ${descending} THEN NULL ELSE place END, CASE WHEN ${descending} THEN NULL ELSE id END,
      place DESC, id DESC
    LIMIT ${slice.take}`
  const standingOf = z.array(found).parse(rows)
  return withRows(scope, standingOf)
}

async function withRows(scope: Scope, wanted: readonly z.infer<typeof found>[]): Promise<Opened[]> {
  const rows = await scope.tx.resale_authorization.findMany({
    where: { id: { in: wanted.map(({ id }) => id) }, NOT: { organisation_id: scope.organisation_id } },
  })
  const vendors = await vendorNames(scope, new Set(rows.map(({ organisation_id }) => organisation_id)))
  return wanted.flatMap(({ id, standing, offer_id }) => {
    const row = rows.find((candidate) => candidate.id === id)
    if (row === undefined) return []
    const vendor_name = vendors.get(row.organisation_id) ?? row.organisation_id
    return [{ ...fromRow(row), standing, offer_id, vendor_name }]
  })
}

/** What the vendors are called who opened something to the tenant; nothing else is told of them. */
async function vendorNames(scope: Scope, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  if (ids.size === 0) return new Map()
  const rows = await scope.asInstallation(({ tx }) =>
    tx.organisation.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } }),
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
