// Every error class the client models, given by the operation it belongs to; signatures; tags, policies, assessments.
import {
  AccessDeniedException,
  BatchDescribeEntitiesCommand,
  CancelChangeSetCommand,
  DeleteResourcePolicyCommand,
  DescribeAssessmentCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  GetResourcePolicyCommand,
  InternalServiceException,
  ListAssessmentsCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  ListTagsForResourceCommand,
  MarketplaceCatalogServiceException,
  PutResourcePolicyCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ResourceNotSupportedException,
  ServiceQuotaExceededException,
  StartChangeSetCommand,
  TagResourceCommand,
  ThrottlingException,
  UntagResourceCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changesOf, clientsOf, type Market, vendor } from '../support.ts'
import { Catalog, openChannel, start } from './support.ts'

let market: Market
let productId = ''
beforeAll(async () => {
  ;({ market, productId } = await openChannel())
})
afterAll(() => market.server.stop())
beforeEach(() => market.by('PT1M'))

const title = (ProductTitle: string) =>
  changesOf([['UpdateInformation', `prod:${productId}`, { ProductTitle }]])
const arn = (kind: string, id: string, account = vendor) =>
  `arn:aws:aws-marketplace:us-east-1:${account}:AWSMarketplace/${kind}/${id}`

/** One good call of every operation the catalog has. */
const operations: Record<string, (clients: Market['vendor']) => Promise<unknown>> = {
  StartChangeSet: ({ catalog }) =>
    catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: title('T') })),
  DescribeChangeSet: ({ catalog }) =>
    catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId: 'none' })),
  CancelChangeSet: ({ catalog }) =>
    catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: 'none' })),
  ListChangeSets: ({ catalog }) => catalog.send(new ListChangeSetsCommand({ Catalog })),
  DescribeEntity: ({ catalog }) => catalog.send(new DescribeEntityCommand({ Catalog, EntityId: productId })),
  BatchDescribeEntities: ({ catalog }) =>
    catalog.send(new BatchDescribeEntitiesCommand({ EntityRequestList: [{ Catalog, EntityId: productId }] })),
  ListEntities: ({ catalog }) => catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' })),
  TagResource: ({ catalog }) =>
    catalog.send(
      new TagResourceCommand({
        ResourceArn: arn('SaaSProduct', productId),
        Tags: [{ Key: 'k', Value: 'v' }],
      }),
    ),
  UntagResource: ({ catalog }) =>
    catalog.send(new UntagResourceCommand({ ResourceArn: arn('SaaSProduct', productId), TagKeys: ['k'] })),
  ListTagsForResource: ({ catalog }) =>
    catalog.send(new ListTagsForResourceCommand({ ResourceArn: arn('SaaSProduct', productId) })),
  PutResourcePolicy: ({ catalog }) =>
    catalog.send(
      new PutResourcePolicyCommand({
        ResourceArn: arn('SaaSProduct', productId),
        Policy: '{"Statement":[{"Effect":"Allow"}]}',
      }),
    ),
  GetResourcePolicy: ({ catalog }) =>
    catalog.send(new GetResourcePolicyCommand({ ResourceArn: arn('SaaSProduct', productId) })),
  DeleteResourcePolicy: ({ catalog }) =>
    catalog.send(new DeleteResourcePolicyCommand({ ResourceArn: arn('SaaSProduct', productId) })),
  ListAssessments: ({ catalog }) => catalog.send(new ListAssessmentsCommand({ Catalog })),
  DescribeAssessment: ({ catalog }) =>
    catalog.send(new DescribeAssessmentCommand({ Catalog, AssessmentIdentifier: 'assessment-1' })),
}
const named = Object.entries(operations)

async function failureOf(call: Promise<unknown>): Promise<MarketplaceCatalogServiceException> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof MarketplaceCatalogServiceException) return error
  throw new Error(`no error of the service: ${String(error)}`)
}

