// Which usage waits because of which listing, and what the cloud calls the listing now.
import type { Scope } from '../store/index.ts'
import { findLocked, type Listing } from './store.ts'

/** Where something was sold: our product on a connection, and what the cloud calls it. */
export type Place = { product_id: string | null; cloud_product_id: string | null }

type Held = Pick<Listing, 'id' | 'product_id' | 'cloud_product_id' | 'former_product_ids' | 'held'>
const columns = { id: true, product_id: true, cloud_product_id: true, former_product_ids: true, held: true }

/** Something that was sold there belongs to this listing, also under a name that the cloud gave it before. */
function isOf(
  { product_id, cloud_product_id, former_product_ids }: Omit<Held, 'held'>,
  place: Place,
): boolean {
  if (place.cloud_product_id === null) return place.product_id === product_id
  return place.cloud_product_id === cloud_product_id || former_product_ids.includes(place.cloud_product_id)
}

/** Whether the usage of a dimension is held back where it was sold; of one listing only if it is named. */
type IsHeld = (place: Place, dimension: string) => boolean

export async function heldUsage(
  { organisation_id, tx }: Scope,
  connection_id: string,
  id?: string,
): Promise<IsHeld> {
  const where = { organisation_id, connection_id, held: { isEmpty: false } }
  const found: Held[] = await tx.listing.findMany({
    where: { ...where, ...(id === undefined ? {} : { id }) },
    select: columns,
  })
  return (place, dimension) => found.some((one) => one.held.includes(dimension) && isOf(one, place))
}

/** The listing of what was sold there, locked; undefined where it is not listed from here. */
export async function findListed(
  scope: Scope,
  connection_id: string,
  place: Place,
): Promise<Listing | undefined> {
  const { organisation_id, tx } = scope
  const known: Held[] = await tx.listing.findMany({
    where: { organisation_id, connection_id },
    select: columns,
  })
  const found = known.find((one) => isOf(one, place))
  return found === undefined ? undefined : findLocked(scope, found.id)
}

/** What is held back changed without a reading. */
export async function keepHeld(
  { organisation_id, tx }: Scope,
  id: string,
  { differences, held, released }: Pick<Listing, 'differences' | 'held' | 'released'>,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE listing SET differences = ${JSON.stringify(differences)}::jsonb, held = ${held}::text[],
      released = ${released}::text[]
    WHERE organisation_id = ${organisation_id} AND id = ${id}`
}

export type Named = { cloud_product_id: string; cloud_offer_id: string | null; product_code: string | null }

/** The cloud has it, under these names. What it was called before is remembered: agreements still say so. */
export async function keepNames(scope: Scope, id: string, names: Named): Promise<void> {
  const { cloud_product_id, cloud_offer_id, product_code } = names
  await scope.tx.$executeRaw`
    UPDATE listing SET state = 'live', cloud_product_id = ${cloud_product_id}, cloud_offer_id = ${cloud_offer_id},
      product_code = ${product_code}, problems = '[]'::jsonb, updated_at = ${scope.now()},
      former_product_ids = CASE WHEN cloud_product_id IS NULL OR cloud_product_id = ${cloud_product_id}
        THEN former_product_ids ELSE array_append(former_product_ids, cloud_product_id) END
    WHERE organisation_id = ${scope.organisation_id} AND id = ${id}`
}
