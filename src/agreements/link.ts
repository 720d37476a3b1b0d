import type { AgreementRecord, Entitlement } from '../../connectors/connector.ts'
import { formatDecimal, isZero, sum } from '../core/decimal.ts'
import { formatMoney, moneyDecimal } from '../core/money.ts'
import { DAY_MS, dateOf } from '../core/time.ts'
import * as offers from '../offers/index.ts'
import type { Terms } from '../offers/model.ts'
import type { Scope } from '../store/index.ts'
import * as syndication from '../syndication/index.ts'
import type { Authorization } from '../syndication/model.ts'
import type { Agreement } from './model.ts'

/** A month on average: lengths are whole months, so that nothing closer is needed. */
const MONTH_MS = (365.25 * DAY_MS) / 12

/** Where an agreement belongs among our own nouns. */
export type Links = Pick<
  Agreement,
  'product_id' | 'deal_id' | 'offer_id' | 'authorization_id' | 'replaces_agreement_id' | 'terms' | 'wholesale'
>

/** What the cloud names an agreement's origin by. */
export type Origin = { offer_id: string | null; authorization_id: string | null; role: Agreement['role'] }

/** The offer or authorization of ours that an agreement came from; undefined while none is known. */
export async function findOrigin(
  scope: Scope,
  connection: { id: string },
  origin: Origin,
): Promise<Links | undefined> {
  const offer =
    origin.offer_id === null
      ? undefined
      : await offers.findByCloudOffer(scope, connection.id, origin.offer_id)
  if (offer !== undefined) {
    const deal = offer.deal_id === null ? undefined : await offers.findDeal(scope, offer.deal_id)
    return {
      product_id: deal?.product_id ?? null,
      deal_id: offer.deal_id,
      offer_id: offer.id,
      authorization_id: offer.authorization_id,
      replaces_agreement_id: offer.replaces_agreement_id,
      terms: offer.terms,
      wholesale: offer.wholesale,
    }
  }
  if (origin.authorization_id === null || origin.role !== 'manufacturer') return undefined
  const opened = await syndication.findByCloudId(scope, connection.id, origin.authorization_id)
  if (opened === undefined) return undefined
  const deal = await offers.findDeal(scope, opened.deal_id)
  return {
    product_id: deal.product_id,
    deal_id: deal.id,
    offer_id: null,
    authorization_id: opened.id,
    replaces_agreement_id: null,
    terms: await owedBy(scope, opened, origin.offer_id),
    wholesale: null,
  }
}

/** What a reseller owes: what was opened, or what it sold of a price list by a payment plan of its own. */
async function owedBy(
  scope: Scope,
  {
    id: authorization_id,
    reseller_organisation_id: reseller,
    terms,
  }: Pick<Authorization, 'id' | 'reseller_organisation_id' | 'terms'>,
  cloud_offer_id: string | null,
): Promise<Terms> {
  if (terms.kind !== 'configurable' || cloud_offer_id === null || reseller === null) return terms
  return (await offers.findOwed(scope, reseller, { authorization_id, cloud_offer_id })) ?? terms
}

/** What the buyer chose, put into terms that left the choice; its own and a reseller's cost of it alike. */
export function withChoice<T extends Pick<Agreement, 'terms' | 'wholesale'>>(
  links: T,
  choice: offers.Choice | undefined,
): T {
  const { terms, wholesale } = links
  return {
    ...links,
    terms: offers.chosen(terms, choice),
    wholesale: wholesale === null ? null : offers.chosen(wholesale, choice),
  }
}

/** An agreement that did not come from an offer of ours has the terms that the cloud tells. */
export function unlinked(record: AgreementRecord): Links {
  return {
    product_id: null,
    deal_id: null,
    offer_id: null,
    authorization_id: null,
    replaces_agreement_id: null,
    terms: termsOf(record),
    wholesale: null,
  }
}

/**
 * What was chosen, from what the buyer may use and for how long: all that the maker of a product is told of the choice
 * in a reseller's sale.
 */
export function choiceFrom(
  { terms, accepted_at, starts_at, ends_at }: Agreement,
  entitlements: readonly Entitlement[],
): offers.Choice | undefined {
  const begun = accepted_at ?? starts_at
  if (terms.kind !== 'configurable' || begun === null || starts_at === null || ends_at === null)
    return undefined
  const grants = entitlements.flatMap(({ dimension, value }) =>
    /^[1-9]\d{0,9}$/.test(value) ? [{ dimension, quantity: Number(value) }] : [],
  )
  const priced = grants.filter(({ dimension }) =>
    terms.rates.some(({ prices }) => Object.hasOwn(prices, dimension)),
  )
  if (priced.length === 0) return undefined
  const duration_months = Math.round((ends_at.getTime() - starts_at.getTime()) / MONTH_MS)
  return { duration_months, grants: priced, due_on: dateOf(begun) }
}

/** The length that is written where a cloud tells none. */
const YEAR_MONTHS = 12

export function termsOf(record: AgreementRecord): Terms {
  const currency = record.currency ?? 'USD'
  const usage_prices = Object.fromEntries(
    Object.entries(record.usage_prices).map(([key, price]) => [key, formatDecimal(price)]),
  )
  const instalments = record.instalments.map(({ due_on, amount }) => ({
    due_on,
    amount: formatMoney(amount),
  }))
  const shared = { currency, duration_months: record.chosen_months ?? YEAR_MONTHS }
  const total = sum(record.instalments.map(({ amount }) => moneyDecimal(amount)))
  const { grants } = record
  if (isZero(total) || instalments.length === 0) return { kind: 'usage', ...shared, usage_prices }
  const fixed = { ...shared, total: formatDecimal(total), grants, instalments }
  return Object.keys(usage_prices).length === 0
    ? { kind: 'contract', ...fixed }
    : { kind: 'contract_with_consumption', ...fixed, usage_prices }
}
