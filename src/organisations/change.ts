import { z } from 'zod'
import { choosableActs, decidersOf } from '../approvals/index.ts'
import { Refusal } from '../core/problem.ts'
import { type Scope, toJson } from '../store/index.ts'
import { holdOrganisation, type Organisation, toOrganisation, twoPersonActs } from './store.ts'

/** What an organisation may change about itself. */
export const organisationChange = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  two_person: z.array(z.enum(choosableActs)).max(choosableActs.length).optional(),
})
export type OrganisationChange = z.infer<typeof organisationChange>

/** Two people decide on an act, so there have to be two. */
const DECIDERS_MIN = 2

/**
 * Renames the caller's organisation, or says which acts need two people. Throws a conflict for an act that nobody could
 * ever agree to.
 */
export async function changeOrganisation(
  scope: Scope,
  { name, two_person }: OrganisationChange,
): Promise<{ before: Organisation; after: Organisation }> {
  const before = await holdOrganisation(scope)
  const added = (two_person ?? []).filter((act) => !before.two_person.includes(act))
  for (const act of added) {
    const people = await decidersOf(scope, act)
    if (people.length >= DECIDERS_MIN) continue
    throw new Refusal(
      'conflict',
      `${act} needs ${DECIDERS_MIN} people who may do it and decide on it, and there is ${people.length === 0 ? 'nobody' : 'one'} here. Invite them first.`,
    )
  }
  const row = await scope.tx.organisation.update({
    where: { id: scope.organisation_id },
    data: {
      ...(name === undefined ? {} : { name }),
      ...(two_person === undefined ? {} : { two_person: toJson([...new Set(two_person)].sort()) }),
    },
  })
  return { before, after: toOrganisation(row) }
}

/** Whether a change lets an act be done by one person again. */
export async function asksFewer(scope: Scope, { two_person }: OrganisationChange): Promise<boolean> {
  if (two_person === undefined) return false
  const wanted = new Set<string>(two_person)
  return (await twoPersonActs(scope)).some((act) => !wanted.has(act))
}

/** The handler of `organisation.ask_fewer`. */
export const askFewerHandler = (scope: Scope, request: unknown) =>
  changeOrganisation(scope, organisationChange.parse(request))
