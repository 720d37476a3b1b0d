// What the buyer was billed, and money that goes back out of it.
import { formatDecimal, subtract } from '../../../src/core/decimal.ts'
import { money } from '../../../src/core/money.ts'
import { claim, equal, given, holds, show } from '../claims.ts'
import { facet, type Sold, sold } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'
import { ask, end, words } from './asking.ts'

async function invoicesOf(market: Market, { bought }: Sold) {
  return facet(market, 'requests').invoices(market.vendor, bought.agreement_id)
}

async function billed(market: Market) {
  const deal = await sold(market)
  await market.move({ to: '2026-09-16T12:00:00Z' })
  const [invoice] = await invoicesOf(market, deal)
  return { deal, invoice: given(invoice, 'invoice') }
}

export const refundScenarios: Scenario[] = [
  {
    id: 'requests.invoices',
    title: 'What the buyer was billed is told with what can be given back',
    needs: ['requests', 'offers'],
    async run(market) {
      const { invoice } = await billed(market)
      holds(invoice, { kind: 'invoice', currency: 'USD', month: '2026-09' }, 'The invoice')
      equal(formatDecimal(invoice.amount), '60000', 'Its amount')
      equal(formatDecimal(given(invoice.refundable, 'refundable amount')), '60000', 'What can be given back')
    },
  },
  {
    id: 'requests.refund',
    title: 'Part of an invoice goes back, and the invoice says how much is left',
    needs: ['requests', 'offers'],
    async run(market) {
      const { deal, invoice } = await billed(market)
      const { invoice_id } = invoice
      const { agreement_id } = deal.bought
      const amount = money('USD', 1_000_25n)
      const reason = 'BUYER_DISSATISFACTION'
      const change = await ask(market, { kind: 'refund', agreement_id, invoice_id, amount, reason, words })
      claim(change.status === 'accepted', `It is asked: ${show(change)}`)
      await market.move({ by: 'PT5M' })
      equal((await end(market, change.reference)).status, 'succeeded', 'How it ended')
      const all = await invoicesOf(market, deal)
      const left = given(all.find((one) => one.invoice_id === invoice_id)?.refundable, 'what is left')
      const back = subtract(given(invoice.refundable, 'what there was'), left)
      equal(formatDecimal(back), '1000.25', 'What went back')
      equal(all.filter(({ kind }) => kind === 'credit_memo').length, 1, 'The credit memos')
    },
  },
  {
    id: 'requests.refund_too_much',
    title: 'More than was paid is not given back, and the cloud says why',
    needs: ['requests', 'offers'],
    async run(market) {
      const { deal, invoice } = await billed(market)
      const { agreement_id } = deal.bought
      const { invoice_id } = invoice
      const amount = money('USD', 60_000_01n)
      const reason = 'INCORRECT_METERING'
      const first = await ask(market, { kind: 'refund', agreement_id, invoice_id, amount, reason, words })
      await market.move({ by: 'PT5M' })
      const change = first.status === 'accepted' ? await end(market, first.reference) : first
      claim(change.status === 'failed', `It is refused: ${show(change)}`)
      holds(change.problems[0], { code: /VALIDATION/, message: /\w/, plain: /\w/ }, 'The problem')
      const [still] = await invoicesOf(market, deal)
      equal(still?.refundable, invoice.refundable, 'What can be given back')
    },
  },
]
