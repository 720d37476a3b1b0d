/** One entitlement: the order of a buyer, as the Partner Procurement API tells it. */
import type { Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { providerOf } from '../wire/names.ts'
import type { GcpEntitlement } from './map-agreements.ts'

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
