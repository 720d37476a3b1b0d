import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fromAzureStatus,
  fromAzureSubscription,
  instant,
} from '../../../connectors/azure/agreements/map-agreements.ts'
import { cleanToken } from '../../../connectors/azure/agreements.ts'
import { externalIdOf, fromAzureMeters } from '../../../connectors/azure/listings.ts'
import { toAzureOffer } from '../../../connectors/azure/map.ts'
import { fromAzureOfferState } from '../../../connectors/azure/offers.ts'
import { toAzureListing } from '../../../connectors/azure/selling/map-listings.ts'
import {
  pricingProblems,
  toAzurePrivatePricing,
  toAzureTerm,
} from '../../../connectors/azure/selling/prices.ts'
import { nameProblems } from '../../../connectors/azure/selling/private-offers.ts'
import { fromAzureSharedState } from '../../../connectors/azure/syndication.ts'
import { addMonths, endOfMonth } from '../../../connectors/azure/wire/dates.ts'
import { problemsOf } from '../../../connectors/azure/wire/jobs.ts'
import { isAllowedLink } from '../../../connectors/azure/wire/links.ts'
import { fromAzureNumber, toAzureNumber } from '../../../connectors/azure/wire/numbers.ts'
import { readStage, writeStage } from '../../../connectors/azure/wire/stages.ts'
import type { OfferDraft } from '../../../connectors/connector.ts'
import { decimal, formatDecimal } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import {
  connectionOf,
  connectorWith,
  customerAccount,
  json,
  listing,
  privateOffer,
  standingClock,
} from './support.ts'

const place = {
  product: 'product/p',
  plan: 'plan/p/q',
  prepared_by: 'deals@vendor.example',
  contacts: ['deals@vendor.example'],
}

describe('numbers', () => {
  test('go to Azure only where they stand for the decimal itself, and come back as it', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.integer({ min: 0, max: 8 }),
        (coefficient, scale) => {
          const value = decimal(formatDecimal({ coefficient, scale }))
          const number = toAzureNumber(value)
          expect(number).toBeDefined()
          expect(formatDecimal(fromAzureNumber(JSON.parse(JSON.stringify(number))) ?? decimal('0'))).toBe(
            formatDecimal(value),
          )
        },
      ),
    )
  })
  test('what no number holds exactly is not rounded but refused', () => {
    expect(toAzureNumber(decimal('0.12345678901234567'))).toBeUndefined()
    expect(toAzureNumber(decimal('9007199254740993'))).toBeUndefined()
  })
  test.each([
    [1e-7, '0.0000001'],
    [1.25e-9, '0.00000000125'],
    [1e21, '1000000000000000000000'],
    [-2.5e-7, '-0.00000025'],
    ['10', '10'],
    [20.5, '20.5'],
  ])('%s is %s', (value, text) => {
    expect(formatDecimal(fromAzureNumber(value) ?? decimal('-1'))).toBe(text)
  })
  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['1e3'], [null], [undefined], [{}]])(
    '%s is no number',
    (value) => {
      expect(fromAzureNumber(value)).toBeUndefined()
    },
  )
})

