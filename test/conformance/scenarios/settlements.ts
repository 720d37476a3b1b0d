// What the cloud says happened with the money.
import { add, decimal, formatDecimal, negate, sum, zero } from '../../../src/core/decimal.ts'
import { claim, equal, faultOf, given, show } from '../claims.ts'
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
    id: 'settlements.known',
    title: 'Every file is known: one of our formats, or left out with a reason',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const { skipped = {} } = facet(market, 'settlements')
      claim(
        files.some(({ format }) => format === market.statements.format),
        `There is one of the format ${market.statements.format}`,
      )
      for (const file of files) {
        const items = await parsed(market, file)
        const reason = skipped[file.format]
        if (reason === undefined) continue
        claim(reason.length > 10, `${file.format} is left out with a reason`)
        equal(items, [], `What is read of ${file.format}`)
      }
    },
  },
  {
    id: 'settlements.pull_once',
    title: 'A file is handed on once in each version',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files, next } = await settled(market)
      const versions = files.map(({ file }) => `${file.name} ${file.version}`)
      equal(new Set(versions).size, versions.length, 'The number of different files')
      const again = await facet(market, 'settlements').pull(market.vendor, next)
      equal(again.items, [], 'What is new after that')
    },
  },
  {
    id: 'settlements.pull_new',
    title: 'What was written since is handed on, and nothing that is known',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files, next } = await settled(market)
      await market.deeds.nextMonth()
      const { items } = await newFiles(market, market.vendor, next)
      claim(items.length > 0, 'There is something new')
      const known = files.map(({ file }) => `${file.name} ${file.version}`)
      for (const { name, version } of items)
        claim(!known.includes(`${name} ${version}`), `${name} in this version was handed on before`)
    },
  },
  {
    id: 'settlements.sale',
    title: 'The sale names its agreement and product, with its amount to the cent',
    needs: ['settlements', 'offers'],
    async run(market) {
      const lines = await allLines(market)
      const sales = lines.filter(({ kind, stage, counts }) => kind === 'sale' && stage === 'invoiced' && counts)
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
      const fees = lines.filter(({ kind, stage, counts }) => kind === 'listing_fee' && stage === 'invoiced' && counts)
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
      for (const file of items) lines.push(...linesOf(await parsed(market, await fetched(market, seat, file))))
      const invoiced = current(lines).filter(({ stage, counts }) => stage === 'invoiced' && counts)
      const amounts = invoiced.map(({ kind, amount }) => `${kind} ${formatDecimal(amount)}`).sort()
      equal(amounts, [...market.expected.statement.reseller].sort(), "The reseller's lines")
    },
  },
  {
    id: 'settlements.foreign',
    title: "Another seller does not get our files",
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const { file } = given(
        files.find(({ format }) => format === market.statements.format),
        'file with money',
      )
      const stranger = market.statements.intruder(await market.stranger(), market.vendor)
      await faultOf(
        () => facet(market, 'settlements').fetchFile(stranger, file.name),
        ['forbidden', 'not_found', 'unauthorised'],
      )
    },
  },
  {
    id: 'settlements.missing_file',
    title: 'A file that is not there is not found',
    needs: ['settlements'],
    async run(market) {
      await faultOf(
        () => facet(market, 'settlements').fetchFile(market.vendor, market.expected.statement.missing),
        ['not_found'],
      )
    },
  },
  {
    id: 'settlements.lost_file',
    title: 'A file whose answer was lost is fetched again, whole',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { files } = await settled(market)
      const money = given(
        files.find(({ format }) => format === market.statements.format),
        'file with money',
      )
      market.network.cut()
      const { fetchFile } = facet(market, 'settlements')
      await faultOf(() => fetchFile(market.vendor, money.file.name), ['connection_lost'])
      market.network.mend()
      const again = await fetched(market, market.vendor, money.file)
      equal(again.rows, money.rows, 'The rows')
      claim(again.rows.length > 1, `There are rows: ${show(again.rows.length)}`)
    },
  },
]
