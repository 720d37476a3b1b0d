import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Receiver, startReceiver } from '../receiver.ts'
import { type Market, marketplaceApp, openMarket, publish, type Subscribed, subscribe } from './support.ts'

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
const webhooks = () =>
  receiver.received.filter((item) => item.path === '/webhook').map((item) => JSON.parse(item.body) as Payload)

describe('changes by the customer', () => {
  test('are announced with the old plan under a token of the marketplace, and wait for an answer', async () => {
    const bought = await silver()
    const asked = await market.as<{ operation_id: string }>('change-plan', {
      subscription_id: bought.subscription_id,
      plan_id: 'gold',
    })
    await market.by('PT1S')
    const [payload] = webhooks()
    expect(payload).toMatchObject({
      id: asked.operation_id,
      action: 'ChangePlan',
      status: 'InProgress',
      planId: 'gold',
      subscription: { planId: 'silver' },
      purchaseToken: null,
    })
    const { tenant_id, client_id } = market.keys.vendor
    const token = String(receiver.received[0]?.headers.authorization).replace('Bearer ', '')
    const keys = createRemoteJWKSet(new URL(`${market.server.urls.azure.login}/${tenant_id}/discovery/keys`))
    const { payload: claims } = await jwtVerify(token, keys, { audience: client_id })
    expect(claims).toMatchObject({
      appid: marketplaceApp,
      tid: tenant_id,
      iss: `https://sts.windows.net/${tenant_id}/`,
    })
    const operation = `${path(bought)}/operations/${asked.operation_id}`
    const pending = await market.vendor<{ operations: object[] }>(
      'fulfilment',
      'GET',
      `${path(bought)}/operations`,
    )
    expect(pending.body.operations).toMatchObject([
      { id: asked.operation_id, operationRequestSource: 'Azure' },
    ])
    expect((await market.vendor('fulfilment', 'PATCH', operation, { status: 'Success' })).status).toBe(200)
    expect(await state(bought)).toEqual(['Subscribed', 'gold', undefined])
    expect((await market.vendor('fulfilment', 'GET', operation)).body).toMatchObject({ status: 'Succeeded' })
    expect((await market.vendor('fulfilment', 'PATCH', operation, { status: 'Failure' })).status).toBe(409)
    expect(
      (await market.vendor('fulfilment', 'PATCH', `${path(bought)}/operations/x`, { status: 'Success' }))
        .status,
    ).toBe(400)
  })

  test('can be refused by a PATCH or by an answer of 4xx; silence accepts', async () => {
    const seats = await subscribe(market, { offer_id: 'ledger', plan_id: 'team', quantity: 5 })
    const ask = (quantity: number) =>
      market.as<{ operation_id: string }>('change-quantity', {
        subscription_id: seats.subscription_id,
        quantity,
      })
    const first = await ask(7)
    await market.by('PT1S')
    await market.vendor('fulfilment', 'PATCH', `${path(seats)}/operations/${first.operation_id}`, {
      status: 'Failure',
    })
    await market.by('PT1M')
    expect(await state(seats)).toEqual(['Subscribed', 'team', 5])
    receiver.status = 400
    await ask(8)
    await market.by('PT1M')
    expect(await state(seats)).toEqual(['Subscribed', 'team', 5])
    receiver.status = 500
    await ask(9)
    await market.by('PT10S')
    expect((await state(seats))[2]).toBe(5)
    await market.by('PT1S')
    expect((await state(seats))[2]).toBe(9)
  })

  test('a suspension has thirty days; a reinstatement asks first', async () => {
    const bought = await silver()
    const of = { subscription_id: bought.subscription_id }
    await market.as('suspend', of)
    await market.by('PT2S')
    expect(webhooks()).toMatchObject([
      { action: 'Suspend', status: 'Succeeded', subscription: { saasSubscriptionStatus: 'Suspended' } },
    ])
    expect((await market.vendor('fulfilment', 'PATCH', path(bought), { planId: 'gold' })).status).toBe(400)
    await market.as('reinstate', of)
    await market.by('PT12S')
    expect(await state(bought)).toEqual(['Subscribed', 'silver', undefined])
    await market.as('suspend', of)
    await market.by('P30D')
    await market.by('PT2S')
    expect(await state(bought)).toEqual(['Unsubscribed', 'silver', undefined])
    expect(
      webhooks().filter((item) => item.subscription.saasSubscriptionStatus === 'Unsubscribed'),
    ).toHaveLength(1)
  })

  test('renews at the end of its term, and ends when cancelled', async () => {
    const bought = await silver()
    const { body } = await market.vendor<{ term: { endDate: string } }>('fulfilment', 'GET', path(bought))
    await market.to(new Date(Date.parse(body.term.endDate) + 86_400_000 + 1_000).toISOString())
    const renewed = webhooks().filter((item) => item.action === 'Renew')
    expect(renewed.length).toBeGreaterThan(0)
    const after = await market.vendor<{ term: { startDate: string } }>('fulfilment', 'GET', path(bought))
    expect(Date.parse(after.body.term.startDate)).toBe(Date.parse(body.term.endDate) + 86_400_000)
    await market.as('cancel', { subscription_id: bought.subscription_id })
    await market.by('PT1S')
    expect(webhooks().at(-1)).toMatchObject({ action: 'Unsubscribe', status: 'Succeeded' })
  })
})

