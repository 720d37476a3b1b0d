import { afterAll, beforeAll, expect, test } from 'vitest'
import { PRODUCT } from '../../src/demo/scenario.ts'
import { describeProduct, keyed, type ProductDraft, refusal } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const [seats] = PRODUCT.dimensions
if (seats === undefined) throw new Error('The product has dimensions')
const describe = (change: Partial<ProductDraft>) =>
  service.client().POST('/v1/products', { params: keyed(), body: { ...PRODUCT, ...change } })

test.each<[string, Partial<ProductDraft>, string]>([
  ['a dimension twice', { dimensions: [seats, { ...seats, name: 'Again' }] }, 'dimensions'],
  ['no dimension', { dimensions: [] }, 'dimensions'],
  ['a key with a blank', { dimensions: [{ ...seats, key: 'two words' }] }, 'dimensions.0.key'],
  ['a multiplier of zero', { dimensions: [{ ...seats, multiplier: '0.00' }] }, 'dimensions.multiplier'],
  ['a multiplier below zero', { dimensions: [{ ...seats, multiplier: '-1' }] }, 'dimensions.0.multiplier'],
  [
    'a multiplier with an exponent',
    { dimensions: [{ ...seats, multiplier: '1e3' }] },
    'dimensions.0.multiplier',
  ],
  ['a logo that is no address', { details: { ...PRODUCT.details, logo_url: 'logo' } }, 'details.logo_url'],
  ['a name that is too long', { name: 'n'.repeat(73) }, 'name'],
])('%s is refused at its field', async (_, change, field) => {
  expect(refusal(await describe(change), 422).errors?.map((error) => error.field)).toEqual([field])
})

test('a multiplier that no column can hold is refused', async () => {
  const answer = await describe({ name: 'Huge', dimensions: [{ ...seats, multiplier: '9'.repeat(30) }] })
  expect(refusal(answer, 422).errors?.[0]?.field).toBe('dimensions.0.multiplier')
})

test('a name is taken once', async () => {
  const id = await describeProduct(service.client(), { name: 'Taken' })
  expect(refusal(await describe({ name: 'Taken' }), 409).detail).toContain(id)
})
