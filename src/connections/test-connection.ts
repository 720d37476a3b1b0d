import type { ConnectionTest } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { openConnection } from './open.ts'

/** Asks the cloud, with harmless reads, what this connection may do. */
export async function tryConnection(
  context: Context,
  organisation_id: string,
  id: string,
): Promise<ConnectionTest[]> {
  const { connector, connection } = await openConnection(context, organisation_id, id)
  return connector.test(connection)
}
