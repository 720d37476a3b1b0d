import { buyer } from '../support.ts'
import { dayAfter } from './offer-generator.ts'
import {
  card,
  configurableTerm,
  document,
  type OfferBody,
  renewing,
  usageTerm,
  validity,
} from './offer-world.ts'

/** One rule, and how a good offer is made to break it; undefined where the offer has nothing to break. */
export type Break = [problem: string, broken: (offer: OfferBody) => OfferBody | undefined]

const termsOf = (offer: OfferBody) => offer.UpdatePricingTerms?.Terms ?? []
const priced = (offer: OfferBody, Terms: ReturnType<typeof termsOf>): OfferBody => ({
  UpdatePricingTerms: { PricingModel: offer.UpdatePricingTerms?.PricingModel ?? '', Terms },
})
const has = (offer: OfferBody, type: string) => termsOf(offer).some((term) => term.Type === type)
const scheduleOf = (offer: OfferBody) => offer.UpdatePaymentScheduleTerms?.Terms[0]

function rescheduled(
  offer: OfferBody,
  change: (dates: string[], lastDay: string) => string[],
): OfferBody | undefined {
  const term = scheduleOf(offer)
  if (!term) return undefined
  const dates = change(
    term.Schedule.map((item) => item.ChargeDate),
    offer.UpdateAvailability?.AvailabilityEndDate ?? '',
  )
  const Schedule = dates.map((ChargeDate) => ({ ChargeDate, ChargeAmount: '1' }))
  return { UpdatePaymentScheduleTerms: { Terms: [{ ...term, Schedule }] } }
}

const fixed = (change: object) => (offer: OfferBody) =>
  has(offer, 'FixedUpfrontPricingTerm')
    ? priced(
        offer,
        termsOf(offer).map((term) =>
          term.Type === 'FixedUpfrontPricingTerm' ? { ...term, ...change } : term,
        ),
      )
    : undefined
const choice =
  (change: (cards: ReturnType<typeof card>[]) => ReturnType<typeof card>[]) => (offer: OfferBody) =>
    has(offer, 'ConfigurableUpfrontPricingTerm')
      ? priced(
          offer,
          termsOf(offer).map((term) =>
            term.Type === 'ConfigurableUpfrontPricingTerm'
              ? { ...term, RateCards: change(term.RateCards ?? []) }
              : term,
          ),
        )
      : undefined
const renewed = (change: object) => (offer: OfferBody) => {
  const term = offer.UpdateRenewalTerms?.Terms[0]
  return term ? { UpdateRenewalTerms: { Terms: [{ ...term, ...change }] } } : undefined
}
const always = (broken: OfferBody) => () => broken
const otherwise = (type: string, offer: OfferBody, broken: OfferBody) =>
  has(offer, type) ? broken : undefined

const prices = 'UpdatePricingTerms'
const charges = 'UpdatePaymentScheduleTerms'
const dates = 'UpdateValidityTerms'
const targets = 'UpdateTargeting'
const renews = 'UpdateRenewalTerms'
const releases = 'ReleaseOffer'

