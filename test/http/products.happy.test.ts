import { afterAll, beforeAll, expect, test } from 'vitest'
import { unwrap } from '../../src/client/index.ts'
import { PRODUCT } from '../../src/demo/scenario.ts'
import { at, describeProduct, keyed } from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('a product comes back as it was described, its dimensions in their order', async () => {
  const client = service.client()
  const dimensions = [...PRODUCT.dimensions].reverse()
  const id = await describeProduct(client, { dimensions })
  const read = unwrap(await client.GET('/v1/products/{id}', { params: at(id) }))
  expect(read).toEqual({ ...PRODUCT, dimensions, id, created_at: service.now().toISOString() })
  expect(unwrap(await client.GET('/v1/products')).items).toEqual([read])
})

test('what is not said about a dimension has its usual value, and numbers have one spelling', async () => {
  const client = service.client()
  const [seats] = PRODUCT.dimensions
  if (seats === undefined) throw new Error('The product has dimensions')
  const { aggregation: _, ...plain } = { ...seats, multiplier: '2.50' }
  const body = { ...PRODUCT, name: 'Plain', dimensions: [plain as typeof seats] }
  const made = unwrap(await client.POST('/v1/products', { params: keyed(), body }))
  expect(made.dimensions).toEqual([{ ...seats, aggregation: 'sum', multiplier: '2.5' }])
})
