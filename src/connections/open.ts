import { z } from 'zod'
import { clouds } from '../../connectors/connector.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import type { OpenConnection } from './model.ts'
import { findRow } from './store.ts'

const fields = z.record(z.string(), z.string())

/** Reads a connection and unseals its credentials. Throws not-found, or invalid-input where no connector is built in. */
export async function openConnection(
  context: Pick<Context, 'store' | 'seal' | 'connectors'>,
  organisation_id: string,
  connection_id: string,
): Promise<OpenConnection> {
  const row = await context.store.inTenant(organisation_id, (scope) => findRow(scope, connection_id))
  const cloud = z.enum(clouds).parse(row.cloud)
  const connector = context.connectors[cloud]
  if (connector === undefined)
    throw new Refusal('invalid-input', `This installation has no connector for ${cloud}.`)
  const opened = await context.seal.open(row.sealed_credentials, [organisation_id, connection_id])
  return {
    cloud,
    connector,
    connection: {
      id: connection_id,
      account_id: row.account_id,
      credentials: fields.parse(JSON.parse(opened)),
      settings: fields.parse(row.settings),
    },
  }
}
