/** A buyer's wish for another plan or offer, which Google lays before the seller. Read first, so that answering twice does no harm. */
import type { AgreementWish, Change, Connection } from '../../connector.ts'
import type { Gcp } from '../clients.ts'
import { refusal } from '../selling/offer-stages.ts'
import { providerOf } from '../wire/names.ts'
import { readEntitlement } from './entitlements.ts'
import type { GcpEntitlement } from './map-agreements.ts'

export async function answerWish(
  gcp: Gcp,
  connection: Connection,
  wish: AgreementWish,
  accept: boolean,
): Promise<Change> {
  const name = `${providerOf(connection)}/entitlements/${wish.agreement_id}`
  const entitlement = await readEntitlement(gcp, connection, wish.agreement_id)
  const target = { agreement_id: wish.agreement_id }
  if (entitlement.state !== 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL') {
    const evidence = gcp.evidence({ name }, entitlement)
    if (isAnswered(entitlement, wish, accept)) return { status: 'succeeded', target, evidence }
    const message = 'The buyer no longer waits for an answer: the wish was withdrawn or answered otherwise.'
    return { status: 'failed', problems: [{ code: 'WISH_GONE', message, plain: message }], evidence }
  }
  const pendingPlanName = entitlement.newPendingPlan || wish.plan || ''
  if (wish.plan !== null && pendingPlanName !== wish.plan) {
    const message = `The buyer now wishes for "${pendingPlanName}" in place of "${wish.plan}".`
    const evidence = gcp.evidence({ name }, entitlement)
    return { status: 'failed', problems: [{ code: 'ANOTHER_WISH', message, plain: message }], evidence }
  }
  const requestBody = accept
    ? { pendingPlanName }
    : { pendingPlanName, reason: 'The seller declined the change.' }
  try {
    const answer = accept
      ? await gcp.procurement(connection, 'ApprovePlanChange', (client, options) =>
          client.providers.entitlements.approvePlanChange({ name, requestBody }, options),
        )
      : await gcp.procurement(connection, 'RejectPlanChange', (client, options) =>
          client.providers.entitlements.rejectPlanChange({ name, requestBody }, options),
        )
    return { status: 'succeeded', target, evidence: gcp.evidence({ name, requestBody }, answer) }
  } catch (error) {
    const refused = refusal(gcp, error, { name, requestBody })
    if (refused === undefined) throw error
    return refused
  }
}

/** Does the state show the answer that is to be given? Then an earlier attempt arrived. */
function isAnswered(entitlement: GcpEntitlement, wish: AgreementWish, accept: boolean): boolean {
  const { state, plan, newPendingPlan } = entitlement
  if (!accept) return state === 'ENTITLEMENT_ACTIVE' && plan !== wish.plan
  if (wish.plan === null) return state === 'ENTITLEMENT_PENDING_PLAN_CHANGE'
  return (
    (state === 'ENTITLEMENT_PENDING_PLAN_CHANGE' && newPendingPlan === wish.plan) ||
    (state === 'ENTITLEMENT_ACTIVE' && plan === wish.plan)
  )
}
