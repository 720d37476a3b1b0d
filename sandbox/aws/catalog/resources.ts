import { z } from 'zod'
import { catalogError } from '../errors.ts'
import { entityArn, type World } from '../world.ts'
import {
  catalogName,
  checkCatalog,
  nextToken,
  type Operation,
  readCatalogBody,
  readOffset,
  readQuery,
  resourceArn,
  resourceId,
  tagKey,
  tagList,
} from './catalog-request.ts'

// Tags, resource policies and assessments: what one does to a resource by its ARN.

/** Kept on one resource at most; our default. */
const mostTags = 50

const missing = (what: string) => catalogError('ResourceNotFoundException', `${what} does not exist.`)

/** The resource behind an ARN, when the account owns it. */
function owned(world: World, account: string, arn: string, kinds: 'entities' | 'entities and change sets') {
  const [, , , , owner, resource = ''] = arn.split(':')
  if (owner !== account) {
    throw catalogError('AccessDeniedException', `The account ${account} may not use the resource ${arn}.`)
  }
  const [, kind = '', id = ''] = resource.split('/')
  if (kind === 'ChangeSet') {
    if (kinds === 'entities') throw catalogError('ValidationException', `${arn} is not the ARN of an entity.`)
    if (world.change_sets.get(id)?.account_id !== account) throw missing(arn)
    return
  }
  const entity = world.entities.get(id)
  if (entity?.owner !== account || entityArn(entity.owner, entity.kind, entity.id) !== arn) throw missing(arn)
}

const taggable = 'entities and change sets'

/** Adds tags to a resource; a key that is there already gets the new value. */
export function addTags(world: World, arn: string, list: { Key: string; Value: string }[]): void {
  const tags = { ...world.tags.get(arn) }
  for (const { Key, Value } of list) {
    if (/^aws:/i.test(Key)) {
      throw catalogError('ValidationException', `The tag ${Key} begins with aws:, which is reserved.`)
    }
    tags[Key] = Value
  }
  if (Object.keys(tags).length > mostTags) {
    throw catalogError('ValidationException', `A resource has at most ${mostTags} tags.`)
  }
  world.tags.put(arn, tags)
}

const tagSchema = z.object({ ResourceArn: resourceArn, Tags: tagList })
export const tagResource: Operation = (world, account, request) => {
  const { ResourceArn, Tags } = readCatalogBody(tagSchema, request.body)
  owned(world, account, ResourceArn, taggable)
  addTags(world, ResourceArn, Tags)
  return {}
}

const untagSchema = z.object({ ResourceArn: resourceArn, TagKeys: z.array(tagKey).min(1).max(200) })
export const untagResource: Operation = (world, account, request) => {
  const { ResourceArn, TagKeys } = readCatalogBody(untagSchema, request.body)
  owned(world, account, ResourceArn, taggable)
  const left = Object.entries(world.tags.get(ResourceArn) ?? {}).filter(([key]) => !TagKeys.includes(key))
  world.tags.put(ResourceArn, Object.fromEntries(left))
  return {}
}

const listTagsSchema = z.object({ ResourceArn: resourceArn })
export const listTags: Operation = (world, account, request) => {
  const { ResourceArn } = readCatalogBody(listTagsSchema, request.body)
  owned(world, account, ResourceArn, taggable)
  const tags = Object.entries(world.tags.get(ResourceArn) ?? {})
  return { ResourceArn, Tags: tags.map(([Key, Value]) => ({ Key, Value })) }
}

const policySchema = z.object({
  ResourceArn: resourceArn,
  Policy: z
    .string()
    .min(1)
    .max(10240)
    .regex(/^[\t\n\r\u0020-\u00FF]+$/),
})
const policyDocument = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([
    z.looseObject({ Effect: z.string() }),
    z.array(z.looseObject({ Effect: z.string() })).min(1),
  ]),
})

export const putPolicy: Operation = (world, account, request) => {
  const { ResourceArn, Policy } = readCatalogBody(policySchema, request.body)
  owned(world, account, ResourceArn, 'entities')
  let parsed: unknown
  try {
    parsed = JSON.parse(Policy)
  } catch {
    throw catalogError('ValidationException', 'The Policy is not JSON.')
  }
  if (!policyDocument.safeParse(parsed).success) {
    throw catalogError('ValidationException', 'The Policy is not a policy document: it needs a Statement.')
  }
  world.policies.put(ResourceArn, Policy)
  return {}
}

export const getPolicy: Operation = (world, account, request) => {
  const arn = readQuery(request, 'resourceArn', resourceArn)
  owned(world, account, arn, 'entities')
  const Policy = world.policies.get(arn)
  if (Policy === undefined) throw missing(`The resource policy of ${arn}`)
  return { Policy }
}

export const deletePolicy: Operation = (world, account, request) => {
  const arn = readQuery(request, 'resourceArn', resourceArn)
  owned(world, account, arn, 'entities')
  if (world.policies.get(arn) === undefined) throw missing(`The resource policy of ${arn}`)
  world.policies.remove(arn)
  return {}
}

const delivery = z.object({ DeliveryOptionId: resourceId.optional() })
const paging = { MaxResults: z.int().min(1).max(100).optional(), NextToken: nextToken.optional() }
const listAssessmentsSchema = z.object({
  Catalog: catalogName,
  FrameworkId: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[\w\-@]+$/)
    .optional(),
  AssessmentTargetFilter: z
    .object({ EntityId: resourceId.optional(), ChangeSetId: resourceId.optional() })
    .optional(),
  FrameworkFilters: z
    .object({ AMISecurityFilters: delivery.optional(), ContainerSecurityFilters: delivery.optional() })
    .optional(),
  ...paging,
})

/** Frameworks are for machine images and containers: a seller of SaaS has no assessments. */
export const listAssessments: Operation = (_world, _account, request) => {
  const body = readCatalogBody(listAssessmentsSchema, request.body)
  checkCatalog(body.Catalog)
  readOffset(body.NextToken)
  return { AssessmentSummaryList: [], NextToken: null }
}

const describeAssessmentSchema = z.object({
  Catalog: catalogName,
  AssessmentIdentifier: z
    .string()
    .min(1)
    .max(2048)
    .regex(
      /^(assessment-[a-zA-Z0-9]+|arn:[a-zA-Z0-9-]+:[a-zA-Z0-9-]+:[a-zA-Z0-9-]*:[0-9]*:[a-zA-Z0-9-]+\/Assessment\/assessment-[a-zA-Z0-9]+)$/,
    ),
  ...paging,
})

export const describeAssessment: Operation = (_world, _account, request) => {
  const body = readCatalogBody(describeAssessmentSchema, request.body)
  checkCatalog(body.Catalog)
  throw missing(`The assessment ${body.AssessmentIdentifier}`)
}
