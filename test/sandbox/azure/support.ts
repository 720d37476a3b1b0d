import { ClientSecretCredential } from '@azure/identity'
import type { SandboxOptions } from '../../../sandbox/sandbox.ts'
import { type SandboxServer, startServer } from '../../../sandbox/server.ts'
import { controlOf } from '../support.ts'
import { customer, type Keys, partner, vendor } from './accounts.ts'
import { type Listing, productResources, schema } from './documents.ts'

type Body = Record<string, unknown>
export type Reply<T = Body> = { status: number; headers: Headers; body: T }

export const marketplaceApp = '20e940b3-4c77-4b0b-9a53-9e16a1b010a7'
export const scopes = {
  fulfilment: `${marketplaceApp}/.default`,
  metering: `${marketplaceApp}/.default`,
  ingestion: 'https://graph.microsoft.com/.default',
  payouts: '4990cffe-04e8-4e8b-808a-1175604b879f/.default',
  management: 'https://management.azure.com/.default',
}
export type Service = keyof typeof scopes

/** Microsoft's own credential class; only the host it talks to is another. */
export function credentialOf(server: SandboxServer, keys: Keys): ClientSecretCredential {
  const policy = {
    name: 'to-the-sandbox',
    sendRequest: (
      request: { url: string; allowInsecureConnection?: boolean },
      next: (request: never) => never,
    ) => {
      request.url = request.url.replace('https://login.microsoftonline.com', server.urls.azure.login)
      request.allowInsecureConnection = true
      return next(request as never)
    },
  }
  return new ClientSecretCredential(keys.tenant_id, keys.client_id, keys.client_secret, {
    disableInstanceDiscovery: true,
    additionalPolicies: [{ policy: policy as never, position: 'perRetry' }],
  })
}

/** Calls the five APIs as one account, with tokens of its own. */
export function clientOf(server: SandboxServer, keys: Keys) {
  const credential = credentialOf(server, keys)
  return async <T = Body>(
    service: Service,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> => {
    const { token } = await credential.getToken(scopes[service])
    const versioned = service === 'fulfilment' || service === 'metering'
    const url = `${server.urls.azure[service]}${path}${versioned ? `${path.includes('?') ? '&' : '?'}api-version=2018-08-31` : ''}`
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as T,
    }
  }
}
export type Client = ReturnType<typeof clientOf>

/** A sandbox with a publisher, a partner and a customer, its clock standing at the first of November 2026. */
export async function openMarket(
  options: SandboxOptions = {},
  more: { customer?: Body; vendor?: Body } = {},
) {
  const server = await startServer({ port: 0, start: '2026-11-01T00:00:00Z', ...options })
  const control = controlOf(server)
  const register = (account_id: string, name: string, role: string, settings: Body = {}) =>
    control<Keys>('/azure/accounts', { account_id, name, role, ...settings })
  const keys = {
    vendor: await register(vendor, 'Contoso Ledger', 'publisher', {
      publisher_id: 'contosoledger',
      ...more.vendor,
    }),
    partner: await register(partner, 'Fabrikam Resale', 'partner'),
    customer: await register(customer, 'Buyer Corp', 'customer', more.customer),
  }
  return {
    server,
    control,
    keys,
    vendor: clientOf(server, keys.vendor),
    partner: clientOf(server, keys.partner),
    customer: clientOf(server, keys.customer),
    by: (duration: string) => control<{ now: string; happened: number }>('/clock', { by: duration }),
    to: (instant: string) => control<{ now: string; happened: number }>('/clock', { to: instant }),
    as: <T = Body>(deed: string, body: Body) => control<T>(`/azure/customers/${customer}/${deed}`, body),
  }
}
export type Market = Awaited<ReturnType<typeof openMarket>>

type Status = {
  jobId: string
  jobStatus: string
  jobResult: string
  errors: { code: string; message: string; details: never[] }[]
}

/** Configures, lets the job take its time, and returns its status and detail. */
export async function configure(market: Market, client: Client, resources: Body[], wait = 'PT30M') {
  const body = { $schema: schema('configure', '2022-07-01'), resources }
  const started = await client<Status>('ingestion', 'POST', '/configure?$version=2022-07-01', body)
  if (started.status !== 202) throw new Error(JSON.stringify(started.body))
  await market.by(wait)
  const job = (
    await client<Status>('ingestion', 'GET', `/configure/${started.body.jobId}/status?$version=2022-07-01`)
  ).body
  const detail = await client<{ resources: (Body & { id: string })[] }>(
    'ingestion',
    'GET',
    `/configure/${job.jobId}?$version=2022-07-01`,
  )
  return { job, resources: detail.body.resources ?? [] }
}

/** Creates, previews and makes live. */
export async function publish(
  market: Market,
  connection = { landing: 'http://127.0.0.1:9/landing', webhook: '' },
): Promise<Listing> {
  const webhook = connection.webhook || 'http://127.0.0.1:9/webhook'
  const made = await configure(
    market,
    market.vendor,
    productResources(market.keys.vendor, { ...connection, webhook }),
    'PT1M',
  )
  if (made.job.jobResult !== 'succeeded') throw new Error(JSON.stringify(made.job.errors))
  const id = made.resources.find((item) => item.id.startsWith('product/'))?.id ?? ''
  await submit(market, id, 'preview')
  await submit(market, id, 'live')
  const plans = made.resources.filter((item) => item.id.startsWith('plan/'))
  return {
    product: id,
    plans: Object.fromEntries(
      plans.map((item) => [(item.identity as { externalId: string }).externalId, item.id]),
    ),
  }
}

/** Submits to a target; going live names the newest preview. */
export async function submit(market: Market, id: string, targetType: 'preview' | 'live') {
  const guid = id.split('/')[1] ?? ''
  const previews = await market.vendor<{ value: { id: string }[] }>(
    'ingestion',
    'GET',
    `/submission/${guid}?targetType=preview&$version=2022-03-01-preview2`,
  )
  const submission = {
    $schema: schema('submission', '2022-03-01-preview2'),
    product: id,
    target: { targetType },
    ...(targetType === 'live' ? { id: previews.body.value[0]?.id ?? '' } : {}),
  }
  const done = await configure(market, market.vendor, [submission])
  if (done.job.jobResult !== 'succeeded') throw new Error(JSON.stringify(done.job.errors))
}

/** Publishes a private offer and returns its durable id. */
export async function offer(market: Market, resources: Body[]): Promise<string> {
  const done = await configure(market, market.vendor, resources)
  if (done.job.jobResult !== 'succeeded') throw new Error(JSON.stringify(done.job.errors))
  return done.resources.find((item) => item.id.startsWith('private-offer/'))?.id ?? ''
}

export type Subscribed = {
  subscription_id: string
  status: string
  plan_id: string
  token: string
  landing_page_url: string
  answer?: Body
}

/** Subscribes and activates. */
export async function subscribe(market: Market, body: Body): Promise<Subscribed> {
  const bought = await market.as<Subscribed>('subscribe', body)
  const activated = await market.vendor(
    'fulfilment',
    'POST',
    `/saas/subscriptions/${bought.subscription_id}/activate`,
    {
      planId: bought.plan_id,
    },
  )
  if (activated.status !== 200) throw new Error(JSON.stringify(activated.body))
  await market.by('PT1S')
  return bought
}