describe('a private offer', () => {
  test('has its price as a resource of its own and carries the marker in its name', () => {
    const [price, offer] = toAzureOffer(privateOffer, place, 'customerPromotion')
    expect(price).toMatchObject({
      resourceName: 'price',
      pricing: {
        recurrentPrice: {
          recurrentPriceMode: 'flatRate',
          prices: [
            {
              contractDuration: { type: 'year', value: 1 },
              flexibleSchedule: {
                initialCharge: { pricePerPaymentInUsd: 60000 },
                billingSchedule: [{ chargeDate: '2027-01-01', pricePerPaymentInUsd: 60000.5 }],
              },
            },
          ],
        },
        customMeters: {
          meters: {
            entries: {
              pricePerPaymentInUsd: 0.0125,
              includedQuantities: [
                { billingTerm: { type: 'year', value: 1 }, quantity: 1000, isInfinite: false },
              ],
            },
          },
        },
      },
    })
    expect(offer).toMatchObject({
      name: 'Ledger for Acme (offer_1)',
      state: 'draft',
      privateOfferType: 'customerPromotion',
      variableStartDate: true,
      acceptBy: '2026-09-20',
      end: '2027-09-30',
      beneficiaries: [{ id: customerAccount }],
      pricing: [
        {
          priceDetails: { resourceName: 'price' },
          newPlanDetails: { description: 'A year, paid by halves Includes seats: 100.' },
        },
      ],
    })
    expect(offer).not.toHaveProperty('start')
  })

  test('for usage alone has a flat rate of nothing', () => {
    const draft = { ...privateOffer, instalments: [], grants: [] }
    expect(toAzurePrivatePricing(draft).recurrentPrice.prices).toEqual([
      {
        billingTerm: { type: 'year', value: 1 },
        paymentOption: { type: 'year', value: 1 },
        pricePerPaymentInUsd: 0,
      },
    ])
  })

  const many = Array.from({ length: 71 }, (_, index) => ({
    due_on: addMonths('2026-10-01', index),
    amount: money('USD', 100n),
  }))
  test.each<[what: string, change: Partial<OfferDraft>, codes: string[]]>([
    ['as it is', {}, []],
    ['in euros', { currency: 'EUR' }, ['CURRENCY']],
    [
      'with an instalment in euros',
      { instalments: [{ due_on: '2026-10-01', amount: money('EUR', 1n) }] },
      ['CURRENCY'],
    ],
    ['for 18 months', { duration_months: 18 }, ['DURATION']],
    ['for six years', { duration_months: 72 }, ['DURATION']],
    ['without any price', { instalments: [], usage_prices: {}, grants: [] }, ['MISSING_PRICES']],
    ['with 71 instalments', { instalments: many }, ['TOO_MANY_INSTALMENTS']],
    [
      'with two on one day',
      { instalments: [0, 1].map(() => ({ due_on: '2027-01-01', amount: money('USD', 1n) })) },
      ['DUPLICATE_DATES'],
    ],
    ['with two before its last day', { expires_on: '2027-02-01' }, ['EARLY_INSTALMENTS']],
    ['with seats that nobody pays for', { instalments: [] }, ['UNPAID_GRANTS']],
    [
      'with a price no number holds',
      { usage_prices: { entries: decimal('0.12345678901234567') } },
      ['PRICE'],
    ],
  ])('%s', (_, change, codes) => {
    expect(pricingProblems({ ...privateOffer, ...change }).map(({ code }) => code)).toEqual(codes)
  })

  test.each([
    ['Ledger for Acme', []],
    ['Größe', ['NAME_SIGN']],
    ['50 % off', ['NAME_SIGN']],
    ['日本の契約', []],
    ['a'.repeat(130), ['NAME_TOO_LONG']],
  ])('named "%s"', (name, codes) => {
    expect(nameProblems(name, 'offer_1').map(({ code }) => code)).toEqual(codes)
  })

  test.each([
    [{ buyer_account_ids: [] }, 'ONE_BUYER'],
    [{ buyer_account_ids: [customerAccount, customerAccount] }, 'ONE_BUYER'],
    [{ buyer_account_ids: ['contoso'] }, 'BUYER_FORM'],
  ])('nothing is sent for %j', async (change, code) => {
    const { connector, requests } = connectorWith(() => json({}))
    const answer = await connector.offers?.create(connectionOf(), { ...privateOffer, ...change }, 'key')
    expect(answer).toMatchObject({ status: 'failed', problems: [{ code }] })
    expect(requests).toEqual([])
  })

  test('says what it lacks of the connection, and which option it does not know', async () => {
    const { connector } = connectorWith(() => json({}))
    const { contact_email: _, ...settings } = connectionOf().settings
    expect(await connector.offers?.create(connectionOf({ settings }), privateOffer, 'key')).toMatchObject({
      problems: [{ code: 'MISSING_CONTACT', field: 'settings.contact_email' }],
    })
    const odd = { ...privateOffer, options: { colour: 'red' } }
    expect(await connector.offers?.create(connectionOf(), odd, 'key')).toMatchObject({
      problems: [{ code: 'INVALID_OPTIONS' }],
    })
  })

  const now = new Date('2026-09-21T00:00:00Z')
  test.each([
    [{ state: 'draft' }, 'draft'],
    [{ state: 'live', subState: 'pendingAcceptance', acceptBy: '2026-09-21' }, 'live'],
    [{ state: 'live', subState: 'pendingAcceptance', acceptBy: '2026-09-20' }, 'expired'],
    [{ state: 'live', subState: 'accepted', acceptBy: '2026-09-20' }, 'accepted'],
    [
      { state: 'live', subState: 'pendingPartnerAction', privateOfferType: 'multipartyPromotionOriginator' },
      'live',
    ],
    [
      {
        state: 'live',
        subState: 'pendingPartnerAction',
        privateOfferType: 'multipartyPromotionChannelPartner',
      },
      'draft',
    ],
    [{ state: 'live' }, 'live'],
    [{ state: 'live', subState: 'odd' }, 'unknown'],
    [{ state: 'withdrawn' }, 'withdrawn'],
    [{ state: 'deleted' }, 'withdrawn'],
    [{ state: 'odd' }, 'unknown'],
    [{}, 'unknown'],
  ])('%j is %s', (offer, state) => {
    expect(
      fromAzureOfferState(
        { state: null, subState: null, acceptBy: null, privateOfferType: null, ...offer },
        now,
      ),
    ).toBe(state)
  })

  test.each([
    [{ state: 'live', subState: 'pendingPartnerAction' }, 'active'],
    [{ state: 'live', subState: 'pendingAcceptance' }, 'restricted'],
    [{ state: 'live', subState: 'accepted' }, 'restricted'],
    [{ state: 'live', subState: 'odd' }, 'unknown'],
    [{ state: 'draft', subState: null }, 'draft'],
    [{ state: 'odd', subState: null }, 'unknown'],
  ])('to its partner %j is %s', (offer, state) => {
    expect(fromAzureSharedState(offer)).toBe(state)
  })
})

