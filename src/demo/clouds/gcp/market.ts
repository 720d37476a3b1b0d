// What the story needs of Google Cloud Marketplace beside what everybody may do there: a reseller at work, messages out
// of order, and what came of it.
import { type Control, lastOf, openGcpMarket } from '../../../sandbox/model.ts'

type Listing = { service_name: string; standard_offers: string[] }
export type PlanDraft = {
  account_id: string
  reseller: string
  standard_offer: string
  use: 'single'
  billing_account: string
  ends_at: string
  discount_percent: string
}
type Plan = PlanDraft & { id: string; status: string }
type Offer = { name: string; singleProductOffer?: { resellerPrivateOfferPlanId?: string } }
type Charge = { status: string; billing_account: string; amount: string }

export function openStoryMarket(control: Pick<Control, 'read' | 'send' | 'change'>) {
  const { read, send } = control
  const market = openGcpMarket(control)
  return {
    ...market,
    listings: () => read<Listing[]>('/gcp/listings'),
    /** The vendor opens a plan to the reseller and the reseller accepts it, once. */
    openPlan: async (draft: PlanDraft): Promise<string> => {
      const known = (await read<Plan[]>('/gcp/reseller-plans')).find(
        ({ billing_account }) => billing_account === draft.billing_account,
      )
      const plan = known ?? (await send<Plan>('/gcp/reseller-plans', draft))
      if (plan.status === 'PENDING_ACCEPTANCE') await send(`/gcp/reseller-plans/${plan.id}/accept`, {})
      return plan.id
    },
    /** The reseller's offer from a plan, made once. */
    resell: async (reseller: string, plan_id: string, offer: unknown): Promise<string> => {
      const known = (await market.accepted<Offer>('offers')).find(
        ({ singleProductOffer }) => singleProductOffer?.resellerPrivateOfferPlanId === plan_id,
      )
      const made = known ?? (await send<Offer>(`/gcp/resellers/${reseller}/offers`, { plan_id, offer }))
      return lastOf(made.name)
    },
    /** Messages of the next purchases come out of order, and one of them twice; planned once. */
    muddleMessages: async () => {
      const planned = await read<{ cloud?: string }[]>('/faults')
      if (planned.some(({ cloud }) => cloud === 'gcp')) return
      const push = { cloud: 'gcp', ...market.messages }
      await send('/faults', { ...push, fault: 'reorder_events', times: 2 })
      await send('/faults', { ...push, fault: 'duplicate_event', times: 1 })
    },
    charges: () => read<Charge[]>('/gcp/charges'),
    acceptedUsage: (account_id: string) =>
      read<{ value: string }[]>(`/gcp/accepted?kind=usage&account_id=${account_id}`),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/gcp/payouts?account_id=${account_id}`),
  }
}
