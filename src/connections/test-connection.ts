import type { Context } from '../context.ts'
import type { ShownConnection } from './model.ts'
import { openConnection } from './open.ts'
import { keepTest, toShown } from './store.ts'

/** Asks the cloud, with harmless reads, what this connection may do, and keeps the answer. */
export async function testConnection(
  context: Context,
  organisation_id: string,
  id: string,
): Promise<ShownConnection> {
  const { connector, connection } = await openConnection(context, organisation_id, id)
  const result = await connector.test(connection)
  return context.store.inTenant(organisation_id, async (scope) => toShown(await keepTest(scope, id, result)))
}
