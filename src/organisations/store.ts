import { z } from 'zod'
import { Refusal } from '../core/problem.ts'
import type { InstallationScope, Scope, Store } from '../store/index.ts'

export const organisationKinds = ['vendor', 'reseller'] as const
export type OrganisationKind = (typeof organisationKinds)[number]
export type Organisation = { id: string; kind: OrganisationKind; name: string; created_at: string }

const kind = z.enum(organisationKinds)

export async function createOrganisation(
  scope: Scope,
  wanted: { kind: OrganisationKind; name: string },
): Promise<Organisation> {
  const id = scope.id('organisation')
  const created_at = scope.now()
  await scope.asInstallation(() => scope.tx.organisation.create({ data: { id, ...wanted, created_at } }))
  return { id, ...wanted, created_at: created_at.toISOString() }
}

function toOrganisation(row: { id: string; kind: string; name: string; created_at: Date }): Organisation {
  const { id, name, created_at } = row
  return { id, name, kind: kind.parse(row.kind), created_at: created_at.toISOString() }
}

/** Whose organisations are asked for: everybody's, those a person sits in, or one alone. */
export type Whose = 'all' | { person_id: string } | { organisation_id: string }

export async function readOrganisations(store: Store, whose: Whose): Promise<Organisation[]> {
  const rows = await store.inInstallation(async ({ tx }) => {
    const ids = await idsOf(tx, whose)
    return tx.organisation.findMany({
      where: ids === undefined ? {} : { id: { in: ids } },
      orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
    })
  })
  return rows.map(toOrganisation)
}

/** undefined: all of them. */
async function idsOf(tx: Scope['tx'], whose: Whose): Promise<string[] | undefined> {
  if (whose === 'all') return undefined
  if ('organisation_id' in whose) return [whose.organisation_id]
  const seats = await tx.member.findMany({ where: whose, select: { organisation_id: true } })
  return seats.map(({ organisation_id }) => organisation_id)
}

export async function renameOrganisation(
  { organisation_id, tx }: Pick<Scope, 'organisation_id' | 'tx'>,
  id: string,
  name: string,
): Promise<Organisation> {
  const known = id === organisation_id ? await tx.organisation.findUnique({ where: { id } }) : null
  if (known === null) throw new Refusal('not-found', `There is no organisation ${id}.`)
  return toOrganisation(await tx.organisation.update({ where: { id }, data: { name } }))
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
