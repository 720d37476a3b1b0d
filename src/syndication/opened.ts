// What a vendor opened, from the reseller's side: reading one, and what keeps it from being used.
import { sliceOf } from '../core/order.ts'
import { Refusal } from '../core/problem.ts'
import type { Scope } from '../store/index.ts'
import { holdAuthorization } from './store.ts'
import { findOpened, type Opened, openedOrders } from './store-opened.ts'

/** One authorization that was opened to the tenant, however it stands. Throws not-found. */
export async function readOpened(scope: Scope, id: string): Promise<Opened> {
  const [found] = await findOpened(scope, { id }, sliceOf(openedOrders, { limit: 1 }))
  if (found === undefined) throw new Refusal('not-found', `There is no resale authorization ${id}.`)
  return found
}

/** The same, still open, and nobody else changes it until this transaction ends. Throws a conflict that says why not. */
export async function holdOpen(scope: Scope, id: string): Promise<Opened> {
  await holdAuthorization(scope, await readOpened(scope, id))
  const opened = await readOpened(scope, id)
  const reason = whyClosed(opened)
  if (reason !== undefined) throw new Refusal('conflict', reason)
  return opened
}

function whyClosed({ id, standing, expires_on, offer_id }: Opened): string | undefined {
  switch (standing) {
    case 'open':
      return undefined
    case 'taken_back':
      return `The vendor took authorization ${id} back.`
    case 'declined':
      return `Authorization ${id} was declined. Ask the vendor to open the deal again.`
    case 'expired':
      return `Authorization ${id} ended on ${expires_on}.`
    case 'used':
      return `Authorization ${id} is for one offer, and ${offer_id} was made from it.`
  }
}
