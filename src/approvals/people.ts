// Who stands behind an act, and who may decide on it.
import { z } from 'zod'
import {
  allowedBy,
  type Permission,
  type Profile,
  profileColumns,
  profileOf,
  roleNames,
} from '../access/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Caller } from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import { type Approval, acts } from './model.ts'

const roles = z.array(z.enum(roleNames))
const scopes = z.array(z.string())

/** Keys made with keys made with keys: further back than this nobody looks, so nobody may decide. */
const KEYS_DEEP = 20

/**
 * Everybody who stands behind a request: who sent it, and if that was a key, who made the key, and so on. A person who
 * asks through a key of theirs has asked themselves. Throws forbidden where that cannot be told.
 */
async function standBehind(scope: Scope, asked_by: string): Promise<Set<string>> {
  const found = new Set([asked_by])
  let last = asked_by
  for (let depth = 0; last.startsWith('key_'); depth += 1) {
    const key = await findKey(scope, last)
    if (key === null || depth > KEYS_DEEP) {
      throw new Refusal('forbidden', 'Nobody can tell who stands behind the key that asked. Ask once more.')
    }
    last = key.created_by
    found.add(last)
  }
  return found
}

const findKey = ({ tx, organisation_id }: Scope, id: string) =>
  tx.api_key.findUnique({
    where: { organisation_id_id: { organisation_id, id } },
    select: { created_by: true, scopes: true, revoked_at: true, expires_at: true },
  })

/** Whether who asked may still do it: an act of somebody who lost their seat is not done in their name. */
async function mayStill(scope: Scope, asked_by: string, permission: Permission): Promise<boolean> {
  const { organisation_id, tx } = scope
  if (asked_by.startsWith('key_')) {
    const key = await findKey(scope, asked_by)
    if (key === null || key.revoked_at !== null || key.expires_at <= scope.wall()) return false
    return scopes.parse(key.scopes).includes(permission)
  }
  if (!asked_by.startsWith('prsn_')) return true
  const where = { organisation_id_person_id: { organisation_id, person_id: asked_by } }
  const seat = await tx.member.findUnique({ where })
  return seat !== null && allowedBy(roles.parse(seat.roles)).has(permission)
}

/** Throws forbidden unless the caller is another person, who could do the act themselves. */
export async function checkDecider(
  scope: Scope,
  { actor, permissions }: Caller,
  { act, asked_by }: Pick<Approval, 'act' | 'asked_by'>,
): Promise<void> {
  if (actor.kind !== 'person') throw new Refusal('forbidden', 'Only a person who is signed in decides.')
  const { permission } = acts[act]
  if (!permissions.has(permission)) {
    throw new Refusal('forbidden', `To decide on this act you need "${permission}" yourself.`)
  }
  if ((await standBehind(scope, asked_by)).has(actor.id)) {
    throw new Refusal('forbidden', 'You have asked for this act yourself: another person decides on it.')
  }
}

/** Throws a conflict when who asked may not do it any more. */
export async function checkAsker(
  scope: Scope,
  { act, asked_by }: Pick<Approval, 'act' | 'asked_by'>,
): Promise<void> {
  if (await mayStill(scope, asked_by, acts[act].permission)) return
  throw new Refusal(
    'conflict',
    `${asked_by} may not do this any more. Refuse it; somebody who may can ask again.`,
  )
}

/** The people with a seat here who may decide on an act, but for who asked. */
export async function deciders(
  context: Pick<Context, 'seal' | 'random'>,
  scope: Scope,
  { act, asked_by }: Pick<Approval, 'act' | 'asked_by'>,
): Promise<Profile[]> {
  const ids = (await decidersOf(scope, act)).filter((id) => id !== asked_by)
  const rows = await scope.tx.person.findMany({ where: { id: { in: ids } }, select: profileColumns })
  const profiles = await Promise.all(rows.map((row) => profileOf(context, row)))
  return profiles.filter((profile) => profile !== null)
}

/** The ids of the people with a seat here who may do an act and decide on it. */
export async function decidersOf({ tx, organisation_id }: Scope, act: Approval['act']): Promise<string[]> {
  const seats = await tx.member.findMany({ where: { organisation_id } })
  return seats
    .filter((seat) => {
      const allowed = allowedBy(roles.parse(seat.roles))
      return allowed.has('approvals.decide') && allowed.has(acts[act].permission)
    })
    .map(({ person_id }) => person_id)
}
