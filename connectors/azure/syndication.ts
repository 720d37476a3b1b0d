/**
 * Multiparty private offers. The vendor (originator) names one partner, one customer and its own price; the partner
 * puts its markup on the very same offer and passes it on. So the vendor's permission and the partner's offer are one
 * thing with one id, seen by each from its side.
 */
import { formatDecimal } from '../../src/core/decimal.ts'
import type {
  AuthorizationDraft,
  Change,
  ChangeProblem,
  Connection,
  Pulled,
  ResellerOfferDraft,
  SharedAuthorization,
  Syndication,
} from '../connector.ts'
import type { Azure } from './clients.ts'
import { toAzurePartnerPart } from './map.ts'
import { draftOffer, failed } from './selling/draft-offer.ts'
import { checkOfferStage, takeBack } from './selling/offer-stages.ts'
import { optionShapes, readOptions } from './selling/options.ts'
import { isPartnersOffer, pullPartnerOffers } from './selling/partner-offers.ts'
import { problem } from './selling/prices.ts'
import { makeLive, type PrivateOffer, readPrivateOffer } from './selling/private-offers.ts'
import { fromAzureNumber, toAzureNumber } from './wire/numbers.ts'
import { writeStage } from './wire/stages.ts'

const SHARED_PER_PULL = 100
const MARKUP_DIGITS_MAX = 8

export function azureSyndication(azure: Azure): Syndication {
  return {
    resolution: 'search_marker',
    async authorize(connection, draft, _key) {
      const read = readOptions(optionShapes.authorization, draft.options)
      const problems = read.ok ? buyerProblems(draft) : read.problems
      if (!read.ok || problems.length > 0) return failed(problems)
      const { expires_on } = draft
      if (expires_on === null)
        return failed([problem('MISSING_LAST_DAY', 'expires_on', 'An offer on Azure has a last day.')])
      const parts = toAzurePartnerPart(draft, read.options)
      return draftOffer(
        azure,
        connection,
        { ...draft, expires_on },
        read.options,
        'multipartyPromotionOriginator',
        parts,
      )
    },
    restrict: (connection, authorization_id, _key) =>
      takeBack(azure, connection, authorization_id, null, 'authorization_id'),
    createOffer: (connection, draft, _key) => createOffer(azure, connection, draft),
    check: (connection, reference) => checkOfferStage(azure, connection, reference),
    pullShared: (connection, cursor) => pullShared(azure, connection, cursor),
  }
}

function buyerProblems({ buyer_account_ids }: AuthorizationDraft): ChangeProblem[] {
  if (buyer_account_ids.length === 1) return []
  const plain =
    'A multiparty offer on Azure is for one customer, who must be named when it is given to the partner.'
  return [problem('ONE_BUYER', 'buyer_account_ids', plain)]
}

/** The partner's part of an offer that waits for it. The vendor set the customer and the last day. */
async function createOffer(azure: Azure, connection: Connection, draft: ResellerOfferDraft): Promise<Change> {
  const { offer, body } = await readPrivateOffer(azure, connection, draft.authorization_id)
  const evidence = azure.evidence({ authorization_id: draft.authorization_id }, body)
  const prepared_by = connection.settings.contact_email
  const problems = partnerProblems(offer, draft)
  if (!prepared_by)
    problems.push(
      problem(
        'MISSING_CONTACT',
        'settings.contact_email',
        'Azure wants to know who prepared the offer. Give the connection a contact_email.',
      ),
    )
  if (problems.length > 0) return failed(problems, evidence)
  if (offer.subState !== 'pendingPartnerAction') return alreadyPassedOn(offer, draft, evidence)
  const markupPercentage = toAzureNumber(draft.markup_percent)
  const started = await makeLive(azure, connection, offer, {
    preparedBy: prepared_by,
    notificationContacts: [prepared_by],
    originatorPricing: (offer.originatorPricing ?? []).map((item) => ({ ...item, markupPercentage })),
  })
  if (!started.ok) return failed(started.problems, started.evidence)
  const reference = writeStage({ stage: 'offer_live', job: started.job, id: offer.id, as: 'offer_id' })
  return { status: 'accepted', reference, evidence: started.evidence }
}

function partnerProblems(offer: PrivateOffer, draft: ResellerOfferDraft): ChangeProblem[] {
  const problems: ChangeProblem[] = []
  const add = (code: string, field: string, plain: string) => problems.push(problem(code, field, plain))
  if (!isPartnersOffer(offer))
    add('NOT_THE_PARTNER', 'authorization_id', 'This account is not the partner of that offer.')
  if (draft.markup_percent.scale > MARKUP_DIGITS_MAX || toAzureNumber(draft.markup_percent) === undefined)
    add('MARKUP', 'markup_percent', `Azure takes at most ${MARKUP_DIGITS_MAX} digits behind the point.`)
  if (offer.acceptBy && offer.acceptBy !== draft.expires_on)
    add(
      'EXPIRY_FIXED',
      'expires_on',
      `On Azure the vendor sets the last day of acceptance. Use ${offer.acceptBy}.`,
    )
  const buyers = (offer.beneficiaries ?? []).flatMap(({ id }) => id ?? [])
  if (draft.buyer_account_ids.some((id) => !buyers.includes(id)))
    add(
      'BUYER_FIXED',
      'buyer_account_ids',
      `On Azure the vendor names the customer. It is ${buyers.join(', ')}.`,
    )
  return problems
}

/** Our own first attempt may have done it, when its answer was lost. */
function alreadyPassedOn(
  offer: PrivateOffer,
  draft: ResellerOfferDraft,
  evidence: Change['evidence'],
): Change {
  const markups = (offer.originatorPricing ?? []).map(({ markupPercentage }) =>
    fromAzureNumber(markupPercentage ?? 0),
  )
  const wanted = formatDecimal(draft.markup_percent)
  const same = markups.every((markup) => markup !== undefined && formatDecimal(markup) === wanted)
  if (offer.state === 'live' && same) return { status: 'succeeded', target: { offer_id: offer.id }, evidence }
  const plain =
    'The offer does not wait for its partner any more. Withdraw it in Partner Center to change the markup.'
  return failed([problem('NOT_WAITING', 'authorization_id', plain)], evidence)
}

async function pullShared(
  azure: Azure,
  connection: Connection,
  cursor: string | null,
): Promise<Pulled<SharedAuthorization>> {
  const { offers, next, more } = await pullPartnerOffers(azure, connection, cursor, SHARED_PER_PULL)
  return { items: offers.map((offer) => fromAzureShared(azure, offer)), next, more }
}

function fromAzureShared(azure: Azure, offer: PrivateOffer): SharedAuthorization {
  return {
    authorization_id: offer.id,
    product_id: offer.originatorPricing?.[0]?.product ?? offer.pricing?.[0]?.product ?? '',
    name: offer.name ?? '',
    // The partner is not told the vendor's seller id.
    vendor_account_id: '',
    state: fromAzureSharedState(offer),
    evidence: azure.evidence(undefined, offer),
  }
}

/** The partner can act on it while it waits for the partner, once. */
export function fromAzureSharedState(
  offer: Pick<PrivateOffer, 'state' | 'subState'>,
): SharedAuthorization['state'] {
  if (offer.state === 'withdrawn' || offer.state === 'deleted') return 'restricted'
  if (offer.state === 'draft') return 'draft'
  if (offer.state !== 'live') return 'unknown'
  switch (offer.subState) {
    case 'pendingPartnerAction':
      return 'active'
    case 'pendingAcceptance':
    case 'accepted':
      return 'restricted'
    default:
      return 'unknown'
  }
}
