// Terms of an authorization beside its prices: payment, texts for buyer and reseller, the latest start.
import type { AuthorizationDraft, ResellerOfferDraft } from '../../../../connectors/connector.ts'
import { decimal } from '../../../../src/core/decimal.ts'
import { parseMoney } from '../../../../src/core/money.ts'
import { claim, equal, given, holds, show } from '../../claims.ts'
import { authorized, facet, finished, listed } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { details, openEnded, resell, resoldBy } from './own-channel.ts'
import { held, termOf } from './own-offers.ts'
import { released, setDraft, setsOf } from './own-set-steps.ts'

const authorizationCode = 'INCOMPATIBLE_RESALE_AUTHORIZATION'

type Invoice = { agreement_id: string; lines: { amount: string; wholesale_amount?: string }[] }

/** Seats at 100 for a year and 180 for two. */
const listPrices: Partial<AuthorizationDraft> = {
  single_use: false,
  grants: [],
  instalments: [],
  usage_prices: {},
  expires_on: '2027-03-31',
  rates: [
    { duration_months: 12, prices: { seats: decimal('100') } },
    { duration_months: 24, prices: { seats: decimal('180') } },
  ],
}

/** Two hundred of it for two years, paid in two parts. */
function fixedChoice(
  first: string,
  second: string,
  duration_months = 24,
  dimension = 'seats',
): Partial<ResellerOfferDraft> {
  const instalments = [
    { due_on: '2026-09-25', amount: given(parseMoney('USD', first), 'amount') },
    { due_on: '2027-01-01', amount: given(parseMoney('USD', second), 'amount') },
  ]
  const chosen = { duration_months, grants: [{ dimension, quantity: 200 }] }
  return { duration_months, own_schedule: { currency: 'USD', instalments, chosen } }
}

