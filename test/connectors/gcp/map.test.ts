import { describe, expect, test } from 'vitest'
import type { OfferDraft } from '../../../connectors/connector.ts'
import { fromGcpEntitlement, fromGcpState } from '../../../connectors/gcp/agreements/map-agreements.ts'
import { fromGcpSku } from '../../../connectors/gcp/listings.ts'
import { draftProblems, fromGcpOffer, fromGcpOfferState, toGcpOffer } from '../../../connectors/gcp/map.ts'
import { uuidOf } from '../../../connectors/gcp/metering/uuid.ts'
import { dimensionOf } from '../../../connectors/gcp/selling/catalog.ts'
import { choosePlan } from '../../../connectors/gcp/selling/offer-ground.ts'
import { optionShapes, readOptions } from '../../../connectors/gcp/selling/options.ts'
import { discountsFor } from '../../../connectors/gcp/selling/usage-discounts.ts'
import {
  dayAfter,
  dayBefore,
  fromDateTime,
  pacificDate,
  startOfPacificDate,
  toDateTime,
} from '../../../connectors/gcp/wire/dates.ts'
import { fromGoogleMoney, toGoogleMoney } from '../../../connectors/gcp/wire/money.ts'
import { replyShapes, type Sku } from '../../../connectors/gcp/wire/producer-replies.ts'
import { decimal, formatDecimal } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import { parent, privateOffer, provider, service } from './support.ts'

const now = new Date('2026-11-10T12:00:00Z')
const base = { name: `${parent}/services/${service}/standardOffers/o`, serviceLevel: 'enterprise' }

function read(draft: OfferDraft) {
  const options = readOptions(optionShapes.offer, draft.options)
  if (!options.ok) throw new Error(JSON.stringify(options.problems))
  return options.options
}
const made = (draft: OfferDraft, more: object = {}) =>
  toGcpOffer(draft, read(draft), {
    base,
    discounts: [],
    amends: null,
    partner_contact: null,
    note: 'syndic offer_1 abc',
    ...more,
  })

describe('days in Los Angeles', () => {
  test.each([
    ['2026-07-01', '2026-07-01T07:00:00.000Z'],
    ['2026-12-01', '2026-12-01T08:00:00.000Z'],
    ['2026-03-08', '2026-03-08T08:00:00.000Z'],
    ['2026-03-09', '2026-03-09T07:00:00.000Z'],
    ['2026-11-01', '2026-11-01T07:00:00.000Z'],
    ['2026-11-02', '2026-11-02T08:00:00.000Z'],
  ])('%s begins at %s', (date, instant) => {
    expect(startOfPacificDate(date).toISOString()).toBe(instant)
    expect(pacificDate(new Date(instant))).toBe(date)
    expect(pacificDate(new Date(Date.parse(instant) - 1))).toBe(dayBefore(date))
  })

  test('go to Google and back', () => {
    expect(toDateTime('2026-12-01')).toEqual({
      year: 2026,
      month: 12,
      day: 1,
      timeZone: { id: 'America/Los_Angeles' },
    })
    expect(fromDateTime(toDateTime('2026-02-09'))).toBe('2026-02-09')
    expect(fromDateTime({})).toBeNull()
    expect(dayAfter('2028-02-28')).toBe('2028-02-29')
    expect(dayAfter('2026-12-31')).toBe('2027-01-01')
  })
})

describe('money', () => {
  test.each([
    [0n, { currencyCode: 'USD', units: '0' }],
    [1n, { currencyCode: 'USD', units: '0', nanos: 10_000_000 }],
    [60_000_50n, { currencyCode: 'USD', units: '60000', nanos: 500_000_000 }],
    [123_456_789_012_34n, { currencyCode: 'USD', units: '123456789012', nanos: 340_000_000 }],
  ])('%s cents and back', (cents, google) => {
    expect(toGoogleMoney(money('USD', cents))).toEqual(google)
    const back = fromGoogleMoney(google)
    expect(back && formatDecimal(back)).toBe(
      formatDecimal(decimal(`${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`)),
    )
  })

  test('is nothing where it is none', () => {
    expect(fromGoogleMoney(null)).toBeUndefined()
    expect(fromGoogleMoney({ units: 'many' })).toBeUndefined()
    expect(fromGoogleMoney({ nanos: 0.5 })).toBeUndefined()
  })
})

