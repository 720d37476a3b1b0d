// One-time links: the first makes the first person, later ones sign an existing person in. Only whoever can reach the
// machine or the database can have one made.
import type { Random } from '../core/random.ts'
import { DAY_MS, plus } from '../core/time.ts'
import type { InstallationScope } from '../store/index.ts'
import { hashOf, makeSecret } from './secret.ts'

/** How long a link works, in wall time. */
export const LINK_MS = DAY_MS

/** Makes a link's path. Null: for whoever comes first; an earlier such link that nobody used ends. */
export async function makeSignInLink(
  { random }: { random: Random },
  { tx, wall }: Pick<InstallationScope, 'tx' | 'wall'>,
  person_id: string | null,
): Promise<string> {
  if (person_id === null) await tx.sign_in_token.deleteMany({ where: { person_id: null, used_at: null } })
  const token = makeSecret(random)
  const now = wall()
  await tx.sign_in_token.create({
    data: { token_hash: await hashOf(token), person_id, created_at: now, expires_at: plus(now, LINK_MS) },
  })
  return `/sign-in?token=${token}`
}

/** Whether nobody is here yet who runs the installation and could let others in. */
export async function isFresh({ tx }: Pick<InstallationScope, 'tx'>): Promise<boolean> {
  return (await tx.person.count({ where: { operator: true, erased_at: null } })) === 0
}

/** For whom a link is; undefined when it does not work (any more). It stays unused. */
export async function lookAtLink(
  { tx, wall }: Pick<InstallationScope, 'tx' | 'wall'>,
  token: string,
): Promise<{ person_id: string | null } | undefined> {
  const row = await tx.sign_in_token.findUnique({ where: { token_hash: await hashOf(token) } })
  if (row === null || row.used_at !== null || row.expires_at <= wall()) return undefined
  if (row.person_id === null && !(await isFresh({ tx }))) return undefined
  return { person_id: row.person_id }
}

/** Uses a link up: of many at once one gets it. */
export async function takeLink(
  scope: Pick<InstallationScope, 'tx' | 'wall'>,
  token: string,
): Promise<{ person_id: string | null } | undefined> {
  const { tx, wall } = scope
  // Two first links at once must not make two first people.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('sign-in link', 0))`
  const found = await lookAtLink(scope, token)
  if (found === undefined) return undefined
  const taken = await tx.sign_in_token.updateMany({
    where: { token_hash: await hashOf(token), used_at: null },
    data: { used_at: wall() },
  })
  return taken.count === 1 ? found : undefined
}
