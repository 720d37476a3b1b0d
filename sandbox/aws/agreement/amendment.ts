import { cents, type Decimal, decimal, format, proportion } from '../../money.ts'
import { Refusal } from '../../problem.ts'
import { day } from '../../time.ts'
import { emitAgreementAmended, emitLicense } from '../events/agreement-events.ts'
import { delays } from '../events/events.ts'
import { tellEntitled } from '../events/topics.ts'
import type { Agreement, RateCard, Term } from '../model.ts'
import { chargeAccepted } from '../money/billing.ts'
import { feedAgreement } from '../money/feeds.ts'
import type { InvoiceLine } from '../money/finance-model.ts'
import { issueInvoice, newLine } from '../money/invoices.ts'
import { priceOf } from '../selling/prices.ts'
import { termOf } from '../selling/pricing-rules.ts'
import type { World } from '../world.ts'

/*
 * A buyer takes more units of what it chose. The agreement goes on under its id, its licence and its dates (the model of
 * the agreement service: AMEND modifies an existing agreement), and its value grows by what is added. Units never become
 * less (the buyer guide's page on modifying a contract).
 */

type Units = Record<string, number>

const no = (status: 409 | 422, field: string, rule: string, fix: string) =>
  new Refusal(status, field, rule, fix)

function cardOf(terms: Term[] | undefined, selector: string | undefined): RateCard | undefined {
  const cards = termOf(terms ?? [], 'ConfigurableUpfrontPricingTerm')?.RateCards
  return cards?.find((card) => card.Selector?.Value === selector)
}

const priceIn = (card: RateCard | undefined, key: string): string | undefined =>
  card?.RateCard.find((rate) => rate.DimensionKey === key)?.Price

/** How many units of each dimension are added. */
function addedUnits(agreement: Agreement, wanted: Units): Units {
  const { configuration } = agreement
  const card = cardOf(agreement.terms, configuration?.selector)
  if (!configuration || !card) {
    const fix = 'Only a contract whose buyer chose its quantities is amended; replace any other one.'
    throw no(409, 'agreement_id', 'has quantities that its buyer chose', fix)
  }
  if (card.Constraints?.QuantityConfiguration === 'Disallowed') {
    const fix = 'The offer leaves no choice of quantities: replace the agreement.'
    throw no(409, 'agreement_id', 'lets its buyer choose quantities', fix)
  }
  const added: Units = {}
  for (const [key, quantity] of Object.entries(wanted)) {
    const field = `dimensions.${key}`
    if (priceIn(card, key) === undefined)
      throw no(422, field, 'is priced by the offer', 'Use a priced dimension.')
    const before = configuration.dimensions[key] ?? 0
    if (quantity < before) {
      throw no(422, field, `is at least the ${before} bought already`, 'Units are only added.')
    }
    if (quantity > before) added[key] = quantity - before
  }
  if (Object.keys(added).length === 0) {
    throw no(422, 'dimensions', 'adds at least one unit', 'Say how many units there are to be in all.')
  }
  return added
}

/** The part of the price that is left of the term, by days: the day of the change counts. Our reading. */
function forTheRest(agreement: Agreement, price: Decimal, now: number): Decimal {
  const days = (from: number) => BigInt(Math.max(1, Math.ceil((agreement.ends_at - from) / day)))
  return cents(proportion(price, days(Math.max(now, agreement.starts_at)), days(agreement.starts_at)))
}

function lineFor(world: World, agreement: Agreement, key: string, units: number): InvoiceLine {
  const now = world.clock.now()
  const selector = agreement.configuration?.selector
  const price = (terms: Term[] | undefined) =>
    forTheRest(agreement, priceOf(priceIn(cardOf(terms, selector), key) ?? '0', units), now)
  return {
    ...newLine(world, `${units} more of ${key}`, price(agreement.terms)),
    dimension: key,
    quantity: String(units),
    ...(agreement.wholesale_terms ? { wholesale_amount: format(price(agreement.wholesale_terms)) } : {}),
  }
}

export function amendAgreement(world: World, agreement: Agreement, wanted: Units): Agreement {
  const added = addedUnits(agreement, wanted)
  chargeAccepted(world, agreement)
  const lines = Object.entries(added).map(([key, units]) => lineFor(world, agreement, key, units))
  const now = world.clock.now()
  const { configuration } = agreement
  const total = lines.reduce((sum, line) => sum + decimal(line.amount), decimal(agreement.value))
  const amended = world.agreements.put(agreement.id, {
    ...agreement,
    configuration: configuration && {
      ...configuration,
      dimensions: { ...configuration.dimensions, ...wanted },
    },
    value: format(total),
    updated_at: now,
  })
  feedAgreement(world, amended)
  emitAgreementAmended(world, amended)
  emitLicense(world, amended, 'License Updated', delays.licenseUpdated)
  tellEntitled(world, amended)
  const billed = lines.filter((line) => decimal(line.amount) !== 0n)
  if (billed.length > 0) issueInvoice(world, amended, 'UPFRONT', billed, { start: now, end: now })
  return amended
}
