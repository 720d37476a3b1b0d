// Google Cloud Marketplace as the sandbox plays it: what people do in Google's own pages.
import type { Sandbox } from '../../sandbox.ts'

type AccountDraft = {
  role: 'provider' | 'reseller' | 'customer'
  account_id: string
  name: string
  project?: string
  email?: string
  reseller?: string
}
type Account = {
  account_id: string
  report_bucket?: string
  service_account?: { client_email: string; private_key: string }
}
export type ListingDraft = {
  account_id: string
  service_name: string
  title: string
  signup_url: string
  domain: string
  metrics: { name: string; value_type: 'INT64' | 'DOUBLE'; unit: string; price: string }[]
  plans: { plan: string; title: string; monthly_fee: string; months: number[]; usage: boolean }[]
}
type Listing = { standard_offers: string[] }
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
type Entitlement = { name: string; offer?: string; state: string }
type Charge = { status: string; billing_account: string; amount: string }

const lastOf = (name: string) => name.split('/').at(-1) ?? ''

export function openGcpMarket({ read, send, change }: Pick<Sandbox, 'read' | 'send' | 'change'>) {
  const accepted = <T>(kind: string) => read<T[]>(`/gcp/accepted?kind=${kind}`)
  return {
    account: (draft: AccountDraft) => send<Account>('/gcp/accounts', draft),
    pays: (billing_account: string, pays: boolean) => change(`/gcp/accounts/${billing_account}`, { pays }),
    eventsTo: (account_id: string, url: string, push: { audience: string; service_account_email: string }) =>
      send('/gcp/event-destinations', { account_id, url, ...push }),
    /** What a person does in the Producer Portal; the same listing again is the one that is there. */
    list: (draft: ListingDraft) => send<Listing>('/gcp/listings', draft),
    listings: () => read<(Listing & { service_name: string })[]>('/gcp/listings'),
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
      const known = (await accepted<Offer>('offers')).find(
        ({ singleProductOffer }) => singleProductOffer?.resellerPrivateOfferPlanId === plan_id,
      )
      const made = known ?? (await send<Offer>(`/gcp/resellers/${reseller}/offers`, { plan_id, offer }))
      return lastOf(made.name)
    },
    /** The buyer accepts a private offer in its console, once. Answers the order. */
    accept: async (billing_account: string, offer: string): Promise<string> => {
      const known = (await accepted<Entitlement>('entitlements')).find(
        (entitlement) => lastOf(entitlement.offer ?? '') === offer,
      )
      if (known !== undefined) return lastOf(known.name)
      const body = { offer }
      return (await send<{ entitlement_id: string }>(`/gcp/buyers/${billing_account}/accept`, body))
        .entitlement_id
    },
    /** The way to the vendor's sign-up page, with a token that lives five minutes. */
    register: (billing_account: string, entitlement_id: string) =>
      send<{ 'x-gcp-marketplace-token': string; signup_url: string }>(
        `/gcp/buyers/${billing_account}/register`,
        { entitlement_id },
      ),
    /** Messages of the next purchases come out of order, and one of them twice; planned once. */
    muddleMessages: async () => {
      const planned = await read<{ cloud?: string }[]>('/faults')
      if (planned.some(({ cloud }) => cloud === 'gcp')) return
      const push = { cloud: 'gcp', service: 'pubsub', operation: 'Push' }
      await send('/faults', { ...push, fault: 'reorder_events', times: 2 })
      await send('/faults', { ...push, fault: 'duplicate_event', times: 1 })
    },
    charges: () => read<Charge[]>('/gcp/charges'),
    acceptedUsage: (account_id: string) =>
      read<{ value: string }[]>(`/gcp/accepted?kind=usage&account_id=${account_id}`),
    payouts: (account_id: string) => read<{ amount: string }[]>(`/gcp/payouts?account_id=${account_id}`),
  }
}
