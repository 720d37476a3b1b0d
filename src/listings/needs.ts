// Listings, and changes of them, that a cloud refused, as Home tells them.
import { z } from 'zod'
import type { Needs } from '../home/model.ts'
import { findProduct } from '../products/index.ts'
import type { Scope } from '../store/index.ts'

const problems = z.array(z.object({ message: z.string(), plain: z.string().optional() }))

/** A refused listing waits until it is asked for again. There are as many listings as products on connections: few. */
export async function listingNeeds(scope: Scope, limit: number): Promise<Needs> {
  const { organisation_id, tx } = scope
  const where = { organisation_id, OR: [{ state: 'failed' }, { problems: { not: [] } }] }
  const rows = await tx.listing.findMany({ where, orderBy: { updated_at: 'asc' }, take: limit })
  const items = []
  for (const { id, product_id, state, updated_at, ...row } of rows) {
    const { name } = await findProduct(scope, product_id)
    const [first] = problems.parse(row.problems)
    const why = first?.plain ?? first?.message ?? 'the cloud refused it'
    const sentence =
      state === 'failed'
        ? `The listing of "${name}" was not published: ${why}`
        : `The listing of "${name}" was not changed: ${why}`
    items.push({ subject_id: id, sentence, money: null, deadline_at: null, since: updated_at })
  }
  return { items, count: await tx.listing.count({ where }), sums: [] }
}
