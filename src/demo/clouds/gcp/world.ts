// Google Cloud Marketplace in the story. Google has no interface for listings and for what resellers do, so people do it in
// Google's own pages; its messages come out of order; and a buyer who pays late has its money withheld for a month.
import type { Control } from '../../../sandbox/model.ts'
import type { Check } from '../../checks.ts'
import { EXPIRES_ON, PRODUCT } from '../../scenario.ts'
import type { Done, Sale, Task, World } from '../../world.ts'
import { openStoryMarket } from './market.ts'
import {
  DOMAIN,
  gcpScenario,
  HOOLI,
  MONTHLY_FEE,
  PAYS_AGAIN_ON,
  PROJECT,
  RESELLER_PLAN,
  SERVICE,
  STOPS_PAYING_ON,
  VANDELAY,
} from './scenario.ts'

type Market = ReturnType<typeof openStoryMarket>

const RESELLER_EMAIL = 'sales@contoso.example'

export function gcpWorld(sandbox: Control): World {
  const market = openStoryMarket(sandbox)
  const { sellers, buyers } = gcpScenario
  return {
    cloud: 'gcp',
    name: 'Google Cloud Marketplace',
    scenario: gcpScenario,
    populate: () => populate(market),
    connection: async (seat) => (seat === 'vendor' ? connectionOf(market) : undefined),
    listen: async (_, address) => market.listen(await connectionOf(market), address),
    byHand: (operation) => byHand(market, operation),
    resell: (plan_id) => market.resell(sellers.reseller.account_id, plan_id, resellerOffer()),
    async buy(sale: Sale, cloud_offer_id: string) {
      await market.muddleMessages()
      return market.accept(buyers[sale].account_id, cloud_offer_id)
    },
    visit: (sale, cloud_agreement_id) => market.visit(buyers[sale].account_id, cloud_agreement_id),
    days: {
      [STOPS_PAYING_ON]: () => market.pays(HOOLI.account_id, false),
      [PAYS_AGAIN_ON]: () => market.pays(HOOLI.account_id, true),
    },
    acceptedUsage: async () =>
      (await market.acceptedUsage(sellers.vendor.account_id)).map(({ value }) => value),
    payouts: async (seat) => (await market.payouts(sellers[seat].account_id)).map(({ amount }) => amount),
    checks: () => checks(market),
  }
}

async function populate(market: Market): Promise<void> {
  const { sellers } = gcpScenario
  await market.account({ role: 'reseller', ...sellers.reseller, email: RESELLER_EMAIL })
  for (const { account_id, name, contact } of [HOOLI, VANDELAY]) {
    const reseller = account_id === VANDELAY.account_id ? { reseller: sellers.reseller.account_id } : {}
    await market.account({ role: 'customer', account_id, name, email: contact.email, ...reseller })
  }
}

/** The seller's own service account; what it may do was granted in the Producer Portal. */
async function connectionOf(market: Market) {
  const made = await market.account({ role: 'provider', ...gcpScenario.sellers.vendor, project: PROJECT })
  const extras = { project: PROJECT, domain: DOMAIN, contact_name: 'Nora Northwind' }
  const { settings, ...rest } = market.connectionOf(made, extras)
  return { ...rest, settings: { ...settings, metric_types: 'scans:int64' } }
}

async function byHand(market: Market, operation: Task): Promise<Done> {
  switch (operation.kind) {
    case 'listing.publish':
      return publish(market, operation.request)
    case 'authorization.create':
      return openPlan(market)
    default:
      throw new Error(`Nobody knows how to do ${operation.kind} by hand`)
  }
}

/** The listing is copied from what was asked for: its sign-up page is this service's own. */
async function publish(market: Market, request: unknown): Promise<Done> {
  const { fulfilment_url } = request as { fulfilment_url: string }
  const metered = PRODUCT.dimensions.filter(({ kind }) => kind === 'metered')
  const listing = await market.list({
    account_id: gcpScenario.sellers.vendor.account_id,
    service_name: SERVICE,
    title: PRODUCT.name,
    signup_url: fulfilment_url,
    domain: DOMAIN,
    metrics: metered.map(({ key, unit }) => ({
      name: key,
      value_type: 'INT64',
      unit,
      price: gcpScenario.prices.metered?.[key] ?? '0',
    })),
    plans: [{ plan: 'standard', title: 'Standard', monthly_fee: MONTHLY_FEE, months: [12], usage: true }],
  })
  return {
    target: { product_id: SERVICE },
    evidence: `The Producer Portal shows ${SERVICE} as published with ${listing.standard_offers.join(', ')}.`,
  }
}

async function openPlan(market: Market): Promise<Done> {
  const { sellers } = gcpScenario
  const listing = (await market.listings()).find(({ service_name }) => service_name === SERVICE)
  const standard_offer = listing?.standard_offers[0]
  if (standard_offer === undefined) throw new Error('There is no standard offer to make a plan from')
  const id = await market.openPlan({
    account_id: sellers.vendor.account_id,
    reseller: sellers.reseller.account_id,
    standard_offer,
    use: 'single',
    billing_account: VANDELAY.account_id,
    ends_at: `${EXPIRES_ON}T23:00:00Z`,
    discount_percent: RESELLER_PLAN.discount_percent,
  })
  return { target: { authorization_id: id }, evidence: `Plan ${id} is "Ready to use".` }
}

/** The reseller's offer as its own console writes it; usage is at the list price. */
function resellerOffer() {
  const zone = { timeZone: { id: 'America/Los_Angeles' } }
  const dated = (date: string) => {
    const [year, month, day] = date.split('-').map(Number)
    return { year, month, day, ...zone }
  }
  const money = (amount: string) => {
    const [units = '0', cents = '00'] = amount.split('.')
    return { currencyCode: 'USD', units, nanos: Number(cents) * 10_000_000 }
  }
  return {
    title: `${PRODUCT.name} for ${VANDELAY.name}`,
    offerDealType: 'NEW',
    partnerContact: { contact: 'Carla Contoso', email: RESELLER_EMAIL },
    customer: {
      entityTitle: VANDELAY.name,
      contact: VANDELAY.contact.name,
      email: VANDELAY.contact.email,
      targetBillingAccount: `billingAccounts/${VANDELAY.account_id}`,
    },
    acceptDeadlineTime: dated(EXPIRES_ON),
    term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12 },
    singleProductOffer: {
      customIntervalPrice: {
        installments: RESELLER_PLAN.instalments.map(({ due_on, amount }) => ({
          ...(due_on === null ? {} : { startTime: dated(due_on) }),
          priceModel: { flatFee: { flatFeeOverride: money(amount) } },
        })),
      },
    },
  }
}

async function checks(market: Market): Promise<Check[]> {
  const charges = await market.charges()
  const released = charges.filter(({ status }) => status === 'released')
  const open = charges.filter(({ status }) => status !== 'released' && status !== 'paid')
  return [
    {
      name: 'gcp: what was withheld from the late payer was released',
      ok:
        released.length > 0 && released.every(({ billing_account }) => billing_account === HOOLI.account_id),
      detail: released.map(({ amount }) => amount).join(', ') || 'nothing was withheld',
    },
    {
      name: 'gcp: nothing is withheld any more',
      ok: open.length === 0 && charges.length > 0,
      detail:
        open.map(({ status, amount }) => `${status} ${amount}`).join(', ') || `${charges.length} charges`,
    },
  ]
}
