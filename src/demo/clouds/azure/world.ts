// Microsoft's commercial marketplace in the story. A customer accepts, subscribes, and comes to the vendor's page; it
// wishes for another plan and is told no; and one that has an enterprise agreement leaves an instalment unpaid.
import type { Control } from '../../../sandbox/model.ts'
import type { Check } from '../../checks.ts'
import type { World } from '../../world.ts'
import { openStoryMarket } from './market.ts'
import { azureScenario, FABRIKAM, PAYS_AGAIN_ON, STOPS_PAYING_ON, TAILSPIN } from './scenario.ts'

/** The public plan of a listing, which nobody of the story has: all bought a plan of their own. */
const PUBLIC_PLAN = 'standard'

type Market = ReturnType<typeof openStoryMarket>

export function azureWorld(sandbox: Control): World {
  const market = openStoryMarket(sandbox)
  const { sellers, buyers } = azureScenario
  return {
    cloud: 'azure',
    name: "Microsoft's marketplace",
    scenario: azureScenario,
    async populate() {
      for (const customer of [FABRIKAM, TAILSPIN]) await market.account({ role: 'customer', ...customer })
    },
    async connection(seat) {
      const role = seat === 'vendor' ? 'publisher' : 'partner'
      const made = await market.account({ role, ...sellers[seat] })
      const { credentials, settings } = market.connectionOf(made, `deals@${seat}.example`)
      // Silence would grant what a customer wishes, so only a no proves that somebody answered.
      return { credentials, settings: { ...settings, plan_changes: 'reject' } }
    },
    // The listing told Microsoft where its messages go.
    listen: async () => {},
    buy: (sale, cloud_offer_id) => market.accept(buyers[sale].account_id, cloud_offer_id),
    visit: (sale, cloud_agreement_id) => market.visit(buyers[sale].account_id, cloud_agreement_id),
    wish: () => wish(market),
    // Each is done once: whoever is told to pay again pays everything that is overdue.
    days: {
      [STOPS_PAYING_ON]: () => market.pays(FABRIKAM.account_id, false),
      [PAYS_AGAIN_ON]: () => market.pays(FABRIKAM.account_id, true),
    },
    acceptedUsage: async () =>
      (await market.acceptedUsage(sellers.vendor.account_id)).map(({ quantity }) => String(quantity)),
    payouts: async (seat) => (await market.payouts(sellers[seat].account_id)).map(({ amount }) => amount),
    checks: () => checks(market),
  }
}

async function wishesOf(market: Market) {
  const subscription = (await market.subscriptions()).find(({ customer }) => customer === FABRIKAM.account_id)
  if (subscription === undefined) throw new Error(`${FABRIKAM.name} has no subscription`)
  const operations = await market.operations()
  const wishes = operations.filter(
    ({ subscription_id, action }) => subscription_id === subscription.id && action === 'ChangePlan',
  )
  return { subscription, wishes }
}

/** The customer asks for the public plan, once. A message that found nobody, because we were away, comes again. */
async function wish(market: Market): Promise<string | undefined> {
  const { subscription, wishes } = await wishesOf(market)
  const open = wishes.find(({ status }) => status === 'InProgress')
  if (wishes.length > 0 && open === undefined) return undefined
  if (open === undefined) await market.changePlan(FABRIKAM.account_id, subscription.id, PUBLIC_PLAN)
  else {
    const missed = (await market.webhooks()).find(
      ({ operation_id, state }) => operation_id === open.id && state !== 'delivered',
    )
    if (missed !== undefined) await market.deliver(missed.id)
  }
  return `${FABRIKAM.name} wishes for the plan "${PUBLIC_PLAN}"; the vendor has ten seconds to refuse.`
}

async function checks(market: Market): Promise<Check[]> {
  const { subscription, wishes } = await wishesOf(market)
  const invoices = (await market.invoices()).filter(({ written_off_at }) => written_off_at !== null)
  return [
    {
      name: 'azure: the wish for another plan was refused before silence granted it',
      ok: wishes.length === 1 && wishes[0]?.status === 'Failed' && subscription.plan_id !== PUBLIC_PLAN,
      detail: `${wishes.map(({ status }) => status).join(', ') || 'no wish'}; the plan is ${subscription.plan_id}`,
    },
    {
      name: 'azure: one invoice was written off',
      ok: invoices.length === 1 && invoices[0]?.customer === FABRIKAM.account_id,
      detail: invoices.map(({ invoice_id }) => invoice_id).join(', ') || 'none',
    },
  ]
}
