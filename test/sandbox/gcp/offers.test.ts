import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  contractOffer,
  customer,
  date,
  type Market,
  offer,
  openMarket,
  parent,
  publishOffer,
  serviceName,
  usageOffer,
  usd,
} from './support.ts'

let market: Market
beforeEach(async () => {
  market = await openMarket()
})
afterEach(async () => {
  await market.server.stop()
})

type Violation = { field: string; description: string }

/** The fields a publication is refused for. */
async function refused(changes: Record<string, unknown>, document = true): Promise<string[]> {
  const [draft] = await market.producer.createPrivateOffer({ parent, privateOffer: offer(changes) })
  const name = draft.name ?? ''
  if (document) {
    const documentType = 'STANDARD_END_USER_LICENSE_AGREEMENT_V2' as const
    await market.producer.createPrivateOfferDocument({ parent: name, privateOfferDocument: { documentType } })
  }
  try {
    await market.producer.publishPrivateOffer({ name, validateOnly: true })
    return []
  } catch (error) {
    const details = (error as { statusDetails?: { fieldViolations?: Violation[] }[] }).statusDetails ?? []
    return details.flatMap((detail) => (detail.fieldViolations ?? []).map(({ field }) => field))
  }
}

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

describe('what a person set up in the portal', () => {
  test('is read through services, standard offers, SKUs and SKU groups', async () => {
    const { producer } = market
    expect((await producer.listServices({ parent }))[0]).toMatchObject([
      { name: serviceName, title: 'Ledger' },
    ])
    expect((await producer.getService({ name: serviceName }))[0].title).toBe('Ledger')
    const [offers] = await producer.listStandardOffers({
      parent: serviceName,
      filter: 'expire_time > "2026-11-01T00:00:00Z"',
    })
    expect(offers.map(({ name }) => name?.split('/').at(-1))).toEqual([
      'enterprise-P1M',
      'enterprise-P12M',
      'metered',
    ])
    const [full] = await producer.getStandardOffer({ name: contractOffer, view: 'STANDARD_OFFER_VIEW_FULL' })
    expect(full).toMatchObject({
      serviceLevel: 'enterprise',
      serviceLevelTitle: 'Enterprise',
      termDurationMonths: 12,
    })
    const [skus] = await producer.listSkus({ parent: serviceName })
    expect(skus.length).toBe(3)
    const [calls] = await producer.getSku({ name: skus[1]?.name ?? '' })
    const price = calls.skuPriceTimeline?.[0]?.managedServiceMetricUsageFee
    expect(price?.canonicalMetric).toMatch(/cloud\.goog\/Calls$/)
    expect(price?.tieredPrice?.priceTiers?.[0]?.price).toMatchObject({ units: '0', nanos: 2_500_000 })
    const [groups] = await producer.listSkuGroups({ parent })
    expect((await producer.getSkuGroup({ name: groups[0]?.name ?? '' }))[0].skus?.length).toBe(2)
  })
})

describe('a draft', () => {
  test('is created, changed by mask, listed, and deleted with its documents', async () => {
    const { producer } = market
    const privateOffer = offer({ internalNote: 'marker-1' })
    const [draft] = await producer.createPrivateOffer({ parent, privateOffer })
    const name = draft.name ?? ''
    expect(draft.state).toBe('DRAFT')
    const [changed] = await producer.updatePrivateOffer({
      privateOffer: { name, title: 'Better', singleProductOffer: { baseStandardOffer: usageOffer } },
      updateMask: { paths: ['title', 'single_product_offer.base_standard_offer'] },
    })
    expect(changed).toMatchObject({ title: 'Better', internalNote: 'marker-1' })
    expect(changed.singleProductOffer).toMatchObject({ baseStandardOffer: usageOffer })
    expect(changed.singleProductOffer?.customIntervalPrice?.installments?.length).toBe(2)
    const [listed] = await producer.listPrivateOffers({
      parent,
      filter: 'update_time > "2020-01-01T00:00:00Z"',
    })
    expect(listed.map((item) => item.internalNote)).toEqual(['marker-1'])
    const inlineContent = Buffer.from('%PDF-1.4 terms')
    const documentType = 'CUSTOM_END_USER_LICENSE_AGREEMENT' as const
    const privateOfferDocument = { documentType, mimeType: 'application/pdf', inlineContent }
    const [document] = await producer.createPrivateOfferDocument({ parent: name, privateOfferDocument })
    expect((await producer.listPrivateOfferDocuments({ parent: name }))[0].length).toBe(1)
    const [read] = await producer.getPrivateOfferDocument({ name: document.name ?? '' })
    expect(Buffer.from(read.inlineContent as Uint8Array).toString()).toBe('%PDF-1.4 terms')
    await expect(
      producer.createPrivateOfferDocument({ parent: name, privateOfferDocument }),
    ).rejects.toMatchObject({ code: 6 })
    await expect(producer.deletePrivateOffer({ name })).rejects.toMatchObject({ code: 9 })
    await producer.deletePrivateOffer({ name, force: true })
    await expect(producer.getPrivateOffer({ name })).rejects.toMatchObject({ code: 5 })
  })

  test('takes no field that the API does not know', async () => {
    const url = `${market.server.urls.gcp.producer}/v1beta/${parent}/privateOffers`
    const headers = await market.auth.getRequestHeaders()
    const send = (body: object) => fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const wrong = await send({ titel: 'x' })
    expect([wrong.status, ((await wrong.json()) as { error: { status: string } }).error.status]).toEqual([
      400,
      'INVALID_ARGUMENT',
    ])
    const snake = (await (await send({ offer_deal_type: 4, title: 'x' })).json()) as Record<string, string>
    expect(snake.offerDealType).toBe('NEW')
  })
})

