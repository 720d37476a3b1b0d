import { buyer } from '../support.ts'
import {
  type Card,
  configurableTerm,
  document,
  type Instalment,
  type OfferBody,
  type PricingTerm,
  schedule,
  usageTerm,
  validity,
} from './offer-world.ts'

/** A row of numbers that is the same for the same seed. */
export function createDice(seed: number) {
  let state = BigInt(seed) * 6364136223846793005n + 1442695040888963407n
  const below = (limit: number): number => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    return Number(state >> 33n) % limit
  }
  return {
    below,
    between: (least: number, most: number) => least + below(most - least + 1),
    chance: (percent: number) => below(100) < percent,
    /** `items` has one at least. */
    pick: <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0],
  }
}
export type Dice = ReturnType<typeof createDice>

const start = Date.UTC(2026, 10, 1)
/** The calendar day so many days after the first of November 2026. */
export const dayAfter = (days: number) => new Date(start + days * 86_400_000).toISOString().slice(0, 10)

const digits = (dice: Dice, places: number) =>
  `${dice.between(1, 99_999)}${places > 0 ? `.${String(dice.below(10 ** places)).padStart(places, '0')}` : ''}`

function grants(dice: Dice) {
  const some = dice.pick([['seats'], ['storage'], ['seats', 'storage']])
  return some.map((DimensionKey) =>
    dice.chance(70) ? { DimensionKey, MaxQuantity: dice.between(1, 2147483646) } : { DimensionKey },
  )
}

function usage(dice: Dice): PricingTerm {
  const keys = dice.pick([['calls'], ['traffic'], ['calls', 'traffic']])
  const RateCard = keys.map((DimensionKey) => ({ DimensionKey, Price: digits(dice, dice.below(9)) }))
  return { ...usageTerm(), RateCards: [{ RateCard }] }
}

function cards(dice: Dice): Card[] {
  const lengths = ['P1M', 'P45D', 'P7M', 'P1Y', 'P2Y6M', 'P60M']
  const from = dice.below(lengths.length)
  const constraint = dice.pick(['Allowed', 'Disallowed'])
  return lengths.slice(from, from + dice.between(1, 5)).map((Value) => ({
    Selector: { Type: 'Duration', Value },
    Constraints: { MultipleDimensionSelection: constraint, QuantityConfiguration: constraint },
    RateCard: grants(dice).map(({ DimensionKey }) => ({ DimensionKey, Price: digits(dice, dice.below(9)) })),
  }))
}

/** Days on which instalments fall: one before the offer ends at most, all before the agreement does. */
function instalments(dice: Dice, lastDay: number, endsAfter: number): Instalment[] {
  const days = new Set(dice.chance(50) ? [dice.between(0, lastDay)] : [])
  const count = dice.between(1, 12)
  for (let index = 0; index < count; index++) days.add(dice.between(lastDay + 1, endsAfter))
  return [...days].map((day) => ({ ChargeDate: dayAfter(day), ChargeAmount: digits(dice, dice.below(3)) }))
}

function renewalOf(dice: Dice, hasSchedule: boolean) {
  const isRange = dice.chance(50)
  const lockout = dice.between(1, 10)
  return {
    Terms: [
      {
        Type: 'RenewalTerm',
        ...(dice.chance(50) ? { MaxRenewals: dice.between(1, 9) } : {}),
        ...(dice.chance(60) ? { LockoutPeriod: `P${lockout}D` } : {}),
        ...(isRange ? { AdjustmentDeadline: `P${dice.between(lockout + 1, 20)}D` } : {}),
        PriceIncrease: isRange
          ? { Type: 'PercentageRange', Range: { MinValue: '0.5', MaxValue: '9.75', DefaultValue: '3.00' } }
          : { Type: 'FixedPercentage', Value: dice.pick(['0', '0.00', '7.5', '100.00']) },
        ...(hasSchedule ? { TermTemplates: [template(dice)] } : {}),
      },
    ],
  }
}

function template(dice: Dice) {
  const first = dice.between(1, 98)
  const Schedule = dice.chance(50)
    ? [{ ChargeDateOffset: 'P0M', ChargePercentage: '100.00', DayOfMonth: dice.between(1, 31) }]
    : [
        { ChargeDateOffset: 'P0D', ChargePercentage: `${first}.25` },
        { ChargeDateOffset: `P${dice.between(1, 20)}D`, ChargePercentage: `${99 - first}.75` },
      ]
  return { Type: 'PaymentScheduleTermTemplate', Schedule }
}

