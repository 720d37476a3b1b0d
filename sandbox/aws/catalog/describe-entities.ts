import { z } from 'zod'
import { isoSeconds } from '../../time.ts'
import { catalogError } from '../errors.ts'
import type { Entity } from '../model.ts'
import { authorizationDocument } from '../selling/authorization-document.ts'
import { offerDocument } from '../selling/offer.ts'
import { offerSetDocument } from '../selling/offer-set.ts'
import { entityArn, type World } from '../world.ts'
import {
  catalogName,
  checkCatalog,
  entityId,
  type Operation,
  readCatalogBody,
  readQuery,
  resourceId,
} from './catalog-request.ts'
import { productDocument } from './product.ts'
import { solutionDocument } from './solution.ts'

/** Owners see their entities; a reseller also sees an authorization issued to it, once it is released. */
export function mayRead(account: string, entity: Entity | undefined): entity is Entity {
  if (entity?.owner === account) return true
  return entity?.kind === 'ResaleAuthorization' && entity.reseller === account && entity.status !== 'Draft'
}

function documentOf(world: World, entity: Entity): object {
  switch (entity.kind) {
    case 'SaaSProduct':
      return productDocument(entity)
    case 'Offer':
      return offerDocument(entity)
    case 'ResaleAuthorization':
      return authorizationDocument(world, entity)
    case 'OfferSet':
      return offerSetDocument(entity)
    case 'Solution':
      return solutionDocument(entity)
  }
}

function described(world: World, entity: Entity) {
  return {
    EntityType: `${entity.kind}@1.0`,
    EntityIdentifier: `${entity.id}@${entity.revision}`,
    EntityArn: entityArn(entity.owner, entity.kind, entity.id),
    LastModifiedDate: isoSeconds(entity.modified_at),
    DetailsDocument: documentOf(world, entity),
  }
}

// Agreements and change sets have ids of the marketplace too, but are no entities of the catalog.
const noEntity = /^(agmt|term|acr|pr|ba)-/

export const describeEntity: Operation = (world, account, request) => {
  checkCatalog(readQuery(request, 'catalog', catalogName))
  const id = readQuery(request, 'entityId', resourceId)
  if (noEntity.test(id)) {
    throw catalogError('ResourceNotSupportedException', `The resource ${id} cannot be described here.`)
  }
  const entity = world.entities.get(id)
  if (!mayRead(account, entity)) {
    throw catalogError('ResourceNotFoundException', `The entity ${id} does not exist.`)
  }
  const shown = described(world, entity)
  return { ...shown, Details: JSON.stringify(shown.DetailsDocument) }
}

const batchSchema = z.object({
  EntityRequestList: z
    .array(z.object({ Catalog: catalogName, EntityId: entityId }))
    .min(1)
    .max(20),
})

/** An entity that cannot be read has its own error; the others are answered. */
export const batchDescribe: Operation = (world, account, request) => {
  const { EntityRequestList } = readCatalogBody(batchSchema, request.body)
  for (const { Catalog } of EntityRequestList) checkCatalog(Catalog)
  const details: Record<string, object> = {}
  const errors: Record<string, object> = {}
  for (const { EntityId } of EntityRequestList) {
    const entity = world.entities.get(EntityId)
    if (mayRead(account, entity)) details[EntityId] = described(world, entity)
    else {
      const ErrorMessage = `The entity ${EntityId} does not exist.`
      errors[EntityId] = { ErrorCode: 'RESOURCE_NOT_FOUND', ErrorMessage }
    }
  }
  return { EntityDetails: details, Errors: errors }
}
