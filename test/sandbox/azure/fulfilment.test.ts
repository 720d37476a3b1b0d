import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../receiver.ts'
import type { Keys } from './accounts.ts'
import { discountOffer } from './documents.ts'
import { clientOf, type Market, offer, openMarket, publish, type Subscribed, subscribe } from './support.ts'

let market: Market
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
  market = await openMarket()
  await publish(market, { landing: `${receiver.url}/landing`, webhook: `${receiver.url}/webhook` })
})
afterAll(async () => {
  await market.server.stop()
  await receiver.stop()
})
beforeEach(() => {
  receiver.received.length = 0
  receiver.status = 200
})

const path = (bought: Subscribed) => `/saas/subscriptions/${bought.subscription_id}`
const silver = () => subscribe(market, { offer_id: 'ledger', plan_id: 'silver' })
const state = async (bought: Subscribed) => {
  const { body } = await market.vendor('fulfilment', 'GET', path(bought))
  return [body.saasSubscriptionStatus, body.planId, body.quantity]
}
type Payload = {
  id: string
  action: string
  status: string
  planId: string
  quantity?: number
  subscription: { planId: string; quantity?: number; saasSubscriptionStatus: string }
}
const _webhooks = () =>
  receiver.received.filter((item) => item.path === '/webhook').map((item) => JSON.parse(item.body) as Payload)

describe('buying', () => {
  test('leads to the landing page with a token that tells who bought', async () => {
    const bought = await market.as<Subscribed>('subscribe', {
      offer_id: 'ledger',
      plan_id: 'silver',
      post: true,
    })
    expect(bought.answer).toMatchObject({ status: 200, body: 'thanks' })
    const given = new URL(receiver.received[0]?.path ?? '', receiver.url).searchParams.get('token')
    expect(given).toBe(bought.token)
    const resolve = (token: string) =>
      market.vendor('fulfilment', 'POST', '/saas/subscriptions/resolve', undefined, {
        'x-ms-marketplace-token': token,
      })
    const resolved = await resolve(bought.token)
    expect(resolved.body).toMatchObject({
      id: bought.subscription_id,
      offerId: 'ledger',
      planId: 'silver',
      subscription: {
        publisherId: 'contosoledger',
        saasSubscriptionStatus: 'PendingFulfillmentStart',
        sandboxType: 'None',
        sessionMode: 'None',
        lastModified: '0001-01-01T00:00:00',
        term: { termUnit: 'P1M' },
      },
    })
    expect((await resolve(encodeURIComponent(bought.token))).status).toBe(400)
    await market.by('PT25H')
    expect((await resolve(bought.token)).body).toMatchObject({
      message: 'The marketplace token has expired.',
    })
  })

  test('another application is forbidden to see it', async () => {
    const bought = await silver()
    const keys = await market.control<Keys>('/azure/accounts', { name: 'Other', role: 'publisher' })
    const other = clientOf(market.server, keys)
    expect((await other('fulfilment', 'GET', path(bought))).status).toBe(403)
    expect(
      (await other<{ subscriptions: [] }>('fulfilment', 'GET', '/saas/subscriptions')).body.subscriptions,
    ).toEqual([])
    expect((await market.vendor('fulfilment', 'GET', '/saas/subscriptions/nothing')).status).toBe(404)
  })

  test('is activated with what was bought, and ends by itself when it is not', async () => {
    const bought = await market.as<Subscribed>('subscribe', {
      offer_id: 'ledger',
      plan_id: 'team',
      quantity: 5,
    })
    const activate = (body: object) => market.vendor('fulfilment', 'POST', `${path(bought)}/activate`, body)
    expect((await activate({ planId: 'silver' })).status).toBe(400)
    expect((await activate({ planId: 'team', quantity: 6 })).status).toBe(400)
    expect((await activate({ planId: 'team', quantity: 5 })).status).toBe(200)
    const { body } = await market.vendor<{ term: { startDate: string; endDate: string } }>(
      'fulfilment',
      'GET',
      path(bought),
    )
    expect(Date.parse(body.term.endDate) - Date.parse(body.term.startDate)).toBe(364 * 86_400_000)
    const left = await market.as<Subscribed>('subscribe', { offer_id: 'ledger', plan_id: 'silver' })
    await market.by('P31D')
    expect(await state(left)).toEqual(['Unsubscribed', 'silver', undefined])
    expect((await market.vendor('fulfilment', 'POST', `${path(left)}/activate`, {})).status).toBe(404)
  })
})

describe('plans', () => {
  test('are listed with what they include; a bought plan names its private offer', async () => {
    const listing = { product: '', plans: {} as Record<string, string> }
    const products = await market.vendor<{ value: { id: string }[] }>(
      'ingestion',
      'GET',
      '/product?externalId=ledger&$version=2022-07-01',
    )
    listing.product = products.body.value[0]?.id ?? ''
    const plans = await market.vendor<{ value: { id: string; identity: { externalId: string } }[] }>(
      'ingestion',
      'GET',
      `/plan?product=${listing.product}&$version=2022-07-01`,
    )
    for (const plan of plans.body.value) listing.plans[plan.identity.externalId] = plan.id
    const id = await offer(market, [discountOffer(listing)])
    await market.as('accept', { private_offer_id: id })
    const bought = await subscribe(market, { private_offer_id: id })
    const all = await market.vendor<{ plans: { planId: string }[] }>(
      'fulfilment',
      'GET',
      `${path(bought)}/listAvailablePlans`,
    )
    expect(all.body.plans.map((plan) => plan.planId)).toEqual(['silver', 'gold', 'team'])
    const one = await market.vendor<{ plans: object[] }>(
      'fulfilment',
      'GET',
      `${path(bought)}/listAvailablePlans?planId=silver`,
    )
    expect(one.body.plans).toMatchObject([
      {
        planId: 'silver',
        isPricePerSeat: false,
        sourceOffers: [{ externalId: id.split('/')[1] }],
        planComponents: {
          recurrentBillingTerms: [
            {
              price: 100,
              termUnit: 'P1M',
              meteredQuantityIncluded: [{ dimensionId: 'calls', units: '1000' }],
            },
          ],
          meteringDimensions: [{ id: 'calls', pricePerUnit: 0.05, unitOfMeasure: 'call' }],
        },
      },
    ])
  })
})
