import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contractOffer, date, type Market, offer, openMarket, publishOffer, resold, usd } from './support.ts'

let market: Market
beforeEach(async () => {
  market = await openMarket()
})
afterEach(async () => {
  await market.server.stop()
})

const product = (more: Record<string, unknown>) => ({
  singleProductOffer: { baseStandardOffer: contractOffer, ...more },
})
const fee = (units: string, more = {}) => ({ flatFee: { flatFeeOverride: usd(units) }, ...more })
const standard = (standardInterval: string, priceModel: object) => ({
  standardIntervalPrice: { standardInterval, priceModel },
})
const term = (more: Record<string, unknown>) => ({
  term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12, ...more },
})

describe('prices', () => {
  async function timelineOf(changes: Record<string, unknown>) {
    const name = await publishOffer(market, changes)
    const [found] = await market.producer.getPrivateOffer({ name, view: 2 })
    return (found.singleProductOffer?.effectiveInstallmentTimeline ?? []).map(({ startTime, priceModel }) => {
      const { units, nanos } = priceModel?.flatFee?.flatFeeOverride ?? {}
      return `${startTime?.month}/${startTime?.day} ${units}.${String(Number(nanos) / 10_000_000).padStart(2, '0')}`
    })
  }
  const scheduled = term({
    startPolicy: 'SCHEDULED_START_TIME',
    scheduledStartTime: date(2027, 4, 15),
    durationMonths: 3,
  })

  test('months in calendar are charged by their days, others run from day to day', async () => {
    const prorated = product(standard('MONTHLY_PRORATED', fee('300')))
    expect(await timelineOf({ ...scheduled, ...prorated })).toEqual([
      '4/15 160.00',
      '5/1 300.00',
      '6/1 300.00',
      '7/1 135.48',
    ])
    const plain = product(standard('MONTHLY_NOT_PRORATED', fee('300')))
    const months = ['4/15 300.00', '5/15 300.00', '6/15 300.00']
    expect(await timelineOf({ ...scheduled, ...plain })).toEqual(months)
  })

  test("the vendor's share follows deal type and contract value", async () => {
    const share = async (changes: Record<string, unknown>) => {
      const name = await publishOffer(market, changes)
      const [found] = await market.producer.getPrivateOffer({ name, view: 2 })
      const { contractValue, revenueShare } = found.singleProductOffer ?? {}
      const value = contractValue?.totalContractValue?.units
      return [value, revenueShare?.currentTermVendorNetRevenuePercent?.value]
    }
    const yearly = (units: string) => product(standard('YEARLY_NOT_PRORATED', fee(units)))
    expect(await share(yearly('999999'))).toEqual(['999999', '97'])
    expect(await share(yearly('1000000'))).toEqual(['1000000', '98'])
    expect(await share(yearly('10000000'))).toEqual(['10000000', '98.5'])
    expect(await share({ offerDealType: 'MIGRATION', ...yearly('5') })).toEqual(['5', '98.5'])
  })
})

describe('a reseller', () => {
  const plan = {
    account_id: 'vendor-inc',
    reseller: 'reseller-llc',
    standard_offer: contractOffer,
    billing_account: resold,
    ends_at: '2026-12-31T00:00:00Z',
    discount_percent: '12.5',
  }
  const target = { ...offer().customer, targetBillingAccount: `billingAccounts/${resold}` }

  test('makes an offer from an accepted plan, which the vendor reads and cannot change', async () => {
    const { id } = await market.control<{ id: string }>('/gcp/reseller-plans', plan)
    const make = () =>
      market.control<{ name: string }>('/gcp/resellers/reseller-llc/offers', {
        plan_id: id,
        offer: offer({ customer: target }),
      })
    await expect(make()).rejects.toThrow(/PENDING_ACCEPTANCE/)
    await market.control(`/gcp/reseller-plans/${id}/accept`, {})
    const { name } = await make()
    const [seen] = await market.producer.getPrivateOffer({ name, view: 2 })
    expect(seen.singleProductOffer?.resellerPrivateOfferPlanId).toBe(id)
    expect(seen.resellerContact?.email).toBe('sales@reseller.example')
    const [basic] = await market.producer.getPrivateOffer({ name })
    expect(basic.singleProductOffer?.resellerPrivateOfferPlanId).toBe('')
    await expect(market.producer.cancelPrivateOffer({ name })).rejects.toMatchObject({ code: 7 })
    const plans = await market.control<{ status: string }[]>('/gcp/reseller-plans')
    expect(plans[0]?.status).toBe('USED')
    await expect(make()).rejects.toThrow(/USED/)
  })
})