describe('an offer for Google', () => {
  test('says everything of the draft', () => {
    expect(made(privateOffer)).toEqual({
      title: 'Ledger for Buyer Corp',
      offerDealType: 'NEW',
      internalNote: 'syndic offer_1 abc',
      partnerContact: { contact: 'Vera Vendor', email: 'vera@vendor.example.com' },
      customer: {
        targetBillingAccount: 'billingAccounts/012345-567890-ABCDEF',
        entityTitle: 'Buyer Corp',
        contact: 'Bea Buyer',
        email: 'bea@buyer.example',
      },
      // The last day counts whole, so the deadline is the start of the next one.
      acceptDeadlineTime: { year: 2026, month: 12, day: 1, timeZone: { id: 'America/Los_Angeles' } },
      term: { startPolicy: 'IMMEDIATE', endPolicy: 'AFTER_DURATION', durationMonths: 12 },
      singleProductOffer: {
        baseStandardOffer: base.name,
        customIntervalPrice: {
          installments: [
            { priceModel: { flatFee: { flatFeeOverride: { currencyCode: 'USD', units: '60000' } } } },
            {
              startTime: { year: 2027, month: 5, day: 20, timeZone: { id: 'America/Los_Angeles' } },
              priceModel: {
                flatFee: { flatFeeOverride: { currencyCode: 'USD', units: '60000', nanos: 500_000_000 } },
              },
            },
          ],
        },
        features: [{ displayName: 'seats', value: '100' }],
      },
    })
  })

  test('with a fixed start has its first instalment then', () => {
    const offer = made({
      ...privateOffer,
      options: { starts_on: '2026-12-10', renewals: 2 },
      instalments: [{ due_on: '2026-12-10', amount: money('USD', 1n) }],
    })
    expect(offer.term).toMatchObject({
      startPolicy: 'SCHEDULED_START_TIME',
      scheduledStartTime: { day: 10 },
      maxRenewalCount: 2,
    })
    expect(offer.singleProductOffer.customIntervalPrice?.installments[0]?.startTime).toMatchObject({
      month: 12,
      day: 10,
    })
  })

  test('for usage only has no interval, and carries the discounts', () => {
    const discounts = [{ sku: 's', discountPercent: { value: '20' } }]
    const offer = made({ ...privateOffer, instalments: [], grants: [] }, { discounts })
    expect(offer.singleProductOffer).toEqual({
      baseStandardOffer: base.name,
      standardIntervalPrice: { priceModel: { usage: { skuDiscounts: discounts } } },
    })
  })

  test('that is prepaid buys credit; two discounts never meet', () => {
    const draft = { ...privateOffer, options: { prepaid: true } }
    const plain = made(draft).singleProductOffer.customIntervalPrice?.installments[0]?.priceModel
    expect(plain?.commitment?.discountPercent).toEqual({ value: '0' })
    const discounts = [{ sku: 's', discountPercent: { value: '20' } }]
    const both = made(draft, { discounts }).singleProductOffer.customIntervalPrice?.installments[0]
      ?.priceModel
    expect(both?.commitment?.discountPercent).toBeUndefined()
    expect(both?.usage?.skuDiscounts).toEqual(discounts)
  })

  test('amends what must be amended', () => {
    expect(made(privateOffer, { amends: { private_offer: 'a' } }).singleProductOffer).toMatchObject({
      amendedPrivateOffer: 'a',
    })
    expect(made(privateOffer, { amends: { standard_offer: 'b' } }).singleProductOffer).toMatchObject({
      amendedStandardOffer: 'b',
    })
  })

  test.each<[string, Partial<OfferDraft>]>([
    ['ONE_BUYER', { buyer_account_ids: [] }],
    ['ONE_BUYER', { buyer_account_ids: ['a', 'b'] }],
    ['CURRENCY', { currency: 'EUR' }],
    ['MISSING_PRICES', { instalments: [], usage_prices: {} }],
    ['EULA_NEEDS_PDF', { eula: 'https://vendor.example.com/eula.pdf' }],
    ['INSTALMENT_BEFORE_DEADLINE', { expires_on: '2027-06-01' }],
    ['FIRST_INSTALMENT_AT_START', { options: { starts_on: '2027-01-01' } }],
    [
      'INSTALMENTS_ON_ONE_DAY',
      { instalments: ['2027-01-01', '2027-01-01'].map((due_on) => ({ due_on, amount: money('USD', 1n) })) },
    ],
    ['NEGATIVE_AMOUNT', { instalments: [{ due_on: '2027-01-01', amount: money('USD', -1n) }] }],
  ])('%s is said before anything is sent', (code, changes) => {
    const draft = { ...privateOffer, ...changes }
    expect(draftProblems(draft, read(draft)).map((problem) => problem.code)).toContain(code)
  })

  test('a good draft has no problem, and an unknown option is one', () => {
    expect(draftProblems(privateOffer, read(privateOffer))).toEqual([])
    expect(readOptions(optionShapes.offer, { colour: 'red' })).toMatchObject({ ok: false })
    expect(readOptions(optionShapes.offer, { starts_on: '2026-02-30' })).toMatchObject({ ok: false })
  })
})

