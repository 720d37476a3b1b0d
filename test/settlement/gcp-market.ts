// What Google's settlement tests share: a provider with a product, a reseller, two customers, and deals between them.
import type { Connection, OfferDraft } from '../../connectors/connector.ts'
import { decimal } from '../../src/core/decimal.ts'
import type { Terms } from '../../src/offers/model.ts'
import { instalmentsOf, monthsOf, usagePricesOf } from '../../src/offers/model.ts'
import { agreementOf, facet, finished, type Market, openMarket, type Seat, seat, sold } from './market.ts'

const PROVIDER = 'vendor-inc'
const PROJECT = 'vendor-project'
const SERVICE = 'ledger.endpoints.vendor-project.cloud.goog'
const PARENT = `projects/${PROJECT}/locations/global`
export const CUSTOMER = '012345-567890-ABCDEF'
const RESOLD = '0AAAAA-0BBBBB-0CCCCC'
const RESELLER = 'reseller-llc'

export type GcpMarket = Market & { vendor: Seat }

/** A provider whose product is on sale, on the first of November 2026. */
export async function gcpMarket(): Promise<GcpMarket> {
  const market = await openMarket('gcp', '2026-11-01T08:00:00.000Z')
  const { control } = market
  type Key = { client_email: string; private_key: string }
  const account = { role: 'provider', account_id: PROVIDER, name: 'Vendor Inc', project: PROJECT }
  const { service_account: key } = await control<{ service_account: Key }>('/gcp/accounts', account)
  await control('/gcp/accounts', { role: 'reseller', account_id: RESELLER, name: 'Reseller LLC' })
  await control('/gcp/accounts', { role: 'customer', account_id: CUSTOMER, name: 'Buyer Corp' })
  await control('/gcp/accounts', {
    role: 'customer',
    account_id: RESOLD,
    name: 'Resold GmbH',
    reseller: RESELLER,
  })
  await control('/gcp/listings', {
    account_id: PROVIDER,
    service_name: SERVICE,
    title: 'Ledger',
    signup_url: 'https://vendor.example.com/gcp/signup',
    domain: 'vendor.example.com',
    reselling: true,
    metrics: [{ name: 'calls', value_type: 'INT64', unit: 'call', price: '0.0025' }],
    plans: [
      { plan: 'enterprise', title: 'Enterprise', monthly_fee: '1000', months: [1, 12], usage: true },
      { plan: 'metered', title: 'Metered', usage: true },
    ],
  })
  const connection: Connection = {
    id: 'conn_vendor',
    account_id: PROVIDER,
    credentials: { private_key: key.private_key },
    settings: {
      service_account: key.client_email,
      project: PROJECT,
      service_name: SERVICE,
      metric_types: 'calls:int64',
      report_bucket: `${PROVIDER}-marketplace-reports`,
    },
  }
  return { ...market, vendor: await seat(market, connection) }
}

/** The customer takes a private offer, and it is activated. Gives our id of the agreement. */
export async function buy(market: GcpMarket, terms: Terms, options: object = {}): Promise<string> {
  const { connection } = market.vendor
  const offers = facet(market, 'offers')
  const draft: OfferDraft = {
    name: 'Ledger for Buyer Corp',
    description: 'A deal',
    product_id: SERVICE,
    buyer_account_ids: [CUSTOMER],
    currency: 'USD',
    grants: [],
    instalments: instalmentsOf(terms),
    usage_prices: usagePricesOf(terms),
    duration_months: monthsOf(terms),
    expires_on: '2026-11-30',
    eula: 'standard',
    marker: 'offer_1',
    options: {
      plan: 'enterprise',
      customer: { company: 'Buyer Corp', contact: 'Bea Buyer', email: 'bea@buyer.example' },
      partner_contact: { contact: 'Vera Vendor', email: 'vera@vendor.example.com' },
      ...options,
    },
  }
  const change = await offers.create(connection, draft, 'key')
  const made = await finished(market, change, (one) => offers.check(connection, one), 'PT1M')
  await sold(market.vendor, { id: made.offer_id ?? '', terms })
  return accept(market, CUSTOMER, `${PARENT}/privateOffers/${made.offer_id}`)
}

