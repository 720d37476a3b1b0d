import { hashOf, makeSecret } from '../access/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { plus } from '../core/time.ts'
import type { Caller } from '../door/index.ts'
import type { Scope } from '../store/index.ts'
import {
  at,
  boundTo,
  bringLink,
  FORGOTTEN,
  fromRow,
  GOOD_FOR_MS,
  holdInvitation,
  type Invitation,
  refuseMember,
} from './invitations.ts'
import { checkReach } from './reach.ts'

/**
 * Sends an invitation that waits once more, with a new link that is good for as long as the first one was; the link before
 * opens nothing from now on. Throws a conflict for one that waits no more, forbidden for roles beyond the caller's.
 */
export async function sendAgain(
  context: Pick<Context, 'seal' | 'random' | 'mail' | 'config'>,
  scope: Scope,
  caller: Caller,
  { id, origin }: { id: string; origin: string },
): Promise<{ before: Invitation; after: Invitation; link: string | null }> {
  const before = await holdInvitation(scope, id)
  checkReach(before.roles, caller)
  const { organisation_id, tx } = scope
  const kept = await tx.invitation.findUniqueOrThrow({ where: at(scope, id) })
  if (before.state !== 'waiting' || kept.sealed_email === FORGOTTEN) {
    const state = before.state === 'waiting' ? 'expired' : before.state
    throw new Refusal('conflict', `Invitation ${id} is ${state}, and its address is forgotten. Invite anew.`)
  }
  const email = await context.seal.open(kept.sealed_email, boundTo(organisation_id, id))
  await refuseMember(context, scope, email)
  const token = makeSecret(context.random)
  const wall = scope.wall()
  const expires_at = plus(wall, GOOD_FOR_MS)
  const data = { token_hash: await hashOf(token), expires_at }
  const after = fromRow(await tx.invitation.update({ where: at(scope, id), data }), wall)
  const { name } = await tx.organisation.findUniqueOrThrow({ where: { id: organisation_id } })
  const told = { id, email, roles: before.roles, token, expires_at, origin }
  return { before, after, link: await bringLink(context, scope, name, told) }
}
