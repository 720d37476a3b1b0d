import { z } from 'zod'
import { isoSeconds } from '../time.ts'
import { authorizationDocument } from './authorization.ts'
import { cancelChangeSet, changeSetArn, shownIdentifier, startChangeSet } from './change-sets.ts'
import { catalogError } from './errors.ts'
import { listEntities } from './list-entities.ts'
import type { ChangeSet, Entity, Json } from './model.ts'
import { offerDocument } from './offer.ts'
import { page, readPage } from './paging.ts'
import { productDocument } from './product.ts'
import { entityArn, type World } from './world.ts'

export type CatalogRequest = { method: string; path: string; query: URLSearchParams; body: Json }
type Operation = (world: World, account: string, request: CatalogRequest) => object

const json = z.json()
const startSchema = z.object({
  Catalog: z.string(),
  ChangeSet: z
    .array(
      z.object({
        ChangeType: z.string().min(1).max(255),
        Entity: z.object({ Type: z.string().min(1), Identifier: z.string().optional() }),
        Details: z.string().min(2).max(16384).optional(),
        DetailsDocument: json.optional(),
        ChangeName: z.string().min(1).max(72).optional(),
      }),
    )
    .min(1)
    .max(20),
  ChangeSetName: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w\s+=.:@-]+$/, 'must be letters, digits, spaces and _ + = . : @ -')
    .optional(),
  ClientRequestToken: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[!-~]+$/, 'must be visible ASCII')
    .optional(),
  Intent: z.enum(['APPLY', 'VALIDATE']).optional(),
})

/** Reads a body by its schema or refuses in the catalog's words. */
export function readCatalogBody<T>(schema: z.ZodType<T>, body: Json): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const issues = read.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
  throw catalogError('ValidationException', `The request is not valid. ${issues.join('; ')}`)
}

function checkCatalog(catalog: string | null): void {
  if (catalog !== 'AWSMarketplace') {
    throw catalogError(
      'ValidationException',
      `The catalog ${catalog ?? ''} does not exist: use AWSMarketplace.`,
    )
  }
}

const start: Operation = (world, account, request) => {
  const body = readCatalogBody(startSchema, request.body)
  checkCatalog(body.Catalog)
  if (body.Intent === 'VALIDATE') {
    throw catalogError('ValidationException', 'The intent VALIDATE is not supported for these entity types.')
  }
  const changeSet = startChangeSet(world, account, body)
  return { ChangeSetId: changeSet.id, ChangeSetArn: changeSetArn(changeSet) }
}

function ownChangeSet(world: World, account: string, query: URLSearchParams): ChangeSet {
  checkCatalog(query.get('catalog'))
  const id = query.get('changeSetId') ?? ''
  const found = world.change_sets.get(id)
  if (found?.account_id !== account) {
    throw catalogError('ResourceNotFoundException', `The change set ${id} does not exist.`)
  }
  return found
}

const describeChangeSet: Operation = (world, account, request) => {
  const changeSet = ownChangeSet(world, account, request.query)
  return {
    ChangeSetId: changeSet.id,
    ChangeSetArn: changeSetArn(changeSet),
    ChangeSetName: changeSet.name,
    Intent: 'APPLY',
    StartTime: isoSeconds(changeSet.started_at),
    EndTime: changeSet.ended_at === undefined ? null : isoSeconds(changeSet.ended_at),
    Status: changeSet.status,
    FailureCode: changeSet.failure_code ?? null,
    FailureDescription: changeSet.failure_description ?? null,
    ChangeSet: changeSet.changes.map((change) => ({
      ChangeType: change.ChangeType,
      Entity: { Type: change.Entity.Type, Identifier: shownIdentifier(world, changeSet, change) ?? null },
      Details: JSON.stringify(change.Details),
      DetailsDocument: change.Details,
      ErrorDetailList: change.ErrorDetailList,
      ChangeName: change.ChangeName ?? null,
    })),
  }
}

const cancel: Operation = (world, account, request) => {
  const changeSet = ownChangeSet(world, account, request.query)
  cancelChangeSet(world, changeSet)
  return { ChangeSetId: changeSet.id, ChangeSetArn: changeSetArn(changeSet) }
}

const sortSchema = z.object({
  SortBy: z.string().optional(),
  SortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional(),
})
const listSchema = z.object({
  Catalog: z.string(),
  FilterList: z
    .array(z.object({ Name: z.string(), ValueList: z.array(z.string()).min(1).max(10) }))
    .min(1)
    .max(8)
    .optional(),
  Sort: sortSchema.optional(),
  MaxResults: z.int().min(1).max(20).optional(),
  NextToken: z.string().optional(),
})

