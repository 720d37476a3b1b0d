import type { Scope } from '../store/index.ts'

/** What some resale authorizations are called. */
export async function authorizationNames(scope: Scope, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await scope.tx.resale_authorization.findMany({
    where: { organisation_id: scope.organisation_id, id: { in: [...ids] } },
    select: { id: true, name: true },
  })
  return new Map(rows.map(({ id, name }) => [id, name]))
}
