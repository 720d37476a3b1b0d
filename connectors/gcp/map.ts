/** Offers between our shape and Google's: pure, exact, without I/O. */
import type { LocalDate } from '../../src/core/time.ts'
import type { ChangeProblem, Instalment, OfferDraft, ReadOffer } from '../connector.ts'
import type { OfferOptions } from './selling/options.ts'
import { dayAfter, dayBefore, fromDateTime, startOfPacificDate, toDateTime } from './wire/dates.ts'
import { toGoogleMoney } from './wire/money.ts'
import { lastOf } from './wire/names.ts'
import type { PrivateOffer, StandardOffer } from './wire/producer-replies.ts'
import type {
  InstallmentInput,
  PriceModel,
  PrivateOfferInput,
  SingleProductOfferInput,
  SkuDiscount,
} from './wire/producer-requests.ts'

/** What was found out at Google before the offer is written. */
export type OfferGround = {
  base: StandardOffer
  discounts: readonly SkuDiscount[]
  amends: { private_offer: string } | { standard_offer: string } | null
  partner_contact: { contact?: string; email?: string } | null
  note: string
}

export function toGcpOffer(draft: OfferDraft, options: OfferOptions, ground: OfferGround): PrivateOfferInput {
  const customer = { ...draft.buyer, ...options.customer }
  const partner = options.partner_contact ?? ground.partner_contact
  return {
    title: draft.name,
    offerDealType: options.deal_type ?? 'NEW',
    internalNote: ground.note,
    ...(options.customer_note === undefined ? {} : { customerNote: options.customer_note }),
    ...(partner === null ? {} : { partnerContact: defined(partner) }),
    customer: {
      targetBillingAccount: billingAccount(draft.buyer_account_ids[0] ?? ''),
      ...(customer.company === undefined ? {} : { entityTitle: customer.company }),
      ...(customer.contact === undefined ? {} : { contact: customer.contact }),
      ...(customer.email === undefined ? {} : { email: customer.email }),
    },
    acceptDeadlineTime: toDeadline(draft.expires_on),
    term: {
      ...(options.starts_on === undefined
        ? { startPolicy: 'IMMEDIATE' as const }
        : {
            startPolicy: 'SCHEDULED_START_TIME' as const,
            scheduledStartTime: toDateTime(options.starts_on),
          }),
      endPolicy: 'AFTER_DURATION',
      durationMonths: draft.duration_months,
      ...(options.renewals ? { maxRenewalCount: options.renewals } : {}),
    },
    singleProductOffer: toProductOffer(draft, options, ground),
  }
}

function defined(contact: { contact?: string | undefined; email?: string | undefined }) {
  return {
    ...(contact.contact === undefined ? {} : { contact: contact.contact }),
    ...(contact.email === undefined ? {} : { email: contact.email }),
  }
}

export function billingAccount(id: string): string {
  return id.startsWith('billingAccounts/') ? id : `billingAccounts/${id}`
}

/** Google's deadline is the first moment at which it is too late; ours is the last day that counts. */
export function toDeadline(expires_on: LocalDate) {
  return toDateTime(dayAfter(expires_on))
}

function toProductOffer(
  draft: OfferDraft,
  options: OfferOptions,
  ground: OfferGround,
): SingleProductOfferInput {
  const usage = ground.discounts.length === 0 ? {} : { usage: { skuDiscounts: [...ground.discounts] } }
  const features = draft.grants.map(({ dimension, quantity }) => ({
    displayName: dimension,
    value: String(quantity),
  }))
  const { amends } = ground
  return {
    baseStandardOffer: ground.base.name ?? '',
    ...(amends === null
      ? {}
      : 'private_offer' in amends
        ? { amendedPrivateOffer: amends.private_offer }
        : { amendedStandardOffer: amends.standard_offer }),
    // Without an interval the offer is usage only.
    ...(draft.instalments.length === 0
      ? { standardIntervalPrice: { priceModel: usage } }
      : { customIntervalPrice: { installments: toInstallments(draft.instalments, options, usage) } }),
    // Google knows no quantities of a dimension; what is granted is written for the buyer to read.
    ...(features.length === 0 ? {} : { features }),
  }
}

