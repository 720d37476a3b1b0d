import {
  DescribeChangeSetCommand,
  StartChangeSetCommand,
  type StartChangeSetCommandInput,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Change, change, changesOf, type Market } from '../support.ts'
import { offerDocuments } from './offer-documents.ts'
import { openCatalog, releaseProduct } from './offer-world.ts'
import { productDocuments } from './product-documents.ts'

const Catalog = 'AWSMarketplace'
let market: Market
let productId = ''
beforeAll(async () => {
  market = await openCatalog()
  productId = await releaseProduct(market)
})
afterAll(() => market.server.stop())

/** Changes an offer or a product that the same change set makes. */
function start(kind: 'offer' | 'prod', type: string, details: unknown) {
  const creation: Change =
    kind === 'offer' ? ['CreateOffer', kind, { ProductId: productId }, 'X'] : ['CreateProduct', kind, {}, 'X']
  return change(
    market,
    market.vendor,
    type === creation[0]
      ? [[type, kind, details]]
      : [creation, [type, `${kind}:$X.Entity.Identifier`, details]],
  )
}

const kinds = [
  ['prod', productDocuments],
  ['offer', offerDocuments],
] as const
const rowsOf = (kept: 'good' | 'bad') =>
  kinds.flatMap(([kind, documents]) =>
    Object.entries(documents).flatMap(([type, bodies]) =>
      bodies[kept].map((body) => [kind, type, body] as const),
    ),
  )

test.each(rowsOf('good'))('%s %s takes %j', async (kind, type, body) => {
  expect((await start(kind, type, body)).ChangeSetId).toMatch(/^[a-z0-9]{25}$/)
})

test.each(rowsOf('bad'))('%s %s refuses at once %j', async (kind, type, body) => {
  const failed = start(kind, type, body)
  await expect(failed).rejects.toThrow(ValidationException)
  await expect(failed).rejects.toMatchObject({ $metadata: { httpStatusCode: 422 } })
})

describe('a request is refused at once', () => {
  const [create] = changesOf([['CreateProduct', 'prod', {}, 'P']])
  const request = (more: Partial<StartChangeSetCommandInput>) => ({
    Catalog,
    ChangeSet: create ? [create] : [],
    ...more,
  })
  const rows: [string, Partial<StartChangeSetCommandInput>][] = [
    ['of another catalog', { Catalog: 'Elsewhere' }],
    ['without changes', { ChangeSet: [] }],
    ['with 21 changes', { ChangeSet: Array.from({ length: 21 }, () => ({ ...create })) as never }],
    ['with a name of 101 characters', { ChangeSetName: 'a'.repeat(101) }],
    ['with a name that has a slash', { ChangeSetName: 'a/b' }],
    ['with a token of 65 characters', { ClientRequestToken: 'a'.repeat(65) }],
    ['with a token that has a space', { ClientRequestToken: 'a b' }],
    ['only to be looked at', { Intent: 'VALIDATE' }],
    ['with text and a document', { ChangeSet: [{ ...create, Details: '{}' }] as never }],
    ['with neither', { ChangeSet: [{ ...create, DetailsDocument: undefined }] as never }],
    [
      'with text of 16385 characters',
      { ChangeSet: [{ ...create, DetailsDocument: undefined, Details: `{${' '.repeat(16383)}}` }] as never },
    ],
    [
      'with text that is no JSON',
      { ChangeSet: [{ ...create, DetailsDocument: undefined, Details: '{a}' }] as never },
    ],
    ['with a long name of a change', { ChangeSet: [{ ...create, ChangeName: 'a'.repeat(73) }] as never }],
    ['of a type that is not there', { ChangeSet: [{ ...create, ChangeType: 'DeleteProduct' }] as never }],
    ['of another version', { ChangeSet: [{ ...create, Entity: { Type: 'SaaSProduct@2.0' } }] as never }],
  ]
  test.each(rows)('%s', async (_name, more) => {
    const failed = market.vendor.catalog.send(new StartChangeSetCommand(request(more)))
    await expect(failed).rejects.toThrow(ValidationException)
  })

  test('and taken at its limits', async () => {
    const started = market.vendor.catalog.send(
      new StartChangeSetCommand(
        request({
          ChangeSetName: `a_+=.:@- ${'b'.repeat(91)}`,
          ClientRequestToken: '!'.repeat(64),
          Intent: 'APPLY',
        }),
      ),
    )
    await expect(started).resolves.toMatchObject({ ChangeSetId: expect.any(String) })
  })
})

test('a change reads back alike, whether it came as text or as a document', async () => {
  const information = { ProductTitle: 'Ledger', Sku: null, Highlights: ['h'] }
  const dimensions = [{ Key: 'k', Name: 'n', Description: 'd', Types: ['Entitled'], Unit: 'u' }]
  const Entity = { Type: 'SaaSProduct@1.0', Identifier: '$P.Entity.Identifier' }
  const ChangeSet = [
    { ChangeType: 'CreateProduct', ChangeName: 'P', Entity: { Type: Entity.Type }, Details: '{ }' },
    { ChangeType: 'UpdateInformation', Entity, Details: JSON.stringify(information) },
    { ChangeType: 'AddDimensions', Entity, DetailsDocument: dimensions },
  ]
  const started = await market.vendor.catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }))
  await market.by('PT40S')
  const done = await market.vendor.catalog.send(
    new DescribeChangeSetCommand({ Catalog, ChangeSetId: started.ChangeSetId ?? '' }),
  )
  expect(done.ChangeSet?.map((item) => item.DetailsDocument)).toEqual([{}, information, dimensions])
  expect(done.ChangeSet?.map((item) => item.Details)).toEqual([
    '{}',
    JSON.stringify(information),
    JSON.stringify(dimensions),
  ])
  for (const item of done.ChangeSet ?? []) expect(item.Entity?.Identifier).toMatch(/^prod-[a-z0-9]{13}@1$/)
})
