/** Entitlements as agreements: pure mapping. Google's account and order of it, with the terms of the private offer. */
import type { cloudcommerceprocurement_v1 } from '@googleapis/cloudcommerceprocurement'
import { formatDecimal } from '../../../src/core/decimal.ts'
import { parseMoney } from '../../../src/core/money.ts'
import type { AgreementRecord, AgreementWish, Instalment } from '../../connector.ts'
import { fromDateTime, pacificDate, startOfPacificDate } from '../wire/dates.ts'
import { fromGoogleMoney } from '../wire/money.ts'
import { lastOf, within } from '../wire/names.ts'
import type { PrivateOffer } from '../wire/producer-replies.ts'

export type GcpEntitlement = cloudcommerceprocurement_v1.Schema$Entitlement

export function fromGcpEntitlement(
  entitlement: GcpEntitlement,
  offer: PrivateOffer | undefined,
  account_id: string,
  now: Date,
): Omit<AgreementRecord, 'evidence'> {
  const product = offer?.singleProductOffer
  const plan_id = product?.resellerPrivateOfferPlanId
  const resold = Boolean(plan_id)
  const total = fromGoogleMoney(product?.contractValue?.totalContractValue)
  const currency = product?.contractValue?.totalContractValue?.currencyCode ?? (offer ? 'USD' : null)
  const state = fromGcpState(entitlement)
  const accepted_at = instant(offer?.acceptTime) ?? instant(entitlement.createTime)
  return {
    agreement_id: lastOf(entitlement.name),
    role: resold ? 'manufacturer' : 'seller',
    offer_id: offerIdOf(entitlement),
    authorization_id: plan_id ? lastOf(plan_id) : null,
    product_id: within(product?.baseStandardOffer, 'services') ?? (entitlement.productExternalName || null),
    buyer_account_id: lastOf(entitlement.account),
    // Google names the reseller's people only, never its account.
    seller_account_id: resold ? (offer?.resellerContact?.email ?? '') : account_id,
    state,
    cloud_state: entitlement.state ?? '',
    accepted_at,
    starts_at: startOf(entitlement, offer, state, accepted_at),
    ends_at: endOf(entitlement, state, now),
    currency,
    value: total ?? null,
    instalments: instalmentsOf(offer, accepted_at),
    // Google charges usage at list price less a discount; the price per unit is in the reports.
    usage_prices: {},
    grants: grantsOf(offer),
    updated_at: instant(entitlement.updateTime),
    license: entitlement.usageReportingId || null,
    plan: entitlement.plan || null,
    wish: wishOf(entitlement),
  }
}

/** Google keeps one open wish at most and gives it no id: what is wished and when tells it from an earlier one. */
function wishOf({ name, state, newPendingPlan, updateTime }: GcpEntitlement): AgreementWish | null {
  if (state !== 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL') return null
  const plan = newPendingPlan || null
  const wish_id = `${plan ?? ''} ${updateTime ?? ''}`
  return { agreement_id: lastOf(name), wish_id, action: 'plan', plan, quantity: null }
}

/** The private offer that is running, or about to; null for an order at the public price. */
export function offerIdOf(entitlement: GcpEntitlement): string | null {
  return within(entitlement.offer, 'privateOffers')
}

export function fromGcpState(entitlement: GcpEntitlement): AgreementRecord['state'] {
  switch (entitlement.state) {
    case 'ENTITLEMENT_ACTIVATION_REQUESTED':
      return 'pending'
    case 'ENTITLEMENT_ACTIVE':
    // It ends with its term, and until then everything is as before.
    case 'ENTITLEMENT_PENDING_CANCELLATION':
    // The old plan holds until the new one begins.
    case 'ENTITLEMENT_PENDING_PLAN_CHANGE':
    case 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL':
      return 'active'
    case 'ENTITLEMENT_CANCELLED':
      return cancelled(entitlement.cancellationReason)
    case 'ENTITLEMENT_SUSPENDED':
      return 'suspended'
    default:
      return 'unknown'
  }
}

function cancelled(reason: string | null | undefined): AgreementRecord['state'] {
  if (reason === 'expired') return 'ended'
  return reason === 'migrated' ? 'replaced' : 'cancelled'
}

/** Google tells a start only of an offer that did not start yet. */
function startOf(
  entitlement: GcpEntitlement,
  offer: PrivateOffer | undefined,
  state: AgreementRecord['state'],
  accepted_at: Date | null,
): Date | null {
  if (state === 'pending') return instant(entitlement.newOfferStartTime)
  const scheduled = fromDateTime(offer?.term?.scheduledStartTime)
  return scheduled === null ? accepted_at : startOfPacificDate(scheduled)
}

/**
 * The end of the present term. A usage-priced order goes on at list price after its offer ended, with an end in the
 * past: such an end is none. A cancelled order ended at its last change at the latest.
 */
function endOf(entitlement: GcpEntitlement, state: AgreementRecord['state'], now: Date): Date | null {
  const term = instant(entitlement.offerEndTime) ?? instant(entitlement.subscriptionEndTime)
  if (state === 'cancelled' || state === 'ended' || state === 'replaced') {
    const changed = instant(entitlement.updateTime)
    return term !== null && (changed === null || term <= changed) ? term : changed
  }
  if (term === null) return null
  return term <= now ? null : term
}

/** The plan of payments: dates are days in Los Angeles, and the first is due when the term begins. */
function instalmentsOf(offer: PrivateOffer | undefined, accepted_at: Date | null): Instalment[] {
  const product = offer?.singleProductOffer
  const timeline = product?.effectiveInstallmentTimeline ?? product?.customIntervalPrice?.installments ?? []
  const first = accepted_at === null ? null : pacificDate(accepted_at)
  return timeline.flatMap((item, index): Instalment[] => {
    const { flatFee, commitment } = item.priceModel ?? {}
    const paid = flatFee?.flatFeeOverride ?? commitment?.commitmentAmount
    const value = fromGoogleMoney(paid)
    const due_on = fromDateTime(item.startTime) ?? (index === 0 ? first : null)
    // A commitment with a discount costs less than it gives, and only the statement tells what; it is not guessed.
    const discount = commitment?.discountPercent?.value ?? '0'
    if (value === undefined || due_on === null || !/^0+(\.0+)?$/.test(discount)) return []
    const amount = paid?.currencyCode === 'USD' ? parseMoney('USD', formatDecimal(value)) : undefined
    return amount === undefined ? [] : [{ due_on, amount }]
  })
}

/** What was granted is written into the offer's features, as quantities of dimensions. */
function grantsOf(offer: PrivateOffer | undefined): AgreementRecord['grants'] {
  return (offer?.singleProductOffer?.features ?? []).flatMap(({ displayName, value }) =>
    displayName && /^\d{1,9}$/.test(value ?? '') ? [{ dimension: displayName, quantity: Number(value) }] : [],
  )
}

export function instant(text: string | null | undefined): Date | null {
  if (!text) return null
  const read = new Date(text)
  return Number.isNaN(read.getTime()) ? null : read
}
