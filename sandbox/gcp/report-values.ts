import { format } from '../money.ts'
import type { Charge } from './finance-model.ts'
import type { Entitlement, PrivateOffer } from './model.ts'
import { expectedTerm, standardIntervalOf, timeline, totalContractValue } from './offer-prices.ts'
import { productOf, textOf } from './offer-values.ts'
import { customerOf, providerOf, resellerOf, type World } from './world.ts'
import { zonedDay } from './zone.ts'

type Values = Record<string, string>

const dayOf = (at: number | undefined) => (at === undefined ? '' : zonedDay(at))

/** Who bought, as the reports show a customer. The procurement account id ties a row to its order. */
export function customerValues(world: World, billingAccount: string): Values {
  const customer = customerOf(world, billingAccount)
  return {
    insights_account_id: customer?.insights_account_id ?? '',
    c_u_account_id: customer?.insights_account_id ?? '',
    external_account_id: customer?.insights_account_id ?? '',
    parent_account_id: resellerOf(world, customer?.reseller)?.billing_account ?? '',
    organization_id: customer?.organization_id ?? '',
    cust_identity: customer?.name ?? '',
    cust_organization: customer?.name ?? '',
    company: customer?.name ?? '',
    domain: customer?.email.split('@')[1] ?? '',
    country: customer?.country ?? '',
  }
}

export function entitlementValues(entitlement: Entitlement | undefined): Values {
  return {
    account_id: entitlement?.account ?? '',
    entitlement_id: entitlement?.id ?? '',
    entitlement_start_date: dayOf(entitlement?.starts_at),
    entitlement_end_date: dayOf(entitlement?.cancelled_at ?? entitlement?.offer_ends_at),
    start_date: dayOf(entitlement?.starts_at),
    end_date: dayOf(entitlement?.cancelled_at ?? entitlement?.offer_ends_at),
    order_start_date: dayOf(entitlement?.starts_at),
    order_end_date: dayOf(entitlement?.cancelled_at ?? entitlement?.offer_ends_at),
  }
}

const frequencies: Record<string, string> = {
  MONTHLY_PRORATED: 'MONTHLY',
  MONTHLY_NOT_PRORATED: 'MONTHLY',
  QUARTERLY_NOT_PRORATED: 'QUARTERLY',
  YEARLY_NOT_PRORATED: 'YEARLY',
}

/** What a row says about the private offer behind it; empty at the list price. */
export function offerValues(world: World, offer: PrivateOffer | undefined): Values {
  if (!offer) return { payment_schedule: 'POSTPAY', transaction_type: 'STANDARD', channel: 'DIRECT' }
  const value = totalContractValue(offer, offer.starts_at ?? offer.published_at ?? world.clock.now())
  const term = expectedTerm(offer, offer.published_at ?? world.clock.now())
  const steps = term ? timeline(offer, term.start, term.end) : []
  const custom = productOf(offer).customIntervalPrice !== undefined
  const tcv = value === undefined ? '' : format(value)
  const creator = resellerOf(world, offer.reseller)?.name ?? providerOf(world, offer.provider)?.name ?? ''
  const amended = textOf(productOf(offer).amendedPrivateOffer).split('/').at(-1) ?? ''
  return {
    private_offer_id: offer.id,
    quote_id: offer.id,
    replaced_private_offer_id: amended,
    private_offer_creator: creator,
    quote_creator: creator,
    private_offer_acceptance_date: dayOf(offer.accepted_at),
    offer_title: textOf(offer.content.title),
    payment_schedule: steps.length > 0 ? 'PREPAY' : 'POSTPAY',
    billing_frequency: custom ? 'CUSTOM' : (frequencies[standardIntervalOf(offer)] ?? ''),
    installment_count: steps.length === 0 ? '' : String(steps.length),
    first_installment_date: dayOf(steps[0]?.from),
    final_installment_date: dayOf(steps.at(-1)?.from),
    total_contract_value: tcv,
    term_total_contract_value: tcv,
    private_offer_total_contract_value: tcv,
    transaction_type: textOf(offer.content.offerDealType),
    channel: offer.reseller === undefined ? 'DIRECT' : 'RESELLER',
  }
}

export function productValues(
  world: World,
  charge: Pick<Charge, 'sku' | 'description' | 'service_name'>,
): Values {
  const listing = world.listings.get(charge.service_name)
  return {
    sku_id: charge.sku,
    sku: charge.sku,
    sku_description: charge.description,
    solution_id: listing?.solution_id ?? '',
    solution_name: listing?.title ?? '',
    resource: charge.service_name,
  }
}
