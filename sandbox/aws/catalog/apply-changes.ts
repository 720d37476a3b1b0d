import { emitOfferReleased, emitOfferSetReleased } from '../events/events.ts'
import type { Change, ChangeSet, Entity, ErrorDetail } from '../model.ts'
import { feedOffer, feedProduct } from '../money/feeds.ts'
import { authorizationChangeHandlers, newAuthorization, resellerProblems } from '../selling/authorization.ts'
import { authorizationConsistency, releaseAuthorization } from '../selling/authorization-rules.ts'
import { createChannelOffer } from '../selling/channel-create.ts'
import { changeOffer } from '../selling/channel-offer.ts'
import { channelConsistency } from '../selling/channel-schedule.ts'
import { newOffer } from '../selling/offer.ts'
import { pricingConsistency } from '../selling/offer-pricing.ts'
import { offerConsistency, releaseOffer } from '../selling/offer-rules.ts'
import { newOfferSet, offerSetChangeHandlers } from '../selling/offer-set.ts'
import { renewalConsistency } from '../selling/renewal-rules.ts'
import { validityConsistency } from '../selling/validity-rules.ts'
import type { World } from '../world.ts'
import { type ApplyContext, refuse } from './change-context.ts'
import { newProduct, productChangeHandlers } from './product.ts'
import { newSolution, solutionChangeHandlers } from './solution.ts'

// The order of a request's array means nothing: entities are made first and released last.
const kinds = ['SaaSProduct', 'ResaleAuthorization', 'Offer', 'Solution', 'OfferSet']
const early = [
  'UpdateInformation',
  'UpdateTargeting',
  'AddDimensions',
  'UpdateBuyerTargetingTerms',
  'UpdateMarkup',
]

function rank(change: Change): number {
  const kind = kinds.indexOf(change.Entity.Type.split('@')[0] ?? '') * 10
  if (change.ChangeType.startsWith('Create')) return kind
  if (change.ChangeType.startsWith('Release')) return kind + 9
  if (change.ChangeType.startsWith('Restrict') || change.ChangeType === 'UpdateVisibility') return kind + 9.5
  return kind + (early.includes(change.ChangeType) ? 1 : 2)
}

/** Applies a change set whole or not at all. */
export function applyChangeSet(world: World, changeSet: ChangeSet): { failed: boolean; changes: Change[] } {
  const drafts = new Map<string, Entity>()
  const context = contextOf(world, changeSet, drafts)
  const changes = changeSet.changes.map((change) => ({ ...change, ErrorDetailList: [] as ErrorDetail[] }))
  const ordered = [...changes].sort((left, right) => rank(left) - rank(right))
  const ofEntity = (id: string | undefined) => ordered.filter((change) => change.Entity.Identifier === id)
  // An offer is looked at as a whole only when each of its changes is right by itself.
  const isRefused = (id: string | undefined) =>
    ofEntity(id).some((change) => change.ErrorDetailList.length > 0)
  for (const change of ordered) {
    if (change.ChangeType === 'ReleaseOffer' && isRefused(change.Entity.Identifier)) continue
    change.ErrorDetailList = applyChange(context, change)
  }
  for (const id of changeSet.entity_ids) {
    const draft = drafts.get(id)
    if (draft?.kind === 'Offer' && isRefused(id)) continue
    for (const problem of draft ? consistency(context, draft) : []) {
      const owner = ofEntity(id).find((change) => change.ChangeType === problem.change) ?? ofEntity(id).at(-1)
      owner?.ErrorDetailList.push(problem.error)
    }
  }
  const failed = changes.some((change) => change.ErrorDetailList.length > 0)
  if (!failed) keep(world, changeSet, drafts)
  return { failed, changes }
}

function contextOf(world: World, changeSet: ChangeSet, drafts: Map<string, Entity>): ApplyContext {
  return {
    world,
    account_id: changeSet.account_id,
    now: world.clock.now(),
    draft(id) {
      const known = drafts.get(id)
      if (known) return known
      const stored = world.entities.get(id)
      if (!stored) return undefined
      const copy = structuredClone(stored)
      drafts.set(id, copy)
      return copy
    },
    create: (entity) => drafts.set(entity.id, entity),
    changing: (id, type) =>
      changeSet.changes.some((change) => change.Entity.Identifier === id && change.ChangeType === type),
  }
}

function consistency(context: ApplyContext, draft: Entity): { change: string; error: ErrorDetail }[] {
  if (draft.kind === 'Offer') {
    return [
      ...offerConsistency(context, draft),
      ...pricingConsistency(context, draft),
      ...validityConsistency(context, draft),
      ...renewalConsistency(context, draft),
      ...channelConsistency(context, draft),
    ]
  }
  if (draft.kind === 'ResaleAuthorization') return authorizationConsistency(context, draft)
  return []
}

