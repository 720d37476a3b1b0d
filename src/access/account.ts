import type { Context } from '../context.ts'
import { profileOf } from './people.ts'
import type { Role } from './permissions.ts'
import { heldRoles } from './sessions.ts'

/** How a person signs in. */
export type Account = {
  name: string
  email: string
  has_password: boolean
  /** What the installation's sign-in provider is called; undefined where there is none. */
  provider: string | undefined
  /** Whether that provider can sign the person in. */
  linked: boolean
}

/** Reads how a person signs in. */
export async function readAccount(
  context: Pick<Context, 'store' | 'seal' | 'random' | 'config'>,
  id: string,
): Promise<Account> {
  const { person, identities } = await context.store.inInstallation(async ({ tx }) => ({
    person: await tx.person.findUniqueOrThrow({ where: { id } }),
    identities: await tx.identity.findMany({ where: { person_id: id } }),
  }))
  const profile = (await profileOf(context, person)) ?? { name: '', email: '' }
  const { oidc } = context.config
  return {
    ...profile,
    has_password: person.password !== null,
    provider: oidc?.name,
    linked: identities.some(({ issuer }) => oidc !== undefined && sameAddress(issuer, oidc.issuer)),
  }
}

/** A person's place in an organisation. */
export type SeatSomewhere = {
  organisation_id: string
  name: string
  kind: 'vendor' | 'reseller'
  roles: Role[]
  created_at: Date
}

/** Where a person has a seat, the first one first. */
export async function readSeats(
  { store }: Pick<Context, 'store'>,
  person_id: string,
): Promise<SeatSomewhere[]> {
  const { seats, organisations } = await store.inInstallation(async ({ tx }) => {
    const found = await tx.member.findMany({
      where: { person_id },
      orderBy: [{ created_at: 'asc' }, { organisation_id: 'asc' }],
    })
    const id = { in: found.map(({ organisation_id }) => organisation_id) }
    const rows = await tx.organisation.findMany({
      where: { id },
      select: { id: true, name: true, kind: true },
    })
    return { seats: found, organisations: new Map(rows.map((row) => [row.id, row])) }
  })
  return seats.flatMap(({ organisation_id, roles, created_at }) => {
    const organisation = organisations.get(organisation_id)
    if (organisation === undefined) return []
    const kind = organisation.kind === 'reseller' ? ('reseller' as const) : ('vendor' as const)
    return [{ organisation_id, name: organisation.name, kind, roles: heldRoles.parse(roles), created_at }]
  })
}

/** Providers write themselves with and without a slash at the end. */
function sameAddress(left: string, right: string): boolean {
  return new URL(left).href === new URL(right).href
}
