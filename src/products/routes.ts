import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { decimal, formatDecimal, isZero } from '../core/decimal.ts'
import { pageOfSlice, sliceOf } from '../core/order.ts'
import { invalid } from '../core/problem.ts'
import {
  body,
  idempotencyHeader,
  json,
  makeRouter,
  orderedQuery,
  pageOf,
  positiveDecimalText,
  refusals,
  searchText,
  write,
} from '../door/index.ts'
import { aggregations, dimensionKinds, type ProductDimension } from './model.ts'
import {
  detailsSchema,
  findProduct,
  findProducts,
  insertDimension,
  insertProduct,
  type Product,
  productOrders,
} from './store.ts'

const tags = ['Products']

/** More digits before or after the point than a multiplier has. */
const TOO_MANY_DIGITS = /\d{10}/

const dimension = z.strictObject({
  key: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'must be 1 to 100 letters, digits, dots, dashes or underscores'),
  name: z.string().min(1).max(100),
  description: z.string().min(1).max(500),
  unit: z.string().min(1).max(20),
  kind: z.enum(dimensionKinds),
  aggregation: z.enum(aggregations).default('sum'),
  multiplier: positiveDecimalText
    .refine((text) => !TOO_MANY_DIGITS.test(text), 'must have at most 9 digits before and after its point')
    .default('1'),
})

const draft = z.strictObject({
  name: z.string().trim().min(1).max(72),
  short_description: z.string().min(1).max(1000),
  long_description: z.string().min(1).max(5000),
  details: detailsSchema,
  dimensions: z.array(dimension).min(1).max(200),
})

const product = draft.extend({ id: z.string(), created_at: z.string() }).openapi('Product')

const create = createRoute({
  method: 'post',
  path: '/v1/products',
  tags,
  summary: 'Describe a product once, for every cloud',
  request: { headers: idempotencyHeader, body: body(draft) },
  responses: { 201: json(product, 'The product'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/v1/products',
  tags,
  summary: 'The products of this organisation',
  request: {
    query: orderedQuery(productOrders).extend({
      q: searchText.openapi({ description: 'Found in its name and its id.' }),
    }),
  },
  responses: { 200: json(pageOf(product), 'A page of products'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/v1/products/{id}',
  tags,
  summary: 'One product',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(product, 'The product'), ...refusals },
})

const addDimension = createRoute({
  method: 'post',
  path: '/v1/products/{id}/dimensions',
  tags,
  summary: 'Count a product in one more thing',
  description: 'Listings that are live have it once they are changed and it is given a price.',
  request: {
    params: z.object({ id: z.string() }),
    headers: idempotencyHeader,
    body: body(dimension),
  },
  responses: { 201: json(product, 'The product'), ...refusals },
})

export function productRoutes(context: Context) {
  return makeRouter()
    .openapi(create, (door) =>
      write(context, door, async (scope) => {
        const made = toProduct(scope.id('product'), scope.now(), door.req.valid('json'))
        await insertProduct(scope, made)
        return { status: 201 as const, body: toShown(made) }
      }),
    )
    .openapi(addDimension, (door) =>
      write(context, door, async (scope) => {
        const { id } = door.req.valid('param')
        const before = await findProduct(scope, id)
        const position = before.dimensions.length
        await insertDimension(scope, toDimension(id, position, door.req.valid('json')))
        const after = toShown(await findProduct(scope, id))
        return { status: 201 as const, body: after, audit: { before: toShown(before) } }
      }),
    )
    .openapi(list, async (door) => {
      const { limit, cursor, sort, ...filter } = door.req.valid('query')
      const slice = sliceOf(productOrders, { sort, cursor, limit })
      const { organisation_id } = door.get('caller')
      const rows = await context.store.inTenant(organisation_id, (scope) =>
        findProducts(scope, filter, slice),
      )
      return door.json(pageOfSlice(rows, slice, toShown), 200)
    })
    .openapi(read, async (door) => {
      const { id } = door.req.valid('param')
      const found = await context.store.inTenant(door.get('caller').organisation_id, (scope) =>
        findProduct(scope, id),
      )
      return door.json(toShown(found), 200)
    })
}

function toProduct(id: string, created_at: Date, given: z.infer<typeof draft>): Product {
  const keys = given.dimensions.map(({ key }) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined)
    throw invalid('dimensions', `"${twice}" is there twice`, 'Give each dimension its own key')
  return {
    id,
    created_at,
    ...given,
    dimensions: given.dimensions.map((item, position) =>
      toDimension(id, position, item, 'dimensions.multiplier'),
    ),
  }
}

function toDimension(
  product_id: string,
  position: number,
  item: z.infer<typeof dimension>,
  field = 'multiplier',
): ProductDimension {
  const multiplier = decimal(item.multiplier)
  if (isZero(multiplier)) throw invalid(field, 'must not be zero', 'Use 1 to report as counted')
  return { product_id, ...item, multiplier, position }
}

function toShown(found: Product) {
  return {
    ...found,
    created_at: found.created_at.toISOString(),
    dimensions: found.dimensions.map(({ product_id: _, position: __, multiplier, ...item }) => ({
      ...item,
      multiplier: formatDecimal(multiplier),
    })),
  }
}
