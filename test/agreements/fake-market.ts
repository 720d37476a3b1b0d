// A market that waits for the seller: purchases are pending until they are activated, and wishes until they are answered.
import type {
  AgreementRecord,
  AgreementWish,
  Change,
  Connector,
  Registration,
} from '../../connectors/connector.ts'
import { connect } from '../../src/connections/connect.ts'
import { Fault } from '../../src/core/fault.ts'
import { makeServices } from '../../src/services.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { guide } from '../support/guide.ts'

export type Market = {
  records: Map<string, AgreementRecord>
  activated: string[]
  answers: { wish: AgreementWish; accept: boolean }[]
  /** Who stands behind a token. */
  tokens: Map<string, Omit<Registration, 'evidence'>>
  /** What the next activation is answered with. */
  refusal: Change | undefined
}

export function pending(agreement_id: string, change: Partial<AgreementRecord> = {}): AgreementRecord {
  const at = new Date('2026-01-05T08:00:00.000Z')
  return {
    agreement_id,
    role: 'seller',
    offer_id: null,
    authorization_id: null,
    product_id: 'product-1',
    buyer_account_id: 'buyer-1',
    seller_account_id: 'seller-1',
    state: 'pending',
    cloud_state: 'PendingFulfillmentStart',
    accepted_at: at,
    starts_at: null,
    ends_at: null,
    currency: 'USD',
    value: null,
    instalments: [],
    usage_prices: {},
    grants: [],
    updated_at: null,
    plan: 'gold',
    evidence: {},
    ...change,
  }
}

function connectorOf(market: Market, covers: 'agreement' | 'buyer'): Connector {
  const known = (id: string) => {
    const found = market.records.get(id)
    if (found === undefined) throw new Fault('not_found', `There is no subscription ${id}`)
    return found
  }
  return {
    cloud: 'azure',
    guide,
    connectionFields: [],
    test: async () => [],
    agreements: {
      registration: { place: 'query', field: 'token', covers },
      pull: async () => ({ items: [...market.records.values()], next: null, more: false }),
      read: async (_, id) => known(id),
      resolve: async (_, token) => {
        const found = market.tokens.get(token)
        if (found === undefined) throw new Fault('invalid', 'The token is expired')
        return { ...found, evidence: {} }
      },
      activate: async (_, { agreement_id }) => {
        if (market.refusal !== undefined) return market.refusal
        market.activated.push(agreement_id)
        market.records.set(agreement_id, {
          ...known(agreement_id),
          state: 'active',
          cloud_state: 'Subscribed',
        })
        return { status: 'succeeded', target: { agreement_id }, evidence: {} }
      },
      answer: async (_, wish, accept) => {
        market.answers.push({ wish, accept })
        return { status: 'succeeded', target: {}, evidence: {} }
      },
    },
  }
}

export type Stall = {
  context: TestContext
  market: Market
  services: ReturnType<typeof makeServices>
  /** One seller account with its own settings. */
  connection(account_id: string, settings?: Record<string, string>): Promise<string>
  settle(): Promise<void>
}

export async function openStall(covers: 'agreement' | 'buyer' = 'agreement'): Promise<Stall> {
  const market: Market = {
    records: new Map(),
    activated: [],
    answers: [],
    tokens: new Map(),
    refusal: undefined,
  }
  const context = await testContext({ connectors: { azure: connectorOf(market, covers) } })
  const services = makeServices(context)
  return {
    context,
    market,
    services,
    connection: (account_id, settings = {}) =>
      context.store.inTenant(context.organisation_id, async (scope) => {
        const draft = { cloud: 'azure' as const, name: account_id, account_id, credentials: {}, settings }
        return (await connect(context, scope, draft)).id
      }),
    settle: async () => {
      for (let round = 0; round < 50; round += 1) {
        context.wall.move(1000)
        if ((await services.tick()).pieces === 0) return
      }
    },
  }
}
