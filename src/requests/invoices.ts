import type { Invoice } from '../../connectors/connector.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { formatDecimal } from '../core/decimal.ts'
import { Fault } from '../core/fault.ts'
import { Refusal } from '../core/problem.ts'
import { requestsOf } from './ask.ts'

/** What the cloud has billed the buyer of an agreement, asked at the cloud now. Throws cloud-unavailable. */
export async function invoicesOf(context: Context, organisation_id: string, id: string) {
  const { agreement, requests } = await context.store.inTenant(organisation_id, (scope) =>
    requestsOf(context, scope, id),
  )
  // Only the seller of record may see what its buyer was billed.
  if (requests === undefined || agreement.role !== 'seller') return { told: false, items: [] }
  const { connection } = await connections.openConnection(context, organisation_id, agreement.connection_id)
  try {
    const items = await requests.invoices(connection, agreement.cloud_agreement_id)
    return { told: true, items: items.map(shown) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new Refusal(
      'cloud-unavailable',
      `The marketplace could not be asked (${error.message}). Try again in a minute.`,
    )
  }
}

function shown({ amount, refundable, currency, issued_at, ...rest }: Invoice) {
  const money = (value: typeof amount) => ({ currency, amount: formatDecimal(value) })
  return {
    ...rest,
    amount: money(amount),
    refundable: refundable === null ? null : money(refundable),
    issued_at: issued_at?.toISOString() ?? null,
  }
}
