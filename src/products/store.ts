import { z } from 'zod'
import { containing, type Slice } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import { fromNumeric, type Prisma, type Scope, toJson, toNumeric } from '../store/index.ts'
import { aggregations, dimensionKinds, type ProductDimension } from './model.ts'

type Row = Prisma.dimensionGetPayload<Record<string, never>>

function fromDimensionRow({ organisation_id: _, ...row }: Row): ProductDimension {
  return {
    ...row,
    kind: z.enum(dimensionKinds).parse(row.kind),
    aggregation: z.enum(aggregations).parse(row.aggregation),
    multiplier: fromNumeric(row.multiplier),
  }
}

/** The dimensions of several products in their order; a product without any is missing from the map. */
export async function dimensionsOf(
  scope: Scope,
  product_ids: readonly string[],
): Promise<Map<string, ProductDimension[]>> {
  const rows = await scope.tx.dimension.findMany({
    where: { organisation_id: scope.organisation_id, product_id: { in: [...product_ids] } },
    orderBy: [{ product_id: 'asc' }, { position: 'asc' }],
  })
  return Map.groupBy(rows.map(fromDimensionRow), ({ product_id }) => product_id)
}

/** Texts and links that every listing of the product shares. */
export const detailsSchema = z.strictObject({
  highlights: z.array(z.string().min(1).max(500)).min(1).max(3),
  keywords: z.array(z.string().min(1).max(50)).max(15).default([]),
  categories: z.array(z.string().min(1).max(100)).min(1).max(3),
  logo_url: z.url(),
  support: z.string().min(1).max(5000),
  refund_policy: z.string().min(1).max(500),
})

export type Product = {
  id: string
  name: string
  short_description: string
  long_description: string
  details: z.infer<typeof detailsSchema>
  dimensions: ProductDimension[]
  created_at: Date
}

export async function insertProduct(scope: Scope, product: Product): Promise<void> {
  const { organisation_id, tx } = scope
  const { dimensions, details, ...columns } = product
  const where = { organisation_id_name: { organisation_id, name: product.name } }
  const known = await tx.product.findUnique({ where })
  if (known !== null)
    throw new Refusal('conflict', `There is a product named "${product.name}" already: ${known.id}.`)
  await tx.product.create({ data: { organisation_id, ...columns, details: toJson(details) } })
  await tx.dimension.createMany({
    data: dimensions.map((dimension) => ({
      organisation_id,
      ...dimension,
      multiplier: toNumeric(dimension.multiplier),
    })),
  })
}

/** Counts a product in one more thing. Throws conflict where the key is taken. */
export async function insertDimension(scope: Scope, dimension: ProductDimension): Promise<void> {
  const { organisation_id, tx } = scope
  const made = await tx.dimension.createMany({
    data: [{ organisation_id, ...dimension, multiplier: toNumeric(dimension.multiplier) }],
    skipDuplicates: true,
  })
  if (made.count === 0)
    throw new Refusal(
      'conflict',
      `The product has a dimension "${dimension.key}" already. Give it another key.`,
    )
}

export async function findProduct(scope: Scope, id: string): Promise<Product> {
  const { organisation_id, tx } = scope
  const row = await tx.product.findUnique({ where: { organisation_id_id: { organisation_id, id } } })
  if (row === null) throw new Refusal('not-found', `There is no product ${id}.`)
  const dimensions = (await dimensionsOf(scope, [id])).get(id) ?? []
  return toProduct(row, dimensions)
}

function toProduct(
  row: Prisma.productGetPayload<Record<string, never>>,
  dimensions: ProductDimension[],
): Product {
  const { organisation_id: _, ...rest } = row
  return { ...rest, details: detailsSchema.parse(row.details), dimensions }
}

/** What products can be ordered by. */
export const productOrders = {
  created_at: { column: 'id', holds: 'text' },
  name: { column: 'name', holds: 'text' },
} as const

export async function findProducts(
  scope: Scope,
  { q }: { q?: string | undefined },
  slice: Slice,
): Promise<Product[]> {
  const { organisation_id, tx } = scope
  const rows = await tx.product.findMany({
    where: { organisation_id, ...containing(['name', 'id'], q), ...slice.where },
    orderBy: slice.orderBy,
    take: slice.take,
  })
  const dimensions = await dimensionsOf(
    scope,
    rows.map((row) => row.id),
  )
  return rows.map((row) => toProduct(row, dimensions.get(row.id) ?? []))
}
