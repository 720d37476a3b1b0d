import { z } from 'zod'
import { isoSeconds } from '../../time.ts'
import { catalogError } from '../errors.ts'
import type { ChangeSet } from '../model.ts'
import type { World } from '../world.ts'
import {
  type CatalogRequest,
  catalogName,
  checkCatalog,
  type Operation,
  readCatalogBody,
  readQuery,
  resourceId,
  tagList,
} from './catalog-request.ts'
import {
  cancelChangeSet,
  changeSetArn,
  isRemembered,
  shownIdentifier,
  startChangeSet,
} from './change-sets.ts'
import { batchDescribe, describeEntity } from './describe-entities.ts'
import { listChangeSets } from './list-change-sets.ts'
import { listEntities } from './list-entities.ts'
import {
  deletePolicy,
  describeAssessment,
  getPolicy,
  listAssessments,
  listTags,
  putPolicy,
  tagResource,
  untagResource,
} from './resources.ts'

const startSchema = z.object({
  Catalog: catalogName,
  ChangeSet: z
    .array(
      z.object({
        ChangeType: z
          .string()
          .min(1)
          .max(255)
          .regex(/^[A-Z]\w*$/),
        Entity: z.object({
          Type: z.string().min(1).max(255),
          Identifier: z.string().min(1).max(255).optional(),
        }),
        Details: z.string().min(2).max(16384).optional(),
        DetailsDocument: z.json().optional(),
        ChangeName: z.string().min(1).max(72).optional(),
        EntityTags: tagList.optional(),
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
  ChangeSetTags: tagList.optional(),
  Intent: z.enum(['APPLY', 'VALIDATE']).optional(),
})

const start: Operation = (world, account, request) => {
  const body = readCatalogBody(startSchema, request.body)
  checkCatalog(body.Catalog)
  if (body.Intent === 'VALIDATE') {
    throw catalogError('ValidationException', 'The intent VALIDATE is not supported for these entity types.')
  }
  const changeSet = startChangeSet(world, account, body)
  return { ChangeSetId: changeSet.id, ChangeSetArn: changeSetArn(changeSet) }
}

function ownChangeSet(world: World, account: string, request: CatalogRequest): ChangeSet {
  checkCatalog(readQuery(request, 'catalog', catalogName))
  const id = readQuery(request, 'changeSetId', resourceId)
  const found = world.change_sets.get(id)
  if (found?.account_id !== account || !isRemembered(world, found)) {
    throw catalogError('ResourceNotFoundException', `The change set ${id} does not exist.`)
  }
  return found
}

const describeChangeSet: Operation = (world, account, request) => {
  const changeSet = ownChangeSet(world, account, request)
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
  const changeSet = ownChangeSet(world, account, request)
  cancelChangeSet(world, changeSet)
  return { ChangeSetId: changeSet.id, ChangeSetArn: changeSetArn(changeSet) }
}

/** Operation by name; the catalog's paths are its operations' names. */
export const catalogOperations: Record<string, { method: string; run: Operation }> = {
  StartChangeSet: { method: 'POST', run: start },
  DescribeChangeSet: { method: 'GET', run: describeChangeSet },
  CancelChangeSet: { method: 'PATCH', run: cancel },
  ListChangeSets: { method: 'POST', run: listChangeSets },
  DescribeEntity: { method: 'GET', run: describeEntity },
  BatchDescribeEntities: { method: 'POST', run: batchDescribe },
  ListEntities: { method: 'POST', run: listEntities },
  TagResource: { method: 'POST', run: tagResource },
  UntagResource: { method: 'POST', run: untagResource },
  ListTagsForResource: { method: 'POST', run: listTags },
  PutResourcePolicy: { method: 'POST', run: putPolicy },
  GetResourcePolicy: { method: 'GET', run: getPolicy },
  DeleteResourcePolicy: { method: 'DELETE', run: deletePolicy },
  ListAssessments: { method: 'POST', run: listAssessments },
  DescribeAssessment: { method: 'POST', run: describeAssessment },
}
