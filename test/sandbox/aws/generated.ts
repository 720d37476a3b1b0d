// Valid authorizations of every kind out of a seed, each with ways to break one rule. Nothing here is shared with the
// sandbox: amounts are whole numbers of the smallest unit.
import { buyer } from '../support.ts'
import { type Details, parts } from './support.ts'

export type Dice = ReturnType<typeof diceOf>

/** Numbers that look random and are the same for the same seed. */
export function diceOf(seed: number) {
  let state = seed
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    between: (least: number, most: number) => least + below(most - least + 1),
    maybe: (share = 0.5) => next() < share,
    pick: <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0],
  }
}

/** A number of smallest units as text, now and then without what need not be written. */
function written(units: number, places: number, dice: Dice): string {
  const digits = String(units).padStart(places + 1, '0')
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return dice.maybe(0.3) ? text.replace(/0+$/, '') : text
}

const start = Date.UTC(2026, 10, 1)
const dayAfter = (days: number) => new Date(start + days * 86_400_000).toISOString().slice(0, 10)

export type Made = {
  mode: 'one offer' | 'until a date' | 'unlimited'
  details: Details
  /** Days the offer may be accepted, the same as the authorization's or sooner. */
  last_day: string
  instalments: { day: string; units: number }[]
  markup: string
}

export function made(seed: number): Made {
  const dice = diceOf(seed)
  const mode = dice.pick(['one offer', 'until a date', 'unlimited'] as const)
  const usage = { ...parts.usage(written(dice.between(0, 99_999_999), 8, dice)) }
  const available = dice.between(1, 60)
  const last_day = dayAfter(available)
  const months = dice.between(6, 60)
  const markup = dice.pick([
    '0',
    String(dice.below(300)),
    written(dice.between(1, 99_999), 3, dice).replace(/\.$/, ''),
    `.${dice.between(1, 999_999_999)}`,
  ])
  const common: Details = {
    ...(dice.maybe() ? { UpdateInformation: { Description: 'words', Name: null } } : {}),
    ...(dice.maybe() ? { UpdateBuyerTargetingTerms: undefined } : {}),
    ...(dice.maybe()
      ? {
          UpdateNetPaymentTerms: {
            Terms: [{ Type: 'ResaleNetPaymentTerm', PaymentDuePeriod: dice.pick(['P15D', 'P45D', 'P120D']) }],
          },
        }
      : {}),
    ...(dice.maybe() ? { UpdateLegalTerms: { Terms: [parts.documents.buyer] } } : {}),
  }
  if (mode === 'one offer') {
    const instalments = Array.from({ length: dice.pick([1, 2, 3, 12, 60]) }, (_, index) => ({
      day: dayAfter(available + 1 + index * 2),
      units: dice.between(0, 5_000_000),
    }))
    const items = instalments.map(({ day, units }): [string, string] => [day, written(units, 2, dice)])
    const fixed = { ...parts.fixed, Price: dice.pick(['0', '0.0', '0.000']), Duration: `P${months}M` }
    const details = {
      ...common,
      UpdatePricingTerms: parts.pricing(fixed, ...(dice.maybe() ? [usage] : [])),
      UpdatePaymentScheduleTerms: parts.schedule(...items),
      UpdateAvailability: { AvailabilityEndDate: last_day, OffersMaxQuantity: 1 },
    }
    return { mode, details, last_day, instalments, markup }
  }
  const listed = parts.configurable(`P${months}M`, ...(dice.maybe() ? ['P5M'] : []))
  const details = {
    ...common,
    UpdatePricingTerms: dice.maybe()
      ? { PricingModel: 'Usage', Terms: [usage] }
      : parts.pricing(listed, ...(dice.maybe() ? [usage] : [])),
    ...(mode === 'until a date' ? { UpdateAvailability: { AvailabilityEndDate: last_day } } : {}),
  }
  return { mode, details, last_day, instalments: [], markup }
}

type Schedule = { Terms: { Schedule: { ChargeDate: string }[] }[] }
type Pricing = { PricingModel: string; Terms: Record<string, unknown>[] }

