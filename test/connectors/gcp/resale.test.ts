import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decimal } from '../../../src/core/decimal.ts'
import { type Market, openMarket, reseller, resold } from './market.ts'
import { authorization, customer, parent, privateOffer, service, standingClock } from './support.ts'

/** What a reseller sells, what a buyer changes, and the steps that are a person's, against the sandbox. */

const business = standingClock('2026-11-01T08:00:00Z')
let market: Market

beforeAll(async () => {
  market = await openMarket(business)
})
afterAll(() => market.server.stop())

const vendor = () => market.vendor
const facets = () => market.facets()

type Bought = { entitlement_id: string; account: string }

/** An order of a public plan, activated. */
async function buy(plan: string): Promise<Bought> {
  const bought = await market.control<Bought>(`/gcp/buyers/${customer}/accept`, {
    service_name: service,
    plan,
  })
  const { entitlement_id } = bought
  const activation = { agreement_id: entitlement_id, buyer_account_id: bought.account, plan, quantity: null }
  const change = await facets().agreements.activate?.(vendor(), activation, 'k')
  expect(change?.status).toBe('succeeded')
  await market.move({ by: 'PT1M' })
  return bought
}

describe("steps that are a person's", () => {
  test("opening a product to a reseller, closing it, and the reseller's offer", async () => {
    const { syndication } = facets()
    const opened = await syndication.authorize(vendor(), authorization, 'k')
    const closed = await syndication.restrict(vendor(), 'plan-1', 'k')
    const offered = await syndication.createOffer(
      vendor(),
      {
        authorization_id: 'plan-1',
        name: 'Ledger',
        description: '',
        buyer_account_ids: [resold],
        markup_percent: decimal('12.5'),
        expires_on: '2026-12-01',
        marker: 'offer_2',
      },
      'k',
    )
    for (const change of [opened, closed, offered, await syndication.check(vendor(), 'plan-1')]) {
      if (change.status !== 'human') throw new Error(JSON.stringify(change))
      expect(change.task.steps.length).toBeGreaterThan(0)
      expect(change.task.evidence).not.toBe('')
    }
    expect(JSON.stringify(opened)).toContain(authorization.reseller_account_id)
    expect(JSON.stringify(offered)).toContain('12.5 per cent')
  })
})

describe("a reseller's offer", () => {
  test("is seen with its plan, and its order is the manufacturer's", async () => {
    const { syndication, agreements, offers } = facets()
    const before = await syndication.pullShared(vendor(), null)
    expect(before.items).toEqual([])
    const base = `${parent}/services/${service}/standardOffers/enterprise-P12M`
    const plan = await market.control<{ id: string }>('/gcp/reseller-plans', {
      account_id: vendor().account_id,
      reseller,
      standard_offer: base,
      use: 'multiple',
      ends_at: '2027-06-01T07:00:00Z',
      discount_percent: '10',
    })
    await market.control(`/gcp/reseller-plans/${plan.id}/accept`, {})
    const day = (year: number, month: number, date: number) => ({
      year,
      month,
      day: date,
      timeZone: { id: 'America/Los_Angeles' },
    })
    const offer = await market.control<{ name: string }>(`/gcp/resellers/${reseller}/offers`, {
      plan_id: plan.id,
      offer: {
        title: 'Resold Ledger',
        offerDealType: 'NEW',
        partnerContact: { contact: 'Rosa', email: 'rosa@reseller.example' },
        customer: {
          entityTitle: 'Resold GmbH',
          contact: 'Rita',
          targetBillingAccount: `billingAccounts/${resold}`,
        },
        acceptDeadlineTime: day(2026, 12, 1),
        term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12 },
        singleProductOffer: {
          baseStandardOffer: base,
          customIntervalPrice: {
            installments: [
              { priceModel: { flatFee: { flatFeeOverride: { currencyCode: 'USD', units: '9000' } } } },
            ],
          },
        },
      },
    })
    const offer_id = offer.name.split('/').at(-1) ?? ''
    expect(await offers.read(vendor(), offer_id)).toMatchObject({ state: 'live', authorization_id: plan.id })
    // What another party made cannot be changed, and Google's words come through as a fault.
    await expect(offers.expire(vendor(), offer_id, '2026-12-15', 'k')).rejects.toMatchObject({
      code: 'forbidden',
    })
    const shared = await syndication.pullShared(vendor(), before.next)
    expect(shared.items).toMatchObject([{ authorization_id: plan.id, product_id: service, state: 'active' }])

    const bought = await market.control<Bought>(`/gcp/buyers/${resold}/accept`, { offer: offer.name })
    const record = await agreements.read(vendor(), bought.entitlement_id)
    expect(record).toMatchObject({
      role: 'manufacturer',
      authorization_id: plan.id,
      offer_id,
      state: 'pending',
    })
  })
})

