// AWS Marketplace in the story.
import type { Control } from '../../../sandbox/model.ts'
import type { Seat, World } from '../../world.ts'
import { openStoryMarket } from './market.ts'
import { awsScenario, GLOBEX, INITECH } from './scenario.ts'

export function awsWorld(sandbox: Control): World {
  const market = openStoryMarket(sandbox)
  const { sellers, buyers } = awsScenario
  return {
    cloud: 'aws',
    name: 'AWS Marketplace',
    scenario: awsScenario,
    async populate() {
      for (const buyer of [GLOBEX, INITECH]) await market.account({ role: 'buyer', ...buyer })
    },
    async connection(seat: Seat) {
      const { credentials, settings } = market.connectionOf(
        await market.account({ role: 'seller', ...sellers[seat] }),
      )
      return { credentials, settings }
    },
    listen: (seat, address) => market.listen({ ...sellers[seat], settings: {} }, address),
    buy: (sale, cloud_offer_id) => market.accept(buyers[sale].account_id, cloud_offer_id),
    visit: (sale, cloud_agreement_id) => market.visit(buyers[sale].account_id, cloud_agreement_id),
    acceptedUsage: async () =>
      (await market.acceptedUsage(sellers.vendor.account_id)).map(({ quantity }) => String(quantity)),
    payouts: async (seat) => (await market.payouts(sellers[seat].account_id)).map(({ amount }) => amount),
  }
}