describe('terms and dates', () => {
  test.each([
    [1, { type: 'month', value: 1 }],
    [12, { type: 'year', value: 1 }],
    [60, { type: 'year', value: 5 }],
    [6, undefined],
    [0, undefined],
  ])('%s months', (months, term) => {
    expect(toAzureTerm(months)).toEqual(term)
  })
  test('a month is added without leaving it', () => {
    expect(addMonths('2027-01-31', 1)).toBe('2027-02-28')
    expect(addMonths('2027-11-30', 15)).toBe('2029-02-28')
    expect(endOfMonth('2028-02-03')).toBe('2028-02-29')
  })
  test('instants without a zone are UTC, and the year 1 is never', () => {
    expect(instant('2026-01-20T18:48:58.4449937')?.toISOString()).toBe('2026-01-20T18:48:58.444Z')
    expect(instant('0001-01-01T00:00:00')).toBeNull()
    expect(instant('soon')).toBeNull()
  })
})

describe('a listing', () => {
  const connection = connectionOf()
  const where = {
    external_id: 'ledger-cloud',
    product: undefined,
    plan: undefined,
    webhook_url: 'https://v.example/w',
  }

  test('is one job of resources that name each other', () => {
    const resources = toAzureListing(listing, {}, connection, where)
    const kinds = resources.map(({ $schema }) => String($schema).split('/').at(-2))
    expect(kinds).toEqual([
      'product',
      'commercial-marketplace-setup',
      'property',
      'listing',
      'listing-asset',
      'price-and-availability-offer',
      'plan',
      'plan-listing',
      'price-and-availability-custom-meter',
      'price-and-availability-plan',
      'software-as-a-service-technical-configuration',
    ])
    expect(resources.at(-1)).toMatchObject({
      landingPageUrl: 'https://example.com/azure',
      connectionWebhook: 'https://v.example/w',
      azureAdTenantId: connection.settings.tenant_id,
      azureAdAppId: connection.settings.client_id,
    })
    expect(resources[9]).toMatchObject({
      pricing: {
        recurrentPrice: { prices: [{ pricePerPaymentInUsd: 150 }] },
        customMeters: { meters: { entries: { pricePerPaymentInUsd: 0.015 } } },
      },
    })
  })

  test('that exists already is written anew under its own ids', () => {
    const resources = toAzureListing(listing, {}, connection, {
      ...where,
      product: 'product/p',
      plan: 'plan/p/q',
    })
    expect(resources[0]).toMatchObject({ id: 'product/p' })
    expect(resources.slice(1).every(({ product }) => product === 'product/p')).toBe(true)
  })

  test('its words cannot become markup', () => {
    const [, , , texts] = toAzureListing({ ...listing, long_description: '<script>&' }, {}, connection, where)
    expect(texts?.description).toContain('<p>&lt;script&gt;&amp;</p><ul><li>')
  })

  test('has one id for one key', async () => {
    const first = await externalIdOf(listing, {}, 'key-1')
    expect(await externalIdOf(listing, {}, 'key-1')).toBe(first)
    expect(await externalIdOf(listing, {}, 'key-2')).not.toBe(first)
    expect(await externalIdOf({ ...listing, title: '帳簿' }, {}, 'key-1')).toMatch(/^offer-[0-9a-f]{10}$/)
    const long = await externalIdOf({ ...listing, title: 'A'.repeat(200) }, {}, 'key-1')
    expect(long).toMatch(/^[a-z0-9][a-z0-9-_]{2,49}$/)
  })

  test('needs the address for messages', async () => {
    const { connector, requests } = connectorWith(() => json({}))
    const { webhook_url: _, ...settings } = connection.settings
    expect(await connector.listings?.publish(connectionOf({ settings }), listing, 'key')).toMatchObject({
      status: 'failed',
      problems: [{ code: 'MISSING_WEBHOOK' }],
    })
    expect(requests).toEqual([])
  })

  test('that the interface cannot make is a task for a person', async () => {
    const { connector } = connectorWith((request) =>
      request.method === 'GET'
        ? json({ value: [] })
        : json(
            {
              error: {
                code: 'badRequest',
                message: 'no',
                details: [{ code: 'notSupported', message: 'This kind is made by hand.' }],
              },
            },
            400,
          ),
    )
    const answer = await connector.listings?.publish(connectionOf(), listing, 'key')
    expect(answer).toMatchObject({ status: 'human', task: { title: 'Publish the offer in Partner Center' } })
  })

  test('meters of a resource are dimensions, other resources have none', () => {
    const $schema =
      'https://schema.mp.microsoft.com/schema/price-and-availability-custom-meter/2022-03-01-preview3'
    const meters = {
      $schema,
      lifecycleState: null,
      customMeters: { a: { displayName: 'A', unitOfMeasure: 'piece' }, b: {} },
    }
    expect(fromAzureMeters(meters).map(({ key, name, unit }) => [key, name, unit])).toEqual([
      ['a', 'A', 'piece'],
      ['b', 'b', ''],
    ])
    expect(fromAzureMeters({ $schema: null, lifecycleState: null })).toEqual([])
  })
})

