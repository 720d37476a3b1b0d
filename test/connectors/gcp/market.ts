import type { Connection, Connector, InboundRequest } from '../../../connectors/connector.ts'
import { gcpConnector } from '../../../connectors/gcp/index.ts'
import { type SandboxServer, startServer } from '../../../sandbox/server.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { type Clock, wallClock } from '../../../src/core/time.ts'
import { customer, project, provider, pushAccount, pushAudience, service, signUpAudience } from './support.ts'

export const reseller = 'reseller-llc'
export const resold = '0AAAAA-0BBBBB-0CCCCC'

type Key = { client_email: string; private_key: string }
type Send = <T = Record<string, unknown>>(path: string, body?: unknown, method?: string) => Promise<T>

function controlOf(server: SandboxServer): Send {
  return async <T>(path: string, body?: unknown, method?: string) => {
    const reply = await fetch(`${server.urls.control}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`)
    return (/^[[{]/.test(text) ? JSON.parse(text) : text) as T
  }
}

function facetsOf(connector: Connector) {
  const { listings, offers, syndication, agreements, metering, settlements, webhooks } = connector
  if (!listings || !offers || !syndication || !agreements || !metering || !settlements || !webhooks)
    throw new Error('A facet is missing')
  return { listings, offers, syndication, agreements, metering, settlements, webhooks }
}

function connectionOf(key: Key): Connection {
  return {
    id: 'conn_vendor',
    account_id: provider,
    credentials: { private_key: key.private_key },
    settings: {
      service_account: key.client_email,
      project,
      service_name: service,
      sign_up_audience: signUpAudience,
      push_service_account: pushAccount,
      push_audience: pushAudience,
      metric_types: 'calls:int64,gigabytes:double',
      contact_name: 'Vera Vendor',
      contact_email: 'vera@vendor.example.com',
      report_bucket: `${provider}-marketplace-reports`,
    },
  }
}

async function populate(control: Send): Promise<Key> {
  const account = { role: 'provider', account_id: provider, name: 'Vendor Inc', project }
  const { service_account } = await control<{ service_account: Key }>('/gcp/accounts', account)
  await control('/gcp/accounts', { role: 'reseller', account_id: reseller, name: 'Reseller LLC' })
  await control('/gcp/accounts', { role: 'customer', account_id: customer, name: 'Buyer Corp' })
  await control('/gcp/accounts', { role: 'customer', account_id: resold, name: 'Resold GmbH', reseller })
  await control('/gcp/listings', {
    account_id: provider,
    service_name: service,
    title: 'Ledger',
    signup_url: 'https://vendor.example.com/gcp/signup',
    domain: signUpAudience,
    metrics: [
      { name: 'calls', value_type: 'INT64', unit: 'call', price: '0.0025' },
      { name: 'gigabytes', value_type: 'DOUBLE', unit: 'GiBy', price: '0.10' },
    ],
    plans: [
      { plan: 'enterprise', title: 'Enterprise', monthly_fee: '1000', months: [1, 12], usage: true },
      { plan: 'business', title: 'Business', monthly_fee: '500', months: [1], usage: true },
      { plan: 'metered', title: 'Metered', usage: true },
    ],
  })
  await control('/gcp/event-destinations', {
    account_id: provider,
    url: pushAudience,
    audience: pushAudience,
    service_account_email: pushAccount,
  })
  return service_account
}

/** A sandbox with a vendor, a product, a reseller and two customers, and the connector in front of it. */
export async function openMarket(business: Clock & { set(to: string): void }) {
  const inbox: InboundRequest[] = []
  const server = await startServer({
    port: 0,
    start: business.now().toISOString(),
    fetch: async (request) => {
      const headers = Object.fromEntries(request.headers.entries())
      inbox.push({ headers, body: await request.text() })
      return new Response('ok')
    },
  })
  const control = controlOf(server)
  const key = await populate(control)
  const { procurement, producer, serviceControl, token, keys, storage } = server.urls.gcp
  const connector = gcpConnector({
    config: { endpoints: { procurement, producer, serviceControl, token, keys, storage } },
    fetch,
    clocks: { business, wall: wallClock },
    random: seededRandom(1),
  })
  return {
    server,
    control,
    inbox,
    connector,
    facets: () => facetsOf(connector),
    vendor: connectionOf(key),
    async move(target: { by: string } | { to: string }) {
      business.set((await control<{ now: string }>('/clock', target)).now)
    },
  }
}
export type Market = Awaited<ReturnType<typeof openMarket>>
