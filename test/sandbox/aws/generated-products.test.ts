// Changes of products out of a seed, one change set after another, against a small model of a product: what is refused, by
// which code, and how the product stands in the end. A change set holds wholly or not at all. Source of the forms: AWS's
// public shape library for SaaSProduct@1.0; AWS publishes no codes for them, so those are the sandbox's own.
import { DescribeEntityCommand } from '@aws-sdk/client-marketplace-catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, type Change, change, type Market, madeBy, problemsOf, productChanges } from '../support.ts'
import { openCatalog, releaseProduct } from './offer-world.ts'

const RUNS = 80
let market: Market
let other = ''
beforeAll(async () => {
  market = await openCatalog()
  other = await releaseProduct(market)
})
afterAll(() => market.server.stop())

const kinds = ['Entitled', 'Metered', 'ExternallyMetered'] as const
const dimension = fc.record({
  key: fc.constantFrom('a', 'b'),
  types: fc.subarray([...kinds], { minLength: 1 }),
})
const dimensions = fc.uniqueArray(dimension, { minLength: 1, maxLength: 2, selector: ({ key }) => key })
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
/** One change set: each change type once at most, in this order. */
const step = fc.record({
  information: fc.boolean(),
  option: fc.boolean(),
  add: perhaps(dimensions),
  update: perhaps(dimensions),
  restrict: fc.option(dimensions, { nil: undefined }),
  target: perhaps(fc.constantFrom(buyer, buyer, '12')),
  release: perhaps(fc.constant(true)),
  show: perhaps(fc.constantFrom('Public', 'Limited', 'Restricted', 'for another', 'for itself')),
})
/** Half of them are on the market with the first step. */
const first = fc.option(
  fc.record({
    information: fc.constant(true),
    option: fc.constant(true),
    add: dimensions,
    release: fc.constant(true),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? Partial<One> : never

type Product = {
  visibility: string
  complete: boolean
  options: number
  types: Map<string, Set<string>>
  target: string[]
}
const copy = (one: Product): Product => ({
  ...one,
  types: new Map([...one.types].map(([key, types]) => [key, new Set(types)])),
})
/** What is metered outside is metered. */
const whole = (types: Iterable<string>) => {
  const all = new Set(types)
  return all.has('ExternallyMetered') ? all.add('Metered') : all
}

/** The model: does a step to a product, and gives what is wrong with it. Each change sees those before it. */
function take(product: Product, wanted: Step): string[] {
  const found = new Set<string>()
  if (wanted.information) product.complete = true
  if (wanted.option) product.options += 1
  for (const { key, types } of wanted.add ?? [])
    if (product.types.has(key)) found.add('AddDimensions: DUPLICATE_DIMENSION_KEYS')
    else product.types.set(key, whole(types))
  for (const { key, types } of wanted.update ?? []) {
    const known = product.types.get(key)
    if (known === undefined) found.add('UpdateDimensions: INVALID_DIMENSION_KEY')
    else product.types.set(key, whole([...known, ...types]))
  }
  for (const { key, types } of wanted.restrict ?? []) {
    const known = product.types.get(key)
    if (known === undefined) found.add('RestrictDimensions: INVALID_DIMENSION_KEY')
    else if (types.some((type) => !known.has(type))) found.add('RestrictDimensions: INVALID_DIMENSION_TYPES')
    for (const type of types) known?.delete(type)
    if (types.includes('Metered')) known?.delete('ExternallyMetered')
  }
  if (wanted.target !== undefined) product.target = [wanted.target]
  if (wanted.target === '12') found.add('UpdateTargeting: INVALID_BUYER_ACCOUNTS')
  if (wanted.release) for (const code of release(product)) found.add(`ReleaseProduct: ${code}`)
  if (wanted.show !== undefined)
    for (const code of show(product, wanted.show)) found.add(`UpdateVisibility: ${code}`)
  return [...found].sort()
}

function release(product: Product): string[] {
  const rules: [boolean, string][] = [
    [product.visibility !== 'Draft', 'INCOMPATIBLE_STATUS'],
    [!product.complete, 'MISSING_MANDATORY_FIELDS'],
    [product.options === 0, 'MISSING_DELIVERY_OPTIONS'],
    [product.types.size === 0, 'MISSING_DIMENSIONS'],
  ]
  product.visibility = 'Limited'
  return rules.flatMap(([broken, code]) => (broken ? [code] : []))
}

function show(product: Product, wanted: string): string[] {
  if (product.visibility === 'Draft') return ['INCOMPATIBLE_STATUS']
  if (wanted === 'for itself') return ['INVALID_REPLACEMENT_PRODUCT']
  product.visibility = wanted === 'for another' ? 'Restricted' : wanted
  return []
}

const detailsOf = (type: string) => productChanges().find(([name]) => name === type)?.[2]
const dimensionBody = ({ key, types }: { key: string; types: string[] }) => ({
  Key: key,
  Name: key,
  Description: key,
  Types: types,
  Unit: 'Units',
})
const plain = ({ key, types }: { key: string; types: string[] }) => ({ Key: key, Types: types })

function changesOf(id: string, wanted: Step): Change[] {
  const { information, option, add, update, restrict, target, show: visible } = wanted
  const ReplacementProductId = visible === 'for itself' ? id : visible === 'for another' ? other : undefined
  const TargetVisibility = ReplacementProductId === undefined ? visible : 'Restricted'
  const visibility = {
    TargetVisibility,
    ...(ReplacementProductId === undefined ? {} : { ReplacementProductId }),
  }
  const all: [boolean, string, unknown][] = [
    [information === true, 'UpdateInformation', detailsOf('UpdateInformation')],
    [option === true, 'AddDeliveryOptions', detailsOf('AddDeliveryOptions')],
    [add !== undefined, 'AddDimensions', add?.map(dimensionBody)],
    [update !== undefined, 'UpdateDimensions', update?.map(plain)],
    [restrict !== undefined, 'RestrictDimensions', restrict?.map(plain)],
    [target !== undefined, 'UpdateTargeting', { PositiveTargeting: { BuyerAccounts: [target] } }],
    [wanted.release === true, 'ReleaseProduct', {}],
    [visible !== undefined, 'UpdateVisibility', visibility],
  ]
  return all.flatMap(([sent, type, details]) =>
    sent ? [[type, `prod:${id}`, details] satisfies Change] : [],
  )
}

type Shown = {
  Description: { Visibility: string }
  Dimensions: { Key: string; Types: string[] }[]
  Versions: { DeliveryOptions: unknown[] }[]
  Targeting: { PositiveTargeting: { BuyerAccounts: string[] } }
}

test(`${RUNS} products go through their changes as the model does`, async () => {
  const met = new Set<string>()
  const steps = fc.array(step, { minLength: 2, maxLength: 10 })
  const property = fc.asyncProperty(first, steps, async (begun, wanted) => {
    const id = madeBy(await change(market, market.vendor, [['CreateProduct', 'prod', {}, 'P']]), 'P')
    let product: Product = { visibility: 'Draft', complete: false, options: 0, types: new Map(), target: [] }
    for (const one of [...(begun === null ? [] : [begun]), ...wanted]) {
      const changes = changesOf(id, one)
      if (changes.length === 0) continue
      const next = copy(product)
      const expected = take(next, one)
      const done = await change(market, market.vendor, changes)
      expect([...new Set(problemsOf(done))].sort()).toEqual(expected)
      expect(done.Status).toBe(expected.length === 0 ? 'SUCCEEDED' : 'FAILED')
      for (const code of expected) met.add(code)
      if (expected.length === 0) product = next
      met.add(product.visibility)
    }
    const request = new DescribeEntityCommand({ Catalog: 'AWSMarketplace', EntityId: id })
    const shown = (await market.vendor.catalog.send(request)).DetailsDocument as Shown
    expect({
      visibility: shown.Description.Visibility,
      options: shown.Versions.flatMap(({ DeliveryOptions }) => DeliveryOptions).length,
      types: Object.fromEntries(shown.Dimensions.map(({ Key, Types }) => [Key, Types])),
      target: shown.Targeting.PositiveTargeting.BuyerAccounts,
    }).toEqual({
      visibility: product.visibility,
      options: product.options,
      types: Object.fromEntries(
        [...product.types].map(([key, types]) => [key, kinds.filter((kind) => types.has(kind))]),
      ),
      target: product.target,
    })
  })
  await fc.assert(property, { seed: 3, numRuns: RUNS })
  expect([...met].sort()).toEqual(
    [
      'AddDimensions: DUPLICATE_DIMENSION_KEYS',
      'Draft',
      'Limited',
      'Public',
      'ReleaseProduct: INCOMPATIBLE_STATUS',
      'ReleaseProduct: MISSING_DELIVERY_OPTIONS',
      'ReleaseProduct: MISSING_DIMENSIONS',
      'ReleaseProduct: MISSING_MANDATORY_FIELDS',
      'Restricted',
      'RestrictDimensions: INVALID_DIMENSION_KEY',
      'RestrictDimensions: INVALID_DIMENSION_TYPES',
      'UpdateDimensions: INVALID_DIMENSION_KEY',
      'UpdateTargeting: INVALID_BUYER_ACCOUNTS',
      'UpdateVisibility: INCOMPATIBLE_STATUS',
      'UpdateVisibility: INVALID_REPLACEMENT_PRODUCT',
    ].sort(),
  )
}, 120_000)
