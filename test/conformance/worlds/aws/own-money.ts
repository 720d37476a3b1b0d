// Money as AWS's feeds tell it: every feed known, refunds, and pay-outs that come back.
import type { StatementItem, StatementLine } from '../../../../connectors/connector.ts'
import { formatDecimal, sum } from '../../../../src/core/decimal.ts'
import { money } from '../../../../src/core/money.ts'
import { claim, equal, given, show } from '../../claims.ts'
import { facet, sold } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { current, fetched, linesOf, newFiles, parsed } from '../../statements.ts'
import type { Market } from '../../world.ts'
import { VENDOR } from './accounts.ts'

/** Every line of the vendor's files as they stand now. */
async function linesNow(market: Market): Promise<StatementLine[]> {
  const { items } = await newFiles(market, market.vendor, null)
  const lines: StatementLine[] = []
  for (const file of items)
    lines.push(...linesOf(await parsed(market, await fetched(market, market.vendor, file))))
  return current(lines)
}

const total = (lines: readonly StatementLine[]) => formatDecimal(sum(lines.map(({ amount }) => amount)))

const patch = (market: Market, more: object) => market.control(`/aws/accounts/${VENDOR}`, more, 'PATCH')

/** The feeds by their AWS names. */
const feeds = [
  'accountfeed',
  'addressfeed',
  'agreementfeed',
  'agreementtermfeed',
  'billingeventfeed',
  'dailyusagefeed',
  'legacyidmappingfeed',
  'offerfeed',
  'offerproductfeed',
  'offertargetfeed',
  'productfeed',
  'taxitemfeed',
]

async function paidOut(market: Market, to = '2026-11-20T12:00:00Z') {
  const { bought } = await sold(market)
  await market.move({ to })
  return { agreement_id: bought.agreement_id, lines: await linesNow(market) }
}

export const moneyScenarios: readonly Scenario[] = [
  {
    id: 'settlements.feeds',
    title: 'Every feed is known by its name, and read',
    needs: ['settlements', 'offers'],
    async run(market) {
      await sold(market)
      await market.move({ to: '2026-11-20T12:00:00Z' })
      const { items } = await newFiles(market, market.vendor, null)
      const found = items.map(({ name }) => name.split('_v1/')[0] ?? '')
      claim(
        found.every((name) => feeds.includes(name)),
        `Only feeds are found: ${show(found)}`,
      )
      for (const file of items) {
        const statement = await fetched(market, market.vendor, file)
        const told = await parsed(market, statement)
        equal(told.length, statement.rows.length - 1, `The rows of ${statement.format} that are read`)
      }
      // Nothing was used and nothing taxed.
      const silent = ['dailyusagefeed', 'taxitemfeed']
      const rest = feeds.filter((name) => !silent.includes(name))
      equal([...new Set(found)].sort(), rest, 'The feeds')
    },
  },
  {
    id: 'settlements.refund',
    title: 'What goes back to a buyer is a refund, with the fee that comes back, to the cent',
    needs: ['settlements', 'requests', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { agreement_id } = bought
      await market.move({ to: '2026-09-16T12:00:00Z' })
      const { invoices, send } = facet(market, 'requests')
      const [invoice] = await invoices(market.vendor, agreement_id)
      const amount = money('USD', 10_000_00n)
      const { invoice_id } = given(invoice, 'invoice')
      const reason = 'BUYER_DISSATISFACTION'
      await send(
        market.vendor,
        { kind: 'refund', agreement_id, invoice_id, amount, reason, words: null },
        'refund-1',
      )
      await market.move({ to: '2026-11-20T12:00:00Z' })
      const lines = (await linesNow(market)).filter(({ stage, counts }) => stage === 'invoiced' && counts)
      const of = (kind: StatementLine['kind']) => lines.filter((line) => line.kind === kind)
      equal(total(of('refund')), '-10000', 'What goes back')
      equal(total(of('sale')), '60000', 'The sale')
      equal(total(of('listing_fee')), '-1500', 'The fee, less what came back of it')
      equal(of('refund')[0]?.agreement_id, agreement_id, 'The agreement')
    },
  },
  {
    id: 'settlements.failed_payout',
    title: 'A pay-out that the bank sends back is told, and paid again when the bank takes it',
    needs: ['settlements', 'offers'],
    async run(market) {
      await patch(market, { bank_refuses: true })
      const { lines } = await paidOut(market)
      const failed = lines.filter(({ kind }) => kind === 'disbursement_failure')
      claim(failed.length > 0, `The failure is told: ${show(lines.map(({ kind }) => kind))}`)
      const cash = (found: readonly StatementLine[]) =>
        total(found.filter(({ kind }) => kind === 'disbursement' || kind === 'disbursement_failure'))
      equal(cash(lines), '0', 'What was paid in the end')
      await patch(market, { bank_refuses: false })
      await market.move({ to: '2026-12-20T12:00:00Z' })
      equal(cash(await linesNow(market)), market.expected.statement.payout, 'What is paid after that')
    },
  },
  {
    id: 'settlements.both_words',
    title: 'Both spellings of the pay-out are one kind',
    needs: ['settlements', 'offers'],
    async run(market) {
      for (const disbursement_word of ['DISBURSED', 'DISBURSEMENT']) {
        const own = await market.another()
        await patch(own, { disbursement_word })
        const { lines } = await paidOut(own)
        const payouts = lines.filter(({ kind }) => kind === 'disbursement')
        equal(payouts.length, 1, `The pay-outs, spelt ${disbursement_word}`)
        equal(total(payouts), own.expected.statement.payout, `The amount, spelt ${disbursement_word}`)
        equal(lines.filter(({ kind }) => kind === 'unknown').length, 0, 'What is not known')
      }
    },
  },
  {
    id: 'settlements.reports',
    title:
      'Both finance reports come to what was invoiced and paid out, and none of it is a line of the books',
    needs: ['settlements', 'offers'],
    async run(market) {
      await patch(market, { exports_reports: true })
      const { agreement_id } = await paidOut(market)
      const { items } = await newFiles(market, market.vendor, null)
      // Each report is a file for each month.
      const found = new Map<string, StatementItem[]>()
      for (const file of items.filter(({ name }) => name.startsWith('reports/'))) {
        const statement = await fetched(market, market.vendor, file)
        const read = await parsed(market, statement)
        equal(linesOf(read).length, 0, `The lines of ${file.name}`)
        found.set(statement.format, [...(found.get(statement.format) ?? []), ...read])
      }
      equal(
        [...found.keys()].sort(),
        ['aws.billed_revenue', 'aws.collections_and_disbursements'],
        'The reports',
      )
      const totals = (format: string) =>
        (found.get(format) ?? []).flatMap((item) => (item.is === 'total' ? [item.total] : []))
      const { payout } = market.expected.statement
      const billed = totals('aws.billed_revenue')
      equal([...new Set(billed.map((one) => one.agreement_id))], [agreement_id], 'The agreements')
      equal(formatDecimal(sum(billed.map(({ invoiced }) => invoiced))), payout, 'What is invoiced')
      equal(formatDecimal(sum(billed.map(({ disbursed }) => disbursed))), payout, 'What is paid out of it')
      const paid = totals('aws.collections_and_disbursements')
      equal(formatDecimal(sum(paid.map(({ disbursed }) => disbursed))), payout, 'What is paid out')
    },
  },
]
