import { z } from 'zod'
import type { Random } from '../core/random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../core/time.ts'
import type { InstallationScope, Store } from '../store/index.ts'
import { type Role, roleNames } from './permissions.ts'
import { hashOf, makeSecret } from './secret.ts'

/** A session ends after this long without a request, and after that long in any case, in wall time. */
export const IDLE_MS = 8 * HOUR_MS
export const ABSOLUTE_MS = 7 * DAY_MS
/** That it was seen is written down at most this often. */
const SEEN_EVERY_MS = 5 * MINUTE_MS

export type Seat = { organisation_id: string; roles: Role[] }
/** A person who is signed in, with every seat they have now. */
export type SignedIn = { person_id: string; operator: boolean; seats: Seat[] }

/** The roles of a seat as they are kept. */
export const heldRoles = z.array(z.enum(roleNames))

/** Signs a person in with a token of its own; the answer is for the cookie and is kept nowhere. */
export async function openSession(
  { random }: { random: Random },
  { tx, wall }: Pick<InstallationScope, 'tx' | 'wall'>,
  person_id: string,
): Promise<{ token: string; expires_at: Date }> {
  const token = makeSecret(random)
  const now = wall()
  const expires_at = plus(now, ABSOLUTE_MS)
  await tx.session.create({
    data: { token_hash: await hashOf(token), person_id, created_at: now, last_seen_at: now, expires_at },
  })
  return { token, expires_at }
}

/** Who is behind a cookie; undefined when the session is over. Roles are read each time, so a lost seat is lost now. */
export async function findSession(store: Store, token: string): Promise<SignedIn | undefined> {
  const token_hash = await hashOf(token)
  return store.inInstallation(async ({ tx, wall }) => {
    const now = wall()
    const row = await tx.session.findUnique({ where: { token_hash } })
    if (row === null || row.expires_at <= now || row.last_seen_at <= plus(now, -IDLE_MS)) return undefined
    if (row.last_seen_at < plus(now, -SEEN_EVERY_MS)) {
      await tx.session.updateMany({ where: { token_hash }, data: { last_seen_at: now } })
    }
    const person = await tx.person.findUnique({ where: { id: row.person_id } })
    if (person === null || person.erased_at !== null) return undefined
    const seats = await tx.member.findMany({
      where: { person_id: person.id },
      orderBy: { created_at: 'asc' },
    })
    return {
      person_id: person.id,
      operator: person.operator,
      seats: seats.map(({ organisation_id, roles }) => ({ organisation_id, roles: heldRoles.parse(roles) })),
    }
  })
}

/** Ends the session of a cookie; answers whose it was. */
export async function closeSession(
  { tx }: Pick<InstallationScope, 'tx'>,
  token: string,
): Promise<string | undefined> {
  const token_hash = await hashOf(token)
  const row = await tx.session.findUnique({ where: { token_hash } })
  await tx.session.deleteMany({ where: { token_hash } })
  return row?.person_id
}

/** Ends every session of a person, or all but one: after a change of roles or of the password. */
export async function closeSessionsOf(
  { tx }: Pick<InstallationScope, 'tx'>,
  person_id: string,
  but_token?: string,
): Promise<void> {
  const kept = but_token === undefined ? {} : { NOT: { token_hash: await hashOf(but_token) } }
  await tx.session.deleteMany({ where: { person_id, ...kept } })
}

/** A session as its owner sees it. The id is the beginning of a digest: nobody can sign in with it. */
export type OpenSession = {
  id: string
  current: boolean
  created_at: Date
  last_seen_at: Date
  /** When it ends without another request, or in any case, whichever is sooner. */
  ends_at: Date
}

const ID_LENGTH = 24
const idOf = (token_hash: string) => `ses_${token_hash.slice(0, ID_LENGTH)}`

/** The sessions of a person that are not over, newest first. */
export async function findSessions(
  { tx, wall }: Pick<InstallationScope, 'tx' | 'wall'>,
  person_id: string,
  current_token: string | undefined,
): Promise<OpenSession[]> {
  const current = current_token === undefined ? undefined : await hashOf(current_token)
  const now = wall()
  const rows = await tx.session.findMany({
    where: { person_id, expires_at: { gt: now }, last_seen_at: { gt: plus(now, -IDLE_MS) } },
    orderBy: [{ created_at: 'desc' }, { token_hash: 'asc' }],
  })
  return rows.map(({ token_hash, created_at, last_seen_at, expires_at }) => ({
    id: idOf(token_hash),
    current: token_hash === current,
    created_at,
    last_seen_at,
    ends_at: new Date(Math.min(expires_at.getTime(), plus(last_seen_at, IDLE_MS).getTime())),
  }))
}

/** Ends one session of a person; false when it is not theirs or not there. */
export async function endSession(
  { tx }: Pick<InstallationScope, 'tx'>,
  person_id: string,
  id: string,
): Promise<boolean> {
  const beginning = /^ses_([0-9a-f]{24})$/.exec(id)?.[1]
  if (beginning === undefined) return false
  const where = { person_id, token_hash: { startsWith: beginning } }
  return (await tx.session.deleteMany({ where })).count > 0
}