const pricingOf = ({ details }: Made) => details.UpdatePricingTerms as Pricing
const withTerm = (one: Made, change: (term: Record<string, unknown>) => object) => ({
  UpdatePricingTerms: {
    ...pricingOf(one),
    Terms: pricingOf(one).Terms.map((term, index) => (index === 0 ? { ...term, ...change(term) } : term)),
  },
})
const isUpfront = (one: Made) => pricingOf(one).PricingModel === 'Contract'
const isPaid = (one: Made) => one.mode === 'one offer'
const always = () => true

/** One rule each: when it can be broken, how, and what AWS says then. */
export const breaks: [string, (one: Made) => boolean, (one: Made) => Details, string][] = [
  [
    'the last day is gone by',
    (one) => one.mode === 'until a date',
    () => ({ UpdateAvailability: { AvailabilityEndDate: dayAfter(-1) } }),
    'UpdateAvailability: INVALID_AVAILABILITY_END_DATE',
  ],
  [
    'the last day is that of an instalment',
    isPaid,
    (one) => ({ UpdateAvailability: { AvailabilityEndDate: one.instalments[0]?.day, OffersMaxQuantity: 1 } }),
    'UpdateAvailability: INVALID_AVAILABILITY_END_DATE',
  ],
  [
    'instalments are for many offers',
    isPaid,
    (one) => ({ UpdateAvailability: { AvailabilityEndDate: one.last_day } }),
    'UpdatePaymentScheduleTerms: INCOMPATIBLE_TERMS',
  ],
  [
    'an instalment falls on the day of another',
    isPaid,
    ({ details }) => {
      const [term] = (details.UpdatePaymentScheduleTerms as Schedule).Terms
      const Schedule = (term?.Schedule ?? []).slice(0, 59)
      return {
        UpdatePaymentScheduleTerms: {
          Terms: [{ ...term, Schedule: [...Schedule, { ...Schedule[0], ChargeAmount: '7' }] }],
        },
      }
    },
    'UpdatePaymentScheduleTerms: DUPLICATE_CHARGE_DATES',
  ],
  [
    'the instalments are left out',
    isPaid,
    () => ({ UpdatePaymentScheduleTerms: undefined }),
    'ReleaseResaleAuthorization: INCOMPATIBLE_PRICING_TERM',
  ],
  [
    'there is a price beside the instalments',
    isPaid,
    (one) => withTerm(one, () => ({ Price: '0.001' })),
    'UpdatePricingTerms: INCOMPATIBLE_TERMS',
  ],
  [
    'the duration is left out',
    isPaid,
    (one) => withTerm(one, () => ({ Duration: undefined })),
    'UpdatePricingTerms: MISSING_DURATION',
  ],
  [
    'the pricing model is that of others',
    isUpfront,
    (one) => ({ UpdatePricingTerms: { ...pricingOf(one), PricingModel: 'Usage' } }),
    'UpdatePricingTerms: INCOMPATIBLE_TERMS',
  ],
  [
    'nothing is priced',
    (one) => !isPaid(one),
    (one) => ({ UpdatePricingTerms: { ...pricingOf(one), Terms: [] } }),
    'ReleaseResaleAuthorization: MISSING_MANDATORY_TERMS',
  ],
  [
    'the buyer has no terms',
    always,
    () => ({ UpdateLegalTerms: undefined }),
    'ReleaseResaleAuthorization: MISSING_MANDATORY_TERMS',
  ],
  [
    'a renewal names no buyer',
    always,
    () => ({
      UpdateBuyerTargetingTerms: undefined,
      UpdateInformation: {
        PreExistingBuyerAgreement: { AcquisitionChannel: 'AwsMarketplace', PricingModel: 'Contract' },
      },
    }),
    'UpdateInformation: INCOMPATIBLE_BUYER_TARGETING',
  ],
  [
    'a buyer does not exist',
    always,
    () => ({
      UpdateBuyerTargetingTerms: {
        Terms: [
          { Type: 'BuyerTargetingTerm', PositiveTargeting: { BuyerAccounts: [buyer, '999999999999'] } },
        ],
      },
    }),
    'UpdateBuyerTargetingTerms: INCOMPATIBLE_BUYER_TARGETING',
  ],
]