describe('a buyer who changes the plan', () => {
  test('is answered with yes once, and with no', async () => {
    const { agreements } = facets()
    const bought = await buy('enterprise')
    const wish = {
      agreement_id: bought.entitlement_id,
      wish_id: 'w',
      action: 'plan' as const,
      plan: 'business',
      quantity: null,
    }
    const ask = () =>
      market.control(`/gcp/buyers/${customer}/change-plan`, {
        entitlement_id: bought.entitlement_id,
        plan: 'business',
        months: 1,
      })
    await ask()
    const waiting = await agreements.read(vendor(), bought.entitlement_id)
    expect(waiting).toMatchObject({
      state: 'active',
      cloud_state: 'ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL',
    })
    const planned = JSON.parse(JSON.stringify(waiting.evidence)) as {
      received: { entitlement: { newPendingPlan: string } }
    }
    const plan = planned.received.entitlement.newPendingPlan
    expect(await agreements.answer?.(vendor(), { ...wish, plan: 'another' }, true, 'k')).toMatchObject({
      problems: [{ code: 'ANOTHER_WISH' }],
    })
    expect((await agreements.answer?.(vendor(), { ...wish, plan }, false, 'k'))?.status).toBe('succeeded')
    expect((await agreements.answer?.(vendor(), { ...wish, plan }, false, 'k'))?.status).toBe('succeeded')
    expect(await agreements.answer?.(vendor(), { ...wish, plan }, true, 'k')).toMatchObject({
      problems: [{ code: 'WISH_GONE' }],
    })
    await ask()
    await market.control('/faults', {
      fault: 'drop_answer',
      service: 'cloudcommerceprocurement',
      operation: 'entitlements.approvePlanChange',
    })
    await expect(agreements.answer?.(vendor(), { ...wish, plan }, true, 'k')).rejects.toMatchObject({
      code: 'connection_lost',
    })
    expect((await agreements.answer?.(vendor(), { ...wish, plan }, true, 'k'))?.status).toBe('succeeded')
  })

  test('with a running order is offered an amendment of it', async () => {
    const { offers } = facets()
    const change = await offers.create(vendor(), { ...privateOffer, usage_prices: {} }, 'op_amend')
    if (change.status !== 'accepted') throw new Error(JSON.stringify(change))
    const made =
      await market.control<{ singleProductOffer: { amendedStandardOffer?: string } }[]>(
        '/gcp/accepted?kind=offers',
      )
    expect(made.some((offer) => offer.singleProductOffer.amendedStandardOffer !== undefined)).toBe(true)
    await market.move({ by: 'PT1M' })
    expect((await offers.check(vendor(), change.reference)).status).toBe('accepted')
  })
})

describe('an order that ended before it was activated', () => {
  test('is told and not activated', async () => {
    const { agreements } = facets()
    const other = '0EEEEE-0FFFFF-0ABCDE'
    await market.control('/gcp/accounts', { role: 'customer', account_id: other, name: 'Other Corp' })
    const bought = await market.control<Bought>(`/gcp/buyers/${other}/accept`, {
      service_name: service,
      plan: 'metered',
    })
    await market.control(`/gcp/buyers/${other}/cancel`, {
      entitlement_id: bought.entitlement_id,
      immediately: true,
    })
    const activation = {
      agreement_id: bought.entitlement_id,
      buyer_account_id: bought.account,
      plan: null,
      quantity: null,
    }
    expect(await agreements.activate?.(vendor(), activation, 'k')).toMatchObject({
      status: 'failed',
      problems: [{ code: 'CANCELLED' }],
    })
  })
})