describe('a failed job', () => {
  test('is told by the leaves of its errors, each with our words', () => {
    const errors = [
      {
        code: 'businessValidationError',
        message: 'outer',
        details: [
          { code: 'productLocked', message: 'locked', resourceId: 'product/p' },
          {
            code: 'invalidState',
            message: 'Certification failed: logo',
            resourceId: { resourceName: 'listing' },
          },
        ],
      },
    ]
    expect(problemsOf('failed', errors)).toEqual([
      expect.objectContaining({ code: 'productLocked', field: 'product/p' }),
      expect.objectContaining({
        code: 'invalidState',
        field: 'listing',
        plain: expect.stringContaining('did not certify'),
      }),
    ])
  })
  test('never has no problem at all', () => {
    expect(problemsOf('failed', [])).toHaveLength(1)
    expect(problemsOf('cancelled', [])).toMatchObject([{ code: 'operationCanceled' }])
  })
})

describe('a subscription', () => {
  const subscription = {
    id: 'sub-1',
    publisherId: 'contoso',
    offerId: 'ledger-cloud',
    planId: 'silver',
    quantity: null,
    saasSubscriptionStatus: 'Subscribed',
    beneficiary: { tenantId: 'tenant-b', objectId: null, puid: null },
    purchaser: { tenantId: 'tenant-p', objectId: null, puid: null },
    term: {
      startDate: '2026-09-01T00:00:00Z',
      endDate: '2027-08-31T00:00:00Z',
      termUnit: 'P1Y',
      chargeDuration: null,
    },
    autoRenew: true,
    created: '2026-08-30T10:00:00.1234567Z',
  }
  const plan = {
    planId: 'silver',
    isPricePerSeat: false,
    sourceOffers: null,
    planComponents: {
      recurrentBillingTerms: [
        { currency: 'USD', price: 20, termUnit: 'P1M', meteredQuantityIncluded: null },
        {
          currency: 'USD',
          price: 200.5,
          termUnit: 'P1Y',
          meteredQuantityIncluded: [
            { dimensionId: 'entries', units: '10' },
            { dimensionId: 'calls', units: 'infinite' },
          ],
        },
      ],
      meteringDimensions: [{ id: 'entries', currency: 'USD', pricePerUnit: 0.015 }],
    },
  }

  test('is an agreement with the price of its own term', () => {
    const record = fromAzureSubscription(subscription, '12345678', { plan })
    expect(record).toMatchObject({
      role: 'seller',
      state: 'active',
      offer_id: null,
      product_id: 'ledger-cloud',
      buyer_account_id: 'tenant-p',
      seller_account_id: '12345678',
      value: decimal('200.5'),
      currency: 'USD',
      grants: [{ dimension: 'entries', quantity: 10 }],
      plan: 'silver',
      ends_at: null,
    })
    expect(record.instalments).toEqual([{ due_on: '2026-09-01', amount: money('USD', 200_50n) }])
  })

  test('that renews itself has no end, and one that does not ends after its last day', () => {
    const ending = fromAzureSubscription({ ...subscription, autoRenew: false }, '1', {})
    expect(ending.ends_at?.toISOString()).toBe('2027-09-01T00:00:00.000Z')
  })

  test.each([
    ['by seat', {}, { ...plan, isPricePerSeat: true }],
    ['in parts of its term', { term: { ...subscription.term, chargeDuration: 'P1M' } }, plan],
    [
      'in a currency we do not know',
      {},
      {
        ...plan,
        planComponents: {
          ...plan.planComponents,
          recurrentBillingTerms: [
            { currency: 'XXX', price: 1, termUnit: 'P1Y', meteredQuantityIncluded: null },
          ],
        },
      },
    ],
    [
      'for nothing',
      {},
      {
        ...plan,
        planComponents: {
          ...plan.planComponents,
          recurrentBillingTerms: [
            { currency: 'USD', price: 0, termUnit: 'P1Y', meteredQuantityIncluded: null },
          ],
        },
      },
    ],
  ])('paid %s has no instalments that we would guess', (_, change, known) => {
    expect(fromAzureSubscription({ ...subscription, ...change }, '1', { plan: known }).instalments).toEqual(
      [],
    )
  })

  test('of a private offer is joined to it, and to its partner if it has one', () => {
    const sourced = { ...plan, sourceOffers: [{ externalId: 'guid-1' }] }
    expect(fromAzureSubscription(subscription, '1', { plan: sourced })).toMatchObject({
      role: 'seller',
      offer_id: 'private-offer/guid-1',
      authorization_id: null,
      instalments: [],
    })
    const offer = {
      id: 'private-offer/guid-1',
      name: null,
      state: 'live',
      subState: 'accepted',
      privateOfferType: 'multipartyPromotionOriginator',
      offerPricingType: null,
      acceptBy: null,
      beneficiaries: null,
      partners: [{ id: '87654321' }],
      pricing: null,
      originatorPricing: null,
    }
    expect(fromAzureSubscription(subscription, '1', { plan: sourced, offer })).toMatchObject({
      role: 'manufacturer',
      offer_id: null,
      authorization_id: 'private-offer/guid-1',
      seller_account_id: '87654321',
    })
  })

  test.each([
    ['PendingFulfillmentStart', 'pending'],
    ['NotStarted', 'pending'],
    ['Subscribed', 'active'],
    ['Suspended', 'suspended'],
    ['Unsubscribed', 'cancelled'],
    ['Paused', 'unknown'],
    [undefined, 'unknown'],
  ])('%s is %s', (status, state) => {
    expect(fromAzureStatus(status)).toBe(state)
  })

  test.each([
    ['ab+c/d==', 'ab+c/d=='],
    ['ab c/d==', 'ab+c/d=='],
    ['ab%2Bc%2Fd%3D%3D', 'ab+c/d=='],
    ['  ab== ', 'ab=='],
    ['100%zz', '100%zz'],
  ])('the token %s is sent as %s', (given, sent) => {
    expect(cleanToken(given)).toBe(sent)
  })
})