describe('every operation', () => {
  test.each(named)('%s is refused to an unknown key', async (_name, call) => {
    const keys = { ...market.keys.vendor, access_key_id: 'AKIAUNKNOWN00000000' }
    const error = await failureOf(call(clientsOf(market.server, keys)))
    expect(error.name).toBe('UnrecognizedClientException')
    expect(error.$metadata.httpStatusCode).toBe(403)
    expect(error.message).toBe('The security token included in the request is invalid.')
  })

  test.each(named)('%s can be asked too often', async (operation, call) => {
    const rule = { service: 'marketplace-catalog', operation }
    await market.control('/throttles', { ...rule, rate_per_second: 0.001, burst: 1 })
    await call(market.vendor).catch(() => undefined)
    const error = await failureOf(call(market.vendor))
    await market.control('/throttles', { ...rule, rate_per_second: null })
    expect(error).toBeInstanceOf(ThrottlingException)
    expect(error.$metadata.httpStatusCode).toBe(429)
    expect(error.message).toBe('Rate exceeded')
  })

  test.each(named)('%s can fail inside the cloud', async (operation, call) => {
    await market.control('/faults', { fault: 'error_500', cloud: 'aws', operation })
    const error = await failureOf(call(market.vendor))
    expect(error).toBeInstanceOf(InternalServiceException)
    expect(error.$metadata.httpStatusCode).toBe(500)
  })

  test('has the rate the quotas name', async () => {
    const fresh = await openFresh()
    const rules =
      await fresh.control<{ service: string; operation: string; rate_per_second: number }[]>('/throttles')
    await fresh.server.stop()
    const rates = rules.filter((rule) => rule.service === 'marketplace-catalog')
    expect(Object.fromEntries(rates.map((rule) => [rule.operation, rule.rate_per_second]))).toMatchObject({
      StartChangeSet: 5,
      DescribeChangeSet: 10,
      ListChangeSets: 5,
      CancelChangeSet: 5,
      ListEntities: 10,
      DescribeEntity: 20,
      TagResource: 5,
      PutResourcePolicy: 5,
    })
    expect(rates.map((rule) => rule.operation).sort()).toEqual(Object.keys(operations).sort())
  })
})

async function openFresh() {
  const { openMarket } = await import('../support.ts')
  return openMarket()
}

describe('an error of each class', () => {
  test('ValidationException names the change and the field', async () => {
    const error = await failureOf(
      start(market.vendor, [['UpdateInformation', `prod:${productId}`, { Titel: 'x' }]]),
    )
    expect(error).toBeInstanceOf(ValidationException)
    expect(error.$metadata.httpStatusCode).toBe(422)
    expect(error).toMatchObject({
      message: expect.stringContaining('Titel'),
      ValidationExceptionFieldList: [
        {
          Reason: 'FieldValidationFailed',
          EntityType: 'SaaSProduct',
          EntityId: productId,
          ChangeType: 'UpdateInformation',
          Field: expect.any(String),
          Message: expect.stringContaining('Titel'),
        },
      ],
    })
  })

  test('ValidationException tells an unknown change type and details that are no JSON', async () => {
    const unknown = await failureOf(start(market.vendor, [['Explode', `prod:${productId}`, {}]]))
    expect(unknown).toMatchObject({
      ValidationExceptionFieldList: [{ Reason: 'UnknownOperation', ChangeType: 'Explode' }],
    })
    const Entity = { Type: 'SaaSProduct@1.0', Identifier: productId }
    const broken = new StartChangeSetCommand({
      Catalog,
      ChangeSet: [{ ChangeType: 'UpdateInformation', Entity, Details: '{"a"' }],
    })
    expect(await failureOf(market.vendor.catalog.send(broken))).toMatchObject({
      ValidationExceptionFieldList: [{ Reason: 'CannotParse', Field: 'Details' }],
    })
  })

  test('ResourceInUseException while an entity is locked, and for a change set that is applied', async () => {
    const { ChangeSetId = '' } = await start(market.vendor, [
      ['UpdateInformation', `prod:${productId}`, { ProductTitle: 'A' }],
    ])
    const locked = await failureOf(operations.StartChangeSet?.(market.vendor) ?? Promise.resolve())
    expect(locked).toBeInstanceOf(ResourceInUseException)
    expect(locked.$metadata.httpStatusCode).toBe(423)
    expect(locked.message).toContain(productId)
    await market.by('PT6S')
    const late = await failureOf(
      market.vendor.catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId })),
    )
    expect(late).toBeInstanceOf(ResourceInUseException)
  })

  test('ServiceQuotaExceededException when too many change sets are open, and none too early', async () => {
    expect(await market.control('/aws/limits')).toEqual({ open_change_sets: 100 })
    await market.control('/aws/limits', { open_change_sets: 1 })
    const created = () => start(market.vendor, [['CreateProduct', 'prod', {}, 'P']])
    const first = await created()
    const error = await failureOf(created())
    expect(error).toBeInstanceOf(ServiceQuotaExceededException)
    expect(error.$metadata.httpStatusCode).toBe(402)
    const other = await start(market.reseller, [['CreateProduct', 'prod', {}, 'P']])
    expect(other.ChangeSetId).toMatch(/^\w+$/)
    await market.vendor.catalog.send(
      new CancelChangeSetCommand({ Catalog, ChangeSetId: first.ChangeSetId ?? '' }),
    )
    expect((await created()).ChangeSetId).toMatch(/^\w+$/)
    await market.control('/aws/limits', { open_change_sets: null })
  })

  test('ResourceNotFoundException, AccessDeniedException and ResourceNotSupportedException', async () => {
    const missing = await failureOf(operations.CancelChangeSet?.(market.vendor) ?? Promise.resolve())
    expect(missing).toBeInstanceOf(ResourceNotFoundException)
    expect(missing.$metadata.httpStatusCode).toBe(404)
    const foreign = await failureOf(operations.StartChangeSet?.(market.reseller) ?? Promise.resolve())
    expect(foreign).toBeInstanceOf(AccessDeniedException)
    expect(foreign.$metadata.httpStatusCode).toBe(403)
    const strange = await failureOf(
      market.vendor.catalog.send(new DescribeEntityCommand({ Catalog, EntityId: 'agmt-1' })),
    )
    expect(strange).toBeInstanceOf(ResourceNotSupportedException)
    expect(strange.$metadata.httpStatusCode).toBe(415)
  })
})

