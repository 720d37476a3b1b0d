import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { InstallationScope } from '../store/index.ts'
import { profileOf } from './people.ts'
import { findSessions, heldRoles } from './sessions.ts'

/** Acts told in an export, the newest; who did more reads them in the organisations' audit records. */
const ACTS_MAX = 10_000

/** Everything that is kept about a person. What an act changed belongs to the organisation; that it was theirs, to them. */
export async function readPersonalData(
  context: Pick<Context, 'seal' | 'random'>,
  scope: InstallationScope,
  person_id: string,
  current_token: string | undefined,
) {
  const { tx } = scope
  const person = await tx.person.findUnique({ where: { id: person_id } })
  const profile = person === null ? null : await profileOf(context, person)
  if (person === null || profile === null) throw new Refusal('not-found', `There is no person ${person_id}.`)
  const seats = await tx.member.findMany({ where: { person_id }, orderBy: { created_at: 'asc' } })
  const identities = await tx.identity.findMany({ where: { person_id }, orderBy: { linked_at: 'asc' } })
  const acts = await tx.audit_record.findMany({
    where: { actor_kind: 'person', actor_id: person_id },
    select: { organisation_id: true, at: true, act: true, subject_id: true, request_id: true },
    orderBy: [{ at: 'desc' }, { organisation_id: 'asc' }, { sequence: 'desc' }],
    take: ACTS_MAX,
  })
  const told =
    person.email_digest === null
      ? []
      : await tx.sign_up_visit.findMany({
          where: { email_digest: person.email_digest },
          orderBy: { created_at: 'asc' },
        })
  return {
    id: person.id,
    ...profile,
    sign_ups: await Promise.all(
      told.flatMap(({ organisation_id, id, sealed_answers, created_at }) =>
        sealed_answers === null
          ? []
          : [
              openSignUp(context, organisation_id, id, sealed_answers).then((answers) => ({
                organisation_id,
                ...answers,
                created_at: created_at.toISOString(),
              })),
            ],
      ),
    ),
    operator: person.operator,
    has_password: person.password !== null,
    created_at: person.created_at.toISOString(),
    seats: seats.map(({ organisation_id, roles, created_at }) => ({
      organisation_id,
      roles: heldRoles.parse(roles),
      created_at: created_at.toISOString(),
    })),
    identities: identities.map(({ issuer, subject, linked_at }) => ({
      issuer,
      subject,
      linked_at: linked_at.toISOString(),
    })),
    sessions: (await findSessions(scope, person_id, current_token)).map(shownSession),
    acts: acts.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  }
}

const signUp = z.object({ name: z.string(), email: z.string(), company: z.string() })

/** What a buyer with this address told on a seller's sign-up page. */
async function openSignUp(
  { seal }: Pick<Context, 'seal'>,
  organisation_id: string,
  id: string,
  sealed: string,
): Promise<z.infer<typeof signUp>> {
  return signUp.parse(JSON.parse(await seal.open(sealed, [organisation_id, id, 'sign_up'])))
}

/** A session as the API shows it. */
export function shownSession({
  created_at,
  last_seen_at,
  ends_at,
  ...rest
}: Awaited<ReturnType<typeof findSessions>>[number]) {
  return {
    ...rest,
    created_at: created_at.toISOString(),
    last_seen_at: last_seen_at.toISOString(),
    ends_at: ends_at.toISOString(),
  }
}
