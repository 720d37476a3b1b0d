// What the cloud says happened with the money.
import { add, decimal, formatDecimal, negate, sum, zero } from '../../../src/core/decimal.ts'
import { claim, equal } from '../claims.ts'
import { activatedUnread, authorized, facet, resold, running, usageOf } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import { allLines, current, fetched, linesOf, newFiles, parsed, settled } from '../statements.ts'
import type { Market } from '../world.ts'
import { answers } from './usage.ts'

/** What arrived on the vendor's account, by the bank itself. */
async function banked(market: Market): Promise<string> {
  const text = await market.control<string>(`/bank/${encodeURIComponent(market.vendor.account_id)}.csv`)
  const rows = text.trim().split('\n').slice(1)
  return formatDecimal(rows.reduce((total, row) => add(total, decimal(row.split(',')[2] ?? '0')), zero))
}

export const settlementScenarios: Scenario[] = [
  {
    id: 'settlements.sale',
    title: 'The sale names its agreement and product, with its amount to the cent',
    needs: ['settlements', 'offers'],
    async run(market) {
      const lines = await allLines(market)
      const sales = lines.filter(
        ({ kind, stage, counts }) => kind === 'sale' && stage === 'invoiced' && counts,
      )
      equal(
        sales.map(({ amount }) => formatDecimal(amount)),
        ['60000'],
        'The sales',
      )
      const agreements = await facet(market, 'agreements').pull(market.vendor, null)
      const [line] = sales
      equal(line?.agreement_id, agreements.items[0]?.agreement_id, 'The agreement')
      equal(line?.currency, 'USD', 'The currency')
      if (market.expected.statement.names_offer)
        equal(line?.offer_id, agreements.items[0]?.offer_id, 'The offer')
      claim((line?.product_id ?? '') !== '', 'The product is named')
      claim(Object.keys(line?.raw ?? {}).length > 5, 'The whole row is kept')
    },
  },
  {
    id: 'settlements.fee',
    title: "The cloud's fee is taken out at its rate, to the cent",
    needs: ['settlements', 'offers'],
    async run(market) {
      const lines = await allLines(market)
      const fees = lines.filter(
        ({ kind, stage, counts }) => kind === 'listing_fee' && stage === 'invoiced' && counts,
      )
      equal(
        fees.map(({ amount }) => formatDecimal(amount)),
        [market.expected.statement.fee],
        'The fees',
      )
    },
  },
  {
    id: 'settlements.nothing_guessed',
    title: 'No line of a plain deal is of an unknown kind',
    needs: ['settlements', 'offers'],
    async run(market) {
      const lines = await allLines(market)
      const unknown = lines.filter(({ kind, stage }) => kind === 'unknown' || stage === 'unknown')
      equal(unknown, [], 'The unknown lines')
    },
  },
  {
    id: 'settlements.payout',
    title: 'A pay-out is the sum of the lines that went into it, and what the bank got',
    needs: ['settlements', 'offers'],
    async run(market) {
      const lines = await allLines(market)
      const payouts = lines.filter(({ kind }) => kind === 'disbursement')
      claim(payouts.length > 0, 'There is a pay-out')
      for (const payout of payouts) {
        const inside = lines.filter(
          ({ key, disbursement_key }) => disbursement_key === payout.key && key !== payout.key,
        )
        claim(inside.length > 0, `Lines point to the pay-out ${payout.key}`)
        equal(
          formatDecimal(sum(inside.map(({ amount }) => negate(amount)))),
          formatDecimal(payout.amount),
          `The sum of ${payout.key}`,
        )
      }
      const total = formatDecimal(sum(payouts.map(({ amount }) => amount)))
      equal(total, market.expected.statement.payout, 'The pay-outs')
      equal(await banked(market), total, 'What the bank got')
    },
  },
  {
    id: 'settlements.keys',
    title: 'No two lines of one version have the same key',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      for (const file of files) {
        const keys = linesOf(await parsed(market, file)).map(({ key, version }) => `${key} ${version}`)
        equal(new Set(keys).size, keys.length, `The number of different lines of ${file.file.name}`)
      }
    },
  },
  {
    id: 'settlements.usage',
    title: 'What the cloud says was used is what was sent',
    needs: ['settlements', 'metering', 'offers'],
    async run(market) {
      const deal = await running(market)
      await answers(market, [usageOf(market, deal)])
      await market.deeds.settleUsage()
      const { items } = await newFiles(market, market.vendor, null)
      const usage = []
      for (const file of items)
        for (const item of await parsed(market, await fetched(market, market.vendor, file)))
          if (item.is === 'usage') usage.push(item.usage)
      const { on, is } = market.expected.statement.usage
      equal(
        usage.filter(is).map((line) => [line.agreement_id, line.on, formatDecimal(line.quantity)]),
        [[deal.bought.agreement_id, on, '1000']],
        'What was used',
      )
    },
  },
  {
    id: 'settlements.tax',
    title: 'Tax that the cloud remits is told and does not count',
    needs: ['settlements', 'offers', 'tax'],
    async run(market) {
      await market.deeds.levyTax()
      const lines = await allLines(market)
      const remitted = lines.filter(({ kind }) => kind === 'tax_remitted_by_cloud')
      equal(
        remitted
          .filter(({ stage }) => stage === 'invoiced')
          .map(({ amount, counts }) => [formatDecimal(amount).replace('-', ''), counts]),
        [['6000', false]],
        'The tax',
      )
      const sales = lines.filter(({ kind, stage }) => kind === 'sale' && stage === 'invoiced')
      equal(
        sales.map(({ amount }) => formatDecimal(amount)),
        ['60000'],
        'The sales',
      )
    },
  },
  {
    id: 'settlements.reseller',
    title: 'A reseller sees what its sale cost it',
    needs: ['settlements', 'syndication', 'reseller_statement'],
    async run(market) {
      const { authorization_id } = await authorized(market)
      const bought = await market.deeds.acceptResold(await resold(market, authorization_id))
      await activatedUnread(market, bought)
      await market.deeds.settle()
      const seat = await market.reseller()
      const { items } = await newFiles(market, seat, null)
      const lines = []
      for (const file of items)
        lines.push(...linesOf(await parsed(market, await fetched(market, seat, file))))
      const invoiced = current(lines).filter(({ stage, counts }) => stage === 'invoiced' && counts)
      const amounts = invoiced.map(({ kind, amount }) => `${kind} ${formatDecimal(amount)}`).sort()
      equal(amounts, [...market.expected.statement.reseller].sort(), "The reseller's lines")
    },
  },
]