describe('publishing', () => {
  test('validates without doing it, then does it, and the offer cannot be edited any more', async () => {
    const { producer } = market
    expect(await refused({})).toEqual([])
    const name = await publishOffer(market)
    await expect(
      producer.updatePrivateOffer({ privateOffer: { name, title: 'x' }, updateMask: { paths: ['title'] } }),
    ).rejects.toMatchObject({ code: 9 })
    const extend = (day: number) =>
      producer.updatePrivateOffer({
        privateOffer: { name, acceptDeadlineTime: date(2026, 12, day) },
        updateMask: { paths: ['accept_deadline_time'] },
      })
    expect((await extend(10))[0].acceptDeadlineTime?.day).toBe(10)
    await market.to('2026-12-10T07:59:00Z')
    expect((await producer.getPrivateOffer({ name }))[0].state).toBe('PUBLISHED')
    await market.to('2026-12-10T08:00:00Z')
    expect((await producer.getPrivateOffer({ name }))[0].state).toBe('EXPIRED')
  })

  test('waits for a review where the product is reviewed; a cancelled offer cannot be accepted', async () => {
    await market.control(`/gcp/listings/${serviceName.split('/').at(-1)}`, { review_minutes: 60 }, 'PATCH')
    const name = await publishOffer(market)
    expect((await market.producer.getPrivateOffer({ name }))[0].state).toBe('PUBLISHING')
    await market.by('PT1H')
    const [published] = await market.producer.getPrivateOffer({ name })
    expect(published.state).toBe('PUBLISHED')
    expect(published.publishRequirementGoogleReview?.reviewApproveTime).toBeTruthy()
    const [cancelled] = await market.producer.cancelPrivateOffer({ name, cancellationNote: 'wrong price' })
    expect([cancelled.state, cancelled.cancellationNote]).toEqual(['CANCELLED', 'wrong price'])
    await expect(market.control(`/gcp/buyers/${customer}/accept`, { offer: name })).rejects.toThrow(/409/)
  })

  test.each([
    ['no document', {}, ['documents'], false],
    ['no title or deal type', { title: '', offerDealType: 0 }, ['title', 'offer_deal_type']],
    [
      'an unknown billing account',
      { customer: { ...offer().customer, targetBillingAccount: 'billingAccounts/000000-000000-000000' } },
      ['customer.target_billing_account'],
    ],
    [
      "a reseller's parent account",
      { customer: { ...offer().customer, targetBillingAccount: 'billingAccounts/0DDDDD-0EEEEE-0FFFFF' } },
      ['customer.target_billing_account'],
    ],
    ['a deadline in the past', { acceptDeadlineTime: date(2026, 10, 1) }, ['accept_deadline_time']],
    ['a deadline too far away', { acceptDeadlineTime: date(2027, 2, 10) }, ['accept_deadline_time']],
    [
      'a deadline within a day',
      { acceptDeadlineTime: { ...date(2026, 12, 1), hours: 5 } },
      ['accept_deadline_time'],
    ],
    ['no term', { term: {} }, ['term.start_policy', 'term.end_policy']],
    ['a co-term', term({ endPolicy: 'MATCH_AMENDED_OFFER' }), ['term.end_policy']],
    [
      'more than seven years',
      { ...term({ maxRenewalCount: 7 }), ...product(standard('MONTHLY_PRORATED', fee('1'))) },
      ['term.duration_months'],
    ],
    ['an old interval', product(standard('MONTHLY_POSTPAY', fee('1'))), ['standard_interval']],
    [
      'fractions of a cent',
      product(
        standard('MONTHLY_PRORATED', {
          flatFee: { flatFeeOverride: usd('1', 1_000_000) },
        }),
      ),
      ['flat_fee_override'],
    ],
    [
      'a bad percentage',
      product(standard('MONTHLY_PRORATED', fee('1', { usage: { defaultDiscountPercent: { value: '.3' } } }))),
      ['default_discount_percent'],
    ],
    [
      'a flat fee without a subscription',
      product({
        baseStandardOffer: usageOffer,
        ...standard('MONTHLY_PRORATED', fee('1')),
      }),
      ['price_model.flat_fee'],
    ],
    [
      'no fee for a subscription',
      product(standard('STANDARD_INTERVAL_UNSPECIFIED', { usage: {} })),
      ['price_model'],
    ],
    [
      'instalments out of order',
      product({
        customIntervalPrice: {
          installments: [
            { priceModel: fee('1') },
            { startTime: date(2027, 3, 1), priceModel: fee('1') },
            { startTime: date(2027, 2, 1), priceModel: fee('1') },
          ],
        },
      }),
      ['installments[2].start_time'],
    ],
    [
      'an instalment after the term',
      product({
        customIntervalPrice: {
          installments: [{ priceModel: fee('1') }, { startTime: date(2028, 3, 1), priceModel: fee('1') }],
        },
      }),
      ['installments[1].start_time'],
    ],
  ] as [string, Record<string, unknown>, string[], boolean?][])(
    'refuses %s',
    async (_name, changes, fields, document) => {
      const found = await refused(changes, document ?? true)
      expect(found.length).toBe(fields.length)
      fields.forEach((field, index) => {
        expect(found[index]).toContain(field)
      })
    },
  )
})
