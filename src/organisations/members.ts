import { z } from 'zod'
import {
  allowedBy,
  closeSessionsOf,
  profileColumns,
  profileOf,
  type Role,
  roleNames,
} from '../access/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Caller } from '../door/index.ts'
import { queueLetter } from '../mail/index.ts'
import { type Scope, toJson } from '../store/index.ts'
import { revokeBeyond } from './invitations.ts'
import { rolesLetter } from './letters.ts'
import { checkReach } from './reach.ts'
import { heldRoles } from './roles.ts'
import { holdOrganisation, type Organisation } from './store.ts'

export type Seat = { id: string; roles: Role[]; created_at: Date }
/** A changed seat, with the keys of its person that still work and do more than the person now may. */
export type ChangedSeat = { before: Seat; after: Seat | null; api_keys: string[] }

const scopes = z.array(z.string())

/** Everybody with a seat here, with their names; those of a person who was erased are null. */
export async function readMembers(
  { store, seal, random }: Pick<Context, 'store' | 'seal' | 'random'>,
  organisation_id: string,
): Promise<(Seat & { name: string | null; email: string | null })[]> {
  const { seats, people } = await store.inTenant(organisation_id, async ({ tx }) => {
    const found = await tx.member.findMany({
      where: { organisation_id },
      orderBy: [{ created_at: 'asc' }, { person_id: 'asc' }],
    })
    const ids = found.map(({ person_id }) => person_id)
    const rows = await tx.person.findMany({ where: { id: { in: ids } }, select: profileColumns })
    return { seats: found, people: new Map(rows.map((row) => [row.id, row])) }
  })
  return Promise.all(
    seats.map(async (seat) => {
      const person = people.get(seat.person_id)
      const profile = person === undefined ? null : await profileOf({ seal, random }, person)
      return { ...toSeat(seat), name: profile?.name ?? null, email: profile?.email ?? null }
    }),
  )
}

type Parts = Pick<Context, 'seal' | 'random' | 'mail'>

/** Gives a member other roles. Their sessions end, and with them what was half done under the old ones. */
export async function changeRoles(
  context: Parts,
  scope: Scope,
  caller: Caller,
  id: string,
  roles: readonly Role[],
): Promise<ChangedSeat> {
  const { name } = await holdSeats(scope)
  const before = await findSeat(scope, id)
  checkReach(before.roles, caller)
  checkReach(roles, caller)
  const wanted = roleNames.filter((role) => roles.includes(role))
  if (!wanted.includes('owner')) await keepAnOwner(scope, before)
  const row = await scope.tx.member.update({ where: at(scope, id), data: { roles: toJson(wanted) } })
  await tellMember(context, scope, id, name, wanted)
  return { before, after: toSeat(row), api_keys: await loseReach(scope, id, wanted) }
}

/** Takes a member's seat away. Their sessions end; whoever takes it decides about the keys they have made. */
export async function removeMember(
  context: Parts,
  scope: Scope,
  caller: Caller,
  id: string,
): Promise<ChangedSeat> {
  const { name } = await holdSeats(scope)
  const before = await findSeat(scope, id)
  checkReach(before.roles, caller)
  await keepAnOwner(scope, before)
  await tellMember(context, scope, id, name, [])
  await scope.tx.member.delete({ where: at(scope, id) })
  return { before, after: null, api_keys: await loseReach(scope, id, []) }
}

/** Seats change one after the other, here and where people are forgotten: two owners never leave at once. */
async function holdSeats(scope: Scope): Promise<Organisation> {
  const held = await holdOrganisation(scope)
  await scope.tx.$queryRaw`
    SELECT person_id FROM member WHERE organisation_id = ${scope.organisation_id} ORDER BY person_id FOR UPDATE`
  return held
}

const at = ({ organisation_id }: Scope, person_id: string) => ({
  organisation_id_person_id: { organisation_id, person_id },
})

function toSeat(row: { person_id: string; roles: unknown; created_at: Date }): Seat {
  return { id: row.person_id, roles: heldRoles.parse(row.roles), created_at: row.created_at }
}

async function findSeat(scope: Scope, id: string): Promise<Seat> {
  const row = await scope.tx.member.findUnique({ where: at(scope, id) })
  if (row === null) throw new Refusal('not-found', `There is no member ${id}.`)
  return toSeat(row)
}

/** Throws a conflict where a seat is the last one of an owner. Seats are held, so nobody else goes now. */
async function keepAnOwner({ organisation_id, tx }: Scope, leaving: Seat): Promise<void> {
  if (!leaving.roles.includes('owner')) return
  const seats = await tx.member.findMany({ where: { organisation_id, NOT: { person_id: leaving.id } } })
  const owners = seats.map(toSeat).filter(({ roles }) => roles.includes('owner'))
  const ids = owners.map(({ id }) => id)
  const there = await tx.person.count({ where: { id: { in: ids }, erased_at: null } })
  if (there > 0) return
  throw new Refusal('conflict', 'This is the last owner. Make somebody else an owner first.')
}

/**
 * What a person began with the roles they had does not go on: sessions, and invitations beyond what they now hold. Their
 * keys belong to the organisation and go on; those that do more than the person now may are named.
 */
async function loseReach(scope: Scope, person_id: string, roles: readonly Role[]): Promise<string[]> {
  const { organisation_id, tx } = scope
  const allowed = allowedBy(roles)
  await scope.asInstallation((inner) => closeSessionsOf(inner, person_id))
  await revokeBeyond(scope, person_id, allowed)
  const keys = await tx.api_key.findMany({
    where: { organisation_id, created_by: person_id, revoked_at: null, expires_at: { gt: scope.wall() } },
    orderBy: { id: 'asc' },
  })
  const more = (held: unknown) => scopes.parse(held).some((scope) => !new Set<string>(allowed).has(scope))
  return keys.filter((key) => more(key.scopes)).map(({ id }) => id)
}

async function tellMember(
  context: Parts,
  scope: Scope,
  id: string,
  organisation: string,
  roles: readonly Role[],
): Promise<void> {
  if (context.mail === undefined) return
  const person = await scope.tx.person.findUnique({ where: { id }, select: profileColumns })
  const profile = person === null ? null : await profileOf(context, person)
  if (profile !== null) {
    await queueLetter(context, scope, id, rolesLetter({ to: profile.email, organisation, roles }))
  }
}
