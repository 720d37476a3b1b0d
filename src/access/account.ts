import type { Context } from '../context.ts'
import { profileOf } from './people.ts'

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

/** Providers write themselves with and without a slash at the end. */
function sameAddress(left: string, right: string): boolean {
  return new URL(left).href === new URL(right).href
}
