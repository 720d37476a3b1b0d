// What is read of agreements: terms of every kind, also of offers made at AWS itself, and whose agreement a customer's is.
import { StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog'
import { formatDecimal } from '../../../../src/core/decimal.ts'
import { claim, equal, given, show } from '../../claims.ts'
import { facet, listed, offered, sold } from '../../deal.ts'
import { verify } from '../../messages.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { BUYER, VENDOR } from './accounts.ts'
import { day, draftOf, taken } from './own-offers.ts'
import { catalogOf } from './own-set-steps.ts'

/** A private offer that somebody made at AWS, with pricing that our drafts have no word for. */
async function offeredElsewhere(market: Market, pricing: object): Promise<string> {
  const { product_id } = await listed(market)
  const Identifier = '$Offer.Entity.Identifier'
  const change = (ChangeType: string, Details: object) => ({
    ChangeType,
    Entity: { Type: 'Offer@1.0', ...(ChangeType === 'CreateOffer' ? {} : { Identifier }) },
    ...(ChangeType === 'CreateOffer' ? { ChangeName: 'Offer' } : {}),
    Details: JSON.stringify(Details),
  })
  const eula = { Type: 'StandardEula', Version: '2022-07-14' }
  const ChangeSet = [
    change('CreateOffer', { ProductId: product_id }),
    change('UpdateInformation', { Name: 'Made at AWS', Description: 'By hand' }),
    change('UpdateTargeting', { PositiveTargeting: { BuyerAccounts: [BUYER] } }),
    change('UpdatePricingTerms', pricing),
    change('UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] }),
    change('UpdateAvailability', { AvailabilityEndDate: '2026-09-20' }),
    change('UpdateLegalTerms', { Terms: [{ Type: 'LegalTerm', Documents: [eula] }] }),
    change('ReleaseOffer', {}),
  ]
  const { ChangeSetId } = await catalogOf(market).send(
    new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet }),
  )
  await market.move({ by: 'PT1M' })
  const { check } = facet(market, 'offers')
  const end = await check(market.vendor, given(ChangeSetId, 'change set'))
  claim(end.status === 'succeeded', `The offer is made: ${show(end)}`)
  return given(end.target.offer_id, 'offer')
}

/** The older topics of a product, heard from now on. Gives the connection that names them. */
async function hearTopics(market: Market, product_code: string) {
  const topics: string[] = []
  for (const topic of ['subscription', 'entitlement'])
    topics.push(
      (
        await market.control<{ topic_arn: string }>('/aws/topics', {
          account_id: VENDOR,
          product_code,
          topic,
          url: 'https://vendor.example/webhooks',
        })
      ).topic_arn,
    )
  const listening = {
    ...market.vendor,
    settings: { ...market.vendor.settings, topic_arn: topics.join(' ') },
  }
  for (const request of market.inbox.splice(0)) {
    const asked = await verify(market, request, listening)
    claim(asked.ok && asked.message.confirm_url !== undefined, `It asks to be confirmed: ${show(asked)}`)
    await facet(market, 'webhooks').confirm?.(listening, asked.message.confirm_url)
  }
  return listening
}

