import { z } from 'zod'
import type { Scope, Store } from '../store/index.ts'

export const organisationKinds = ['vendor', 'reseller'] as const
export type OrganisationKind = (typeof organisationKinds)[number]
export type Organisation = { id: string; kind: OrganisationKind; name: string; created_at: string }

const kind = z.enum(organisationKinds)

export async function createOrganisation(
  scope: Omit<Scope, 'organisation_id'>,
  wanted: { kind: OrganisationKind; name: string },
): Promise<Organisation> {
  const id = scope.id('organisation')
  const created_at = scope.now()
  await scope.tx.organisation.create({ data: { id, ...wanted, created_at } })
  return { id, ...wanted, created_at: created_at.toISOString() }
}

export async function readOrganisations(store: Store): Promise<Organisation[]> {
  const rows = await store.inInstallation(({ tx }) => tx.organisation.findMany({ orderBy: { id: 'asc' } }))
  return rows.map((row) => ({ ...row, kind: kind.parse(row.kind), created_at: row.created_at.toISOString() }))
}

/** The organisation every installation begins with: a vendor, renamed by its owner. Made once. */
export async function firstOrganisation(store: Store): Promise<void> {
  await store.inInstallation(async (scope) => {
    if ((await scope.tx.organisation.count()) > 0) return
    await createOrganisation(scope, { kind: 'vendor', name: 'My company' })
  })
}