describe('a signature', () => {
  const scope = 'us-east-1/aws-marketplace/aws4_request'
  const ask = async (
    authorization: string | undefined,
    more: Record<string, string> = { 'x-amz-date': '20261101T000000Z' },
  ) => {
    const answer = await fetch(`${market.server.urls.aws.catalog}/ListEntities`, {
      method: 'POST',
      headers: { ...more, ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify({ Catalog, EntityType: 'Offer' }),
    })
    const { message = '' } = (await answer.json()) as { message?: string }
    return [answer.status, answer.headers.get('x-amzn-errortype')?.split(':')[0], message]
  }
  const signed = (credential: string, rest = ', SignedHeaders=host;x-amz-date, Signature=00') =>
    `AWS4-HMAC-SHA256 Credential=${market.keys.vendor.access_key_id}/${credential}${rest}`

  test('must be there whole, for this service and its region', async () => {
    expect(await ask(undefined)).toEqual([
      403,
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ])
    expect(await ask('Bearer abc')).toEqual([
      403,
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    ])
    expect((await ask(signed(`20261101/${scope}`, ', SignedHeaders=host'))).slice(0, 2)).toEqual([
      403,
      'IncompleteSignatureException',
    ])
    expect((await ask(signed(`20261101/${scope}`), {})).slice(0, 2)).toEqual([
      403,
      'IncompleteSignatureException',
    ])
    expect(await ask(signed('20261101/us-east-1/s3/aws4_request'))).toEqual([
      403,
      'InvalidSignatureException',
      "Credential should be scoped to correct service: 'aws-marketplace'.",
    ])
    expect(await ask(signed('20261101/eu-west-1/aws-marketplace/aws4_request'))).toEqual([
      403,
      'InvalidSignatureException',
      "Credential should be scoped to a valid region, not 'eu-west-1'.",
    ])
    expect((await ask(signed('20261101')))[1]).toBe('InvalidSignatureException')
    expect((await ask(signed(`20261101/${scope}`)))[0]).toBe(200)
  })

  test('of expired keys is told as such', async () => {
    await market.control('/faults', { fault: 'expired_token', cloud: 'aws', operation: 'ListEntities' })
    expect((await ask(signed(`20261101/${scope}`))).slice(0, 2)).toEqual([403, 'ExpiredTokenException'])
  })
})

describe('a resource', () => {
  const tagsOf = async (ResourceArn: string) =>
    (await market.vendor.catalog.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags
  const tag = (ResourceArn: string, ...Tags: [string, string][]) =>
    market.vendor.catalog.send(
      new TagResourceCommand({ ResourceArn, Tags: Tags.map(([Key, Value]) => ({ Key, Value })) }),
    )

  test('is tagged by its ARN, or with the change set that makes it', async () => {
    const ResourceArn = arn('SaaSProduct', productId)
    await tag(ResourceArn, ['team', 'one'], ['stage', 'test'])
    await tag(ResourceArn, ['team', 'two'])
    expect(await tagsOf(ResourceArn)).toEqual([
      { Key: 'team', Value: 'two' },
      { Key: 'stage', Value: 'test' },
    ])
    await market.vendor.catalog.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }))
    expect(await tagsOf(ResourceArn)).toEqual([{ Key: 'stage', Value: 'test' }])
    const Tags = [{ Key: 'deal', Value: '7' }]
    const ChangeSet = title('Tagged').map((item) => ({ ...item, EntityTags: Tags }))
    const started = await market.vendor.catalog.send(
      new StartChangeSetCommand({ Catalog, ChangeSet, ChangeSetTags: Tags }),
    )
    expect(await tagsOf(started.ChangeSetArn ?? '')).toEqual(Tags)
    expect(await tagsOf(ResourceArn)).toEqual([{ Key: 'stage', Value: 'test' }, ...Tags])
  })

  test('is not tagged by others, where it is not, or with reserved and too many words', async () => {
    const own = arn('SaaSProduct', productId)
    expect(await failureOf(tag(arn('SaaSProduct', 'prod-nothere'), ['k', 'v']))).toBeInstanceOf(
      ResourceNotFoundException,
    )
    expect(await failureOf(tag(arn('Offer', productId), ['k', 'v']))).toBeInstanceOf(
      ResourceNotFoundException,
    )
    expect(await failureOf(operations.TagResource?.(market.reseller) ?? Promise.resolve())).toBeInstanceOf(
      AccessDeniedException,
    )
    expect(await failureOf(tag('not an arn', ['k', 'v']))).toBeInstanceOf(ValidationException)
    expect(await failureOf(tag(own, ['aws:own', 'v']))).toBeInstanceOf(ValidationException)
    expect(await failureOf(tag(own, ['k\n', 'v']))).toBeInstanceOf(ValidationException)
    const many = Array.from({ length: 51 }, (_, index): [string, string] => [`k${index}`, 'v'])
    expect(await failureOf(tag(own, ...many))).toBeInstanceOf(ValidationException)
  })

  test('has one policy, which is read and removed', async () => {
    const ResourceArn = arn('SaaSProduct', productId)
    const get = () => market.vendor.catalog.send(new GetResourcePolicyCommand({ ResourceArn }))
    const put = (Policy: string) =>
      market.vendor.catalog.send(new PutResourcePolicyCommand({ ResourceArn, Policy }))
    const remove = () => market.vendor.catalog.send(new DeleteResourcePolicyCommand({ ResourceArn }))
    await remove().catch(() => undefined)
    expect(await failureOf(get())).toBeInstanceOf(ResourceNotFoundException)
    expect(await failureOf(put('not JSON'))).toBeInstanceOf(ValidationException)
    expect(await failureOf(put('{"Version":"2012-10-17"}'))).toBeInstanceOf(ValidationException)
    expect(
      await failureOf(put(`{"Statement":[{"Effect":"Allow"}],"Id":"${'x'.repeat(10240)}"}`)),
    ).toBeInstanceOf(ValidationException)
    const policy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"aws-marketplace:DescribeEntity"}]}'
    await put(policy)
    expect((await get()).Policy).toBe(policy)
    await remove()
    expect(await failureOf(remove())).toBeInstanceOf(ResourceNotFoundException)
    const { ChangeSetArn = '' } = await start(market.vendor, [['CreateProduct', 'prod', {}, 'P']])
    const misplaced = new PutResourcePolicyCommand({ ResourceArn: ChangeSetArn, Policy: policy })
    expect(await failureOf(market.vendor.catalog.send(misplaced))).toBeInstanceOf(ValidationException)
  })

  test('of a seller of SaaS has no assessments', async () => {
    const found = await market.vendor.catalog.send(
      new ListAssessmentsCommand({ Catalog, AssessmentTargetFilter: { EntityId: productId } }),
    )
    expect(found.AssessmentSummaryList).toEqual([])
    const one = (AssessmentIdentifier: string) =>
      failureOf(market.vendor.catalog.send(new DescribeAssessmentCommand({ Catalog, AssessmentIdentifier })))
    expect(await one('assessment-1')).toBeInstanceOf(ResourceNotFoundException)
    expect(await one('prod-1')).toBeInstanceOf(ValidationException)
  })
})
