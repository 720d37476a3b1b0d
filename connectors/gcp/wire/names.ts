/** Resource names of Google and the bare ids that we keep of them. */
import { Fault } from '../../../src/core/fault.ts'
import type { Connection } from '../../connector.ts'

export function projectOf(connection: Connection): string {
  const project = connection.settings.project
  if (!project) throw new Fault('invalid', 'The connection names no project')
  return project
}

/** The parent of offers and services at the Producer API. */
export function parentOf(connection: Connection): string {
  return `projects/${projectOf(connection)}/locations/${connection.settings.location || 'global'}`
}

export function providerOf(connection: Connection): string {
  return `providers/${connection.account_id}`
}

export function offerName(connection: Connection, offer_id: string): string {
  return `${parentOf(connection)}/privateOffers/${offer_id}`
}

/** A product is a service at Google: its id is the service's name, "example.endpoints.acme-public.cloud.goog". */
export function serviceName(connection: Connection, product_id: string): string {
  return `${parentOf(connection)}/services/${lastOf(product_id)}`
}

/** The service that usage is reported to. */
export function meteredService(connection: Connection, product_id: string): string {
  const service = lastOf(product_id)
  if (service.includes('.')) return service
  const named = connection.settings.service_name
  if (!named) throw new Fault('invalid', 'Neither the product nor the connection names the managed service')
  return named
}

/** The last segment of a resource name. */
export function lastOf(name: string | null | undefined): string {
  return (name ?? '').split('/').at(-1) ?? ''
}

/** The segment after a collection: `within('projects/1/services/s/privateOffers/o', 'services')` is "s". */
export function within(name: string | null | undefined, collection: string): string | null {
  const segments = (name ?? '').split('/')
  const at = segments.indexOf(collection)
  return at === -1 ? null : (segments[at + 1] ?? null)
}