describe('an answer to a wish', () => {
  const wish = {
    agreement_id: 'sub-1',
    wish_id: 'op-1',
    action: 'plan' as const,
    plan: 'gold',
    quantity: null,
  }
  const operation = {
    id: 'op-1',
    subscriptionId: 'sub-1',
    action: 'ChangePlan',
    status: 'InProgress',
    planId: 'gold',
    operationRequestSource: 'Azure',
  }
  async function answer(asked: object | Response, patched: () => Response, accept = true) {
    const sent: unknown[] = []
    const { connector } = connectorWith(async (request) => {
      if (request.method === 'GET') return asked instanceof Response ? asked : json(asked)
      sent.push(await request.json())
      return patched()
    })
    return { answer: await connector.agreements?.answer?.(connectionOf(), wish, accept, 'key'), sent }
  }
  const ok = () => new Response(null, { status: 200 })

  test('is sent after Azure confirmed the wish', async () => {
    expect(await answer(operation, ok)).toMatchObject({
      answer: { status: 'succeeded' },
      sent: [{ status: 'Success' }],
    })
    expect(await answer(operation, ok, false)).toMatchObject({ sent: [{ status: 'Failure' }] })
  })
  test.each([
    ['another plan', { ...operation, planId: 'platinum' }],
    ['another deed', { ...operation, action: 'ChangeQuantity', quantity: 5 }],
    ['another subscription', { ...operation, subscriptionId: 'sub-2' }],
    ['our own change', { ...operation, operationRequestSource: 'Partner' }],
    ['nothing (404)', json({ code: 'NotFound', message: '' }, 404)],
    ['nothing (400)', json({ code: 'BadRequest', message: '' }, 400)],
  ])('is not sent when Azure knows of %s', async (_, asked) => {
    const found = await answer(asked, ok)
    expect(found).toMatchObject({ answer: { status: 'failed', problems: [{ code: 'NOT_ASKED' }] }, sent: [] })
  })
  test.each([
    ['Succeeded', true, 'succeeded'],
    ['Succeeded', false, 'failed'],
    ['Failed', false, 'succeeded'],
    ['Conflict', true, 'failed'],
  ])('that is %s already: %s is %s', async (status, accept, outcome) => {
    const found = await answer({ ...operation, status }, ok, accept)
    expect(found).toMatchObject({ answer: { status: outcome }, sent: [] })
  })
  test('that came too late is said', async () => {
    const late = await answer(operation, () => json({ code: 'Conflict', message: 'newer' }, 409))
    expect(late.answer).toMatchObject({ status: 'failed', problems: [{ code: 'OVERTAKEN' }] })
  })
})

