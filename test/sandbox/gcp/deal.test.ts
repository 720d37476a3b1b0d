import { afterEach, expect, test } from 'vitest'
import {
  accept,
  approve,
  buy,
  contractOffer,
  customer,
  date,
  entitlementOf,
  type Market,
  openMarket,
  parent,
  provider,
  publishOffer,
  usd,
} from './support.ts'

let market: Market
afterEach(async () => {
  await market.server.stop()
})

const standard = (months: number, more: Record<string, unknown> = {}) => ({
  standardIntervalPrice: {
    standardInterval: 'MONTHLY_NOT_PRORATED',
    priceModel: { flatFee: { flatFeeOverride: usd('100') }, usage: {} },
  },
  baseStandardOffer: contractOffer,
  months,
  ...more,
})

const monthly = (changes: Record<string, unknown> = {}) => {
  const { months: _months, ...singleProductOffer } = standard(12, changes)
  return { singleProductOffer }
}

async function states(id: string) {
  const found = await entitlementOf(market, id)
  return [found.state, found.offer?.split('/').at(-1), found.newPendingOffer?.split('/').at(-1)]
}

function action(name: string, entitlement: string, requestBody: object) {
  const { entitlements } = market.procurement.providers
  const target = { name: `providers/${provider}/entitlements/${entitlement}`, requestBody }
  return name === 'approvePlanChange'
    ? entitlements.approvePlanChange(target)
    : entitlements.rejectPlanChange(target)
}

