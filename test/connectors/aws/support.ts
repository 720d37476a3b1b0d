import { type AwsConfig, awsConnector } from '../../../connectors/aws/index.ts'
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

export const vendorAccount = '100000000001'
export const resellerAccount = '200000000002'
export const buyerAccount = '300000000003'

export function connectionOf(more: Partial<Connection> = {}): Connection {
  return {
    id: 'conn_test',
    account_id: vendorAccount,
    credentials: { access_key_id: 'AKIATESTTESTTESTTEST', secret_access_key: 'secretsecretsecretsecret' },
    settings: {},
    ...more,
  }
}

export type Harness = { connector: Connector; calls: ObservedCall[]; requests: Request[] }

/** The whole connector with a network of the test's making. */
export function connectorWith(
  answer: (request: Request) => Response | Promise<Response>,
  more: { endpoints?: AwsConfig['endpoints']; business?: Clock } = {},
): Harness {
  const calls: ObservedCall[] = []
  const requests: Request[] = []
  const connector = awsConnector({
    config: { region: 'us-east-1', endpoints: more.endpoints ?? {} },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      requests.push(request.clone())
      return answer(request)
    },
    clocks: { business: more.business ?? wallClock, wall: wallClock },
    random: seededRandom(1),
    observe: (call) => calls.push(call),
  })
  return { connector, calls, requests }
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
  categories: ['Data Catalogs'],
  logo_url: 'https://example.com/logo.png',
  fulfilment_url: 'https://example.com/aws',
  support: 'Write to support@example.com',
  refund_policy: 'No refunds.',
  dimensions: [
    { key: 'seats', name: 'Seats', description: 'People who sign in', unit: 'Units', kind: 'entitled' },
    { key: 'entries', name: 'Entries', description: 'Entries written', unit: 'Units', kind: 'metered' },
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
  product_id: 'prod-1111111111111',
  buyer_account_ids: [buyerAccount],
  currency: 'USD',
  grants: [{ dimension: 'seats', quantity: 100 }],
  instalments: [
    { due_on: '2026-10-01', amount: money('USD', 60_000_00n) },
    { due_on: '2027-01-01', amount: money('USD', 60_000_50n) },
  ],
  usage_prices: { entries: decimal('0.00012345') },
  duration_months: 12,
  expires_on: '2026-09-20',
  eula: 'standard',
  marker: 'offer_1',
}

const { buyer_account_ids: _, ...priced } = privateOffer
export const authorization: AuthorizationDraft = {
  ...priced,
  name: 'Ledger through Partner',
  reseller_account_id: resellerAccount,
  buyer_account_ids: [buyerAccount],
  single_use: true,
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}