describe('the plan of an offer', () => {
  const plan = (id: string, serviceLevel: string, termDurationMonths: number | null = null) => ({
    name: `${parent}/services/${service}/standardOffers/${id}`,
    serviceLevel,
    termDurationMonths,
  })
  const offers = [plan('b', 'enterprise', 1), plan('a', 'enterprise', 12), plan('m', 'metered')]
  test.each([
    ['enterprise', 12, 'a'],
    ['enterprise', 1, 'b'],
    ['enterprise', 24, 'a'],
    ['b', 12, 'b'],
    ['metered', 12, 'm'],
  ])('%s for %i months is %s', (name, months, id) => {
    expect(choosePlan(offers, months, name)).toMatchObject({
      plan: { name: expect.stringMatching(`/${id}$`) },
    })
  })
  test('must be named where there are several, and exist', () => {
    expect(choosePlan(offers, 12, undefined)).toMatchObject({ problem: { code: 'CHOOSE_PLAN' } })
    expect(choosePlan(offers, 12, 'gold')).toMatchObject({ problem: { code: 'NO_SUCH_PLAN' } })
    expect(choosePlan([], 12, undefined)).toMatchObject({ problem: { code: 'NO_STANDARD_OFFER' } })
    expect(choosePlan(offers.slice(2), 12, undefined)).toMatchObject({ plan: { serviceLevel: 'metered' } })
  })
})

const skuOf = (price: object, more: object = {}): Sku =>
  replyShapes.getSku.parse({
    name: `${parent}/services/${service}/skus/S1`,
    description: 'Ledger: calls',
    skuPriceTimeline: [
      {
        effectiveTime: '2026-01-01T00:00:00Z',
        managedServiceMetricUsageFee: {
          canonicalMetric: `${service}/Calls`,
          tieredPrice: { unit: 'call', priceTiers: [{ price }], ...more },
        },
      },
    ],
  })

describe('usage prices', () => {
  const list = skuOf({ currencyCode: 'USD', nanos: 2_500_000 })
  const percentOf = (price: string, sku = list) => discountsFor({ calls: decimal(price) }, [sku], now)
  test.each([
    ['0.002', '20'],
    ['0.0021875', '12.5'],
    ['0', '100'],
    ['0.00249975', '0.01'],
  ])('%s is %s per cent off', (price, value) => {
    expect(percentOf(price)).toEqual({
      discounts: [{ sku: list.name, discountPercent: { value } }],
      problems: [],
    })
  })

  test('the list price is no discount', () => {
    expect(percentOf('0.0025')).toEqual({ discounts: [], problems: [] })
  })

  test('a price per thousand is compared per thousand', () => {
    const thousand = skuOf({ units: '2', nanos: 500_000_000 }, { priceUnitCount: { value: '1000' } })
    expect(percentOf('0.002', thousand).discounts[0]?.discountPercent.value).toBe('20')
  })

  test.each([
    ['0.0020001', 'PRICE_IS_NO_DISCOUNT', list],
    ['0.003', 'PRICE_ABOVE_LIST', list],
    [
      '0.002',
      'PRICE_IN_TIERS',
      skuOf({}, { priceTiers: [{ price: { units: '1' } }, { price: { units: '2' } }] }),
    ],
    ['0.002', 'NO_SUCH_METRIC', { ...list, skuPriceTimeline: [{ inactive: {} }] }],
  ])('%s is refused: %s', (price, code, sku) => {
    expect(discountsFor({ calls: decimal(price) }, [sku], now).problems).toMatchObject([{ code }])
  })

  test('the nearest prices are named', () => {
    expect(percentOf('0.0020001').problems[0]?.plain).toContain('Nearest are 0.002 and 0.00200025')
  })
})