test('an offer is accepted, approved and active, and its end is the end of the order', async () => {
  market = await openMarket()
  const name = await publishOffer(market)
  const accepted = await accept(market, name)
  expect(accepted.entitlement).toMatchObject({
    state: 'ENTITLEMENT_ACTIVATION_REQUESTED',
    offerDuration: 'P1Y',
    plan: 'enterprise',
  })
  expect(accepted.entitlement.offerEndTime).toBeUndefined()
  const active = await approve(market, accepted)
  expect(active).toMatchObject({
    state: 'ENTITLEMENT_ACTIVE',
    offerEndTime: '2027-11-01T07:00:00.000Z',
    orderId: accepted.entitlement_id,
    usageReportingId: expect.stringMatching(/^project_number:\d{12}$/),
    offer: expect.stringMatching(/^projects\/\d{12}\/services\/.+\/privateOffers\//),
  })
  expect(active.offer?.split('/').at(-1)).toBe(name.split('/').at(-1))
  const [running] = await market.producer.getPrivateOffer({ name, view: 2 })
  expect([running.state, running.term?.effectiveTermEndTime?.year]).toEqual(['ACCEPTED', 2027])
  await market.to('2027-11-02T00:00:00Z')
  const ended = await entitlementOf(market, accepted.entitlement_id)
  expect([ended.state, ended.cancellationReason]).toEqual(['ENTITLEMENT_CANCELLED', 'expired'])
  expect((await market.producer.getPrivateOffer({ name }))[0].state).toBe('ENDED')
})

test('an order waits for its account, and a rejected account may be approved later', async () => {
  market = await openMarket()
  const { entitlement_id, account } = await accept(market, await publishOffer(market))
  const { accounts, entitlements } = market.procurement.providers
  const target = { name: `providers/${provider}/entitlements/${entitlement_id}`, requestBody: {} }
  await expect(entitlements.approve(target)).rejects.toMatchObject({
    status: 400,
    message: /must be approved/,
  })
  const name = `providers/${provider}/accounts/${account}`
  await accounts.reject({ name, requestBody: { approvalName: 'signup', reason: 'r'.repeat(300) } })
  const rejected = (await accounts.get({ name })).data.approvals?.[0]
  expect([rejected?.state, rejected?.reason?.length]).toEqual(['REJECTED', 256])
  await accounts.approve({ name, requestBody: {} })
  await entitlements.approve(target)
  await expect(entitlements.approve(target)).rejects.toMatchObject({ status: 400 })
  expect((await states(entitlement_id))[0]).toBe('ENTITLEMENT_ACTIVE')
})

test('a message to the user lives as long as the state that it was written in', async () => {
  market = await openMarket()
  const accepted = await accept(market, await publishOffer(market))
  const name = `providers/${provider}/entitlements/${accepted.entitlement_id}`
  const { entitlements } = market.procurement.providers
  const patch = { name, updateMask: 'messageToUser', requestBody: { messageToUser: 'Soon' } }
  expect((await entitlements.patch(patch)).data.messageToUser).toBe('Soon')
  await expect(entitlements.patch({ ...patch, updateMask: 'plan' })).rejects.toMatchObject({ status: 400 })
  expect((await approve(market, accepted)).messageToUser).toBeUndefined()
  await expect(entitlements.patch(patch)).rejects.toMatchObject({ status: 400 })
})

test('with automatic approval an offer starts on its scheduled day once the account is approved', async () => {
  market = await openMarket({}, { automatic_offer_approval: true })
  const term = {
    startPolicy: 'SCHEDULED_START_TIME',
    scheduledStartTime: date(2026, 12, 15),
    endPolicy: 'AFTER_DURATION',
    durationMonths: 12,
  }
  const { account, entitlement_id } = await accept(market, await publishOffer(market, { term, ...monthly() }))
  const name = `providers/${provider}/accounts/${account}`
  await market.procurement.providers.accounts.approve({ name, requestBody: {} })
  expect(await entitlementOf(market, entitlement_id)).toMatchObject({
    state: 'ENTITLEMENT_ACTIVATION_REQUESTED',
    newOfferStartTime: '2026-12-15T08:00:00.000Z',
    offerEndTime: '2027-12-15T08:00:00.000Z',
  })
  await market.to('2026-12-15T08:00:00Z')
  expect((await states(entitlement_id))[0]).toBe('ENTITLEMENT_ACTIVE')
  const events = await market.control<{ event_type: string }[]>('/gcp/events')
  expect(events.map((event) => event.event_type)).toEqual([
    'ENTITLEMENT_OFFER_ACCEPTED',
    'ACCOUNT_ACTIVE',
    'ENTITLEMENT_ACTIVE',
  ])
})

test('an amendment takes over the order after approval, or is turned down', async () => {
  market = await openMarket()
  const first = await publishOffer(market, monthly())
  const accepted = await accept(market, first)
  const { entitlement_id } = await approve(market, accepted).then(() => accepted)
  const [target] = await market.producer.resolveAmendmentTarget({
    parent,
    targetBillingAccount: `billingAccounts/${customer}`,
    baseStandardOffer: contractOffer,
  })
  expect(target.requiredPrivateOffer).toBe(first)
  await expect(publishOffer(market, monthly())).rejects.toThrow(/amended_private_offer/)
  const second = await publishOffer(market, monthly({ amendedPrivateOffer: first }))
  await accept(market, second)
  const [one, two] = [first, second].map((name) => name.split('/').at(-1))
  expect(await states(entitlement_id)).toEqual(['ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL', one, two])
  await expect(action('approvePlanChange', entitlement_id, {})).rejects.toMatchObject({ status: 400 })
  await action('rejectPlanChange', entitlement_id, { pendingPlanName: 'enterprise', reason: 'no' })
  expect(await states(entitlement_id)).toEqual(['ENTITLEMENT_ACTIVE', one, undefined])
  const third = await publishOffer(market, monthly({ amendedPrivateOffer: first }))
  await accept(market, third)
  await action('approvePlanChange', entitlement_id, { pendingPlanName: 'enterprise' })
  expect(await states(entitlement_id)).toEqual(['ENTITLEMENT_ACTIVE', third.split('/').at(-1), undefined])
  expect((await market.producer.getPrivateOffer({ name: first }))[0].state).toBe('ENDED')
})

test('a renewing offer renews as often as it may, a kept one is not cancelled', async () => {
  market = await openMarket()
  const term = {
    startPolicy: 'IMMEDIATE',
    endPolicy: 'AFTER_DURATION',
    durationMonths: 1,
    maxRenewalCount: 1,
  }
  const accepted = await accept(market, await publishOffer(market, { term, ...monthly() }))
  await approve(market, accepted)
  const order = { entitlement_id: accepted.entitlement_id }
  await market.control(`/gcp/buyers/${customer}/cancel`, order)
  expect((await states(order.entitlement_id))[0]).toBe('ENTITLEMENT_PENDING_CANCELLATION')
  await market.control(`/gcp/buyers/${customer}/keep`, order)
  await market.to('2026-12-02T00:00:00Z')
  const renewed = await entitlementOf(market, order.entitlement_id)
  expect([renewed.state, renewed.offerEndTime]).toEqual(['ENTITLEMENT_ACTIVE', '2027-01-01T08:00:00.000Z'])
  await market.to('2027-01-02T00:00:00Z')
  expect((await states(order.entitlement_id))[0]).toBe('ENTITLEMENT_CANCELLED')
})

test('entitlements are found by the filter language', async () => {
  market = await openMarket()
  const accepted = await buy(market, 'metered')
  await approve(market, accepted)
  const find = async (filter: string) => {
    const list = market.procurement.providers.entitlements
    return ((await list.list({ parent: `providers/${provider}`, filter })).data.entitlements ?? []).length
  }
  expect(await find('state=active')).toBe(1)
  expect(await find(`account="${accepted.account}" state=ENTITLEMENT_ACTIVE plan!=enterprise`)).toBe(1)
  expect(await find(`customer_billing_account="billingAccounts/${customer}" AND NOT plan=metered`)).toBe(0)
  expect(await find('(plan=other OR plan=metered) AND state!=cancelled')).toBe(1)
  expect(
    await find(
      `consumers.project:"${(await entitlementOf(market, accepted.entitlement_id)).consumers?.[0]?.project}"`,
    ),
  ).toBe(1)
  for (const filter of ['colour=red', 'plan=', '(plan=a', 'offer=projects/1', 'plan:a']) {
    await expect(find(filter)).rejects.toMatchObject({ status: 400 })
  }
})

test('usage orders end at once, and a reset account takes its orders along', async () => {
  market = await openMarket({}, { multiple_orders: true })
  const one = await buy(market, 'metered')
  await approve(market, one)
  await market.control(`/gcp/buyers/${customer}/cancel`, { entitlement_id: one.entitlement_id })
  const ended = await entitlementOf(market, one.entitlement_id)
  expect([ended.state, ended.cancellationReason]).toEqual(['ENTITLEMENT_CANCELLED', 'user-cancelled'])
  const two = await buy(market, 'metered')
  const name = `providers/${provider}/accounts/${one.account}`
  await market.procurement.providers.accounts.reset({ name, requestBody: {} })
  expect((await entitlementOf(market, two.entitlement_id)).cancellationReason).toBe('account-closed')
  await expect(market.procurement.providers.accounts.get({ name })).rejects.toMatchObject({ status: 404 })
})
