/** Agreements as AWS tells them, in our shape. Source: the API model of the agreement service (2020-03-01). */
import type {
  AcceptedTerm,
  AgreementViewSummary,
  DescribeAgreementOutput,
} from '@aws-sdk/client-marketplace-agreement'
import { type Decimal, decimal, multiply, parseDecimal, zero } from '../../../src/core/decimal.ts'
import { assetOf, currencies, type Money, parseMoney, roundMoney, sumMoney } from '../../../src/core/money.ts'
import { dateOf } from '../../../src/core/time.ts'
import type { AgreementRecord, Grant, Instalment } from '../../connector.ts'
import { missing } from '../faults.ts'

type Known = { summary?: AgreementViewSummary | undefined; authorization_id?: string | undefined }

/** One agreement from its description and its accepted terms, seen from the account that asks. */
export function fromAwsAgreement(
  agreement: DescribeAgreementOutput,
  terms: readonly AcceptedTerm[],
  account_id: string,
  known: Known,
): Omit<AgreementRecord, 'evidence'> {
  const seller = agreement.proposer?.accountId
  const buyer = agreement.acceptor?.accountId
  if (!agreement.agreementId || !seller || !buyer)
    throw missing('DescribeAgreement', 'id, proposer or acceptor', agreement)
  const currency = agreement.estimatedCharges?.currencyCode ?? currencyOfTerms(terms) ?? null
  return {
    agreement_id: agreement.agreementId,
    role: seller === account_id ? 'seller' : 'manufacturer',
    offer_id: agreement.proposalSummary?.offerId ?? null,
    authorization_id: known.authorization_id ?? null,
    product_id:
      agreement.proposalSummary?.resources?.find((item) => /Product$/.test(item.type ?? ''))?.id ?? null,
    buyer_account_id: buyer,
    seller_account_id: seller,
    state: fromAwsAgreementStatus(agreement.status),
    cloud_state: agreement.status ?? '',
    accepted_at: agreement.acceptanceTime ?? null,
    starts_at: agreement.startTime ?? null,
    ends_at: fromAwsEnd(agreement.endTime),
    currency,
    value: decimalOrNull(agreement.estimatedCharges?.agreementValue),
    instalments: instalmentsOf(terms, agreement),
    usage_prices: Object.fromEntries(terms.flatMap(fromAwsUsagePrices)),
    grants: terms.flatMap(fromAwsGrants),
    chosen_months: terms.map(chosenMonths).find((months) => months !== null) ?? null,
    updated_at: known.summary?.lastUpdateTime ?? null,
    license: known.summary?.entitlements?.find((item) => item.licenseArn)?.licenseArn ?? null,
  }
}

export function fromAwsAgreementStatus(status: string | undefined): AgreementRecord['state'] {
  switch (status) {
    case 'ACTIVE':
      return 'active'
    case 'EXPIRED':
    case 'TERMINATED':
    case 'ARCHIVED':
      return 'ended'
    case 'CANCELLED':
    case 'ROLLED_BACK':
      return 'cancelled'
    case 'RENEWED':
    case 'REPLACED':
    case 'SUPERSEDED':
      return 'replaced'
    default:
      return 'unknown'
  }
}

/** Pay-as-you-go has no end; AWS writes none, or the year 9999. */
export function fromAwsEnd(end: Date | undefined): Date | null {
  return end === undefined || end.getUTCFullYear() >= 9999 ? null : end
}

function currencyOfTerms(terms: readonly AcceptedTerm[]): string | undefined {
  return terms
    .flatMap((term) => [
      term.paymentScheduleTerm?.currencyCode,
      term.fixedUpfrontPricingTerm?.currencyCode,
      term.configurableUpfrontPricingTerm?.currencyCode,
      term.usageBasedPricingTerm?.currencyCode,
      term.recurringPaymentTerm?.currencyCode,
    ])
    .find((currency) => currency !== undefined)
}

function fromAwsSchedule(term: AcceptedTerm): Instalment[] {
  const schedule = term.paymentScheduleTerm
  if (schedule === undefined) return []
  const currency = schedule.currencyCode ?? ''
  return (schedule.schedule ?? []).map(({ chargeDate, chargeAmount }) => {
    const amount = currencies.includes(currency) ? parseMoney(currency, chargeAmount ?? '') : undefined
    if (amount === undefined || chargeDate === undefined)
      throw missing('GetAgreementTerms', 'readable payment schedule', term)
    return { due_on: dateOf(chargeDate), amount }
  })
}

