import { type AzureConfig, azureConnector } from '../../../connectors/azure/index.ts'
import type {
  AuthorizationDraft,
  Connection,
  Connector,
  ListingDraft,
  ObservedCall,
  OfferDraft,
} from '../../../connectors/connector.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { type Clock, wallClock } from '../../../src/core/time.ts'

export const tenant = '11111111-1111-4111-8111-111111111111'
export const client = '22222222-2222-4222-8222-222222222222'
export const customerAccount =
  '33333333-3333-4333-8333-333333333333:44444444-4444-4444-8444-444444444444_2019-05-31'
export const partnerAccount = '87654321'

export function connectionOf(more: Partial<Connection> = {}): Connection {
  return {
    id: 'conn_test',
    account_id: '12345678',
    credentials: { client_secret: 'secretsecretsecretsecret' },
    settings: {
      tenant_id: tenant,
      client_id: client,
      contact_email: 'deals@vendor.example',
      webhook_url: 'https://vendor.example/webhooks',
    },
    ...more,
  }
}

export type Harness = { connector: Connector; calls: ObservedCall[]; requests: Request[] }

/** The whole connector with a network of the test's making; the login answers by itself. */
export function connectorWith(
  answer: (request: Request) => Response | Promise<Response>,
  more: {
    endpoints?: AzureConfig['endpoints']
    business?: Clock
    wall?: Clock
    login?: (request: Request) => Response | Promise<Response>
  } = {},
): Harness {
  const calls: ObservedCall[] = []
  const requests: Request[] = []
  const login = more.login ?? loginAnswer
  const connector = azureConnector({
    config: { endpoints: more.endpoints ?? {} },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (new URL(request.url).host === 'login.microsoftonline.com') return login(request)
      requests.push(request.clone())
      return answer(request)
    },
    clocks: { business: more.business ?? wallClock, wall: more.wall ?? wallClock },
    random: seededRandom(1),
    observe: (call) => calls.push(call),
  })
  return { connector, calls, requests }
}

/** What the login says to those who ask for a token with the right secret. */
export function loginAnswer(request: Request): Response {
  const { pathname } = new URL(request.url)
  if (pathname.endsWith('/.well-known/openid-configuration')) {
    const base = `https://login.microsoftonline.com/${tenant}`
    return json({
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
    })
  }
  return json({
    token_type: 'Bearer',
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: 'token-of-the-test',
  })
}

/** A clock that stands where it was set. */
export function standingClock(at: string): Clock & { set(to: string): void } {
  let present = new Date(at)
  return {
    now: () => present,
    set: (to) => {
      present = new Date(to)
    },
  }
}

export const listing: ListingDraft = {
  title: 'Ledger Cloud',
  short_description: 'Books that balance',
  long_description: 'A ledger in which every cent is explained.',
  highlights: ['Exact to the cent'],
  keywords: ['ledger'],
  categories: ['analytics/data-insights'],
  logo_url: 'https://example.com/logo.png',
  fulfilment_url: 'https://example.com/azure',
  support: 'Write to support@example.com',
  refund_policy: 'No refunds.',
  dimensions: [
    { key: 'seats', name: 'Seats', description: 'People who sign in', unit: 'Units', kind: 'entitled' },
    { key: 'entries', name: 'Entries', description: 'Entries written', unit: 'entry', kind: 'metered' },
  ],
  prices: {
    currency: 'USD',
    entitled: { seats: decimal('150') },
    metered: { entries: decimal('0.015') },
    term_months: 12,
  },
}

export const privateOffer: OfferDraft = {
  name: 'Ledger for Acme',
  description: 'A year, paid by halves',
  product_id: 'ledger-cloud',
  buyer_account_ids: [customerAccount],
  currency: 'USD',
  grants: [
    { dimension: 'seats', quantity: 100 },
    { dimension: 'entries', quantity: 1000 },
  ],
  instalments: [
    { due_on: '2026-09-15', amount: money('USD', 60_000_00n) },
    { due_on: '2027-01-01', amount: money('USD', 60_000_50n) },
  ],
  usage_prices: { entries: decimal('0.0125') },
  duration_months: 12,
  expires_on: '2026-09-20',
  eula: 'standard',
  marker: 'offer_1',
}

const { buyer_account_ids: _, ...priced } = privateOffer
export const authorization: AuthorizationDraft = {
  ...priced,
  name: 'Ledger through Partner',
  reseller_account_id: partnerAccount,
  buyer_account_ids: [customerAccount],
  single_use: true,
  marker: 'auth_1',
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}
