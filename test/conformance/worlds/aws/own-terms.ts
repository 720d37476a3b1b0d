// Terms of an offer beside its price that only AWS knows: texts, payment, renewal, first and last day.
import { formatDecimal } from '../../../../src/core/decimal.ts'
import { money } from '../../../../src/core/money.ts'
import { equal, holds } from '../../claims.ts'
import { facet, offered } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { day, draftOf, held, taken, termOf } from './own-offers.ts'

export const offerTermScenarios: readonly Scenario[] = [
  {
    id: 'offers.custom_eula',
    title: 'An agreement text of its own goes with the offer',
    needs: ['offers'],
    async run(market) {
      const eula = 'https://vendor-texts.s3.amazonaws.com/eula.pdf'
      const offer = await held(market, await offered(market, await draftOf(market, { eula })))
      const [document] = termOf(offer, 'LegalTerm').Documents as object[]
      holds(document, { Type: 'CustomEula' }, 'The document')
      const standard = await offered(market, await draftOf(market, { marker: 'offer_2' }), 'offer-2')
      const [other] = termOf(await held(market, standard), 'LegalTerm').Documents as object[]
      holds(other, { Type: 'StandardEula', Version: /^\d{4}-\d{2}-\d{2}$/ }, 'The standard document')
    },
  },
  {
    id: 'offers.net_payment',
    title: 'Net payment terms say when an invoice is due',
    needs: ['offers'],
    async run(market) {
      const offer_id = await offered(market, await draftOf(market, { options: { net_payment_days: 45 } }))
      holds(termOf(await held(market, offer_id), 'NetPaymentTerm'), { PaymentDuePeriod: 'P45D' }, 'The term')
      const record = await taken(market, offer_id)
      await market.move({ to: '2026-09-16T12:00:00Z' })
      const invoices = await market.control<{ agreement_id: string; due_at: string }[]>('/aws/invoices')
      const invoice = invoices.find(({ agreement_id }) => agreement_id === record.agreement_id)
      equal(invoice?.due_at.slice(0, 10), '2026-10-30', 'The day the invoice is due')
    },
  },
  {
    id: 'offers.renewal',
    title: 'Renewal terms with one increase: the renewed agreement costs so much more',
    needs: ['offers'],
    async run(market) {
      const renewal = { price_increase_percent: '5', lockout_days: 10, maximum: 2 }
      const offer_id = await offered(market, await draftOf(market, { options: { renewal } }))
      const term = termOf(await held(market, offer_id), 'RenewalTerm')
      holds(term, { LockoutPeriod: 'P10D', MaxRenewals: 2 }, 'The term')
      holds(term, { PriceIncrease: { Type: 'FixedPercentage', Value: '5.00' } }, 'The increase')
      const record = await taken(market, offer_id, { auto_renew: true })
      await market.move({ to: '2027-09-03T00:00:00Z' })
      const before = await facet(market, 'agreements').read(market.vendor, record.agreement_id)
      equal([before.state, before.cloud_state], ['replaced', 'RENEWED'], 'The first agreement')
      const { items } = await facet(market, 'agreements').pull(market.vendor, null)
      const next = items.find(({ agreement_id }) => agreement_id !== record.agreement_id)
      equal(next?.value && formatDecimal(next.value), '126000.53', 'The value of the next')
      equal(next?.license, record.license, 'Its licence')
    },
  },
  {
    id: 'offers.renewal_range',
    title: 'Renewal terms with a range of increases and a day until which one is chosen',
    needs: ['offers'],
    async run(market) {
      const renewal = {
        lowest_percent: '1',
        usual_percent: '3.5',
        highest_percent: '7.25',
        adjustment_days: 60,
        lockout_days: 30,
      }
      const offer = await held(market, await offered(market, await draftOf(market, { options: { renewal } })))
      const Range = { MinValue: '1.00', MaxValue: '7.25', DefaultValue: '3.50' }
      const term = termOf(offer, 'RenewalTerm')
      holds(
        term,
        { PriceIncrease: { Type: 'PercentageRange', Range }, AdjustmentDeadline: 'P60D' },
        'The term',
      )
    },
  },
  {
    id: 'offers.future_start',
    title: 'An agreement that begins later runs from its first day to its last',
    needs: ['offers'],
    async run(market) {
      const options = { starts_on: '2026-10-01', ends_on: '2027-09-30' }
      const instalments = [{ due_on: '2026-10-01', amount: money('USD', 1_000_00n) }]
      const record = await taken(
        market,
        await offered(market, await draftOf(market, { options, instalments })),
      )
      equal([day(record.starts_at), day(record.ends_at)], ['2026-10-01', '2027-09-30'], 'Its days')
    },
  },
  {
    id: 'offers.end_date',
    title: 'An agreement with a last day in place of a length ends on it',
    needs: ['offers'],
    async run(market) {
      const draft = await draftOf(market, { options: { ends_on: '2027-03-31' } })
      const record = await taken(market, await offered(market, draft))
      equal(day(record.ends_at), '2027-03-31', 'Its last day')
    },
  },
]
