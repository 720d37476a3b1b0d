// Terms of an authorization beside its prices: payment, texts for buyer and reseller, the latest start.
import { claim, holds, show } from '../../claims.ts'
import { authorized } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { details, openEnded, resell, resoldBy } from './own-channel.ts'
import { held, termOf } from './own-offers.ts'

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
]