export const breaks: Break[] = [
  [
    `${charges}: DUPLICATE_CHARGE_DATES`,
    (offer) => rescheduled(offer, (days) => [...days, days.at(-1) ?? '']),
  ],
  [`${charges}: INVALID_CHARGE_DATES`, (offer) => rescheduled(offer, () => ['2026-10-31'])],
  [`${charges}: INVALID_CHARGE_DATES`, (offer) => rescheduled(offer, (days) => [...days, '2033-01-01'])],
  [
    `${charges}: TOO_MANY_BACKDATED_CHARGES`,
    (offer) => rescheduled(offer, (_, lastDay) => [dayAfter(1), lastDay]),
  ],
  [
    `${charges}: INCOMPATIBLE_CURRENCY_CODE`,
    (offer) => {
      const term = scheduleOf(offer)
      const CurrencyCode = term?.CurrencyCode === 'GBP' ? 'EUR' : 'GBP'
      return term ? { UpdatePaymentScheduleTerms: { Terms: [{ ...term, CurrencyCode }] } } : undefined
    },
  ],
  [`${charges}: INCOMPATIBLE_TERMS`, fixed({ Price: '0.01' })],
  [`${prices}: INVALID_GRANTS`, fixed({ Grants: [{ DimensionKey: 'calls', MaxQuantity: 1 }] })],
  [
    `${prices}: DUPLICATE_DIMENSION_KEYS`,
    fixed({ Grants: [{ DimensionKey: 'seats' }, { DimensionKey: 'seats' }] }),
  ],
  [`${prices}: INVALID_DURATION`, fixed({ Duration: 'P0Y' })],
  [`${prices}: DUPLICATE_SELECTORS`, choice(([first]) => (first ? [first, first] : []))],
  [`${prices}: INVALID_SELECTOR_DURATION_VALUE`, choice(() => [card('P0D')])],
  [
    `${prices}: INVALID_RATE_CARD`,
    choice(() => [{ ...card('P1M'), RateCard: [{ DimensionKey: 'none', Price: '1' }] }]),
  ],
  [`${prices}: TOO_MANY_RATE_CARDS`, choice(() => [1, 2, 3, 4, 5, 6].map((months) => card(`P${months}M`)))],
  [
    `${prices}: DUPLICATE_TERM_TYPES`,
    (offer) => otherwise('UsageBasedPricingTerm', offer, priced(offer, [...termsOf(offer), usageTerm()])),
  ],
  [
    `${prices}: INCOMPATIBLE_TERMS`,
    (offer) =>
      scheduleOf(offer) &&
      priced(offer, [...termsOf(offer), configurableTerm([card('P1M')], scheduleOf(offer)?.CurrencyCode)]),
  ],
  [
    `${prices}: INCOMPATIBLE_PRICING_MODEL`,
    (offer) => ({ UpdatePricingTerms: { PricingModel: 'Free', Terms: termsOf(offer) } }),
  ],
  [`${dates}: INVALID_AGREEMENT_TIME_INTERVAL`, always({ UpdateValidityTerms: validity({}) })],
  [
    `${dates}: INVALID_AGREEMENT_END_DATE`,
    always({ UpdateValidityTerms: validity({ AgreementEndDate: '2026-10-30' }) }),
  ],
  [
    `${dates}: INVALID_AGREEMENT_DURATION`,
    always({ UpdateValidityTerms: validity({ AgreementDuration: 'P5Y1M' }) }),
  ],
  [
    `${dates}: INCOMPATIBLE_AGREEMENT_START_DATE`,
    (offer) => ({
      UpdateValidityTerms: validity({
        AgreementStartDate: offer.UpdateAvailability?.AvailabilityEndDate ?? '',
        AgreementEndDate: '2031-10-31',
      }),
    }),
  ],
  [
    'UpdateAvailability: INVALID_AVAILABILITY_END_DATE',
    always({ UpdateAvailability: { AvailabilityEndDate: '2026-10-31' } }),
  ],
  [
    `${targets}: INVALID_BUYER_ACCOUNTS`,
    always({ UpdateTargeting: { PositiveTargeting: { BuyerAccounts: ['x'] } } }),
  ],
  [
    `${targets}: TOO_MANY_BUYER_ACCOUNTS`,
    always({ UpdateTargeting: { PositiveTargeting: { BuyerAccounts: Array(27).fill(buyer) } } }),
  ],
  [
    `${targets}: INCOMPATIBLE_TARGETING`,
    always({
      UpdateTargeting: {
        PositiveTargeting: { BuyerAccounts: [buyer] },
        NegativeTargeting: { CountryCodes: ['FR'] },
      },
    }),
  ],
  [
    'UpdateLegalTerms: INVALID_LEGAL_DOCUMENTS',
    always({ UpdateLegalTerms: document({ Type: 'CustomEula' }) }),
  ],
  [
    'UpdateNetPaymentTerms: INVALID_PAYMENT_DUE_PERIOD',
    always({ UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P1M' }] } }),
  ],
  [`${renews}: MISSING_PRICE_INCREASE`, renewed({ PriceIncrease: null, AdjustmentDeadline: null })],
  [`${renews}: INVALID_LOCKOUT_PERIOD`, renewed({ LockoutPeriod: 'P4W' })],
  [
    `${renews}: INVALID_CHARGE_PERCENTAGES`,
    (offer) =>
      scheduleOf(offer) &&
      renewed({
        TermTemplates: [
          {
            Type: 'PaymentScheduleTermTemplate',
            Schedule: [{ ChargeDateOffset: 'P0M', ChargePercentage: '99.99' }],
          },
        ],
      })(offer),
  ],
  [
    `${renews}: MISSING_PAYMENT_SCHEDULE_TERM_TEMPLATE`,
    (offer) => scheduleOf(offer) && renewing({ PriceIncrease: { Type: 'FixedPercentage', Value: '1' } }),
  ],
  [`${releases}: MISSING_NAME`, always({ UpdateInformation: { Description: 'd' } })],
  [`${releases}: MISSING_DESCRIPTION`, always({ UpdateInformation: { Name: 'n' } })],
  [`${releases}: MISSING_AVAILABILITY_END_DATE`, always({ UpdateAvailability: undefined })],
  [`${releases}: MISSING_MANDATORY_TERMS`, always({ UpdateLegalTerms: undefined })],
  [
    `${releases}: MISSING_MANDATORY_TERMS`,
    (offer) => scheduleOf(offer) && { UpdatePaymentScheduleTerms: undefined, UpdateRenewalTerms: undefined },
  ],
]