async function accept(market: GcpMarket, buyer: string, offer: string): Promise<string> {
  type Bought = { entitlement_id: string; account: string }
  const { entitlement_id, account } = await market.control<Bought>(`/gcp/buyers/${buyer}/accept`, { offer })
  const activation = {
    agreement_id: entitlement_id,
    buyer_account_id: account,
    plan: null,
    quantity: null,
  }
  await facet(market, 'agreements').activate?.(market.vendor.connection, activation, 'key')
  await market.move({ by: 'PT1M' })
  await market.vendor.agreements()
  return agreementOf(market.vendor, entitlement_id)
}

/** A reseller sells under a plan with its discount. `wholesale`: what the vendor opened it at; none: nobody wrote it down. */
export async function resell(
  market: GcpMarket,
  deal: { wholesale?: Terms; price: string; discount: string },
): Promise<string> {
  const { control, vendor } = market
  const standard_offer = `${PARENT}/services/${SERVICE}/standardOffers/enterprise-P12M`
  const plan = await control<{ id: string }>('/gcp/reseller-plans', {
    account_id: PROVIDER,
    reseller: RESELLER,
    standard_offer,
    use: 'multiple',
    ends_at: '2027-06-01T07:00:00Z',
    discount_percent: deal.discount,
  })
  await control(`/gcp/reseller-plans/${plan.id}/accept`, {})
  if (deal.wholesale !== undefined) await sold(vendor, { id: plan.id, terms: deal.wholesale, resold: true })
  const flatFeeOverride = { currencyCode: 'USD', units: deal.price }
  const offer = await control<{ name: string }>(`/gcp/resellers/${RESELLER}/offers`, {
    plan_id: plan.id,
    offer: {
      title: 'Resold Ledger',
      offerDealType: 'NEW',
      partnerContact: { contact: 'Rosa', email: 'rosa@reseller.example' },
      customer: {
        entityTitle: 'Resold GmbH',
        contact: 'Rita',
        targetBillingAccount: `billingAccounts/${RESOLD}`,
      },
      acceptDeadlineTime: { year: 2026, month: 12, day: 1, timeZone: { id: 'America/Los_Angeles' } },
      term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12 },
      singleProductOffer: {
        baseStandardOffer: standard_offer,
        customIntervalPrice: { installments: [{ priceModel: { flatFee: { flatFeeOverride } } }] },
      },
    },
  })
  return accept(market, RESOLD, offer.name)
}

/** Usage of the hour before that Google takes, written down as metering does it. */
export async function use(market: GcpMarket, agreement_id: string, quantity: string): Promise<void> {
  const { vendor, context } = market
  const hour = new Date(Math.floor(context.clock.now().getTime() / 3_600_000) * 3_600_000 - 3_600_000)
  const known = await vendor.tenant(({ tx, organisation_id }) =>
    tx.agreement.findUniqueOrThrow({ where: { organisation_id_id: { organisation_id, id: agreement_id } } }),
  )
  const read = await facet(market, 'agreements').read(vendor.connection, known.cloud_agreement_id)
  const { answers } = await facet(market, 'metering').report(vendor.connection, [
    {
      id: `record-${hour.toISOString()}`,
      product_id: SERVICE,
      product_code: null,
      license: read.license ?? null,
      agreement_id: known.cloud_agreement_id,
      plan: null,
      buyer_account_id: known.buyer_account_id,
      dimension: 'calls',
      hour,
      quantity: decimal(quantity),
    },
  ])
  if (answers[0]?.status !== 'accepted') throw new Error(JSON.stringify(answers))
  await vendor.used(agreement_id, 'calls', hour, quantity)
}