describe('references and links', () => {
  test('a reference is read back, and another is refused', () => {
    const stage = { stage: 'offer_draft', job: 'j', marker: 'offer_ä', as: 'offer_id' } as const
    expect(readStage(writeStage(stage))).toEqual(stage)
    expect(() => readStage('nonsense')).toThrow('not the reference')
  })
  const sandbox = 'http://127.0.0.1:9000/azure/fulfilment'
  test.each([
    ['fulfilment', 'https://main.prod.marketplaceapi.azure.com/api/saas/subscriptions', undefined, true],
    ['fulfilment', 'https://marketplaceapi.microsoft.com/api', undefined, true],
    ['fulfilment', 'https://marketplaceapi.azure.com.evil.example/', undefined, false],
    ['fulfilment', 'https://evilmarketplaceapi.azure.com/', undefined, false],
    ['fulfilment', 'http://marketplaceapi.microsoft.com/api', undefined, false],
    ['fulfilment', 'https://marketplaceapi.microsoft.com:444/api', undefined, false],
    ['fulfilment', 'https://user@marketplaceapi.microsoft.com/api', undefined, false],
    ['fulfilment', 'http://127.0.0.1:9000/azure/fulfilment/x', sandbox, true],
    ['fulfilment', 'http://127.0.0.1:9001/azure/fulfilment/x', sandbox, false],
    ['fulfilment', 'http://127.0.0.1:9000/azure/fulfilment/x', undefined, false],
    ['exports', 'https://store.blob.core.windows.net/a?sig=b', undefined, true],
    ['exports', 'https://blob.core.windows.net/a', undefined, false],
    ['exports', 'not a link', undefined, false],
  ] as const)('%s may follow %s with %s: %s', (service, link, endpoint, allowed) => {
    expect(isAllowedLink(service, link, endpoint)).toBe(allowed)
  })
})

