import type { ConnectionTest } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { sideOf } from './guide.ts'
import { openConnection } from './open.ts'
import { keepTest } from './store.ts'

/** Asks the cloud, with harmless reads, what this connection may do. */
export async function tryConnection(
  context: Context,
  organisation_id: string,
  id: string,
): Promise<ConnectionTest[]> {
  const { connector, connection } = await openConnection(context, organisation_id, id)
  const side = await context.store.inTenant(organisation_id, sideOf)
  return connector.test(connection, side)
}

/** The same, and the result is kept; for a connection that somebody has just made. */
export async function testAndKeep(context: Context, organisation_id: string, id: string): Promise<void> {
  const result = await tryConnection(context, organisation_id, id)
  await context.store.inTenant(organisation_id, (scope) => keepTest(scope, id, result))
}
