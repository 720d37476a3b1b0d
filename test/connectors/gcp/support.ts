import { generateKeyPairSync } from 'node:crypto'
import type {
  AuthorizationDraft,
  Connection,
  Connector,
  ListingDraft,
  ObservedCall,
  OfferDraft,
} from '../../../connectors/connector.ts'
import { type GcpConfig, gcpConnector } from '../../../connectors/gcp/index.ts'
import { decimal } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import { seededRandom } from '../../../src/core/random.ts'
import { type Clock, wallClock } from '../../../src/core/time.ts'

export const provider = 'vendor-inc'
export const project = 'vendor-project'
export const parent = `projects/${project}/locations/global`
export const service = 'ledger.endpoints.vendor-project.cloud.goog'
export const customer = '012345-567890-ABCDEF'
const serviceAccount = `marketplace@${project}.iam.gserviceaccount.com`
export const pushAccount = `push@${project}.iam.gserviceaccount.com`
export const pushAudience = 'https://syndic.example/hooks/gcp'
export const signUpAudience = 'vendor.example.com'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export function connectionOf(more: Partial<Connection> = {}): Connection {
  return {
    id: 'conn_test',
    account_id: provider,
    credentials: { private_key: privateKeyPem },
    settings: {
      service_account: serviceAccount,
      project,
      service_name: service,
      sign_up_audience: signUpAudience,
      push_service_account: pushAccount,
      push_audience: pushAudience,
      metric_types: 'calls:int64, gigabytes:double',
    },
    ...more,
  }
}

export type Harness = {
  connector: Connector
  calls: ObservedCall[]
  requests: Request[]
  /** What was asked besides tokens, such as "GET /v1/providers/p/accounts/a". */
  asked(): string[]
}

/** The whole connector with a network of the test's making; tokens are given out by themselves. */
export function connectorWith(
  answer: (request: Request) => Response | Promise<Response>,
  more: { endpoints?: GcpConfig['endpoints']; business?: Clock; wall?: Clock } = {},
): Harness {
  const calls: ObservedCall[] = []
  const requests: Request[] = []
  const connector = gcpConnector({
    config: { endpoints: more.endpoints ?? {} },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (request.url === 'https://oauth2.googleapis.com/token') {
        return json({ access_token: 'token-1', expires_in: 3600, token_type: 'Bearer' })
      }
      requests.push(request.clone())
      return answer(request)
    },
    clocks: { business: more.business ?? wallClock, wall: more.wall ?? wallClock },
    random: seededRandom(1),
    observe: (call) => calls.push(call),
  })
  const asked = () => requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)
  return { connector, calls, requests, asked }
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
  title: 'Ledger',
  short_description: 'Books that balance.',
  long_description: 'Double entry for marketplaces.',
  highlights: ['Exact'],
  keywords: ['ledger'],
  categories: ['Finance'],
  logo_url: 'https://vendor.example.com/logo.png',
  fulfilment_url: 'https://vendor.example.com/gcp/signup',
  support: 'help@vendor.example.com',
  refund_policy: 'None.',
  dimensions: [{ key: 'calls', name: 'Calls', description: 'Calls', unit: 'call', kind: 'metered' }],
  prices: { currency: 'USD', entitled: {}, metered: { calls: decimal('0.0025') }, term_months: 12 },
}

export const privateOffer: OfferDraft = {
  name: 'Ledger for Buyer Corp',
  description: 'One year.',
  product_id: service,
  buyer_account_ids: [customer],
  currency: 'USD',
  grants: [{ dimension: 'seats', quantity: 100 }],
  instalments: [
    { due_on: '2026-11-20', amount: money('USD', 60_000_00n) },
    { due_on: '2027-05-20', amount: money('USD', 60_000_50n) },
  ],
  usage_prices: { calls: decimal('0.002') },
  duration_months: 12,
  expires_on: '2026-11-30',
  eula: 'standard',
  marker: 'offer_1',
  options: {
    plan: 'enterprise',
    customer: { company: 'Buyer Corp', contact: 'Bea Buyer', email: 'bea@buyer.example' },
    partner_contact: { contact: 'Vera Vendor', email: 'vera@vendor.example.com' },
  },
}

const { buyer_account_ids: _, options: __, ...priced } = privateOffer
export const authorization: AuthorizationDraft = {
  ...priced,
  name: 'Ledger through Reseller',
  reseller_account_id: '0DDDDD-0EEEEE-0FFFFF',
  buyer_account_ids: [],
  single_use: false,
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** A refusal as Google's APIs write it. */
export function refused(status: number, name: string, message = 'No.', details: unknown[] = []): Response {
  return json({ error: { code: status, status: name, message, details } }, status)
}
