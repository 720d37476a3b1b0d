import { iso } from '../time.ts'
import { privateOfferOf } from './entitlements.ts'
import type { Entitlement, JsonObject, ProcurementAccount, Purchase } from './model.ts'
import { offerName } from './names.ts'
import { instantOf, termOf } from './offer-values.ts'
import { customerOf, resellerOf, type World } from './world.ts'

export function accountJson(world: World, account: ProcurementAccount, full: boolean): JsonObject {
  const parent = resellerOf(world, customerOf(world, account.billing_account)?.reseller)?.billing_account
  return {
    name: `providers/${account.provider}/accounts/${account.id}`,
    provider: account.provider,
    state: 'ACCOUNT_ACTIVE',
    approvals: account.approvals.map(({ name, state, reason, at }) => ({
      name,
      state,
      ...(reason === '' ? {} : { reason }),
      updateTime: iso(at),
    })),
    createTime: iso(account.created_at),
    updateTime: iso(account.updated_at),
    ...(full && parent ? { resellerParentBillingAccount: `billingAccounts/${parent}` } : {}),
  }
}

/** An offer's length in ISO 8601, whole years and months. */
function isoMonths(months: number): string {
  const years = Math.floor(months / 12)
  const rest = months % 12
  return `P${years > 0 ? `${years}Y` : ''}${rest > 0 || years === 0 ? `${rest}M` : ''}`
}

/** Either the end date an offer names, or how long it runs: never both. */
function extent(world: World, purchase: Purchase): { duration?: string; end?: number } {
  const term = termOf(privateOfferOf(world, purchase))
  const end = term.endPolicy === 'SCHEDULED_END_TIME' ? instantOf(term.scheduledEndTime) : undefined
  if (end !== undefined) return { end }
  const months = purchase.private_offer ? Number(term.durationMonths ?? 0) : purchase.months
  return months > 0 ? { duration: isoMonths(months) } : {}
}

const usageStates = new Set(['ENTITLEMENT_ACTIVATION_REQUESTED', 'ENTITLEMENT_CANCELLED'])

/** Which offer fields are filled follows from the state, as the procurement guide's table lists it. */
function offerFields(world: World, entitlement: Entitlement): JsonObject {
  const name = (purchase: Purchase) =>
    offerName(world, entitlement.provider, entitlement.service_name, purchase)
  const { duration, end } = extent(world, entitlement.purchase)
  const current: JsonObject = {
    offer: name(entitlement.purchase),
    ...(duration === undefined ? {} : { offerDuration: duration }),
  }
  if (entitlement.state === 'ENTITLEMENT_ACTIVATION_REQUESTED') {
    if (!entitlement.approved) return { ...current, ...(end ? { offerEndTime: iso(end) } : {}) }
    const starts = entitlement.starts_at
    return {
      ...current,
      ...(entitlement.offer_ends_at ? { offerEndTime: iso(entitlement.offer_ends_at) } : {}),
      ...(starts === undefined ? {} : { newOfferStartTime: iso(starts) }),
    }
  }
  if (entitlement.offer_ends_at !== undefined) current.offerEndTime = iso(entitlement.offer_ends_at)
  return { ...current, ...pendingFields(world, entitlement, name) }
}

function pendingFields(
  world: World,
  { state, pending, pending_starts_at }: Entitlement,
  name: (purchase: Purchase) => string,
): JsonObject {
  if (!pending || !state.startsWith('ENTITLEMENT_PENDING_PLAN_CHANGE')) return {}
  const { duration, end } = extent(world, pending)
  const starts = state === 'ENTITLEMENT_PENDING_PLAN_CHANGE' ? pending_starts_at : undefined
  return {
    newPendingPlan: pending.plan,
    newPendingOffer: name(pending),
    ...(duration === undefined ? {} : { newPendingOfferDuration: duration }),
    ...(starts === undefined ? {} : { newOfferStartTime: iso(starts) }),
    ...(end === undefined ? {} : { newOfferEndTime: iso(end) }),
  }
}

export function entitlementJson(world: World, entitlement: Entitlement): JsonObject {
  const listing = world.listings.get(entitlement.service_name)
  const plan = listing?.plans.find((candidate) => candidate.plan === entitlement.purchase.plan)
  const customer = customerOf(world, entitlement.billing_account)
  const product = listing?.product_external_name ?? entitlement.service_name
  const metered = plan?.usage === true && !usageStates.has(entitlement.state)
  const kept = plan?.usage === true && entitlement.state === 'ENTITLEMENT_CANCELLED'
  return {
    name: `providers/${entitlement.provider}/entitlements/${entitlement.id}`,
    account: `providers/${entitlement.provider}/accounts/${entitlement.account}`,
    provider: entitlement.provider,
    product,
    productExternalName: product,
    plan: entitlement.purchase.plan,
    state: entitlement.state,
    orderId: entitlement.id,
    entitlementBenefitIds: [entitlement.benefit_id],
    ...(entitlement.usage_reporting_id !== '' && (metered || kept)
      ? { usageReportingId: entitlement.usage_reporting_id }
      : {}),
    ...(entitlement.message_to_user === '' ? {} : { messageToUser: entitlement.message_to_user }),
    ...(entitlement.cancellation_reason === ''
      ? {}
      : { cancellationReason: entitlement.cancellation_reason }),
    ...(customer ? { consumers: [{ project: `projects/${customer.project}` }] } : {}),
    ...offerFields(world, entitlement),
    ...(entitlement.offer_ends_at === undefined || plan?.monthly_fee === undefined
      ? {}
      : { subscriptionEndTime: iso(entitlement.offer_ends_at) }),
    createTime: iso(entitlement.created_at),
    updateTime: iso(entitlement.updated_at),
  }
}
