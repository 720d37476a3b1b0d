import { CommerceTransactionClient } from '@google-cloud/commerceproducer'
import { cloudcommerceprocurement } from '@googleapis/cloudcommerceprocurement'
import { servicecontrol } from '@googleapis/servicecontrol'
import { JWT } from 'google-auth-library'
import type { SandboxOptions } from '../../../sandbox/sandbox.ts'
import { type SandboxServer, startServer } from '../../../sandbox/server.ts'

export const provider = 'vendor-inc'
export const project = 'vendor-project'
export const parent = `projects/${project}/locations/global`
export const service = 'ledger.endpoints.vendor-project.cloud.goog'
export const customer = '012345-567890-ABCDEF'
export const resold = '0AAAAA-0BBBBB-0CCCCC'
export const serviceName = `${parent}/services/${service}`
export const contractOffer = `${serviceName}/standardOffers/enterprise-P12M`
export const usageOffer = `${serviceName}/standardOffers/metered`

type Key = { client_email: string; private_key: string }

/** The control API, for tests that expect it to work. */
export function controlOf(server: SandboxServer) {
  return async <T = Record<string, unknown>>(
    path: string,
    body?: unknown,
    method = body ? 'POST' : 'GET',
  ) => {
    const response = await fetch(`${server.urls.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text}`)
    const parsed: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    return parsed as T
  }
}

/** A service account whose token comes from the sandbox: only the address of the token endpoint is another. */
export function authOf(server: SandboxServer, key: Key): JWT {
  const auth = new JWT({
    email: key.client_email,
    key: key.private_key,
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  })
  auth.transporter.interceptors.request.add({
    resolved: async (request) => {
      if (String(request.url) === 'https://oauth2.googleapis.com/token') {
        request.url = new URL(server.urls.gcp.token)
      }
      return request
    },
  })
  return auth
}

/** The official clients, changed in nothing but where they call. */
export function clientsOf(server: SandboxServer, key: Key) {
  const auth = authOf(server, key)
  const { gcp } = server.urls
  const { hostname, port } = new URL(gcp.producer)
  return {
    auth,
    procurement: cloudcommerceprocurement({
      version: 'v1',
      auth,
      rootUrl: `${gcp.procurement}/`,
      retry: false,
    }),
    metering: servicecontrol({ version: 'v1', auth, rootUrl: `${gcp.serviceControl}/`, retry: false }),
    producer: new CommerceTransactionClient({
      fallback: true,
      protocol: 'http',
      apiEndpoint: hostname,
      port: Number(port),
      authClient: auth,
      projectId: project,
    }),
  }
}

export const listing = {
  account_id: provider,
  service_name: service,
  title: 'Ledger',
  signup_url: 'https://vendor.example.com/gcp/signup',
  metrics: [
    { name: 'calls', value_type: 'INT64', unit: 'call', price: '0.0025' },
    { name: 'gigabytes', value_type: 'DOUBLE', unit: 'GiBy', price: '0.10' },
  ],
  plans: [
    { plan: 'enterprise', title: 'Enterprise', monthly_fee: '1000', months: [1, 12], usage: true },
    { plan: 'metered', title: 'Metered', usage: true },
  ],
}

/** A provider, its product and two customers; the clock stands at the first of November 2026 in Los Angeles. */
export async function openMarket(options: SandboxOptions = {}, changes: Record<string, unknown> = {}) {
  const server = await startServer({ port: 0, start: '2026-11-01T07:00:00Z', ...options })
  const control = controlOf(server)
  const registered = await control<{ service_account: Key }>('/gcp/accounts', {
    role: 'provider',
    account_id: provider,
    name: 'Vendor Inc',
    project,
  })
  await control('/gcp/accounts', {
    role: 'reseller',
    account_id: 'reseller-llc',
    name: 'Reseller LLC',
    billing_account: '0DDDDD-0EEEEE-0FFFFF',
  })
  await control('/gcp/accounts', { role: 'customer', account_id: customer, name: 'Buyer Corp' })
  await control('/gcp/accounts', {
    role: 'customer',
    account_id: resold,
    name: 'Resold GmbH',
    reseller: 'reseller-llc',
  })
  await control('/gcp/listings', { ...listing, ...changes })
  return {
    server,
    control,
    key: registered.service_account,
    ...clientsOf(server, registered.service_account),
    by: (duration: string) => control<{ now: string; happened: number }>('/clock', { by: duration }),
    to: (instant: string) => control<{ now: string; happened: number }>('/clock', { to: instant }),
  }
}
export type Market = Awaited<ReturnType<typeof openMarket>>