function applyChange(context: ApplyContext, change: Change): ErrorDetail[] {
  const id = change.Entity.Identifier ?? ''
  if (change.ChangeType.startsWith('Create')) return create(context, id, change)
  const entity = context.draft(id)
  if (!entity) return [refuse('INVALID_UPDATE_REQUEST', 'The change that creates this entity was refused.')]
  const { ChangeType: type, Details: details } = change
  switch (entity.kind) {
    case 'SaaSProduct':
      return productChangeHandlers[type]?.(context, entity, details) ?? []
    case 'Offer':
      if (type === 'ReleaseOffer') return releaseOffer(context, entity)
      return changeOffer(context, entity, type, details)
    case 'ResaleAuthorization':
      if (type === 'ReleaseResaleAuthorization') return releaseAuthorization(context, entity)
      return authorizationChangeHandlers[type]?.(context, entity, details) ?? []
    case 'OfferSet':
      return offerSetChangeHandlers[type]?.(context, entity, details) ?? []
    case 'Solution':
      return solutionChangeHandlers[type]?.(context, entity, details) ?? []
  }
}

function create(context: ApplyContext, id: string, change: Change): ErrorDetail[] {
  const details = change.Details as { ProductId?: string; ResellerAccountId?: string; AgreementId?: string }
  switch (change.ChangeType) {
    case 'CreateProduct':
      context.create(newProduct(context, id, change.Details))
      return []
    case 'CreateOffer':
      if (!isOpen(context.draft(details.ProductId ?? ''))) {
        return [refuse('INCOMPATIBLE_PRODUCT', 'There is no such product, or it is restricted.')]
      }
      context.create(newOffer(context, id, details.ProductId ?? '', change.Details))
      return []
    case 'CreateResaleAuthorization':
      context.create(newAuthorization(context, id, change.Details))
      return resellerProblems(context, details.ResellerAccountId ?? '')
    case 'CreateReplacementOffer':
      return createReplacement(context, id, change)
    case 'CreateOfferUsingResaleAuthorization':
    case 'CreateReplacementOfferUsingResaleAuthorization':
      return createChannelOffer(context, id, change)
    case 'CreateOfferSet':
      context.create(newOfferSet(context, id, change.Details))
      return []
    case 'CreateSolution':
      context.create(newSolution(context, id, change.Details))
      return []
    default:
      return []
  }
}

function isOpen(product: Entity | undefined): boolean {
  return product?.kind === 'SaaSProduct' && product.visibility !== 'Restricted'
}

function createReplacement(context: ApplyContext, id: string, change: Change): ErrorDetail[] {
  const { AgreementId } = change.Details as { AgreementId: string }
  const agreement = context.world.agreements.get(AgreementId)
  if (agreement?.proposer !== context.account_id || agreement.status !== 'ACTIVE') {
    return [
      refuse('INCOMPATIBLE_AGREEMENT', `The agreement ${AgreementId} is not an active agreement of yours.`),
    ]
  }
  if (agreement.resale_authorization_id) {
    const message =
      'Use CreateReplacementOfferUsingResaleAuthorization to replace an agreement of the channel.'
    return [refuse('INCOMPATIBLE_AGREEMENT', message)]
  }
  if (!isOpen(context.world.entities.get(agreement.product_id))) {
    return [refuse('INCOMPATIBLE_PRODUCT', 'The product of the agreement is restricted.')]
  }
  const offer = newOffer(context, id, agreement.product_id, change.Details)
  offer.replaces_agreement_id = AgreementId
  offer.buyer_accounts = [agreement.acceptor]
  context.create(offer)
  return []
}

function keep(world: World, changeSet: ChangeSet, drafts: Map<string, Entity>): void {
  const now = world.clock.now()
  for (const [id, draft] of drafts) {
    const before = world.entities.get(id)
    const changed = changeSet.entity_ids.includes(id)
    // A counter on an authorization moves without making a revision of it.
    if (!changed) {
      if (JSON.stringify(before) !== JSON.stringify(draft)) world.entities.put(id, draft)
      continue
    }
    const kept = { ...draft, revision: draft.revision + 1, modified_at: now }
    world.entities.put(id, kept)
    if (kept.kind === 'SaaSProduct') feedProduct(world, kept)
    if (kept.kind === 'OfferSet' && kept.released_at === now) emitOfferSetReleased(world, kept)
    if (kept.kind !== 'Offer') continue
    const wasReleased = before?.kind === 'Offer' && before.state === 'Released'
    if (kept.state === 'Released') feedOffer(world, kept)
    if (kept.state === 'Released' && !wasReleased) emitOfferReleased(world, kept)
  }
}