/**
 * The schedule; without one, what is paid at the acceptance: a fixed price, or the price of what the buyer chose. Of a
 * choice that was added to later only the agreement's value says what it comes to: units are added for a part of the term.
 */
function instalmentsOf(
  terms: readonly AcceptedTerm[],
  { acceptanceTime, startTime, estimatedCharges }: DescribeAgreementOutput,
): Instalment[] {
  const scheduled = terms.flatMap(fromAwsSchedule)
  const accepted_at = acceptanceTime ?? startTime
  if (scheduled.length > 0 || accepted_at === undefined) return scheduled
  const { agreementValue, currencyCode = '' } = estimatedCharges ?? {}
  const isChosen = terms.some((term) => term.configurableUpfrontPricingTerm?.configuration !== undefined)
  const value = currencies.includes(currencyCode) ? parseMoney(currencyCode, agreementValue ?? '') : undefined
  const paid = isChosen && value !== undefined && value.amount > 0n ? [value] : terms.flatMap(fromAwsUpfront)
  return paid.map((amount) => ({ due_on: dateOf(accepted_at), amount }))
}

function fromAwsUpfront(term: AcceptedTerm): Money[] {
  const { fixedUpfrontPricingTerm: fixed, configurableUpfrontPricingTerm: choice } = term
  const currency = fixed?.currencyCode ?? choice?.currencyCode ?? ''
  if (!currencies.includes(currency)) return []
  const parts = fixed === undefined ? chosenPrices(choice) : [decimalOrNull(fixed.price) ?? zero]
  const paid = sumMoney(
    assetOf(currency),
    parts.map((price) => roundMoney(currency, price, 'half_up')),
  )
  return paid.amount === 0n ? [] : [paid]
}

type Configurable = NonNullable<AcceptedTerm['configurableUpfrontPricingTerm']>

/** Price × quantity of each dimension that was chosen, by the price list of the chosen length. */
function chosenPrices(term: Configurable | undefined): Decimal[] {
  const { selectorValue, dimensions } = term?.configuration ?? {}
  const card = term?.rateCards?.find(({ selector }) => selector?.value === selectorValue)
  return (dimensions ?? []).map(({ dimensionKey, dimensionValue }) => {
    const rate = card?.rateCard?.find((candidate) => candidate.dimensionKey === dimensionKey)
    const price = decimalOrNull(rate?.price)
    if (price === null) throw missing('GetAgreementTerms', 'price of what was chosen', term)
    return multiply(price, decimal(dimensionValue ?? 0))
  })
}

/** "P2Y" or "P24M" as months; null for a length that is none of whole months. */
function chosenMonths(term: AcceptedTerm): number | null {
  const value = term.configurableUpfrontPricingTerm?.configuration?.selectorValue
  const [, years, months] = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?$/.exec(value ?? '') ?? []
  const total = Number(years ?? 0) * 12 + Number(months ?? 0)
  return total === 0 ? null : total
}

function fromAwsUsagePrices(term: AcceptedTerm): [string, Decimal][] {
  const rates = (term.usageBasedPricingTerm?.rateCards ?? []).flatMap((card) => card.rateCard ?? [])
  return rates.map(({ dimensionKey, price }) => {
    const value = parseDecimal(price ?? '')
    if (value === undefined || !dimensionKey) throw missing('GetAgreementTerms', 'readable usage price', term)
    return [dimensionKey, value]
  })
}

/** What the buyer may use ahead: granted by a private offer or a trial, or chosen by the buyer on a public one. */
function fromAwsGrants(term: AcceptedTerm): Grant[] {
  const { fixedUpfrontPricingTerm: fixed, freeTrialPricingTerm: trial } = term
  const granted = (fixed?.grants ?? trial?.grants ?? []).map((grant) => ({
    dimension: grant.dimensionKey ?? '',
    quantity: grant.maxQuantity ?? 1,
  }))
  const chosen = (term.configurableUpfrontPricingTerm?.configuration?.dimensions ?? []).map((item) => ({
    dimension: item.dimensionKey ?? '',
    quantity: item.dimensionValue ?? 0,
  }))
  return [...granted, ...chosen].filter((grant) => grant.dimension !== '')
}

function decimalOrNull(text: string | undefined): Decimal | null {
  return (text === undefined ? undefined : parseDecimal(text)) ?? null
}
