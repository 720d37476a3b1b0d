import { endOfDate, isoSeconds } from '../../time.ts'
import { type ApplyContext, type ChangeHandler, refuse, withoutNulls } from '../catalog/change-context.ts'
import type { ErrorDetail, Json, Offer, OfferSet } from '../model.ts'

// Offer sets. Source: developer guide, "Work with offer sets"; the codes are AWS's.

const most = 7

export function newOfferSet(context: ApplyContext, id: string, details: Json): OfferSet {
  const { Name } = details as { Name: string }
  return {
    kind: 'OfferSet',
    id,
    owner: context.account_id,
    revision: 0,
    created_at: context.now,
    modified_at: context.now,
    state: 'Draft',
    name: Name,
    offer_ids: [],
  }
}

const updateInformation: ChangeHandler<OfferSet> = (_context, set, details) => {
  const { Name, BuyerNotes } = withoutNulls(details) as { Name?: string; BuyerNotes?: string }
  if (Name !== undefined) set.name = Name
  if (BuyerNotes !== undefined) set.buyer_notes = BuyerNotes
  return []
}

const idsOf = (details: Json) =>
  (details as { Offers: { OfferId: string }[] }).Offers.map(({ OfferId }) => OfferId)

const associate: ChangeHandler<OfferSet> = (context, set, details) => {
  const ids = idsOf(details)
  // The set an offer belongs to is decided when the offer is made.
  const foreign = ids.filter((id) => {
    const offer = context.draft(id)
    return offer?.kind !== 'Offer' || offer.owner !== set.owner || offer.offer_set_id !== set.id
  })
  set.offer_ids = [...new Set([...set.offer_ids, ...ids])]
  return [
    ...(foreign.length > 0
      ? [refuse('INCOMPATIBLE_OFFER_SET_REFERENCE', `Not made for this offer set: ${foreign.join(', ')}.`)]
      : []),
    ...(set.offer_ids.length > most
      ? [refuse('TOO_MANY_OFFERS', `An offer set has at most ${most} offers.`)]
      : []),
  ]
}

const disassociate: ChangeHandler<OfferSet> = (_context, set, details) => {
  const ids = idsOf(details)
  set.offer_ids = set.offer_ids.filter((id) => !ids.includes(id))
  return []
}

const associateSolution: ChangeHandler<OfferSet> = (context, set, details) => {
  const { SolutionId } = details as { SolutionId: string }
  const solution = context.draft(SolutionId)
  if (solution?.kind !== 'Solution' || solution.owner !== set.owner) {
    return [refuse('INCOMPATIBLE_SOLUTION_ASSOCIATION', `The solution ${SolutionId} is not one of yours.`)]
  }
  if (set.solution_id && set.solution_id !== SolutionId) {
    return [
      refuse('INCOMPATIBLE_SOLUTION_ASSOCIATION', `Disassociate the solution ${set.solution_id} first.`),
    ]
  }
  set.solution_id = SolutionId
  return []
}

const disassociateSolution: ChangeHandler<OfferSet> = (_context, set, details) => {
  const { SolutionId } = details as { SolutionId: string }
  if (set.solution_id === SolutionId) set.solution_id = undefined
  return []
}

const release: ChangeHandler<OfferSet> = (context, set) => {
  const offers = set.offer_ids.flatMap((id): Offer[] => {
    const found = context.draft(id)
    return found?.kind === 'Offer' ? [found] : []
  })
  const errors = [...ownProblems(context, set, offers), ...offerProblems(context, offers)]
  if (errors.length === 0) {
    set.state = 'Released'
    set.released_at = context.now
  }
  return errors
}

function ownProblems(context: ApplyContext, set: OfferSet, offers: Offer[]): ErrorDetail[] {
  const solution = set.solution_id ? context.draft(set.solution_id) : undefined
  return [
    ...(set.buyer_notes ? [] : [refuse('MISSING_BUYER_NOTES', 'BuyerNotes are missing.')]),
    ...(offers.length < 2 ? [refuse('MISSING_OFFERS', 'An offer set needs at least two offers.')] : []),
    ...(solution?.kind === 'Solution' && solution.visibility === 'Draft'
      ? [refuse('INCOMPATIBLE_SOLUTION_STATE', 'The solution must be in the state limited or public.')]
      : []),
  ]
}

const currencyOf = (offer: Offer) =>
  offer.terms.find((term) => term.CurrencyCode !== undefined)?.CurrencyCode ?? ''

function offerProblems(context: ApplyContext, offers: Offer[]): ErrorDetail[] {
  const kinds = (of: (offer: Offer) => string) => new Set(offers.map(of)).size
  const named = (some: Offer[]) => some.map((offer) => offer.id).join(', ')
  const drafts = offers.filter((offer) => offer.state === 'Draft')
  const open = offers.filter((offer) => !offer.buyer_accounts)
  const expired = offers.filter(
    ({ availability_end_date: end }) => end !== undefined && endOfDate(end) < context.now,
  )
  const rules: [boolean, string, string][] = [
    [drafts.length > 0, 'DRAFT_OFFERS', `Release these offers first: ${named(drafts)}.`],
    [expired.length > 0, 'EXPIRED_OFFERS', `These offers are expired: ${named(expired)}.`],
    [
      open.length > 0,
      'INCOMPATIBLE_OFFER_TARGETING_RULE',
      `These offers are not targeted to buyers: ${named(open)}.`,
    ],
    [
      kinds((offer) => offer.product_id) < offers.length,
      'TOO_MANY_OFFERS_PER_PRODUCT',
      'An offer set has one offer of each product at most.',
    ],
    [kinds(currencyOf) > 1, 'INCONSISTENT_OFFER_CURRENCY_CODE', 'All offers must have one CurrencyCode.'],
    [
      kinds((offer) => offer.availability_end_date ?? '') > 1,
      'INCONSISTENT_OFFER_AVAILABILITY_END_DATE',
      'All offers must have one AvailabilityEndDate.',
    ],
    [
      kinds((offer) => [...(offer.buyer_accounts ?? []), ...(offer.country_codes ?? [])].sort().join(' ')) >
        1,
      'INCONSISTENT_OFFER_TARGETING_RULE',
      'All offers must be targeted to the same buyers.',
    ],
  ]
  return rules.filter(([broken]) => broken).map(([, code, message]) => refuse(code, message))
}

const whileDraft =
  (change: ChangeHandler<OfferSet>): ChangeHandler<OfferSet> =>
  (context, set, details) =>
    set.state === 'Draft'
      ? change(context, set, details)
      : [refuse('INVALID_UPDATE_REQUEST', 'A released offer set cannot change.')]

export const offerSetChangeHandlers: Record<string, ChangeHandler<OfferSet>> = {
  UpdateInformation: whileDraft(updateInformation),
  AssociateOffers: whileDraft(associate),
  DisassociateOffers: whileDraft(disassociate),
  AssociateSolution: whileDraft(associateSolution),
  DisassociateSolution: whileDraft(disassociateSolution),
  ReleaseOfferSet: whileDraft(release),
}

/** The offer set as DescribeEntity shows it. */
export function offerSetDocument(set: OfferSet) {
  return {
    Id: set.id,
    Name: set.name,
    BuyerNotes: set.buyer_notes ?? null,
    State: set.state,
    SolutionId: set.solution_id ?? null,
    ReleaseDate: set.released_at === undefined ? null : isoSeconds(set.released_at),
    AssociatedOffers: set.offer_ids.map((OfferId) => ({ OfferId })),
  }
}
