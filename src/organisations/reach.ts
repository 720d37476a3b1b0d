// Nobody raises anybody above what they themselves hold, and nobody touches a seat that holds more.
import { allowedBy, type Role } from '../access/index.ts'
import { Refusal } from '../core/problem.ts'

/** The permissions of roles that lie beyond what somebody holds. */
export function beyond(roles: readonly Role[], held: ReadonlySet<string>): string[] {
  return [...allowedBy(roles)].filter((permission) => !held.has(permission))
}

/** Throws forbidden for roles that hold more than the caller. Who runs the installation may give any. */
export function checkReach(
  roles: readonly Role[],
  { permissions }: { permissions: ReadonlySet<string> },
): void {
  if (permissions.has('operator')) return
  const more = beyond(roles, permissions)
  if (more.length === 0) return
  throw new Refusal(
    'forbidden',
    `${roles.join(' and ')} may do more than you do yourself (${more.join(', ')}). Ask somebody who may.`,
  )
}
