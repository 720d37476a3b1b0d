// Terms of an authorization beside its prices: payment, texts for buyer and reseller, the latest start.
import { claim, equal, given, holds, show } from '../../claims.ts'
import { authorized, facet, finished, listed } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { details, openEnded, resell, resoldBy } from './own-channel.ts'
import { held, termOf } from './own-offers.ts'
import { released, setDraft, setsOf } from './own-set-steps.ts'

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
