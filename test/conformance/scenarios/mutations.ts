// Every call that changes something at a cloud: how far a deal must be for it, and what one effect of it is.
import type { Change, Connector, Resolution } from '../../../connectors/connector.ts'
import { given } from '../claims.ts'
import { accepted, activationOf, authorized, facet, listed, offered, running, usageOf } from '../deal.ts'
import type { Capability } from '../scenario.ts'
import type { Market, Mutation } from '../world.ts'

/** One call, ready to be made as often as it takes. */
export type Prepared = {
  send(): Promise<Change>
  check(reference: string): Promise<Change>
  resolution(connector: Connector): Resolution
  /** What the cloud has of it now, and what it has after exactly one. */
  effect(): Promise<unknown>
  one: unknown
  /** What is half made and left behind; nothing, unless a lost request arrives after all. */
  leftovers?(): Promise<unknown[]>
}

type Call = {
  name: Mutation
  title: string
  needs: readonly Capability[]
  /** It makes something that was not there. */
  makes: boolean
  prepare(market: Market): Promise<Prepared>
}

const never = () => Promise.reject(new Error('This call is answered at once'))
const identical = (): Resolution => 'send_identical'

async function publish(market: Market): Promise<Prepared> {
  const listings = facet(market, 'listings')
  return {
    send: () => listings.publish(market.vendor, market.drafts.listing, 'publish-1'),
    check: (reference) => listings.check(market.vendor, reference),
    resolution: () => listings.resolution,
    effect: async () => (await market.seen.listings()).length,
    one: 1,
  }
}

const liveOffers = async (market: Market, name: string) =>
  (await market.seen.offers(name)).filter(({ state }) => state === 'live').map(({ last_day }) => last_day)

async function create(market: Market): Promise<Prepared> {
  const offers = facet(market, 'offers')
  const draft = market.drafts.offer((await listed(market)).product_id)
  return {
    send: () => offers.create(market.vendor, draft, 'offer-1'),
    check: (reference) => offers.check(market.vendor, reference),
    resolution: () => offers.resolution,
    effect: () => liveOffers(market, draft.name),
    one: [draft.expires_on],
    leftovers: async () => (await market.seen.offers(draft.name)).filter(({ state }) => state === 'draft'),
  }
}

async function expire(market: Market): Promise<Prepared> {
  const offers = facet(market, 'offers')
  const draft = market.drafts.offer((await listed(market)).product_id)
  const offer_id = await offered(market, draft)
  return {
    send: () => offers.expire(market.vendor, offer_id, '2026-09-25', 'expire-1'),
    check: (reference) => offers.check(market.vendor, reference),
    resolution: () => offers.resolution,
    effect: () => liveOffers(market, draft.name),
    one: ['2026-09-25'],
  }
}

async function authorize(market: Market): Promise<Prepared> {
  const syndication = facet(market, 'syndication')
  const draft = market.drafts.authorization((await listed(market)).product_id, await market.reseller())
  return {
    send: () => syndication.authorize(market.vendor, draft, 'authorize-1'),
    check: (reference) => syndication.check(market.vendor, reference),
    resolution: () => syndication.resolution,
    effect: async () => (await market.seen.authorizations()).length,
    one: 1,
  }
}

async function createOffer(market: Market): Promise<Prepared> {
  const syndication = facet(market, 'syndication')
  const { authorization_id } = await authorized(market)
  const seat = await market.reseller()
  const draft = market.drafts.resellerOffer(authorization_id)
  return {
    send: () => syndication.createOffer(seat, draft, 'resell-1'),
    check: (reference) => syndication.check(seat, reference),
    resolution: () => syndication.resolution,
    effect: () => liveOffers(market, market.expected.resold_offer_name),
    one: [draft.expires_on],
  }
}

async function restrict(market: Market): Promise<Prepared> {
  const syndication = facet(market, 'syndication')
  const { authorization_id } = await authorized(market, { single_use: false })
  return {
    send: () => syndication.restrict(market.vendor, authorization_id, 'restrict-1'),
    check: (reference) => syndication.check(market.vendor, reference),
    resolution: () => syndication.resolution,
    effect: () => market.seen.restricted(authorization_id),
    one: true,
  }
}

async function activate(market: Market): Promise<Prepared> {
  const { bought, record } = await accepted(market)
  const send = given(facet(market, 'agreements').activate, 'method activate')
  return {
    send: () => send(market.vendor, activationOf(record), 'activate-1'),
    check: never,
    resolution: identical,
    effect: async () => {
      await market.move({ by: 'PT1M' })
      return market.seen.active(bought.agreement_id)
    },
    one: true,
  }
}

async function answer(market: Market): Promise<Prepared> {
  const { bought, wish } = await market.deeds.wish(await market.deeds.product())
  const send = given(facet(market, 'agreements').answer, 'method answer')
  return {
    send: () => send(market.vendor, wish, true, 'answer-1'),
    check: never,
    resolution: identical,
    effect: async () => {
      await market.move({ by: 'PT1M' })
      return market.seen.plan(bought.agreement_id)
    },
    one: market.expected.wished_plan,
  }
}

/** A report is no change; it is over when every record was accepted. */
async function report(market: Market): Promise<Prepared> {
  const record = usageOf(market, await running(market))
  const metering = facet(market, 'metering')
  return {
    async send() {
      const { answers, evidence } = await metering.report(market.vendor, [record])
      const taken = answers.every(({ status }) => status === 'accepted')
      return taken
        ? { status: 'succeeded', target: {}, evidence }
        : { status: 'failed', problems: [{ code: 'refused', message: JSON.stringify(answers) }], evidence }
    },
    check: never,
    resolution: () => metering.rules.unknown_outcome,
    effect: async () =>
      (await market.seen.usage()).map(({ dimension, quantity }) => `${quantity} ${dimension}`),
    one: ['1000 calls'],
  }
}

export const mutations: readonly Call[] = [
  {
    name: 'listings.publish',
    title: 'Publishing a listing',
    needs: ['listings', 'listings.publish'],
    makes: true,
    prepare: publish,
  },
  { name: 'offers.create', title: 'Making an offer', needs: ['offers'], makes: true, prepare: create },
  { name: 'offers.expire', title: 'Moving a last day', needs: ['offers'], makes: false, prepare: expire },
  {
    name: 'syndication.authorize',
    title: 'Giving a permission',
    needs: ['syndication', 'syndication.authorize'],
    makes: true,
    prepare: authorize,
  },
  {
    name: 'syndication.createOffer',
    title: "Making the reseller's offer",
    needs: ['syndication', 'syndication.createOffer'],
    makes: true,
    prepare: createOffer,
  },
  {
    name: 'syndication.restrict',
    title: 'Taking back a permission',
    needs: ['syndication', 'syndication.restrict'],
    makes: false,
    prepare: restrict,
  },
  {
    name: 'agreements.activate',
    title: 'Activating an agreement',
    needs: ['agreements.activate', 'offers'],
    makes: true,
    prepare: activate,
  },
  {
    name: 'agreements.answer',
    title: "Answering a buyer's wish",
    needs: ['agreements.answer'],
    makes: false,
    prepare: answer,
  },
  {
    name: 'metering.report',
    title: 'Reporting usage',
    needs: ['metering', 'offers'],
    makes: true,
    prepare: report,
  },
]