function extras(dice: Dice, hasSchedule: boolean): OfferBody {
  const due = dice.pick(['P15D', 'P30D', 'P45D', 'P60D', 'P90D', 'P120D'])
  return {
    UpdateLegalTerms: document(
      dice.pick<Record<string, string | null>>([
        { Type: 'StandardEula' },
        { Type: 'StandardEula', Version: '2022-07-14' },
        { Type: 'CustomEula', Url: 'https://bucket.s3.amazonaws.com/eula.pdf', Version: null },
      ]),
    ),
    ...(dice.chance(40) ? { UpdateRenewalTerms: renewalOf(dice, hasSchedule) } : {}),
    ...(dice.chance(30)
      ? { UpdateNetPaymentTerms: { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: due }] } }
      : {}),
    ...(dice.chance(30)
      ? { UpdateSupportTerms: { Terms: [{ Type: 'SupportTerm', RefundPolicy: 'Refunds © within a month' }] } }
      : {}),
  }
}

type Prices = Pick<OfferBody, 'UpdatePricingTerms' | 'UpdatePaymentScheduleTerms' | 'UpdateValidityTerms'>

/** A contract in instalments, that lasts from its acceptance, until a day, or between two days. */
function inInstalments(dice: Dice, lastDay: number): Prices {
  const months = dice.between(3, 48)
  const endsAfter = lastDay + months * 28
  const withUsage = dice.chance(50)
  const currency = withUsage ? 'USD' : dice.pick(['USD', 'EUR', 'GBP', 'AUD', 'JPY', 'CAD'])
  const fixed = {
    Type: 'FixedUpfrontPricingTerm',
    CurrencyCode: currency,
    Price: dice.pick(['0', '0.00', '0.000']),
    Duration: `P${months}M`,
    Grants: grants(dice),
  }
  const ends = { AgreementEndDate: dayAfter(endsAfter) }
  return {
    UpdatePricingTerms: { PricingModel: 'Contract', Terms: withUsage ? [usage(dice), fixed] : [fixed] },
    UpdatePaymentScheduleTerms: schedule(instalments(dice, lastDay, months * 28 - 1), currency),
    UpdateValidityTerms: validity(
      dice.pick<Record<string, string | null>>([
        { AgreementDuration: `P${months}M` },
        { ...ends, AgreementDuration: null },
        { ...ends, AgreementStartDate: dayAfter(lastDay + 1) },
      ]),
    ),
  }
}

/** A private offer that the marketplace takes; the same seed gives the same one. */
export function generateOffer(seed: number, ProductId: string): OfferBody {
  const dice = createDice(seed)
  const lastDay = dice.between(5, 40)
  const form = dice.pick(['instalments', 'instalments', 'choice', 'usage', 'elsewhere'])
  const choice = configurableTerm(cards(dice), 'USD')
  const prices: Record<typeof form, () => Prices> = {
    instalments: () => inInstalments(dice, lastDay),
    choice: () => ({
      UpdatePricingTerms: {
        PricingModel: 'Contract',
        Terms: dice.chance(50) ? [choice] : [usage(dice), choice],
      },
    }),
    usage: () => ({
      UpdatePricingTerms: { PricingModel: 'Usage', Terms: [usage(dice)] },
      UpdateValidityTerms: validity({ AgreementDuration: 'P30D' }),
    }),
    elsewhere: () => ({
      UpdatePricingTerms: { PricingModel: 'Byol', Terms: [{ Type: 'ByolPricingTerm' }] },
      UpdateValidityTerms: validity({ AgreementDuration: 'P2Y' }),
    }),
  }
  return {
    CreateOffer: dice.chance(50) ? { ProductId } : { ProductId, Name: null },
    UpdateInformation: { Name: `Deal ${seed}`, Description: 'é, 🙂 and ‑ count as one each' },
    UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [buyer] }, NegativeTargeting: null },
    ...prices[form]?.(),
    ...extras(dice, form === 'instalments'),
    UpdateAvailability: { AvailabilityEndDate: dayAfter(lastDay) },
    ReleaseOffer: {},
  }
}
