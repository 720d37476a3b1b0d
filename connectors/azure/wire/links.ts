/** Which hosts a link from a service may lead to: the service's own, and in sandbox mode the configured one. */

/** An entry with a leading dot stands for every host below it. */
const hosts = {
  // Continuations of the subscription list name an inner host: main.prod.marketplaceapi.azure.com was seen.
  fulfilment: ['marketplaceapi.microsoft.com', '.marketplaceapi.azure.com'],
  metering: ['marketplaceapi.microsoft.com', '.marketplaceapi.azure.com'],
  ingestion: ['graph.microsoft.com', 'product-ingestion.mp.microsoft.com'],
  payouts: ['api.partner.microsoft.com', 'api.partnercenter.microsoft.com'],
  /** Exports lie in storage accounts; their links carry their own signature and no token of ours. */
  exports: ['.blob.core.windows.net'],
  login: ['login.microsoftonline.com', 'login.windows.net'],
} as const
export type LinkedService = keyof typeof hosts

export function isAllowedLink(service: LinkedService, link: string, endpoint: string | undefined): boolean {
  if (!URL.canParse(link)) return false
  const url = new URL(link)
  if (url.username !== '' || url.password !== '') return false
  if (endpoint !== undefined && url.origin === new URL(endpoint).origin) return true
  if (url.protocol !== 'https:' || url.port !== '') return false
  return hosts[service].some((host) =>
    host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host,
  )
}
