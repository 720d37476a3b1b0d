// AWS Marketplace in the story.
import type { Sandbox } from '../../sandbox.ts'
import type { Sale, Seat, World } from '../../world.ts'
import { openAwsMarket } from './market.ts'
import { awsScenario, GLOBEX, INITECH } from './scenario.ts'

export function awsWorld(sandbox: Sandbox): World {
  const market = openAwsMarket(sandbox)
  const { sellers, buyers } = awsScenario
  return {
    cloud: 'aws',
    name: 'AWS Marketplace',
    scenario: awsScenario,
    async populate() {
      for (const buyer of [GLOBEX, INITECH]) await market.account({ role: 'buyer', country: 'US', ...buyer })
    },
    async connection(seat: Seat) {
      const made = await market.account({ role: 'seller', country: 'US', ...sellers[seat] })
      const { access_key_id, secret_access_key, feed_bucket } = made
      return {
        credentials: { access_key_id, secret_access_key },
        settings: feed_bucket === undefined ? {} : { feed_bucket },
      }
    },
    listen: async (seat, address) => void (await market.eventsTo(sellers[seat].account_id, address)),
    buy: (sale, cloud_offer_id) => market.accept(buyers[sale].account_id, cloud_offer_id),
    async visit(sale: Sale, cloud_agreement_id: string) {
      const { registration_token, fulfillment_url } = await market.register(
        buyers[sale].account_id,
        cloud_agreement_id,
      )
      return { address: fulfillment_url, form: { 'x-amzn-marketplace-token': registration_token } }
    },
    acceptedUsage: async () =>
      (await market.acceptedUsage(sellers.vendor.account_id)).map(({ quantity }) => String(quantity)),
    payouts: async (seat) => (await market.payouts(sellers[seat].account_id)).map(({ amount }) => amount),
  }
}