export const channelTermScenarios: readonly Scenario[] = [
  {
    id: 'syndication.net_payment',
    title: 'Net payment terms of an authorization are the most that its reseller may give',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, {
        ...openEnded,
        expires_on: null,
        options: { net_payment_days: 60 },
      })
      const offer_id = await resoldBy(market, authorization_id, { options: { net_payment_days: 30 } })
      holds(termOf(await held(market, offer_id), 'NetPaymentTerm'), { PaymentDuePeriod: 'P30D' }, 'The term')
      const more = { name: 'Later', options: { net_payment_days: 90 } }
      const longer = await resell(market, authorization_id, more, 'resell-2')
      claim(longer.status === 'failed', `More is refused: ${show(longer)}`)
      holds(
        longer.problems[0],
        { code: 'INCOMPATIBLE_RESALE_AUTHORIZATION', field: 'UpdateNetPaymentTerms', plain: /\w/ },
        'The problem',
      )
    },
  },
  {
    id: 'syndication.contract',
    title: 'Texts of the vendor for buyer and reseller, and a latest start, go with the authorization',
    needs: ['syndication'],
    async run(market) {
      const reseller_contract = 'https://vendor-texts.s3.amazonaws.com/reseller.pdf'
      await authorized(market, {
        eula: 'https://vendor-texts.s3.amazonaws.com/eula.pdf',
        options: { reseller_contract, latest_start_on: '2026-12-31', reseller_role: 'ChannelPartner' },
      })
      holds(
        await details(market, 'UpdateLegalTerms'),
        {
          Terms: [
            { Type: 'BuyerLegalTerm', Documents: [{ Type: 'CustomEula' }] },
            {
              Type: 'ResaleLegalTerm',
              Documents: [{ Type: 'CustomResellerContract', Url: reseller_contract }],
            },
          ],
        },
        'The texts',
      )
      const latest = { Terms: [{ MaximumAgreementStartDate: '2026-12-31' }] }
      holds(await details(market, 'UpdateBuyerValidityTerms'), latest, 'The latest start')
    },
  },
  {
    id: 'syndication.fixed_of_list_prices',
    title:
      'Of a price list a reseller sells a fixed choice by a plan of its own, and the vendor gets its list price',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, listPrices)
      const offer_id = await resoldBy(market, authorization_id, fixedChoice('24000', '26000'))
      const offer = await held(market, offer_id)
      holds(
        termOf(offer, 'FixedUpfrontPricingTerm'),
        { Price: '0', Duration: 'P24M', Grants: [{ DimensionKey: 'seats', MaxQuantity: 200 }] },
        'What is sold',
      )
      const bought = await market.deeds.acceptResold(offer_id)
      await market.move({ to: '2027-01-02T12:00:00Z' })
      const invoices = await market.control<Invoice[]>('/aws/invoices')
      const lines = invoices
        .filter(({ agreement_id }) => agreement_id === bought.agreement_id)
        .flatMap((invoice) => invoice.lines)
      equal(
        lines.map(({ amount, wholesale_amount }) => [amount, wholesale_amount]),
        // 200 seats × 180 is 36,000, in the proportion of 24,000 to 26,000.
        [
          ['24000.00', '17280.00'],
          ['26000.00', '18720.00'],
        ],
        'What the buyer pays, and the vendor gets',
      )
      const seat = await market.reseller()
      const record = await facet(market, 'agreements').read(seat, bought.agreement_id)
      equal(record.grants, [{ dimension: 'seats', quantity: 200 }], 'What the reseller reads as sold')
    },
  },
  {
    id: 'syndication.fixed_below_list_prices',
    title: 'A plan below the price list, for a length or a dimension that it has not, is refused',
    needs: ['syndication'],
    async run(market) {
      const { authorization_id } = await authorized(market, listPrices)
      const wrong: [string, Partial<ResellerOfferDraft>, string, string][] = [
        ['low', fixedChoice('18000', '17999.99'), 'UpdatePaymentScheduleTerms', authorizationCode],
        ['length', fixedChoice('50000', '50000', 36), 'UpdatePricingTerms', authorizationCode],
        ['dimension', fixedChoice('50000', '50000', 24, 'calls'), 'UpdatePricingTerms', 'INVALID_GRANTS'],
      ]
      for (const [name, more, field, code] of wrong) {
        const end = await resell(market, authorization_id, { ...more, name: `Too ${name}` }, `resell-${name}`)
        claim(end.status === 'failed', `${name} is refused: ${show(end)}`)
        claim(
          end.problems.some((problem) => problem.field === field && problem.code === code),
          `${name} is ${code} of ${field}: ${show(end.problems)}`,
        )
      }
    },
  },
  {
    id: 'syndication.in_set',
    title: 'A reseller puts offers of two permissions into a set of its own and releases it',
    needs: ['syndication', 'offers'],
    async run(market) {
      const seat = await market.reseller()
      const { create, check } = setsOf(market)
      const made = await create(seat, setDraft, 'set-1')
      const end = await finished(market, made, (reference) => check(seat, reference))
      claim(end.status === 'succeeded', `The set is made: ${show(end)}`)
      const offer_set_id = given(end.target.offer_set_id, 'set')
      const offer_ids: string[] = []
      for (const key of ['1', '2']) {
        const { product_id } = await listed(market, `publish-${key}`)
        const authorization_id = await opened(market, product_id, key)
        const more = { name: `By partner ${key}`, options: { offer_set_id } }
        offer_ids.push(await resoldBy(market, authorization_id, more, `resell-${key}`))
      }
      const release = await released(market, { offer_set_id, offer_ids }, 'release-1', seat)
      claim(release.status === 'succeeded', `It is released: ${show(release)}`)
      for (const offer_id of offer_ids)
        equal((await held(market, offer_id)).offer_set_id, offer_set_id, 'The set of the offer')
    },
  },
]

/** A permission for the reseller to sell this product once. */
async function opened(market: Market, product_id: string, key: string): Promise<string> {
  const { authorize, check } = facet(market, 'syndication')
  const draft = market.drafts.authorization(product_id, await market.reseller())
  const change = await authorize(market.vendor, { ...draft, name: `Partner ${key}` }, `authorize-${key}`)
  const end = await finished(market, change, (reference) => check(market.vendor, reference))
  claim(end.status === 'succeeded', `It is opened: ${show(end)}`)
  return given(end.target.authorization_id, 'authorization')
}