describe('the list of agreements', () => {
  const entry = (id: string, status = 'Unsubscribed') => ({ id, saasSubscriptionStatus: status, planId: '' })
  const next = 'https://main.prod.marketplaceapi.azure.com/api/saas/subscriptions?continuationToken=t'
  const noOffers = (request: Request) =>
    request.url.includes('/private-offer/query') ? json({ value: [] }) : undefined

  test('is followed over pages and hosts, in pieces, and hands on what changed and nothing else', async () => {
    let second = [entry('c')]
    const first = Array.from({ length: 30 }, (_, index) => entry(`a${index}`))
    const { connector } = connectorWith(
      (request) =>
        noOffers(request) ??
        (request.url === next
          ? json({ subscriptions: second })
          : json({ subscriptions: first, '@nextLink': next })),
    )
    const seen: string[] = []
    let cursor: string | null = null
    const round = async () => {
      for (let more = true; more; ) {
        const page = await connector.agreements?.pull(connectionOf(), cursor)
        if (page === undefined) throw new Error('There are no agreements')
        expect(page.items.length).toBeLessThanOrEqual(20)
        seen.push(...page.items.map(({ agreement_id }) => agreement_id))
        cursor = page.next
        more = page.more
      }
    }
    await round()
    expect(seen).toHaveLength(31)
    await round()
    expect(seen).toHaveLength(31)
    second = [entry('c', 'Subscribed')]
    await round()
    second = [entry('c')]
    await round()
    expect(seen.slice(31)).toEqual(['c', 'c'])
  })

  test('a link to a strange host is not followed with our token', async () => {
    const { connector, requests } = connectorWith(() =>
      json({ subscriptions: [], '@nextLink': 'https://evil.example/api' }),
    )
    const page = await connector.agreements?.pull(connectionOf(), null)
    await connector.agreements?.pull(connectionOf(), page?.next ?? null)
    expect(requests.map(({ url }) => new URL(url).host)).toEqual([
      'marketplaceapi.microsoft.com',
      'marketplaceapi.microsoft.com',
    ])
  })

  test('begins anew when its link is no longer taken', async () => {
    const { connector } = connectorWith(
      (request) =>
        noOffers(request) ??
        (request.url === next
          ? json({ code: 'BadRequest', message: 'old' }, 400)
          : json({ subscriptions: [entry('a')], '@nextLink': next })),
    )
    const page = await connector.agreements?.pull(connectionOf(), null)
    const again = await connector.agreements?.pull(connectionOf(), page?.next ?? null)
    expect(again?.items.map(({ agreement_id }) => agreement_id)).toEqual(['a'])
  })
})

