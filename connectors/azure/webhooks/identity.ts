/** Who the connection is at Microsoft's login, and who its messages are for. */
import type { Connection } from '../../connector.ts'

export type Identity = { tenant_id: string; client_id: string }

export function identityOf({ settings }: Connection): Identity {
  return { tenant_id: (settings.tenant_id ?? '').toLowerCase(), client_id: settings.client_id ?? '' }
}

/** The application that messages are signed for: the API's own, unless the technical configuration names another. */
export function webhookIdentityOf(connection: Connection): Identity {
  const own = identityOf(connection)
  const { webhook_tenant_id, webhook_app_id } = connection.settings
  return {
    tenant_id: webhook_tenant_id?.toLowerCase() || own.tenant_id,
    client_id: webhook_app_id || own.client_id,
  }
}
