import { decimal } from '../money.ts'
import { dateOf, endOfDate } from '../time.ts'
import type { Account, JsonObject, PrivateOffer } from './model.ts'
import { checkOffer, type OfferKind } from './offer-rules.ts'
import { reference, refuse, type Stage } from './stage.ts'
import { decimalText, guidOf, list, object, text, type World } from './world.ts'

// Private offers: draft, live, withdrawn, deleted; and between two sellers, first the publisher, then the partner.

const kinds: OfferKind[] = ['customerPromotion', 'cspPromotion', 'multipartyPromotionOriginator']
const schema = 'https://schema.mp.microsoft.com/schema/private-offer/2023-07-15'

/** What the service itself writes and a request cannot change. */
const readOnly = [
  '$schema',
  'id',
  'resourceName',
  'subState',
  'lastModified',
  'eTag',
  'acceptanceLinks',
  'validations',
]

export function stageOffer(stage: Stage, document: JsonObject): undefined {
  const id = text(document.id)
  const known = id === '' ? undefined : (stage.offers.get(id) ?? stage.world.private_offers.get(id))
  if (id !== '' && (!known || (known.owner !== stage.owner && known.partner !== stage.owner))) {
    return refuse(stage, 'resourceNotFound', 'There is no such private offer.', id)
  }
  if (known && known.owner !== stage.owner) return stagePartner(stage, known, document)
  if (known?.sub_state === 'accepted') {
    return refuse(stage, 'invalidState', 'An accepted private offer cannot be changed.', id)
  }
  if (document.state === 'withdrawn' || document.state === 'deleted') {
    return withdraw(stage, known, document.state)
  }
  stageOwn(stage, known, document)
}

function stageOwn(stage: Stage, known: PrivateOffer | undefined, document: JsonObject): undefined {
  const id = known?.id ?? `private-offer/${stage.world.random.uuid()}`
  const kind = kinds.find((candidate) => candidate === document.privateOfferType) ?? known?.type
  if (!kind) return refuse(stage, 'schemaValidationError', 'The privateOfferType is not known.', id)
  if (known?.state === 'live') {
    return refuse(stage, 'invalidState', 'A live private offer must be withdrawn before it is changed.', id)
  }
  if (known && document.eTag !== undefined && document.eTag !== known.revision) {
    return refuse(stage, 'invalidState', 'The private offer was changed in between.', id)
  }
  const content = Object.fromEntries(Object.entries(document).filter(([name]) => !readOnly.includes(name)))
  const pricing = list(document.pricing).map((item) => priced(stage, item, document))
  const offer: JsonObject = { ...content, pricing, privateOfferType: kind }
  checkOffer(stage, offer, kind, id)
  const live = document.state === 'live'
  const subState = kind === 'multipartyPromotionOriginator' ? 'pendingPartnerAction' : 'pendingAcceptance'
  const customer = kind === 'cspPromotion' ? undefined : text(list(offer.beneficiaries)[0]?.id)
  put(stage, {
    id,
    owner: stage.owner,
    partner: kind === 'multipartyPromotionOriginator' ? text(list(offer.partners)[0]?.id) : undefined,
    customer,
    type: kind,
    state: live ? 'live' : 'draft',
    sub_state: live && kind !== 'cspPromotion' ? subState : undefined,
    document: offer,
    markups: pricing.map(() => '0'),
    new_plans: pricing.map((item) => text(object(item.newPlanDetails).id)),
    revision: '',
    changed_at: 0,
  })
}

/** References become durable ids, and a new plan gets its id. */
function priced(stage: Stage, item: JsonObject, document: JsonObject): JsonObject {
  const product = reference(stage, item.product, 'product') ?? text(item.product)
  const resolved = (name: 'plan' | 'basePlan') =>
    item[name] === undefined
      ? {}
      : { [name]: reference(stage, item[name], 'plan', guidOf(product)) ?? text(item[name]) }
  const details = object(item.newPlanDetails)
  const made = /newCustomizedPlans/i.test(text(document.offerPricingType))
  const newPlan = made && item.newPlanDetails !== undefined
  return {
    ...item,
    product,
    ...resolved('plan'),
    ...resolved('basePlan'),
    ...(item.priceDetails === undefined
      ? {}
      : { priceDetails: reference(stage, item.priceDetails, '') ?? '' }),
    ...(newPlan
      ? {
          newPlanDetails: {
            ...details,
            id: text(details.id) || `po-${stage.world.random.text(12, 'abcdefghijkmnpqrstuvwxyz23456789')}`,
          },
        }
      : {}),
  }
}

function put(stage: Stage, offer: PrivateOffer): undefined {
  const revision = `"${stage.world.random.uuid()}"`
  const changed = { ...offer, revision, changed_at: stage.world.clock.now() }
  stage.offers.set(offer.id, changed)
  stage.detail.push(offerView(changed, stage.owner))
}