describe('what a partner sold', () => {
  const offer = {
    id: 'private-offer/g',
    name: 'Ledger for Acme (auth_1)',
    state: 'live',
    subState: 'accepted',
    privateOfferType: 'multipartyPromotionChannelPartner',
    lastModified: '2026-09-20',
    beneficiaries: [{ id: 'billing-account' }],
    originatorPricing: [{ product: 'product/p', newPlanDetails: { id: 'po-1' }, markupPercentage: 12.5 }],
  }
  const others = [
    { ...offer, id: 'private-offer/waiting', subState: 'pendingAcceptance' },
    { ...offer, id: 'private-offer/own', privateOfferType: 'customerPromotion' },
    { ...offer, id: 'private-offer/given', privateOfferType: 'multipartyPromotionOriginator' },
  ]
  const seller = (offers: unknown[], refused = false) =>
    connectorWith((request) => {
      if (request.url.includes('/saas/subscriptions')) return json({ subscriptions: [] })
      if (refused) return json({ error: { code: 'forbidden', message: 'No' } }, 403)
      return request.url.includes('/query') ? json({ value: offers }) : json(offers[0])
    }).connector.agreements

  test('is the multiparty offer that the customer accepted, with the plan that payouts name', async () => {
    const agreements = seller([offer, ...others])
    const page = await agreements?.pull(connectionOf(), null)
    expect(page?.items).toMatchObject([
      {
        agreement_id: 'private-offer/g',
        role: 'seller',
        offer_id: 'private-offer/g',
        state: 'active',
        plan: 'po-1',
        buyer_account_id: 'billing-account',
        seller_account_id: '12345678',
        accepted_at: new Date('2026-09-20T00:00:00Z'),
      },
    ])
    expect((await agreements?.pull(connectionOf(), page?.next ?? null))?.items).toEqual([])
    expect(await agreements?.read(connectionOf(), 'private-offer/g')).toMatchObject({ plan: 'po-1' })
  })

  test('is not there before the customer accepted', async () => {
    const agreements = seller(others)
    await expect(agreements?.read(connectionOf(), 'private-offer/waiting')).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('is nothing for an account that may not read private offers', async () => {
    expect(await seller([], true)?.pull(connectionOf(), null)).toMatchObject({ items: [], more: false })
  })
})

test('a past day withdraws and a later one moves: the day is that of the business clock', async () => {
  const sent: string[] = []
  const offer = {
    id: 'private-offer/g',
    name: 'x',
    state: 'live',
    subState: 'pendingAcceptance',
    privateOfferType: 'customerPromotion',
    acceptBy: '2026-09-20',
  }
  const { connector } = connectorWith(
    async (request) => {
      if (request.method === 'GET') return json(offer)
      sent.push(await request.text())
      return json({ jobId: 'j', jobStatus: 'notStarted', jobResult: 'pending', errors: [] }, 202)
    },
    { business: standingClock('2026-09-10T00:00:00Z') },
  )
  expect(await connector.offers?.expire(connectionOf(), 'private-offer/g', '2026-09-20', 'k')).toMatchObject({
    status: 'succeeded',
  })
  expect(sent).toEqual([])
  await connector.offers?.expire(connectionOf(), 'private-offer/g', '2026-09-09', 'k')
  expect(sent[0]).toContain('"state":"withdrawn"')
})
