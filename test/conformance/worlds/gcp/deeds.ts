// What people and customers do on Google's marketplace, through the sandbox's control API.
import type { Connection, Connector } from '../../../../connectors/connector.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Bought, Deeds } from '../../world.ts'
import { unheardOf } from '../by-hand.ts'
import { CUSTOMER, RESOLD, serviceOf } from './accounts.ts'
import { pagesOf, publishIn } from './by-hand.ts'
import { drafts } from './drafts.ts'

type Order = { entitlement_id: string; account: string }

export function deedsOf(
  ground: Ground,
  connector: Connector,
  vendor: Connection,
  stranger: () => Promise<Connection>,
): Deeds {
  const { control, move } = ground
  async function order(buyer: string, body: Record<string, unknown>): Promise<Bought> {
    const made = await control<Order>(`/gcp/buyers/${buyer}/accept`, body)
    return { agreement_id: made.entitlement_id, buyer }
  }
  const deed = (name: string, more = {}) =>
    async function act({ agreement_id, buyer }: Bought): Promise<void> {
      await control(`/gcp/buyers/${buyer}/${name}`, { entitlement_id: agreement_id, ...more })
    }
  const billing = (billing_enabled: boolean) =>
    async function set({ buyer }: Bought): Promise<void> {
      await control(`/gcp/accounts/${buyer}`, { billing_enabled }, 'PATCH')
    }
  async function token({ agreement_id, buyer }: Bought): Promise<string> {
    const visit = await control<Record<string, string>>(`/gcp/buyers/${buyer}/register`, {
      entitlement_id: agreement_id,
    })
    return given(visit['x-gcp-marketplace-token'], 'token')
  }
  return {
    async beginSelling() {
      await publishIn(control, vendor, drafts.listing)
    },
    ...pagesOf(ground, vendor),
    accept: (offer) => order(CUSTOMER, { offer }),
    acceptResold: (offer) => order(RESOLD, { offer }),
    acceptPayable: unheardOf,
    decide: unheardOf,
    token,
    async foreignToken() {
      const seller = await stranger()
      const { product_id } = await publishIn(control, seller, drafts.listing)
      return token(await order(CUSTOMER, { service_name: product_id, plan: 'metered' }))
    },
    async outliveToken() {
      ground.age(10 * 60_000)
    },
    cancel: deed('cancel', { immediately: true }),
    suspend: billing(false),
    reinstate: billing(true),
    async product() {
      await publishIn(control, vendor, drafts.listing)
      return serviceOf(vendor.account_id)
    },
    async wish(product_id) {
      const bought = await order(CUSTOMER, { service_name: product_id, plan: 'enterprise', months: 1 })
      const { agreement_id } = bought
      const activation = { agreement_id, buyer_account_id: '', plan: null, quantity: null }
      await connector.agreements?.activate?.(vendor, activation, 'activate-1')
      await move({ by: 'PT1M' })
      await deed('change-plan', { plan: 'business', months: 1 })(bought)
      const record = await given(connector.agreements, 'facet agreements').read(vendor, agreement_id)
      return { bought, wish: given(record.wish, 'wish') }
    },
    spoilListing: () => Promise.reject(new Error('A person publishes on Google')),
    async halveBatches() {
      const operation = 'services.report'
      await control('/faults', { cloud: 'gcp', service: 'servicecontrol', operation, fault: 'partial_batch' })
    },
    settle: () => move({ to: '2026-10-31T23:00:00Z' }),
    settleUsage: () => move({ by: 'P4D' }),
    nextMonth: () => move({ to: '2027-02-28T23:00:00Z' }),
    levyTax: () => Promise.reject(new Error('Reports of Google show no tax')),
  }
}