/** The first payment is due when the term begins, so at an immediate start it has no date. */
function toInstallments(
  instalments: readonly Instalment[],
  options: OfferOptions,
  usage: Pick<PriceModel, 'usage'>,
): InstallmentInput[] {
  return inOrder(instalments).map(({ due_on, amount }, index) => {
    const paid: PriceModel =
      options.prepaid === true
        ? {
            commitment: {
              commitmentAmount: toGoogleMoney(amount),
              // A discount on the credit and a discount on usage exclude each other.
              ...(usage.usage === undefined ? { discountPercent: { value: '0' } } : {}),
            },
          }
        : { flatFee: { flatFeeOverride: toGoogleMoney(amount) } }
    const startTime =
      index > 0
        ? { startTime: toDateTime(due_on) }
        : options.starts_on === undefined
          ? {}
          : { startTime: toDateTime(options.starts_on) }
    return { ...startTime, priceModel: { ...paid, ...usage } }
  })
}

function inOrder(instalments: readonly Instalment[]): Instalment[] {
  return instalments.toSorted((left, right) => (left.due_on < right.due_on ? -1 : 1))
}

/** What Google has no way to say, told before anything is sent. */
export function draftProblems(draft: OfferDraft, options: OfferOptions): ChangeProblem[] {
  const problems: ChangeProblem[] = []
  const add = (code: string, field: string, plain: string) =>
    problems.push({ code, message: plain, field, plain })
  if (draft.buyer_account_ids.length !== 1) {
    add('ONE_BUYER', 'buyer_account_ids', 'A private offer of Google is for exactly one billing account.')
  }
  if (draft.currency !== 'USD') {
    add('CURRENCY', 'currency', 'Google takes private offers in USD; the buyer may be billed in another one.')
  }
  if (draft.instalments.length === 0 && Object.keys(draft.usage_prices).length === 0) {
    add(
      'MISSING_PRICES',
      'usage_prices',
      'There is neither an instalment nor a usage price. Give one of them.',
    )
  }
  if (draft.eula !== 'standard' && options.eula_pdf === undefined) {
    add(
      'EULA_NEEDS_PDF',
      'eula',
      'Google takes a custom agreement as a PDF, not as an address. Give it as options.eula_pdf, or choose the standard agreement.',
    )
  }
  const sorted = inOrder(draft.instalments)
  sorted.forEach(({ due_on, amount }, index) => {
    const before = sorted[index - 1]
    if (before !== undefined && before.due_on === due_on) {
      add('INSTALMENTS_ON_ONE_DAY', `instalments.${index}.due_on`, 'Two instalments are due on one day.')
    }
    if (index > 0 && due_on <= draft.expires_on) {
      add(
        'INSTALMENT_BEFORE_DEADLINE',
        `instalments.${index}.due_on`,
        'Only the first instalment may be due before the last day of acceptance has passed.',
      )
    }
    if (amount.amount < 0n) add('NEGATIVE_AMOUNT', `instalments.${index}.amount`, 'An amount is negative.')
  })
  const first = sorted[0]
  if (options.starts_on !== undefined && first !== undefined && first.due_on !== options.starts_on) {
    add(
      'FIRST_INSTALMENT_AT_START',
      'instalments.0.due_on',
      `The first instalment is due when the term begins, on ${options.starts_on}.`,
    )
  }
  return problems
}

/** Google's states; under review counts as a draft, and an ended offer was accepted once. */
export function fromGcpOfferState(offer: PrivateOffer, now: Date): ReadOffer['state'] {
  switch (offer.state) {
    case 'DRAFT':
    case 'PUBLISHING':
      return 'draft'
    case 'PUBLISHED': {
      const deadline = fromDateTime(offer.acceptDeadlineTime)
      return deadline !== null && startOfPacificDate(deadline) <= now ? 'expired' : 'live'
    }
    case 'ACCEPTED':
    case 'ENDED':
      return 'accepted'
    case 'CANCELLED':
      return 'withdrawn'
    case 'EXPIRED':
      return 'expired'
    default:
      return 'unknown'
  }
}

export function fromGcpOffer(offer: PrivateOffer, now: Date): Omit<ReadOffer, 'evidence'> {
  const buyer = lastOf(offer.customer?.targetBillingAccount)
  const plan = offer.singleProductOffer?.resellerPrivateOfferPlanId
  return {
    offer_id: lastOf(offer.name),
    state: fromGcpOfferState(offer, now),
    name: offer.title ?? '',
    buyer_account_ids: buyer === '' ? [] : [buyer],
    ...(plan ? { authorization_id: lastOf(plan) } : {}),
  }
}

/** The last day of acceptance. */
export function lastDayOf(offer: PrivateOffer): LocalDate | null {
  const deadline = fromDateTime(offer.acceptDeadlineTime)
  return deadline === null ? null : dayBefore(deadline)
}
