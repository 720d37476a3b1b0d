import * as catalog from './catalog.ts'
import * as documents from './documents.ts'
import { GcpError } from './errors.ts'
import type { JsonObject, Provider } from './model.ts'
import * as offers from './private-offers.ts'
import type { ApiCall } from './procurement.ts'
import type { World } from './world.ts'

// The Commerce Producer API, version 1 beta. Its official client takes a host and a port only, so its routes are at the root.

export type ProducerCall = ApiCall & {
  provider: Provider
  id: string
  child: string
  /** Whether enums are answered as numbers, as the official client asks for. */
  numbers: boolean
}

type Operation = (world: World, call: ProducerCall) => JsonObject

const parent = '/v1beta/projects/([^/]+)/locations/([^/]+)'
const routes: [verb: string, path: string, name: string, run: Operation][] = [
  ['GET', '/services', 'ListServices', catalog.listServices],
  ['GET', '/services/{id}', 'GetService', catalog.getService],
  ['GET', '/services/{id}/standardOffers', 'ListStandardOffers', catalog.listStandardOffers],
  ['GET', '/services/{id}/standardOffers/{id}', 'GetStandardOffer', catalog.getStandardOffer],
  ['GET', '/services/{id}/skus', 'ListSkus', catalog.listSkus],
  ['GET', '/services/{id}/skus/{id}', 'GetSku', catalog.getSku],
  ['GET', '/skuGroups', 'ListSkuGroups', catalog.listSkuGroups],
  ['GET', '/skuGroups/{id}', 'GetSkuGroup', catalog.getSkuGroup],
  ['GET', '/privateOffers', 'ListPrivateOffers', offers.listOffers],
  ['GET', '/privateOffers:resolveAmendmentTarget', 'ResolveAmendmentTarget', offers.resolveTarget],
  ['POST', '/privateOffers', 'CreatePrivateOffer', offers.createOffer],
  ['GET', '/privateOffers/{id}', 'GetPrivateOffer', offers.getOffer],
  ['PATCH', '/privateOffers/{id}', 'UpdatePrivateOffer', offers.patchOffer],
  ['DELETE', '/privateOffers/{id}', 'DeletePrivateOffer', offers.deleteOffer],
  ['POST', '/privateOffers/{id}:publish', 'PublishPrivateOffer', offers.publishOffer],
  ['POST', '/privateOffers/{id}:cancel', 'CancelPrivateOffer', offers.cancelOffer],
  ['GET', '/privateOffers/{id}/documents', 'ListPrivateOfferDocuments', documents.listDocuments],
  ['POST', '/privateOffers/{id}/documents', 'CreatePrivateOfferDocument', documents.createDocument],
  ['GET', '/privateOffers/{id}/documents/{id}', 'GetPrivateOfferDocument', documents.getDocument],
  ['PATCH', '/privateOffers/{id}/documents/{id}', 'UpdatePrivateOfferDocument', documents.patchDocument],
  ['DELETE', '/privateOffers/{id}/documents/{id}', 'DeletePrivateOfferDocument', documents.deleteDocument],
]
const operations = routes.map(([verb, path, name, run]) => ({
  verb,
  name,
  run,
  pattern: new RegExp(`^${parent}${path.replaceAll('{id}', '([^/:]+)')}$`),
}))

export function producerOperation(method: string, path: string) {
  for (const { verb, name, run, pattern } of operations) {
    const found = verb === method ? pattern.exec(path) : null
    if (found) {
      const [, project = '', location = '', id = '', child = ''] = found
      return { name, run, project, location, id, child }
    }
  }
  return undefined
}

export function producerRequest(world: World, provider: Provider, call: ApiCall): JsonObject {
  const operation = producerOperation(call.method, call.path)
  if (!operation) throw new GcpError('NOT_FOUND', `The requested URL ${call.path} was not found.`)
  const { project, location, id, child } = operation
  if (project !== provider.project && project !== provider.project_number) {
    const message = `Permission denied on resource project ${project}.`
    throw new GcpError('PERMISSION_DENIED', message, 'IAM_PERMISSION_DENIED')
  }
  if (location !== 'global') {
    throw new GcpError('NOT_FOUND', `Location ${location} is not found or access is unauthorized.`)
  }
  const numbers = (call.query.get('$alt') ?? call.query.get('alt') ?? '').includes('enum-encoding=int')
  return operation.run(world, { ...call, provider, id, child, numbers })
}
