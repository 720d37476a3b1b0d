import { findPersonByEmail, hashOf, invitationPath, makeSecret, type Role } from '../access/index.ts'
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { DAY_MS, plus } from '../core/time.ts'
import { queueLetter } from '../mail/index.ts'
import { type InstallationScope, type Prisma, type Scope, toJson } from '../store/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { invitationLetter } from './letters.ts'
import { beyond } from './reach.ts'
import { heldRoles } from './roles.ts'

/** How long an invitation is good, in wall time. */
export const GOOD_FOR_MS = 7 * DAY_MS
/** So many may wait at once in an organisation: letters go to strangers. */
const WAITING_MAX = 100

export const invitationStates = ['waiting', 'accepted', 'revoked', 'expired'] as const
export type InvitationState = (typeof invitationStates)[number]
export type Invitation = {
  id: string
  roles: Role[]
  state: InvitationState
  invited_by: string
  created_at: Date
  expires_at: Date
  accepted_at: Date | null
  accepted_by: string | null
  revoked_at: Date | null
}
type Row = Prisma.invitationGetPayload<Record<string, never>>

export function fromRow(row: Row, wall: Date): Invitation {
  const { organisation_id: _, token_hash: __, sealed_email: ___, ...rest } = row
  const { accepted_at, revoked_at, expires_at } = rest
  const over = expires_at <= wall ? 'expired' : 'waiting'
  const state = accepted_at !== null ? 'accepted' : revoked_at !== null ? 'revoked' : over
  return { ...rest, roles: heldRoles.parse(row.roles), state }
}

export const at = ({ organisation_id }: Scope, id: string) => ({
  organisation_id_id: { organisation_id, id },
})
/** What the address of an invitation is sealed under. */
export const boundTo = (organisation_id: string, id: string) => [organisation_id, id, 'email']
/** What stands in place of an address that is not needed any more. */
export const FORGOTTEN = ''

export type InvitationDraft = { email: string; roles: readonly Role[]; invited_by: string; origin: string }

/**
 * Invites somebody by e-mail. Where no mail is set up, the link is in the answer, and nowhere else. Whether the caller may
 * give these roles is checked before. Throws a conflict for somebody who has a seat already.
 */
export async function invite(
  context: Pick<Context, 'seal' | 'random' | 'mail' | 'config'>,
  scope: Scope,
  organisation: string,
  { email, roles, invited_by, origin }: InvitationDraft,
): Promise<{ invitation: Invitation; link: string | null }> {
  const { organisation_id, tx } = scope
  const created_at = scope.wall()
  await refuseMember(context, scope, email)
  const waiting = { organisation_id, accepted_at: null, revoked_at: null, expires_at: { gt: created_at } }
  if ((await tx.invitation.count({ where: waiting })) >= WAITING_MAX) {
    throw new Refusal('conflict', `${WAITING_MAX} invitations wait already. Revoke some first.`)
  }
  const id = scope.id('invitation')
  const token = makeSecret(context.random)
  const expires_at = plus(created_at, GOOD_FOR_MS)
  const row = await tx.invitation.create({
    data: {
      organisation_id,
      id,
      token_hash: await hashOf(token),
      sealed_email: await context.seal.seal(email, boundTo(organisation_id, id)),
      roles: toJson([...new Set(roles)]),
      invited_by,
      created_at,
      expires_at,
    },
  })
  const told = { id, email, roles, token, expires_at, origin }
  const link = await bringLink(context, scope, organisation, told)
  return { invitation: fromRow(row, created_at), link }
}

/** Sends the link of an invitation to its address. Answers it where no mail is set up, else null. */
export async function bringLink(
  context: Pick<Context, 'seal' | 'mail' | 'config'>,
  scope: Scope,
  organisation: string,
  told: {
    id: string
    email: string
    roles: readonly Role[]
    token: string
    expires_at: Date
    origin: string
  },
): Promise<string | null> {
  const { id, email, roles, token, expires_at, origin } = told
  await schedule(scope, { kind: 'invitations.expire', key: 'all', due_at: plus(scope.now(), GOOD_FOR_MS) })
  const link = `${context.config.public_url ?? origin}${invitationPath(token)}`
  const letter = invitationLetter({ to: email, organisation, roles, link, expires_at })
  return (await queueLetter(context, scope, id, letter)) ? null : link
}

/** Throws a conflict where somebody with this address has a seat already. */
export async function refuseMember(
  context: Pick<Context, 'seal' | 'random'>,
  scope: Scope,
  email: string,
): Promise<void> {
  const person = await scope.asInstallation((inner) => findPersonByEmail(context, inner, email))
  if (person === undefined) return
  const { organisation_id } = scope
  const where = { organisation_id_person_id: { organisation_id, person_id: person.id } }
  if ((await scope.tx.member.findUnique({ where })) === null) return
  throw new Refusal('conflict', `They have a seat here already, as ${person.id}. Change its roles.`)
}