/** Withdrawing leads back to a draft; a CSP offer stays withdrawn. Only drafts and withdrawn ones are deleted. */
function withdraw(stage: Stage, known: PrivateOffer | undefined, wanted: 'withdrawn' | 'deleted'): undefined {
  if (!known) return refuse(stage, 'resourceNotFound', `Only a private offer that exists can be ${wanted}.`)
  if (wanted === 'deleted') {
    if (known.state === 'live')
      return refuse(stage, 'invalidState', 'A live private offer cannot be deleted.', known.id)
    return put(stage, { ...known, state: 'deleted', sub_state: undefined })
  }
  const partnerHasIt =
    known.type === 'multipartyPromotionOriginator' && known.sub_state !== 'pendingPartnerAction'
  if (known.state !== 'live' || partnerHasIt) {
    return refuse(stage, 'invalidState', 'The private offer cannot be withdrawn now.', known.id)
  }
  put(stage, { ...known, state: known.type === 'cspPromotion' ? 'withdrawn' : 'draft', sub_state: undefined })
}

/** The partner's part: its own contact, terms and markup, nothing of the publisher's. */
function stagePartner(stage: Stage, known: PrivateOffer, document: JsonObject): undefined {
  if (document.state === 'withdrawn') {
    if (known.sub_state !== 'pendingAcceptance') {
      return refuse(
        stage,
        'invalidState',
        'Only an offer that waits for its customer can be withdrawn.',
        known.id,
      )
    }
    return put(stage, { ...known, sub_state: 'pendingPartnerAction' })
  }
  if (known.sub_state !== 'pendingPartnerAction') {
    return refuse(stage, 'invalidState', 'The private offer does not wait for its partner.', known.id)
  }
  const wrong = (message: string) => refuse(stage, 'businessValidationError', message, known.id)
  if (document.privateOfferType !== 'multipartyPromotionChannelPartner') {
    wrong('The partner writes a multipartyPromotionChannelPartner.')
  }
  if (document.state === 'live' && text(document.preparedBy) === '') wrong('preparedBy is required.')
  const items = list(document.originatorPricing)
  const markups = list(known.document.pricing).map((item, index) => {
    const given = items[index]?.markupPercentage ?? document.markupPercentage ?? 0
    const markup = decimalText(given)
    if (decimal(markup) < 0n || decimal(markup) > decimal('100') || /\.\d{9,}$/.test(markup)) {
      wrong('A markup is between 0 and 100 per cent, with at most 8 places.')
    }
    const discount = item.discountType === 'percentage' ? decimalText(item.discountPercentage) : undefined
    if (discount !== undefined && decimal(markup) > decimal(discount)) {
      wrong('The markup must not be more than the discount the publisher gives.')
    }
    return markup
  })
  const { preparedBy, termsAndConditionsDocs, notes, notificationContacts } = document
  const own: JsonObject = {
    ...(preparedBy === undefined ? {} : { preparedBy }),
    ...(termsAndConditionsDocs === undefined ? {} : { termsAndConditionsDocs }),
    ...(notes === undefined ? {} : { notes }),
    ...(notificationContacts === undefined ? {} : { notificationContacts }),
  }
  const sub_state = document.state === 'live' ? 'pendingAcceptance' : known.sub_state
  put(stage, { ...known, partner_document: own, markups, sub_state })
}

/** A private offer as one of its two sellers sees it. Neither sees the other's notes; the publisher sees no markup. */
export function offerView(offer: PrivateOffer, viewer: string): JsonObject {
  const common: JsonObject = {
    $schema: schema,
    id: offer.id,
    state: offer.state,
    ...(offer.sub_state ? { subState: offer.sub_state } : {}),
    lastModified: dateOf(offer.changed_at),
    eTag: offer.revision,
    ...linksOf(offer),
  }
  if (viewer !== offer.partner) return { ...offer.document, ...common }
  const {
    pricing,
    notes: _notes,
    termsAndConditionsDocs,
    notificationContacts: _contacts,
    ...shared
  } = offer.document
  return {
    ...shared,
    ...common,
    privateOfferType: 'multipartyPromotionChannelPartner',
    originatorPricing: list(pricing).map((item, index) => ({
      ...item,
      ...(offer.markups[index] === '0' ? {} : { markupPercentage: Number(offer.markups[index] ?? '0') }),
    })),
    ...(termsAndConditionsDocs === undefined
      ? {}
      : { originatorTermsAndConditionsDocs: termsAndConditionsDocs }),
    ...object(offer.partner_document),
  }
}

function linksOf(offer: PrivateOffer): JsonObject {
  if (offer.sub_state !== 'pendingAcceptance' && offer.sub_state !== 'accepted') return {}
  const link = `https://portal.azure.com/#view/Microsoft_Azure_Marketplace/PrivateOffer/${guidOf(offer.id)}`
  return { acceptanceLinks: [{ beneficiaryId: offer.customer ?? '', link }] }
}

export function mayRead(offer: PrivateOffer, caller: Account): boolean {
  if (offer.state === 'deleted') return false
  if (offer.owner === caller.account_id) return true
  // The partner sees the offer once the publisher has submitted it.
  return offer.partner === caller.account_id && offer.sub_state !== undefined
}

/** Why a customer cannot accept an offer now; undefined when it can. */
export function acceptanceProblem(world: World, offer: PrivateOffer): string | undefined {
  if (offer.type === 'cspPromotion') return 'A CSP offer needs no acceptance.'
  if (offer.sub_state === 'accepted') return 'The offer is accepted already.'
  if (offer.sub_state !== 'pendingAcceptance')
    return `The offer does not wait for acceptance: ${offer.sub_state ?? offer.state}.`
  const by = text(offer.document.acceptBy)
  return by !== '' && world.clock.now() > endOfDate(by) ? `The offer expired after ${by}.` : undefined
}