const changeSetFilters: Record<string, (changeSet: ChangeSet, values: string[]) => boolean> = {
  EntityId: (changeSet, values) => changeSet.entity_ids.some((id) => values.includes(id)),
  ChangeSetName: (changeSet, values) => values.includes(changeSet.name),
  Status: (changeSet, values) => values.includes(changeSet.status),
  BeforeStartTime: (changeSet, [value = '']) => changeSet.started_at < Date.parse(value),
  AfterStartTime: (changeSet, [value = '']) => changeSet.started_at > Date.parse(value),
  BeforeEndTime: (changeSet, [value = '']) => (changeSet.ended_at ?? Infinity) < Date.parse(value),
  AfterEndTime: (changeSet, [value = '']) => (changeSet.ended_at ?? -Infinity) > Date.parse(value),
}

const listChangeSets: Operation = (world, account, request) => {
  const body = readCatalogBody(listSchema, request.body)
  checkCatalog(body.Catalog)
  const filters = body.FilterList ?? []
  const unknown = filters.find((filter) => !changeSetFilters[filter.Name])
  if (unknown) throw catalogError('ValidationException', `The filter ${unknown.Name} is not supported.`)
  const direction = body.Sort?.SortOrder === 'ASCENDING' ? 1 : -1
  const time = (changeSet: ChangeSet) =>
    body.Sort?.SortBy === 'EndTime' ? (changeSet.ended_at ?? Infinity) : changeSet.started_at
  const found = world.change_sets
    .all()
    .filter((changeSet) => changeSet.account_id === account)
    .filter((changeSet) =>
      filters.every(({ Name, ValueList }) => changeSetFilters[Name]?.(changeSet, ValueList)),
    )
    .sort((left, right) => (time(left) - time(right)) * direction)
  const { items, next } = page(found, readPage(body.NextToken), body.MaxResults ?? 20)
  return {
    ChangeSetSummaryList: items.map((changeSet) => ({
      ChangeSetId: changeSet.id,
      ChangeSetArn: changeSetArn(changeSet),
      ChangeSetName: changeSet.name,
      StartTime: isoSeconds(changeSet.started_at),
      EndTime: changeSet.ended_at === undefined ? null : isoSeconds(changeSet.ended_at),
      Status: changeSet.status,
      EntityIdList: changeSet.entity_ids,
      FailureCode: changeSet.failure_code ?? null,
    })),
    NextToken: next ?? null,
  }
}

/** Owners see their entities; a reseller also sees an authorization issued to it, once it is released. */
export function mayRead(account: string, entity: Entity | undefined): entity is Entity {
  if (entity?.owner === account) return true
  return entity?.kind === 'ResaleAuthorization' && entity.reseller === account && entity.status !== 'Draft'
}

function described(world: World, entity: Entity) {
  const document = {
    SaaSProduct: () => (entity.kind === 'SaaSProduct' ? productDocument(entity) : {}),
    Offer: () => (entity.kind === 'Offer' ? offerDocument(entity) : {}),
    ResaleAuthorization: () =>
      entity.kind === 'ResaleAuthorization' ? authorizationDocument(world, entity) : {},
  }[entity.kind]()
  return {
    EntityType: `${entity.kind}@1.0`,
    EntityIdentifier: `${entity.id}@${entity.revision}`,
    EntityArn: entityArn(entity.owner, entity.kind, entity.id),
    LastModifiedDate: isoSeconds(entity.modified_at),
    DetailsDocument: document,
  }
}

const describeEntity: Operation = (world, account, request) => {
  checkCatalog(request.query.get('catalog'))
  const id = (request.query.get('entityId') ?? '').replace(/@\d+$/, '')
  const entity = world.entities.get(id)
  if (!mayRead(account, entity))
    throw catalogError('ResourceNotFoundException', `The entity ${id} does not exist.`)
  const shown = described(world, entity)
  return { ...shown, Details: JSON.stringify(shown.DetailsDocument) }
}

const batchSchema = z.object({
  EntityRequestList: z
    .array(z.object({ Catalog: z.string(), EntityId: z.string() }))
    .min(1)
    .max(20),
})

const batchDescribe: Operation = (world, account, request) => {
  const { EntityRequestList } = readCatalogBody(batchSchema, request.body)
  const details: Record<string, object> = {}
  const errors: Record<string, object> = {}
  for (const { EntityId } of EntityRequestList) {
    const entity = world.entities.get(EntityId)
    if (mayRead(account, entity)) details[EntityId] = described(world, entity)
    else
      errors[EntityId] = {
        ErrorCode: 'RESOURCE_NOT_FOUND',
        ErrorMessage: `The entity ${EntityId} does not exist.`,
      }
  }
  return { EntityDetails: details, Errors: errors }
}

/** Operation by name; the catalog's paths are its operations' names. */
export const catalogOperations: Record<string, { method: string; run: Operation }> = {
  StartChangeSet: { method: 'POST', run: start },
  DescribeChangeSet: { method: 'GET', run: describeChangeSet },
  CancelChangeSet: { method: 'PATCH', run: cancel },
  ListChangeSets: { method: 'POST', run: listChangeSets },
  DescribeEntity: { method: 'GET', run: describeEntity },
  BatchDescribeEntities: { method: 'POST', run: batchDescribe },
  ListEntities: {
    method: 'POST',
    run: (world, account, request) => listEntities(world, account, request.body),
  },
}