/** Ends an invitation at once; ending it again changes nothing. Throws a conflict for one that was taken up. */
export async function revokeInvitation(
  scope: Scope,
  id: string,
): Promise<{ before: Invitation; after: Invitation }> {
  const before = await holdInvitation(scope, id)
  if (before.state === 'accepted') {
    throw new Refusal('conflict', `Invitation ${id} was taken up by ${before.accepted_by}: they have a seat.`)
  }
  if (before.revoked_at !== null) return { before, after: before }
  const wall = scope.wall()
  const data = { revoked_at: wall, sealed_email: FORGOTTEN }
  return { before, after: fromRow(await scope.tx.invitation.update({ where: at(scope, id), data }), wall) }
}

/** Revokes what a person has sent that gives more than they now may do themselves. */
export async function revokeBeyond(
  scope: Scope,
  invited_by: string,
  allowed: ReadonlySet<string>,
): Promise<void> {
  const { organisation_id, tx } = scope
  const waiting = { organisation_id, invited_by, accepted_at: null, revoked_at: null }
  for (const row of await tx.invitation.findMany({ where: waiting })) {
    if (beyond(heldRoles.parse(row.roles), allowed).length > 0) await revokeInvitation(scope, row.id)
  }
}

/** An invitation, held until the transaction ends. */
export async function holdInvitation(scope: Scope, id: string): Promise<Invitation> {
  const { organisation_id, tx } = scope
  await tx.$executeRaw`
    SELECT 1 FROM invitation WHERE organisation_id = ${organisation_id} AND id = ${id} FOR UPDATE`
  const row = await tx.invitation.findUnique({ where: at(scope, id) })
  if (row === null) throw new Refusal('not-found', `There is no invitation ${id}.`)
  return fromRow(row, scope.wall())
}

/** Which invitation a token belongs to. Throws not-found for one that nobody was given. */
export async function lookUpInvitation(
  { tx }: Pick<InstallationScope, 'tx'>,
  token: string,
): Promise<{ organisation_id: string; id: string }> {
  const row = await tx.invitation.findUnique({
    where: { token_hash: await hashOf(token) },
    select: { organisation_id: true, id: true },
  })
  if (row === null) throw unknownInvitation()
  return row
}

const unknownInvitation = () => new Refusal('not-found', 'There is no such invitation. Ask for a new one.')

const SPENT = {
  accepted: 'This invitation was accepted already, and works once.',
  revoked: 'This invitation was revoked.',
  expired: 'This invitation has expired.',
}

/** Throws a conflict for an invitation that is not good any more. */
function refuseSpent(state: InvitationState): void {
  if (state !== 'waiting') throw new Refusal('conflict', `${SPENT[state]} Ask for a new one.`)
}

/** Looks whether an invitation is still good, before anybody types anything. Throws as taking it up would. */
export async function lookAtInvitation({ tx, wall }: InstallationScope, token: string): Promise<void> {
  const row = await tx.invitation.findUnique({ where: { token_hash: await hashOf(token) } })
  if (row === null) throw unknownInvitation()
  refuseSpent(fromRow(row, wall()).state)
}

export type TakenSeat = { organisation_id: string; organisation: string; roles: Role[] }

/** Takes an invitation up, once, and makes the seat. Throws a conflict for one that is not good any more. */
export async function takeSeat(scope: Scope, id: string, person_id: string): Promise<TakenSeat> {
  const { organisation_id, tx } = scope
  const { state, roles } = await holdInvitation(scope, id)
  refuseSpent(state)
  const created_at = scope.wall()
  const data = [{ organisation_id, person_id, roles: toJson(roles), created_at }]
  const made = await tx.member.createMany({ data, skipDuplicates: true })
  if (made.count === 0) throw new Refusal('conflict', 'You have a seat in this organisation already.')
  await tx.invitation.update({
    where: at(scope, id),
    data: { accepted_at: created_at, accepted_by: person_id, sealed_email: FORGOTTEN },
  })
  const { name } = await tx.organisation.findUniqueOrThrow({ where: { id: organisation_id } })
  return { organisation_id, organisation: name, roles }
}

/** Takes an invitation up in the transaction that lets its person in, and records it. */
export async function acceptInvitation(
  scope: InstallationScope,
  token: string,
  person_id: string,
  request_id: string,
): Promise<TakenSeat> {
  const { organisation_id, id } = await lookUpInvitation(scope, token)
  return scope.asTenant(organisation_id, async (theirs) => {
    const after = await takeSeat(theirs, id, person_id)
    const actor = { kind: 'person', id: person_id } as const
    await record(theirs, { actor, request_id, act: 'invitation_accept', subject_id: id, after })
    return after
  })
}

const LOOK_AGAIN_MS = DAY_MS

/** The handler of `invitations.expire`: the addresses of invitations that nobody took up are forgotten. */
export async function expireInvitations(
  { store }: Pick<Context, 'store'>,
  { organisation_id }: WorkItem,
): Promise<WorkOutcome> {
  return store.inTenant(organisation_id, async ({ tx, wall, now }) => {
    const open = { organisation_id, accepted_at: null, revoked_at: null, NOT: { sealed_email: FORGOTTEN } }
    const over = { ...open, expires_at: { lte: wall() } }
    await tx.invitation.updateMany({ where: over, data: { sealed_email: FORGOTTEN } })
    const left = await tx.invitation.count({ where: open })
    // Their time is wall time, and work is due in business time.
    return left === 0 ? done : { done: false, again_at: plus(now(), LOOK_AGAIN_MS) }
  })
}
