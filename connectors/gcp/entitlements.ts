/** One entitlement: the order of a buyer, as the Partner Procurement API tells it. */
import type { Connection } from '../connector.ts'
import type { Gcp } from './clients.ts'
import type { GcpEntitlement } from './map-agreements.ts'
import { providerOf } from './names.ts'

export function readEntitlement(
  gcp: Gcp,
  connection: Connection,
  agreement_id: string,
): Promise<GcpEntitlement> {
  const name = `${providerOf(connection)}/entitlements/${agreement_id}`
  return gcp.procurement(connection, 'GetEntitlement', (client, options) =>
    client.providers.entitlements.get({ name }, options),
  )
}
