/**
 * Subscriptions as agreements. Source: Microsoft's OpenAPI document of the SaaS fulfilment API, version 2018-08-31, and
 * recorded answers of the service.
 */
import { z } from 'zod'
import { type Decimal, formatDecimal, isNegative, isZero } from '../../../src/core/decimal.ts'
import { currencies, parseMoney } from '../../../src/core/money.ts'
import { DAY_MS, dateOf, plus } from '../../../src/core/time.ts'
import type { AgreementRecord, Grant, Instalment } from '../../connector.ts'
import { type PrivateOffer, toOfferId } from '../selling/private-offers.ts'
import { fromAzureNumber } from '../wire/numbers.ts'

const text = z.string().nullish().catch(null)
const number = z.union([z.number(), z.string()]).nullish().catch(null)
const person = z.looseObject({ tenantId: text, objectId: text, puid: text }).nullish().catch(null)

export const subscriptionShape = z.looseObject({
  id: z.string().min(1),
  publisherId: text,
  offerId: text,
  planId: text,
  quantity: number,
  saasSubscriptionStatus: text,
  beneficiary: person,
  purchaser: person,
  term: z
    .looseObject({ startDate: text, endDate: text, termUnit: text, chargeDuration: text })
    .nullish()
    .catch(null),
  autoRenew: z.boolean().nullish().catch(null),
  created: text,
})
export type Subscription = z.infer<typeof subscriptionShape>

