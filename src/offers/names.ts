import type { Scope } from '../store/index.ts'

/** What some offers are called. */
export async function offerNames(scope: Scope, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await scope.tx.offer.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] } },
    select: { id: true, name: true },
  })
  return new Map(rows.map(({ id, name }) => [id, name]))
}
