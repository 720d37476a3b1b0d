/** Products and their plans, as the ingestion API holds them. */
import { z } from 'zod'
import type { Connection } from '../../connector.ts'
import { type Azure, path } from '../clients.ts'
import { isFaultOf, shaped } from '../faults.ts'
import { readAll } from '../wire/lists.ts'
import { RESOURCES_VERSION } from '../wire/schemas.ts'

const text = z.string().nullish().catch(null)
const identified = z.looseObject({
  id: z.string().min(1),
  identity: z.looseObject({ externalId: z.string() }),
  lifecycleState: text,
})
export type Identified = z.infer<typeof identified>

/** Products are known outside by their external id, inside by a durable one; both are taken. */
export async function findProduct(
  azure: Azure,
  connection: Connection,
  product_id: string,
): Promise<Identified | undefined> {
  if (product_id.startsWith('product/'))
    return { id: product_id, identity: { externalId: '' }, lifecycleState: null }
  const query = { externalId: product_id, $version: RESOURCES_VERSION }
  const values = await readAll(azure, connection, 'ListProducts', '/product', query)
  return values
    .map((value) => shaped(identified, value, 'ListProducts'))
    .find(
      ({ identity, lifecycleState }) => identity.externalId === product_id && lifecycleState !== 'deleted',
    )
}

export async function listPlans(
  azure: Azure,
  connection: Connection,
  product: string,
): Promise<Identified[]> {
  const query = { product, $version: RESOURCES_VERSION }
  const values = await readAll(azure, connection, 'ListPlans', '/plan', query)
  return values
    .map((value) => shaped(identified, value, 'ListPlans'))
    .filter(({ lifecycleState }) => lifecycleState !== 'deleted' && lifecycleState !== 'deprecated')
}

const treeShape = z.looseObject({
  resources: z.array(z.looseObject({ $schema: text, lifecycleState: text })),
})
export type TreeResource = z.infer<typeof treeShape>['resources'][number]

/** Everything that belongs to a product in one of its versions; undefined when it has no such version. */
export async function readTree(
  azure: Azure,
  connection: Connection,
  product: string,
  targetType: 'draft' | 'preview' | 'live',
): Promise<{ resources: TreeResource[]; body: unknown } | undefined> {
  try {
    const { body } = await azure.call(connection, 'ingestion', {
      call: 'GetResourceTree',
      path: path('resource-tree', product),
      query: { targetType, $version: RESOURCES_VERSION },
    })
    return { resources: shaped(treeShape, body, 'GetResourceTree').resources, body }
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}

/** The kind of a resource stands in the address of its schema. */
export function typeOf(schema: string | null | undefined): string {
  return /\/schema\/([a-z0-9-]+)\//.exec(schema ?? '')?.[1] ?? ''
}