const billingTerm = z.looseObject({
  currency: text,
  price: number,
  termUnit: text,
  meteredQuantityIncluded: z
    .array(z.looseObject({ dimensionId: text, units: number }))
    .nullish()
    .catch(null),
})
export const planShape = z.looseObject({
  planId: z.string(),
  isPricePerSeat: z.boolean().nullish().catch(null),
  sourceOffers: z
    .array(z.looseObject({ externalId: text }))
    .nullish()
    .catch(null),
  planComponents: z
    .looseObject({
      recurrentBillingTerms: z.array(billingTerm).nullish().catch(null),
      meteringDimensions: z
        .array(z.looseObject({ id: text, currency: text, pricePerUnit: number }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})
export type Plan = z.infer<typeof planShape>

/** The plan of an agreement and the private offer it came from, as far as this account may read them. */
export type Known = { plan?: Plan | undefined; offer?: PrivateOffer | undefined }

/** The private offer that a plan was bought under: the only join between the two. */
export function sourceOfferOf(plan: Plan | undefined): string | undefined {
  const id = plan?.sourceOffers?.map(({ externalId }) => externalId).find(Boolean)
  return id ? toOfferId(id) : undefined
}

export function fromAzureSubscription(
  subscription: Subscription,
  account_id: string,
  known: Known,
): Omit<AgreementRecord, 'evidence'> {
  const source = sourceOfferOf(known.plan)
  const shared = known.offer?.privateOfferType?.startsWith('multiparty') === true
  const term = termOf(subscription, known.plan)
  return {
    agreement_id: subscription.id,
    // Both sellers of a multiparty offer are paid by Microsoft; the partner is the one who sold.
    role: shared ? 'manufacturer' : 'seller',
    offer_id: shared ? null : (source ?? null),
    authorization_id: shared ? (source ?? null) : null,
    product_id: subscription.offerId || null,
    buyer_account_id: buyerOf(subscription),
    seller_account_id: (shared ? known.offer?.partners?.[0]?.id : undefined) ?? account_id,
    state: fromAzureStatus(subscription.saasSubscriptionStatus),
    cloud_state: subscription.saasSubscriptionStatus ?? '',
    accepted_at: instant(subscription.created),
    starts_at: instant(subscription.term?.startDate),
    ends_at: endOf(subscription),
    currency: term?.currency ?? null,
    value: fixedValueOf(term, source),
    instalments: source === undefined ? instalmentsOf(subscription, known.plan, term) : [],
    usage_prices: usagePricesOf(known.plan),
    grants: term?.grants ?? [],
    // The service's time of change is no longer filled.
    updated_at: null,
    license: null,
    plan: subscription.planId || null,
  }
}

/** The directory that pays; the billing account is known only to the private offer. */
export function buyerOf({ purchaser, beneficiary }: Pick<Subscription, 'purchaser' | 'beneficiary'>): string {
  return purchaser?.tenantId || beneficiary?.tenantId || ''
}

/** Ended and cancelled are one state at Azure. */
export function fromAzureStatus(status: string | null | undefined): AgreementRecord['state'] {
  switch (status) {
    case 'NotStarted':
    case 'PendingFulfillmentStart':
      return 'pending'
    case 'Subscribed':
      return 'active'
    case 'Suspended':
      return 'suspended'
    case 'Unsubscribed':
      return 'cancelled'
    default:
      return 'unknown'
  }
}

/** The last day belongs to the term. A term that renews itself is no end of the agreement. */
function endOf({ term, autoRenew }: Subscription): Date | null {
  const last = instant(term?.endDate)
  return last === null || autoRenew !== false ? null : plus(last, DAY_MS)
}

/** Instants without a zone are UTC; the year 1 stands for "never". */
export function instant(value: string | null | undefined): Date | null {
  if (!value) return null
  const read = new Date(/(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`)
  return Number.isNaN(read.getTime()) || read.getUTCFullYear() < 1970 ? null : read
}

type Term = { currency: string | null; price: Decimal | null; unit: string | null; grants: Grant[] }

/** The price of the subscription's own term; with one term only, that one. */
function termOf({ term }: Subscription, plan: Plan | undefined): Term | undefined {
  const terms = plan?.planComponents?.recurrentBillingTerms ?? []
  const found =
    terms.find(({ termUnit }) => termUnit && termUnit === term?.termUnit) ??
    (terms.length === 1 ? terms[0] : undefined)
  if (found === undefined) return undefined
  const grants = (found.meteredQuantityIncluded ?? []).flatMap(({ dimensionId, units }): Grant[] => {
    const quantity = Number(units ?? Number.NaN)
    return dimensionId && Number.isSafeInteger(quantity) && quantity > 0
      ? [{ dimension: dimensionId, quantity }]
      : []
  })
  return {
    currency: found.currency || null,
    price: fromAzureNumber(found.price) ?? null,
    unit: found.termUnit ?? null,
    grants,
  }
}

/** A private offer that is paid by a schedule shows its plan at nothing, which says nothing of what was agreed. */
function fixedValueOf(term: Term | undefined, source: string | undefined): Decimal | null {
  const price = term?.price ?? null
  return price !== null && isZero(price) && source !== undefined ? null : price
}

/** A public flat rate that is paid once a term is one instalment; what is paid in parts or by seat is not guessed. */
function instalmentsOf(
  subscription: Subscription,
  plan: Plan | undefined,
  term: Term | undefined,
): Instalment[] {
  const start = instant(subscription.term?.startDate)
  const charge = subscription.term?.chargeDuration
  if (term === undefined || term.price === null || term.currency === null || start === null) return []
  if (plan?.isPricePerSeat === true || (charge && charge !== term.unit)) return []
  if (isZero(term.price) || isNegative(term.price) || !currencies.includes(term.currency)) return []
  const amount = parseMoney(term.currency, formatDecimal(term.price))
  return amount === undefined ? [] : [{ due_on: dateOf(start), amount }]
}

function usagePricesOf(plan: Plan | undefined): Record<string, Decimal> {
  const prices: Record<string, Decimal> = {}
  for (const { id, pricePerUnit } of plan?.planComponents?.meteringDimensions ?? []) {
    const price = fromAzureNumber(pricePerUnit)
    if (id && price !== undefined) prices[id] = price
  }
  return prices
}

const PERSONAL = new Set(['emailId', 'puid', 'objectId'])

/** The evidence of a subscription without the people in it: nothing here needs them. */
export function withoutPeople(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPeople)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      PERSONAL.has(name) ? [] : [[name, withoutPeople(item)]],
    ),
  )
}
