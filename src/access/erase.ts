// To forget a person. Their key is destroyed, so that nothing sealed under it opens again anywhere; what organisations
// wrote down about them is emptied, and its digests stand. Books name people by id only and are not touched.
import { record } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { Caller } from '../door/index.ts'
import type { InstallationScope, Scope } from '../store/index.ts'
import { type Profile, profileOf } from './people.ts'
import { closeSessionsOf } from './sessions.ts'

export type Erased = { id: string; erased_at: Date }

/**
 * Forgets a person in the caller's transaction. Again, it changes nothing. Throws not-found, and conflict when nobody
 * would be left to run the installation or an organisation.
 */
export async function erase(
  context: Pick<Context, 'seal' | 'random'>,
  scope: Scope,
  caller: Pick<Caller, 'actor' | 'request_id'>,
  id: string,
): Promise<Erased> {
  return scope.asInstallation(async (whole) => {
    await whole.tx.$queryRaw`SELECT id FROM person WHERE operator OR id = ${id} ORDER BY id FOR UPDATE`
    const person = await whole.tx.person.findUnique({ where: { id } })
    if (person === null) throw new Refusal('not-found', `There is no person ${id}.`)
    if (person.erased_at !== null) return { id, erased_at: person.erased_at }
    await refuseToOrphan(whole, id, person.operator)
    const profile = await profileOf(context, person)
    await closeSessionsOf(whole, id)
    await whole.tx.identity.deleteMany({ where: { person_id: id } })
    await whole.tx.sign_in_token.deleteMany({ where: { person_id: id } })
    await forgetInvitations(whole, id)
    await forgetRecords(whole, id, profile)
    await forgetAnswers(whole, id, profile)
    await forgetSignUps(whole, person.email_digest)
    await leaveSeats(whole, caller, id)
    const erased_at = whole.wall()
    const gone = { email_digest: null, sealed_key: null, sealed_profile: null, password: null }
    await whole.tx.person.update({ where: { id }, data: { ...gone, operator: false, erased_at } })
    return { id, erased_at }
  })
}

async function refuseToOrphan({ tx }: InstallationScope, id: string, operator: boolean): Promise<void> {
  const others = { operator: true, erased_at: null, id: { not: id } }
  if (operator && (await tx.person.count({ where: others })) === 0) {
    throw new Refusal(
      'conflict',
      'Nobody else runs this installation. Make somebody else its operator first.',
    )
  }
  const owned = await tx.member.findMany({ where: { person_id: id, roles: { array_contains: ['owner'] } } })
  for (const { organisation_id } of owned) {
    // Two owners who go at once must not both be the one who is left.
    await tx.$queryRaw`SELECT person_id FROM member WHERE organisation_id = ${organisation_id} ORDER BY person_id FOR UPDATE`
    const left = { organisation_id, person_id: { not: id }, roles: { array_contains: ['owner'] } }
    if ((await tx.member.count({ where: left })) === 0) {
      throw new Refusal(
        'conflict',
        `Nobody else owns ${organisation_id}. Make another member its owner first.`,
      )
    }
  }
}

async function leaveSeats(
  scope: InstallationScope,
  { actor, request_id }: Pick<Caller, 'actor' | 'request_id'>,
  person_id: string,
): Promise<void> {
  const seats = await scope.tx.member.findMany({ where: { person_id }, orderBy: { organisation_id: 'asc' } })
  for (const { organisation_id, roles } of seats) {
    await scope.tx.member.delete({ where: { organisation_id_person_id: { organisation_id, person_id } } })
    const act = { actor, request_id, act: 'member_erased', subject_id: person_id, before: { roles } }
    await scope.asTenant(organisation_id, async (tenant) => {
      // As with every seat that is lost: what the person has sent lets nobody in any more.
      const sent = { organisation_id, invited_by: person_id, accepted_at: null, revoked_at: null }
      const revoked = { revoked_at: tenant.wall(), sealed_email: '' }
      await tenant.tx.invitation.updateMany({ where: sent, data: revoked })
      await record(tenant, act)
    })
  }
}

/** The address an invitation went to. */
async function forgetInvitations({ tx }: InstallationScope, accepted_by: string): Promise<void> {
  await tx.invitation.updateMany({ where: { accepted_by }, data: { sealed_email: '' } })
}

/** Every record whose values are about the person, or name their address, whichever organisation keeps it. */
async function forgetRecords({ tx }: InstallationScope, id: string, profile: Profile | null): Promise<void> {
  const invitations = await tx.invitation.findMany({ where: { accepted_by: id }, select: { id: true } })
  const subjects = [id, ...invitations.map((one) => one.id)]
  const named = profile === null ? null : patternOf(profile.email)
  await tx.$executeRaw`
    UPDATE audit_record SET before = NULL, after = NULL, salt = ''
    WHERE salt <> '' AND (before IS NOT NULL OR after IS NOT NULL)
      AND (subject_id = ANY(${subjects})
        OR before::text ~* ${named} OR after::text ~* ${named})`
}

/** What somebody with their address told on the sign-up page of any seller. */
async function forgetSignUps({ tx }: InstallationScope, email_digest: string | null): Promise<void> {
  if (email_digest === null) return
  await tx.sign_up_visit.updateMany({
    where: { email_digest },
    data: { sealed_answers: null, email_digest: null },
  })
}

/** Answers are kept to be given again. They still are, without the person in them. */
async function forgetAnswers({ tx }: InstallationScope, id: string, profile: Profile | null): Promise<void> {
  if (profile === null) return
  const [named, name, gone] = [patternOf(profile.email), JSON.stringify(profile.name), JSON.stringify(GONE)]
  await tx.$executeRaw`
    UPDATE idempotency_key
    SET answer = to_jsonb(
      replace(regexp_replace(answer #>> '{}', ${named}, ${`\\1${GONE}`}, 'gi'), ${name}, ${gone}))
    WHERE answer #>> '{}' ~* ${named} OR strpos(answer #>> '{}', ${id}) > 0`
}

const GONE = '(erased)'

/**
 * An address as a pattern of the database's, for texts of JSON: itself, and not as a part of a longer address, which is
 * somebody else's. What stands before it is its first group; a line's end is written there with a letter.
 */
function patternOf(email: string): string {
  const literal = JSON.stringify(email)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return String.raw`(^|[^a-z0-9_'+.-]|\\[bfnrt])${literal}(?![a-z0-9_-]|\.[a-z0-9])`
}