const termScenarios: readonly Scenario[] = [
  {
    id: 'agreements.terms_trial',
    title: 'What can be tried stands in the agreement of a free trial, and nothing is paid',
    needs: ['agreements', 'offers'],
    async run(market) {
      const grants = [{ dimension: 'seats', quantity: 5 }]
      const trial = { trial_days: 14, buyer_account_ids: [], instalments: [], usage_prices: {}, grants }
      const record = await taken(market, await offered(market, await draftOf(market, trial)))
      equal(record.grants, grants, 'The grants')
      equal([record.instalments, record.usage_prices], [[], {}], 'What is paid')
      equal(day(record.ends_at), '2026-09-15', 'Its end')
    },
  },
  {
    id: 'agreements.terms_recurring',
    title: 'A recurring price made at AWS is in no instalment, and its currency and prices of usage are read',
    needs: ['agreements', 'offers'],
    async run(market) {
      const Terms = [
        { Type: 'RecurringPaymentTerm', CurrencyCode: 'USD', BillingPeriod: 'Monthly', Price: '10.00' },
        {
          Type: 'UsageBasedPricingTerm',
          CurrencyCode: 'USD',
          RateCards: [{ RateCard: [{ DimensionKey: 'calls', Price: '0.004' }] }],
        },
      ]
      const offer_id = await offeredElsewhere(market, { PricingModel: 'Usage', Terms })
      const record = await taken(market, offer_id)
      equal([record.currency, record.instalments, record.grants], ['USD', [], []], 'The agreement')
      equal(
        Object.entries(record.usage_prices).map(([key, price]) => [key, formatDecimal(price)]),
        [['calls', '0.004']],
        'The prices of usage',
      )
    },
  },
  {
    id: 'agreements.terms_byol',
    title: 'A licence that was paid elsewhere has its quantities and nothing to pay',
    needs: ['agreements', 'offers'],
    async run(market) {
      const Terms = [
        { Type: 'ByolPricingTerm' },
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: 'USD',
          Price: '0',
          Duration: 'P12M',
          Grants: [{ DimensionKey: 'seats', MaxQuantity: 30 }],
        },
      ]
      const offer_id = await offeredElsewhere(market, { PricingModel: 'Byol', Terms })
      const record = await taken(market, offer_id)
      equal(record.grants, [{ dimension: 'seats', quantity: 30 }], 'The grants')
      equal(record.instalments, [], 'What is paid')
    },
  },
  {
    id: 'agreements.renewed_by_range',
    title: 'Of a range of increases nobody chose from, the usual one makes the renewed agreement dearer',
    needs: ['agreements', 'offers'],
    async run(market) {
      const renewal = { lowest_percent: '1', usual_percent: '4', highest_percent: '9', adjustment_days: 60 }
      const offer_id = await offered(market, await draftOf(market, { options: { renewal } }))
      const first = await taken(market, offer_id, { auto_renew: true })
      await market.move({ to: '2027-09-03T00:00:00Z' })
      const { items } = await facet(market, 'agreements').pull(market.vendor, null)
      const next = items.find(({ agreement_id }) => agreement_id !== first.agreement_id)
      // 120,000.50 and four per cent of it; the parts are 49.99 and 50.01 of a hundred.
      equal(next?.value && formatDecimal(next.value), '124800.52', 'The value of the next')
      equal(
        next?.instalments.map(({ amount }) => amount.amount),
        [62_387_78n, 62_412_74n],
        'Its instalments',
      )
    },
  },
]

const customerScenarios: readonly Scenario[] = [
  {
    id: 'webhooks.older_topics_told',
    title: 'A message of the older topics hints at its customer, and the customer at the agreement',
    needs: ['webhooks', 'offers', 'agreements'],
    async run(market) {
      const product_code = given((await listed(market)).product_code, 'product code')
      const listening = await hearTopics(market, product_code)
      const { bought, offer_id } = await sold(market)
      await market.move({ by: 'PT3M' })
      const { agreementsOf } = facet(market, 'agreements')
      const told: string[] = []
      for (const request of market.inbox) {
        const answer = await verify(market, request, listening)
        claim(answer.ok, `It is believed: ${show(answer)}`)
        const [hint] = answer.message.hints
        claim(hint?.kind === 'customer_changed', `It is about a customer: ${show(hint)}`)
        equal(hint.product_code, product_code, 'The product')
        told.push(
          `${answer.message.type} ${hint.offer_id === offer_id ? 'of the offer' : show(hint.offer_id)}`,
        )
        const found = await given(agreementsOf, 'method')(market.vendor, hint)
        equal(found, [bought.agreement_id], `The agreements of ${answer.message.type}`)
      }
      equal(told.sort(), ['entitlement-updated null', 'subscribe-success of the offer'], 'What is told')
    },
  },
  {
    id: 'agreements.of_customer',
    title: 'A customer of whom AWS knows nothing has no agreements, and a private offer finds its own',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { product, offer_id, bought } = await sold(market)
      const { agreementsOf } = facet(market, 'agreements')
      const ask = (customer: object) =>
        given(agreementsOf, 'method')(market.vendor, {
          customer: 'nobody',
          product_code: product.product_code ?? '',
          offer_id: null,
          ...customer,
        })
      equal(await ask({}), [], 'Of nobody')
      equal(await ask({ product_code: 'another' }), [], 'Of another product')
      equal(await ask({ offer_id }), [bought.agreement_id], 'Of the offer')
      equal(await ask({ offer_id: 'offer-unknown' }), [], 'Of another offer')
      const stranger = await market.stranger()
      const customer = { customer: 'nobody', product_code: product.product_code ?? '', offer_id }
      equal(await given(agreementsOf, 'method')(stranger, customer), [], 'As another seller')
    },
  },
]

export const readingScenarios: readonly Scenario[] = [...termScenarios, ...customerScenarios]
