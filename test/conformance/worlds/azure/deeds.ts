// What people and customers do on Microsoft's marketplace, through the sandbox's control API.
import type { Connection, Connector } from '../../../../connectors/connector.ts'
import { given } from '../../claims.ts'
import type { Ground } from '../../ground.ts'
import type { Bought, Deeds } from '../../world.ts'
import { nobody, unheardOf } from '../by-hand.ts'
import { CUSTOMER } from './accounts.ts'
import { drafts } from './drafts.ts'
import { addSecondPlan } from './second-plan.ts'

type Answer = Record<string, string>

export function deedsOf(
  ground: Ground,
  connector: Connector,
  vendor: Connection,
  stranger: () => Promise<Connection>,
): Deeds {
  const { control, move } = ground
  const customer = (deed: string, body: unknown) =>
    control<Answer>(`/azure/customers/${encodeURIComponent(CUSTOMER)}/${deed}`, body)
  async function subscribe(body: Record<string, string>): Promise<Bought> {
    const { subscription_id } = await customer('subscribe', body)
    return { agreement_id: given(subscription_id, 'subscription'), buyer: CUSTOMER }
  }
  async function accept(offer_id: string): Promise<Bought> {
    await customer('accept', { private_offer_id: offer_id })
    return subscribe({ private_offer_id: offer_id })
  }
  const token = async ({ agreement_id }: Bought) =>
    given((await customer('visit', { subscription_id: agreement_id })).token, 'token')
  const publish = (seller: Connection) => published(ground, connector, seller, 'product-1')
  const deed = (name: string) => async (bought: Bought) => {
    await customer(name, { subscription_id: bought.agreement_id })
  }
  return {
    beginSelling: async () => undefined,
    publish: nobody,
    authorize: nobody,
    resellerOffer: nobody,
    restrict: nobody,
    accept,
    acceptResold: accept,
    acceptPayable: unheardOf,
    decide: unheardOf,
    token,
    async foreignToken() {
      const product = await publish(await stranger())
      return token(await subscribe({ offer_id: product, plan_id: 'standard' }))
    },
    outliveToken: () => move({ by: 'P1DT1M' }),
    cancel: deed('cancel'),
    suspend: deed('suspend'),
    reinstate: deed('reinstate'),
    async product() {
      const product = await publish(vendor)
      await addSecondPlan(ground, vendor, product)
      await move({ by: 'PT1M' })
      // Written anew under the same key, the product goes live with both plans.
      return publish(vendor)
    },
    async wish(product_id) {
      const bought = await subscribe({ offer_id: product_id, plan_id: 'standard' })
      const { agreement_id } = bought
      const activation = { agreement_id, buyer_account_id: '', plan: 'standard', quantity: null }
      await connector.agreements?.activate?.(vendor, activation, 'activate-1')
      await move({ by: 'PT1M' })
      const { operation_id } = await customer('change-plan', {
        subscription_id: agreement_id,
        plan_id: 'gold',
      })
      const wish_id = given(operation_id, 'operation')
      return { bought, wish: { agreement_id, wish_id, action: 'plan', plan: 'gold', quantity: null } }
    },
    async spoilListing() {
      const jobs = await control<{ detail: { id: string }[] }[]>('/azure/accepted?kind=jobs')
      const product_id = jobs
        .flatMap(({ detail }) => detail.map(({ id }) => id))
        .findLast((id) => id.startsWith('product/'))
      await control('/azure/certifications', { product_id, message: 'The logo is blurred' })
    },
    async halveBatches() {
      const operation = 'PostBatchUsageEvent'
      await control('/faults', { cloud: 'azure', service: 'metering', operation, fault: 'partial_batch' })
    },
    settle: () => move({ to: '2026-11-20T12:00:00Z' }),
    settleUsage: () => move({ by: 'PT1H' }),
    nextMonth: () => move({ to: '2027-02-20T12:00:00Z' }),
    async levyTax() {
      const tax = { rate: '0.1', liable: 'microsoft' }
      await control(`/azure/accounts/${encodeURIComponent(CUSTOMER)}`, { tax }, 'PATCH')
    },
  }
}

const STAGES_MAX = 6

/** A product of a seller, gone live; its offer id. */
async function published(
  { move }: Ground,
  { listings }: Connector,
  seller: Connection,
  key: string,
): Promise<string> {
  const facet = given(listings, 'facet listings')
  let change = await facet.publish(seller, drafts.listing, key)
  for (let stages = 0; change.status === 'accepted' && stages < STAGES_MAX; stages += 1) {
    await move({ by: 'PT20M' })
    change = await facet.check(seller, change.reference)
  }
  if (change.status !== 'succeeded') throw new Error('The product did not go live')
  return given(change.target.product_id, 'product_id')
}
