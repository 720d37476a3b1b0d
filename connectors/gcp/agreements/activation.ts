/**
 * Activation: Google charges a buyer only after the seller approved the buyer's account and then the order. Both are
 * read first, so that approving twice, or after a lost answer, does no harm.
 */
import type { Activation, Change, Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { refusal } from '../selling/offer-stages.ts'
import { lastOf, providerOf } from '../wire/names.ts'
import { readEntitlement } from './entitlements.ts'

/** The approval that stands for the seller's sign-up, where an account asks for several. */
const SIGN_UP = 'signup'

export async function activateEntitlement(
  gcp: Gcp,
  connection: Connection,
  { agreement_id, buyer_account_id }: Activation,
): Promise<Change> {
  const entitlement = await readEntitlement(gcp, connection, agreement_id)
  const name = `${providerOf(connection)}/entitlements/${agreement_id}`
  const target = { agreement_id }
  const evidence = gcp.evidence({ name }, entitlement)
  switch (entitlement.state) {
    case 'ENTITLEMENT_ACTIVATION_REQUESTED':
      break
    case 'ENTITLEMENT_CANCELLED': {
      const message = 'The order was cancelled before it was activated.'
      return { status: 'failed', problems: [{ code: 'CANCELLED', message, plain: message }], evidence }
    }
    default:
      return { status: 'succeeded', target, evidence }
  }
  try {
    const account_id = lastOf(entitlement.account) || buyer_account_id
    const account = await approveAccount(gcp, connection, account_id)
    // An approved order with a start ahead stays in this state until then, and says so by that start.
    if (entitlement.newOfferStartTime) return { status: 'succeeded', target, evidence }
    const answer = await gcp.procurement(connection, 'ApproveEntitlement', (client, options) =>
      client.providers.entitlements.approve({ name, requestBody: {} }, options),
    )
    return { status: 'succeeded', target, evidence: gcp.evidence({ name }, { account, answer }) }
  } catch (error) {
    const refused = refusal(gcp, error, { name })
    if (refused === undefined) throw error
    // The order may have been approved meanwhile, by our own lost attempt or by Google's automatic approval.
    const again = await readEntitlement(gcp, connection, agreement_id)
    const open = again.state === 'ENTITLEMENT_ACTIVATION_REQUESTED' && !again.newOfferStartTime
    if (open || again.state === 'ENTITLEMENT_CANCELLED') return refused
    return { status: 'succeeded', target, evidence: gcp.evidence({ name }, again) }
  }
}

async function approveAccount(gcp: Gcp, connection: Connection, account_id: string): Promise<unknown> {
  const name = `${providerOf(connection)}/accounts/${account_id}`
  const account = await gcp.procurement(connection, 'GetAccount', (client, options) =>
    client.providers.accounts.get({ name }, options),
  )
  const approvals = account.approvals ?? []
  const approval = approvals.find((item) => item.name === SIGN_UP) ?? approvals[0]
  if (approval?.state === 'APPROVED') return account
  return gcp.procurement(connection, 'ApproveAccount', (client, options) =>
    client.providers.accounts.approve(
      { name, requestBody: approval?.name ? { approvalName: approval.name } : { approvalName: SIGN_UP } },
      options,
    ),
  )
}
