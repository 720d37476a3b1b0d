import { z } from 'zod'
import { allowedBy, roleNames } from '../access/index.ts'
import { invalid, Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import type { Operation } from './model.ts'
import { findLocked } from './store.ts'

const roles = z.array(z.enum(roleNames))

/**
 * Gives a human task to somebody, or to nobody. Throws a conflict for what does not wait for a person, and invalid-input
 * for somebody who could not finish it.
 */
export async function giveTask(
  scope: Scope,
  id: string,
  owner: string | null,
): Promise<{ before: Operation; after: Operation }> {
  const before = await findLocked(scope, id)
  if (before === undefined) throw new Refusal('not-found', `There is no operation ${id}.`)
  if (before.state !== 'waiting_for_person') {
    throw new Refusal('conflict', `Operation ${id} is ${before.state}: it waits for nobody.`)
  }
  if (owner !== null && !(await mayComplete(scope, owner))) {
    throw invalid(
      'owner',
      'is nobody here who completes human tasks',
      'Choose a member whose roles hold "operations.manage"',
    )
  }
  const { organisation_id, tx } = scope
  await tx.operation.update({ where: { organisation_id_id: { organisation_id, id } }, data: { owner } })
  return { before, after: { ...before, owner } }
}

async function mayComplete({ organisation_id, tx }: Scope, person_id: string): Promise<boolean> {
  const where = { organisation_id_person_id: { organisation_id, person_id } }
  const seat = await tx.member.findUnique({ where })
  return seat !== null && allowedBy(roles.parse(seat.roles)).has('operations.manage')
}
