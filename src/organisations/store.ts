import { z } from 'zod'
import type { InstallationScope, Scope, Store } from '../store/index.ts'

export const organisationKinds = ['vendor', 'reseller'] as const
export type OrganisationKind = (typeof organisationKinds)[number]
export type Organisation = {
  id: string
  kind: OrganisationKind
  name: string
  /** The acts for which it asks for two people. */
  two_person: string[]
  created_at: string
}

const kind = z.enum(organisationKinds)
const actNames = z.array(z.string())

type Row = { id: string; kind: string; name: string; two_person: unknown; created_at: Date }

export function toOrganisation(row: Row): Organisation {
  return {
    ...row,
    kind: kind.parse(row.kind),
    two_person: actNames.parse(row.two_person),
    created_at: row.created_at.toISOString(),
  }
}

/** Makes a tenant, in the installation's transaction. */
export async function insertOrganisation(
  { tx, id, now }: InstallationScope,
  wanted: { kind: OrganisationKind; name: string },
): Promise<Organisation> {
  return toOrganisation(
    await tx.organisation.create({ data: { id: id('organisation'), ...wanted, created_at: now() } }),
  )
}

/** All organisations, or those of the given ids, oldest first. */
export async function readOrganisations(store: Store, ids?: readonly string[]): Promise<Organisation[]> {
  const rows = await store.inInstallation(({ tx }) =>
    tx.organisation.findMany({
      ...(ids === undefined ? {} : { where: { id: { in: [...ids] } } }),
      orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
    }),
  )
  return rows.map(toOrganisation)
}

/** The organisations a person has a seat in. */
export async function seatsOf(store: Store, person_id: string): Promise<string[]> {
  const rows = await store.inInstallation(({ tx }) =>
    tx.member.findMany({ where: { person_id }, select: { organisation_id: true } }),
  )
  return rows.map(({ organisation_id }) => organisation_id)
}

/** The caller's own organisation, held until the transaction ends: who changes seats or settings does so alone. */
export async function holdOrganisation({ organisation_id, tx }: Scope): Promise<Organisation> {
  await tx.$executeRaw`SELECT 1 FROM organisation WHERE id = ${organisation_id} FOR UPDATE`
  return toOrganisation(await tx.organisation.findUniqueOrThrow({ where: { id: organisation_id } }))
}

/** The acts for which the caller's organisation asks for two people. */
export async function twoPersonActs({ organisation_id, tx }: Scope): Promise<string[]> {
  const row = await tx.organisation.findUniqueOrThrow({ where: { id: organisation_id } })
  return toOrganisation(row).two_person
}

const HOME = 'home_organisation'

/** The organisation every installation begins with: a vendor, renamed by its owner. Made once, whoever starts first. */
export async function makeHome(store: Store): Promise<void> {
  await store.inInstallation(async (scope) => {
    const id = scope.id('organisation')
    const made = await scope.tx.installation.createMany({
      data: [{ key: HOME, value: id }],
      skipDuplicates: true,
    })
    if (made.count === 0) return
    const data = { id, kind: 'vendor', name: 'My company', created_at: scope.now() }
    await scope.tx.organisation.create({ data })
  })
}

/** One organisation; without an id, the one the installation began with. Undefined when there is none. */
export async function findOrganisation(
  store: Store,
  id: string | undefined,
): Promise<Organisation | undefined> {
  const row = await store.inInstallation(async ({ tx }) => {
    const wanted = id ?? (await homeOf({ tx }))
    return wanted === undefined ? null : tx.organisation.findUnique({ where: { id: wanted } })
  })
  return row === null ? undefined : toOrganisation(row)
}

/** The organisation the installation began with; undefined when it has not begun. */
export async function homeOf({ tx }: Pick<InstallationScope, 'tx'>): Promise<string | undefined> {
  const kept = await tx.installation.findUnique({ where: { key: HOME } })
  return typeof kept?.value === 'string' ? kept.value : undefined
}
