import { AzureError, fulfilmentError, wrappedError } from './errors.ts'
import type { Account } from './model.ts'
import { readToken } from './tokens.ts'
import type { World } from './world.ts'

/** The marketplace's own application: the resource of fulfilment and metering, and the caller of webhooks. */
export const marketplaceApp = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'
const devCenterApi = '4990cffe-04e8-4e8b-808a-1175604b879f'

/** Which audiences a token may have, for each service that asks for one. */
const audiences: Record<string, string[]> = {
  'saas-fulfillment': [marketplaceApp],
  metering: [marketplaceApp],
  'product-ingestion': ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
  'partner-payouts': [
    devCenterApi,
    'https://api.partner.microsoft.com',
    'https://api.partnercenter.microsoft.com',
  ],
  management: ['https://management.azure.com', 'https://management.core.windows.net'],
}

/** Every resource a token may be asked for. */
export const knownResources = new Set(Object.values(audiences).flat())

/** The account behind the bearer token. Signature, expiry, audience and the application are all checked. */
export function callerOf(world: World, service: string, request: Request): Account {
  const header = request.headers.get('authorization') ?? ''
  const token = /^Bearer (.+)$/i.exec(header)?.[1]
  if (token === undefined) throw unauthorized(service, 'The authorization token is missing.')
  const claims = readToken(world, token)
  if (claims === 'expired') throw unauthorized(service, 'The authorization token has expired.')
  if (typeof claims === 'string')
    throw unauthorized(service, `The authorization token is not valid: ${claims}.`)
  const audience = String(claims.aud).replace(/\/$/, '')
  if (!(audiences[service] ?? []).includes(audience)) {
    throw unauthorized(service, `The token is for ${audience}, which is another resource.`)
  }
  const caller = world.accounts
    .all()
    .find((account) => account.client_id === claims.appid && account.tenant_id === claims.tid)
  if (!caller) throw forbidden(service, 'The application is not known to this marketplace.')
  return caller
}

/** 401 where a token is missing, forged, expired or for another resource. */
export function unauthorized(service: string, message: string): AzureError {
  const headers = { 'www-authenticate': `Bearer error="invalid_token", error_description="${message}"` }
  const body =
    service === 'saas-fulfillment' || service === 'metering'
      ? { code: 'Unauthorized', message, target: '', details: [] }
      : { error: { code: 'Unauthorized', message, details: [] } }
  return new AzureError(401, body, headers)
}

/** 403 where the token is good but belongs to somebody else. */
export function forbidden(service: string, message: string): AzureError {
  if (service === 'saas-fulfillment' || service === 'metering')
    return fulfilmentError(403, 'Forbidden', message)
  return wrappedError(403, 'forbidden', message)
}