describe('changes by the publisher', () => {
  test('are accepted, announced and done; their operation cannot be answered', async () => {
    const bought = await silver()
    const change = (body: object) => market.vendor('fulfilment', 'PATCH', path(bought), body)
    expect((await change({ planId: 'gold', quantity: 3 })).status).toBe(400)
    expect((await change({ planId: 'silver' })).status).toBe(400)
    expect((await change({ planId: 'none' })).status).toBe(400)
    const changed = await change({ planId: 'gold' })
    expect([changed.status, changed.headers.get('retry-after'), changed.body]).toEqual([202, '10', null])
    const operation = `${path(bought)}/operations/${changed.headers.get('operation-id')}`
    expect(changed.headers.get('operation-location')).toContain(operation)
    expect((await market.vendor('fulfilment', 'GET', operation)).body).toMatchObject({
      status: 'NotStarted',
      operationRequestSource: 'Partner',
    })
    expect((await change({ planId: 'gold' })).status).toBe(409)
    expect((await market.vendor('fulfilment', 'PATCH', operation, { status: 'Success' })).status).toBe(500)
    await market.by('PT2S')
    expect(webhooks()).toMatchObject([{ action: 'ChangePlan', status: 'InProgress' }])
    await market.by('PT10S')
    expect(await state(bought)).toEqual(['Subscribed', 'gold', undefined])
    expect((await market.vendor('fulfilment', 'DELETE', path(bought))).status).toBe(202)
    await market.by('PT5S')
    expect(await state(bought)).toEqual(['Unsubscribed', 'gold', undefined])
  })
})

describe('webhooks', () => {
  test('are tried again, sent twice or late by a plan, and once more by hand', async () => {
    const bought = await silver()
    receiver.status = 503
    await market.as('suspend', { subscription_id: bought.subscription_id })
    await market.by('PT45S')
    expect(webhooks()).toHaveLength(3)
    receiver.status = 200
    await market.by('PT2M')
    expect(webhooks()).toHaveLength(4)
    const list = await market.control<{ id: string; state: string; subscription_id: string }[]>(
      '/azure/webhooks?account_id=10000001',
    )
    const last = list.filter((item) => item.subscription_id === bought.subscription_id).at(-1)
    expect(last?.state).toBe('delivered')
    expect(await market.control(`/azure/webhooks/${last?.id}/deliver`, {})).toMatchObject({ status: 200 })
    await market.control('/faults', {
      cloud: 'azure',
      service: 'saas-fulfillment',
      operation: 'Webhook',
      fault: 'duplicate_event',
    })
    const before = webhooks().length
    await market.as('cancel', { subscription_id: bought.subscription_id })
    await market.by('PT1S')
    expect(webhooks().length - before).toBe(2)
  })
})