const timeZone = { id: 'America/Los_Angeles' }
export const date = (year: number, month: number, day: number) => ({ year, month, day, timeZone })
export const usd = (units: string, nanos = 0) => ({ currencyCode: 'USD', units, nanos })

/** A publishable private offer: two custom instalments over a year, and discounted usage. */
export function offer(changes: Record<string, unknown> = {}) {
  return {
    title: 'Deal',
    offerDealType: 'NEW' as const,
    partnerContact: { contact: 'Sales', email: 'sales@vendor.example' },
    customer: {
      entityTitle: 'Buyer Corp',
      contact: 'Pat Buyer',
      email: 'pat@buyer.example',
      targetBillingAccount: `billingAccounts/${customer}`,
    },
    acceptDeadlineTime: date(2026, 12, 1),
    term: { startPolicy: 'IMMEDIATE' as const, endPolicy: 'AFTER_DURATION' as const, durationMonths: 12 },
    singleProductOffer: {
      baseStandardOffer: contractOffer,
      customIntervalPrice: {
        installments: [
          { priceModel: { flatFee: { flatFeeOverride: usd('600') }, usage: {} } },
          {
            startTime: date(2027, 2, 20),
            priceModel: { flatFee: { flatFeeOverride: usd('400', 10_000_000) }, usage: {} },
          },
        ],
      },
    },
    ...changes,
  }
}

/** Creates an offer with Google's own agreement and publishes it. */
export async function publishOffer(market: Market, changes: Record<string, unknown> = {}): Promise<string> {
  const [draft] = await market.producer.createPrivateOffer({ parent, privateOffer: offer(changes) })
  const name = draft.name ?? ''
  await market.producer.createPrivateOfferDocument({
    parent: name,
    privateOfferDocument: { documentType: 'STANDARD_END_USER_LICENSE_AGREEMENT_V2' },
  })
  await market.producer.publishPrivateOffer({ name })
  return name
}

export type Accepted = {
  entitlement_id: string
  account: string
  state: string
  entitlement: Record<string, string>
}

export function accept(market: Market, offerName: string, buyer = customer) {
  return market.control<Accepted>(`/gcp/buyers/${buyer}/accept`, { offer: offerName })
}

export function buy(market: Market, plan: string, months?: number) {
  const wanted = { service_name: service, plan, ...(months === undefined ? {} : { months }) }
  return market.control<Accepted>(`/gcp/buyers/${customer}/accept`, wanted)
}

/** The provider says yes to the customer and to its order. */
export async function approve(market: Market, { account, entitlement_id }: Accepted) {
  const name = `providers/${provider}/accounts/${account}`
  await market.procurement.providers.accounts.approve({ name, requestBody: { approvalName: 'signup' } })
  await market.procurement.providers.entitlements.approve({
    name: `providers/${provider}/entitlements/${entitlement_id}`,
    requestBody: {},
  })
  return entitlementOf(market, entitlement_id)
}

export async function entitlementOf(market: Market, id: string) {
  const name = `providers/${provider}/entitlements/${id}`
  return (await market.procurement.providers.entitlements.get({ name })).data
}

/** One operation of an hour, as the documents recommend to send it. */
export function operation(consumerId: string, id: string, end: string, more: Record<string, unknown> = {}) {
  return {
    operationId: id,
    operationName: 'Hourly Usage Report',
    consumerId,
    startTime: new Date(Date.parse(end) - 3_600_000).toISOString(),
    endTime: end,
    metricValueSets: [{ metricName: `${service}/calls`, metricValues: [{ int64Value: '1000' }] }],
    ...more,
  }
}

export async function report(market: Market, ...operations: object[]) {
  const { data } = await market.metering.services.report({
    serviceName: service,
    requestBody: { operations },
  })
  return (data.reportErrors ?? []).map(({ operationId, status }) => `${operationId}: ${status?.code}`)
}

export type Usage = { value: string; metric: string; month: string; operation_id: string }

export function usage(market: Market) {
  return market.control<Usage[]>('/gcp/accepted?kind=usage')
}

/** A report as one record per row; the sandbox's test values hold no line breaks. */
export async function readReport(market: Market, kind: string, month: string) {
  const reports = await market.control<{ id: string; month: string }[]>(`/gcp/reports?kind=${kind}`)
  const found = reports.filter((item) => item.month === month)
  const texts = await Promise.all(found.map(({ id }) => market.control<string>(`/gcp/reports/${id}.csv`)))
  return texts.flatMap((text) => {
    const [header = '', ...rows] = text.trim().split('\n')
    return rows.map((row): Record<string, string> => {
      const cells = [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
      const columns = header.split(',')
      return Object.fromEntries(
        columns.map((name, index) => [name, cells[index]?.[1] ?? cells[index]?.[2] ?? '']),
      )
    })
  })
}
