import { permissionNames } from '../../src/access/permissions.ts'
import type { Caller } from '../../src/door/index.ts'

/** A caller who may do everything in one organisation, for tests of a room's door alone. */
export function callerFor(organisation_id: string): Caller {
  return {
    organisation_id,
    name: 'test',
    actor: { kind: 'person', id: 'prsn_test' },
    permissions: new Set(permissionNames),
    request_id: 'req_test',
  }
}
