import { iso } from '../time.ts'
import type { Entitlement, JsonObject, ProcurementAccount, Purchase } from './model.ts'
import { offerName } from './names.ts'
import type { World } from './world.ts'

// Pub/Sub messages of the provider's topic: a hint of what happened, never the whole truth.

function emit(world: World, provider: string, event_type: string, id: string, body: JsonObject): void {
  const at = world.clock.now()
  world.events.put(id, {
    id,
    account_id: provider,
    event_type,
    created_at: at,
    body: JSON.stringify({ eventId: id, eventType: event_type, ...body, providerId: provider }),
    state: 'pending',
    attempts: [],
  })
  world.schedule.plan(`gcp/deliver/${id}`, at, 'gcp_event', id)
}

export function accountEvent(world: World, account: ProcurementAccount, type: string): void {
  const body = { account: { id: account.id, updateTime: iso(account.updated_at) } }
  emit(world, account.provider, type, `${type}-${world.random.uuid()}`, body)
}

/** What an event says about the offer it is about, in the names real messages were seen to use. */
function offerFields(world: World, entitlement: Entitlement, purchase: Purchase): JsonObject {
  const offer = offerName(world, entitlement.provider, entitlement.service_name, purchase)
  return {
    newPlan: purchase.plan,
    newProduct: purchase.private_offer ? offer : entitlement.service_name,
    newOffer: offer,
    orderId: entitlement.id,
    entitlementBenefitIds: [entitlement.benefit_id],
  }
}

const prefixes: Record<string, string> = {
  ENTITLEMENT_CREATION_REQUESTED: 'CREATE_ENTITLEMENT',
  ENTITLEMENT_OFFER_ACCEPTED: 'CREATE_ENTITLEMENT',
}
const withOffer = new Set([
  'ENTITLEMENT_CREATION_REQUESTED',
  'ENTITLEMENT_OFFER_ACCEPTED',
  'ENTITLEMENT_PLAN_CHANGE_REQUESTED',
  'ENTITLEMENT_PLAN_CHANGED',
])

export function entitlementEvent(world: World, entitlement: Entitlement, type: string): void {
  const about = withOffer.has(type)
    ? offerFields(world, entitlement, entitlement.pending ?? entitlement.purchase)
    : {}
  const cancelled = type === 'ENTITLEMENT_PENDING_CANCELLATION' && entitlement.offer_ends_at !== undefined
  const body = {
    entitlement: {
      id: entitlement.id,
      updateTime: iso(entitlement.updated_at),
      ...about,
      ...(cancelled ? { cancellationDate: iso(entitlement.offer_ends_at ?? 0) } : {}),
    },
  }
  emit(world, entitlement.provider, type, `${prefixes[type] ?? type}-${world.random.uuid()}`, body)
}
