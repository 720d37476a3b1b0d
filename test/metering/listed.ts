// A live listing of what is sold, and a cloud that shows of it what a test says.
import type { Listings } from '../../connectors/connector.ts'
import type { TestContext } from '../support/context.ts'
import type { Sold } from './support.ts'

const unused = async (): Promise<never> => {
  throw new Error('A listing is only read here')
}

/** Shows the dimensions it takes usage of, unless `honest` is false: then it shows all of them. */
export function fakeListings(without: ReadonlySet<string>, honest: () => boolean = () => true) {
  const listings: Listings = {
    resolution: 'send_identical',
    options: [],
    publish: unused,
    check: unused,
    read: unused,
    compare: async (_, __, draft) => ({
      state: 'public',
      seen_by: null,
      theirs: draft,
      evidence: {},
      differences: [...(honest() ? without : [])].map((dimension) => ({
        field: `dimensions.${dimension}`,
        ours: 'metered',
        theirs: null,
        stops: { dimension, reason: 'missing' },
      })),
    }),
  }
  return listings
}

export async function list(
  { store, organisation_id }: TestContext,
  { product_id, connection_id, agreement_id }: Sold,
  id = `lst_${product_id}`,
): Promise<string> {
  const prices = { currency: 'USD', term_months: 12, entitled: {}, metered: { scans: '0.5' } }
  const dimension = { name: 'Scans', description: 'Scans', unit: 'Units', kind: 'metered' }
  await store.inTenant(organisation_id, async ({ tx, now }) => {
    const where = { organisation_id_id: { organisation_id, id: agreement_id } }
    const { cloud_product_id } = await tx.agreement.findUniqueOrThrow({ where })
    const draft = { prices, dimensions: [{ key: 'scans', ...dimension }] }
    const names = { organisation_id, id, product_id, connection_id, cloud_product_id }
    const at = { created_at: now(), updated_at: now() }
    await tx.listing.create({ data: { ...names, state: 'live', prices, draft, problems: [], ...at } })
  })
  return id
}
