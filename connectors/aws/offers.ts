/** Private offers, made and released in one change set. */
import { z } from 'zod'
import { DAY_MS, isLocalDate, startOfDate } from '../../src/core/time.ts'
import { type Connection, type OfferRules, type Offers, pricingKinds, type ReadOffer } from '../connector.ts'
import type { Aws } from './clients.ts'
import { isFaultOf, shaped } from './faults.ts'
import { describeEntity } from './listings.ts'
import { asProblems, examineOffer, pricing } from './selling/examine.ts'
import { limits } from './selling/limits.ts'
import { toAwsExpiry, toAwsOffer } from './selling/map-offers.ts'
import { awsOfferSets } from './selling/offer-sets.ts'
import { offerOptionFields } from './selling/option-fields.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { CATALOG, checkChangeSet, startChangeSet } from './wire/changesets.ts'

export const offerRules: OfferRules = {
  kinds: pricingKinds,
  opened_kinds: ['contract', 'usage', 'contract_with_consumption', 'configurable'],
  rates_max: limits.rate_cards_max,
  trials_are_public: true,
  trial_days_max: limits.trial_days_max,
  opens_without_end: true,
  replaces: true,
  instalments_max: 60,
  buyers_max: 26,
  name_max: 150,
  currencies: ['USD', 'EUR', 'GBP', 'AUD', 'JPY'],
  usage_currencies: ['USD'],
  usage_price_digits: 8,
  buyer_account_pattern: '^\\d{12}$',
  buyer_account_form: '12 digits',
  duration_months_max: 60,
  instalments_before_expiry_max: 1,
  opened_instalments_before_expiry_max: 0,
  source:
    "AWS's public shape library for Offer@1.0 (instalments, buyers, name, price digits, five price lists of a configurable offer) and the developer guide on private offers (currencies, one payment before the last day of acceptance, free trials as public offers, replacements), read in 2026; five years as the longest duration and ninety days as the longest trial are settings of ours.",
}

export function awsOffers(aws: Aws): Offers {
  return {
    rules: offerRules,
    resolution: 'send_identical',
    options: offerOptionFields,
    examine: examineOffer,
    sets: awsOfferSets(aws),
    async create(connection, draft, key) {
      const read = readOptions(optionShapes.offer, draft.options)
      const problems = read.ok ? asProblems(pricing(draft)) : read.problems
      if (!read.ok || problems.length > 0) return { status: 'failed', problems, evidence: {} }
      return startChangeSet(aws, connection, 'offer', key, toAwsOffer(draft, read.options))
    },
    expire: (connection, offer_id, expires_on, key) =>
      startChangeSet(aws, connection, 'expire', key, toAwsExpiry(offer_id, expires_on)),
    check: (connection, reference) => checkChangeSet(aws, connection, reference),
    read: (connection, offer_id) => readOffer(aws, connection, offer_id),
  }
}

const text = z.string().nullish()
const offerShape = z.looseObject({
  Name: text,
  State: text,
  MarkupPercentage: text,
  ResaleAuthorizationId: text,
  Rules: z
    .array(
      z.looseObject({
        Type: text,
        AvailabilityEndDate: text,
        PositiveTargeting: z.looseObject({ BuyerAccounts: z.array(z.unknown()).nullish() }).nullish(),
      }),
    )
    .nullish(),
})

async function readOffer(aws: Aws, connection: Connection, offer_id: string): Promise<ReadOffer | undefined> {
  try {
    const { details, evidence } = await describeEntity(aws, connection, offer_id)
    const offer = shaped(offerShape, details, 'DescribeEntity')
    const authorization_id = await authorizationOf(aws, connection, offer_id, offer)
    return {
      offer_id,
      state: fromAwsOfferState(offer, aws.parts.clocks.business.now()),
      name: offer.Name ?? '',
      buyer_account_ids: (offer.Rules ?? [])
        .flatMap((rule) => rule.PositiveTargeting?.BuyerAccounts ?? [])
        .flatMap((account) => (typeof account === 'string' ? [account] : [])),
      ...(authorization_id === undefined ? {} : { authorization_id }),
      evidence,
    }
  } catch (error) {
    if (isFaultOf(error, 'not_found')) return undefined
    throw error
  }
}

/** AWS has no state for expired or withdrawn offers: it is the last day of acceptance that says so. */
export function fromAwsOfferState(
  offer: Pick<z.infer<typeof offerShape>, 'State' | 'Rules'>,
  now: Date,
): ReadOffer['state'] {
  if (offer.State === 'Draft') return 'draft'
  if (offer.State !== 'Released') return 'unknown'
  const end = (offer.Rules ?? [])
    .map((rule) => rule.AvailabilityEndDate)
    .find((date) => date !== null && date !== undefined)
  if (end === undefined || end === null) return 'live'
  // A bare date includes that whole day; AWS reads it back as its last millisecond.
  const ends = isLocalDate(end) ? startOfDate(end).getTime() + DAY_MS : Date.parse(end)
  if (Number.isNaN(ends)) return 'unknown'
  return ends < now.getTime() ? 'expired' : 'live'
}

/** The offer document does not name its authorization; the list of offers does. */
async function authorizationOf(
  aws: Aws,
  connection: Connection,
  offer_id: string,
  offer: z.infer<typeof offerShape>,
): Promise<string | undefined> {
  if (offer.ResaleAuthorizationId) return offer.ResaleAuthorizationId
  if (!offer.MarkupPercentage) return undefined
  const catalog = await (await aws.clients(connection)).catalog()
  const answer = await aws.guard(connection, 'ListEntities', (abortSignal) =>
    catalog.listEntities(
      {
        Catalog: CATALOG,
        EntityType: 'Offer',
        EntityTypeFilters: { OfferFilters: { EntityId: { ValueList: [offer_id] } } },
        MaxResults: 1,
      },
      { abortSignal },
    ),
  )
  return answer.EntitySummaryList?.[0]?.OfferSummary?.ResaleAuthorizationId ?? undefined
}