describe('dimensions', () => {
  test('are written as in the service configuration', () => {
    expect(dimensionOf(`${service}/Calls`, [])).toBe('calls')
    expect(dimensionOf(`${service}/Calls`, ['Calls'])).toBe('Calls')
    expect(fromGcpSku(skuOf({ units: '1' }), now, [])).toMatchObject({
      key: 'calls',
      unit: 'call',
      kind: 'metered',
    })
  })
  test('have the price of today', () => {
    const later = { ...skuOf({ units: '1' }).skuPriceTimeline?.[0], effectiveTime: '2027-01-01T00:00:00Z' }
    expect(fromGcpSku({ name: 's', skuPriceTimeline: [later] }, now, [])).toBeUndefined()
    const flat = { name: 'x/skus/F1', skuPriceTimeline: [{ flatSubscriptionFee: { unit: 'mo' } }] }
    expect(fromGcpSku(flat, now, [])).toMatchObject({ key: 'F1', kind: 'entitled' })
  })
})

describe('states of an offer', () => {
  test.each([
    ['DRAFT', 'draft'],
    ['PUBLISHING', 'draft'],
    ['PUBLISHED', 'live'],
    ['ACCEPTED', 'accepted'],
    ['ENDED', 'accepted'],
    ['CANCELLED', 'withdrawn'],
    ['EXPIRED', 'expired'],
    ['UNKNOWN_9', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('%s is %s', (state, ours) => {
    expect(fromGcpOfferState({ state }, now)).toBe(ours)
  })
  test('a deadline that has passed is over before Google says so', () => {
    const at = (day: number) => ({ state: 'PUBLISHED', acceptDeadlineTime: { year: 2026, month: 11, day } })
    expect(fromGcpOfferState(at(10), now)).toBe('expired')
    expect(fromGcpOfferState(at(11), now)).toBe('live')
  })
  test("a reseller's plan is its authorization", () => {
    const offer = { name: 'p/privateOffers/1', singleProductOffer: { resellerPrivateOfferPlanId: 'plan-1' } }
    expect(fromGcpOffer(offer, now)).toMatchObject({ offer_id: '1', authorization_id: 'plan-1' })
  })
})

describe('an entitlement', () => {
  const entitlement = {
    name: `providers/${provider}/entitlements/e-1`,
    account: `providers/${provider}/accounts/a-1`,
    state: 'ENTITLEMENT_ACTIVE',
    createTime: '2026-11-01T10:00:00Z',
    updateTime: '2026-11-05T10:00:00Z',
    offer: `projects/1/services/${service}/privateOffers/o-1`,
    offerEndTime: '2027-11-01T07:00:00Z',
    usageReportingId: 'project_number:1',
    plan: 'enterprise',
  }
  const from = (changes: object, offer?: Parameters<typeof fromGcpEntitlement>[1]) =>
    fromGcpEntitlement({ ...entitlement, ...changes }, offer, provider, now)

  test.each([
    ['ENTITLEMENT_ACTIVATION_REQUESTED', undefined, 'pending'],
    ['ENTITLEMENT_ACTIVE', undefined, 'active'],
    ['ENTITLEMENT_PENDING_CANCELLATION', undefined, 'active'],
    ['ENTITLEMENT_PENDING_PLAN_CHANGE', undefined, 'active'],
    ['ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL', undefined, 'active'],
    ['ENTITLEMENT_SUSPENDED', undefined, 'suspended'],
    ['ENTITLEMENT_CANCELLED', 'user-cancelled', 'cancelled'],
    ['ENTITLEMENT_CANCELLED', 'expired', 'ended'],
    ['ENTITLEMENT_CANCELLED', 'migrated', 'replaced'],
    ['ENTITLEMENT_NEW_STATE', undefined, 'unknown'],
    [undefined, undefined, 'unknown'],
  ])('%s (%s) is %s', (state, cancellationReason, ours) => {
    const told = { ...(state ? { state } : {}), ...(cancellationReason ? { cancellationReason } : {}) }
    expect(fromGcpState(told)).toBe(ours)
  })

  test('carries its names', () => {
    expect(from({})).toMatchObject({
      agreement_id: 'e-1',
      role: 'seller',
      offer_id: 'o-1',
      buyer_account_id: 'a-1',
      seller_account_id: provider,
      license: 'project_number:1',
      plan: 'enterprise',
      currency: null,
      value: null,
    })
  })

  test('a public order has no private offer', () => {
    expect(from({ offer: `projects/1/services/${service}/standardOffers/x` }).offer_id).toBeNull()
    expect(from({ offer: '', productExternalName: 'ledger' })).toMatchObject({
      offer_id: null,
      product_id: 'ledger',
    })
  })

  test('an offer that ended under a usage price is no end of the order', () => {
    expect(from({ offerEndTime: '2026-11-09T07:00:00Z' }).ends_at).toBeNull()
    expect(from({}).ends_at?.toISOString()).toBe('2027-11-01T07:00:00.000Z')
  })

  test('a cancelled order ended at its last change, or with its term before it', () => {
    const cancelled = { state: 'ENTITLEMENT_CANCELLED' }
    expect(from(cancelled).ends_at?.toISOString()).toBe('2026-11-05T10:00:00.000Z')
    const before = from({ ...cancelled, offerEndTime: '2026-11-04T07:00:00Z' })
    expect(before.ends_at?.toISOString()).toBe('2026-11-04T07:00:00.000Z')
  })

  test('a start ahead is told while it waits', () => {
    const waiting = { state: 'ENTITLEMENT_ACTIVATION_REQUESTED', newOfferStartTime: '2026-12-01T08:00:00Z' }
    expect(from(waiting).starts_at?.toISOString()).toBe('2026-12-01T08:00:00.000Z')
    expect(from({ state: 'ENTITLEMENT_ACTIVATION_REQUESTED' }).starts_at).toBeNull()
  })

  test("what a reseller sold is the manufacturer's", () => {
    const offer = {
      resellerContact: { email: 'sales@reseller.example' },
      singleProductOffer: {
        resellerPrivateOfferPlanId: 'plans/plan-1',
        baseStandardOffer: base.name,
        contractValue: { totalContractValue: { currencyCode: 'USD', units: '10' } },
      },
    }
    expect(from({}, offer)).toMatchObject({
      role: 'manufacturer',
      authorization_id: 'plan-1',
      seller_account_id: 'sales@reseller.example',
      product_id: service,
      currency: 'USD',
      value: decimal('10'),
    })
  })

  test('has the instalments of its offer, the first at acceptance', () => {
    const fee = (units: string) => ({ flatFee: { flatFeeOverride: { currencyCode: 'USD', units } } })
    const commitment = {
      commitmentAmount: { currencyCode: 'USD', units: '9' },
      discountPercent: { value: '10' },
    }
    const offer = {
      acceptTime: '2026-11-02T06:00:00Z',
      singleProductOffer: {
        effectiveInstallmentTimeline: [
          { priceModel: fee('5') },
          { startTime: { year: 2027, month: 5, day: 1 }, priceModel: fee('6') },
          // What a discounted credit costs is told by the statements only.
          { startTime: { year: 2027, month: 6, day: 1 }, priceModel: { commitment } },
        ],
        features: [
          { displayName: 'seats', value: '100' },
          { displayName: 'support', value: 'gold' },
        ],
      },
    }
    expect(from({}, offer)).toMatchObject({
      instalments: [
        { due_on: '2026-11-01', amount: money('USD', 500n) },
        { due_on: '2027-05-01', amount: money('USD', 600n) },
      ],
      grants: [{ dimension: 'seats', quantity: 100 }],
    })
  })
})

describe('ids made of names', () => {
  test('are the same for the same name and of version 5', async () => {
    const id = await uuidOf('entitlement\nmetric\nhour\nrecord')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await uuidOf('entitlement\nmetric\nhour\nrecord')).toBe(id)
    expect(await uuidOf('entitlement\nmetric\nhour\nrecord2')).not.toBe(id)
    // It must stay this one for ever: records that are sent again must keep their ids.
    expect(await uuidOf('')).toBe('84d4e6fc-833c-5632-ad7d-e1def2fca583')
  })
})
