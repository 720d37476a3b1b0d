import { record } from '../audit/index.ts'
import { homeOf } from '../organisations/index.ts'
import type { InstallationScope } from '../store/index.ts'

/** What a person did or had done to themselves. `after` holds nothing personal: it stays when they are forgotten. */
export type PersonalAct = { person_id: string; act: string; request_id: string; after?: unknown }

/**
 * Writes down what happened to a person with every organisation they sit in, or with the home when they sit in none, in
 * the caller's transaction.
 */
export async function tell(
  scope: InstallationScope,
  { person_id, act, request_id, after }: PersonalAct,
): Promise<void> {
  for (const organisation_id of await organisationsOf(scope, person_id)) {
    const actor = { kind: 'person', id: person_id } as const
    await scope.asTenant(organisation_id, (tenant) =>
      record(tenant, { actor, request_id, act, subject_id: person_id, after }),
    )
  }
}

/** In one order for everybody: each record holds its organisation's chain until the transaction ends. */
async function organisationsOf(scope: InstallationScope, person_id: string): Promise<string[]> {
  const seats = await scope.tx.member.findMany({
    where: { person_id },
    select: { organisation_id: true },
    orderBy: { organisation_id: 'asc' },
  })
  if (seats.length > 0) return seats.map(({ organisation_id }) => organisation_id)
  const home = await homeOf(scope)
  return home === undefined ? [] : [home]
}
