// What AWS's feeds tell beside the money: who bought what, what tax lines are made of, and how rows are corrected.
import type { Description } from '../../../../connectors/connector.ts'
import { decimal, formatDecimal, sum } from '../../../../src/core/decimal.ts'
import { claim, equal, given, show } from '../../claims.ts'
import { sold } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { current, fetched, linesOf, newFiles, parsed } from '../../statements.ts'
import type { Market } from '../../world.ts'
import { BUYER, VENDOR } from './accounts.ts'

/** Every item of the vendor's files as they stand now. */
async function everythingTold(market: Market) {
  const { items } = await newFiles(market, market.vendor, null)
  const told = []
  for (const file of items) told.push(...(await parsed(market, await fetched(market, market.vendor, file))))
  return told
}

async function descriptions(market: Market): Promise<Description[]> {
  return (await everythingTold(market)).flatMap((item) =>
    item.is === 'description' ? [item.description] : [],
  )
}

function of<Kind extends Description['kind']>(all: readonly Description[], kind: Kind) {
  return all.filter((one): one is Extract<Description, { kind: Kind }> => one.kind === kind)
}

export const descriptionScenarios: readonly Scenario[] = [
  {
    id: 'settlements.described',
    title: 'The feeds tell who bought which product by which offer, by names that lead from one to the other',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { bought, offer_id, product } = await sold(market)
      await market.move({ to: '2026-09-16T12:00:00Z' })
      const all = await descriptions(market)
      const agreement = given(
        of(all, 'agreement').find(({ about }) => about === bought.agreement_id),
        'the agreement',
      )
      equal([agreement.values.offer_id, agreement.values.state], [offer_id, 'active'], 'The agreement')
      const account = (key: string | null) => of(all, 'account').find((one) => one.key === key)?.about
      equal(
        [account(agreement.values.seller), account(agreement.values.buyer)],
        [VENDOR, BUYER],
        'The accounts by their own ids',
      )
      const named = of(all, 'offer_product').find(({ about }) => about === offer_id)?.values.product_id
      equal(named, product.product_id, 'The product of the offer')
      const { title } = given(of(all, 'product').find(({ about }) => about === named)?.values, 'the product')
      equal(title, market.drafts.listing.title, 'Its title')
      claim(
        of(all, 'term').some(({ about }) => about === bought.agreement_id),
        'Terms are told',
      )
      const targets = of(all, 'offer_target').filter(({ about }) => about === offer_id)
      equal(
        targets.map(({ values }) => values.account),
        [BUYER],
        'Whom the offer is for',
      )
    },
  },
  {
    id: 'settlements.tax_items',
    title: 'What taxes are made of comes to the tax of the same invoice, with jurisdiction and rate',
    needs: ['settlements', 'offers', 'tax'],
    async run(market) {
      await market.deeds.levyTax()
      await sold(market)
      await market.move({ to: '2026-09-16T12:00:00Z' })
      const items = await everythingTold(market)
      const lines = current(linesOf(items)).filter(
        ({ kind, stage }) => kind === 'tax_remitted_by_cloud' && stage === 'invoiced',
      )
      claim(lines.length > 0, 'There is a tax line')
      const taxes = of(
        items.flatMap((item) => (item.is === 'description' ? [item.description] : [])),
        'tax',
      )
      for (const line of lines) {
        const own = taxes.filter(({ about }) => about === line.invoice_id)
        equal(
          formatDecimal(sum(own.map(({ values }) => decimal(values.amount)))),
          formatDecimal(line.amount),
          `The taxes of ${line.invoice_id}`,
        )
        equal(
          own.map(({ values }) => [values.rate, values.liable]),
          [['0.1', 'AWS']],
          'The tax',
        )
        claim(
          own.every(({ values }) => values.jurisdiction !== null),
          `A jurisdiction: ${show(own)}`,
        )
      }
    },
  },
  {
    id: 'settlements.described_anew',
    title:
      'A row that was told wrong has a later version of the same validity, and one told twice is deleted',
    needs: ['settlements', 'offers'],
    async run(market) {
      const { product } = await sold(market)
      await market.move({ to: '2026-09-06T12:00:00Z' })
      const slip = { account_id: VENDOR, feed: 'productfeed', id: product.product_id }
      await market.control('/aws/feeds/slips', {
        ...slip,
        slip: 'misprinted',
        column: 'title',
        value: 'Lodger',
      })
      await market.control('/aws/feeds/slips', { ...slip, slip: 'doubled' })
      await market.move({ to: '2026-09-09T12:00:00Z' })
      const products = of(await descriptions(market), 'product')
      const own = products.filter(({ key }) => key === product.product_id)
      const titles = own
        .toSorted((left, right) => (left.version < right.version ? -1 : 1))
        .map(({ values }) => values.title)
      const { title } = market.drafts.listing
      equal(titles, [title, 'Lodger', title], 'What was said, in its order')
      equal(new Set(own.map(({ valid_from }) => valid_from.getTime())).size, 1, 'The validities')
      const other = products.filter(({ key }) => key !== product.product_id)
      equal(
        other.map(({ deleted }) => deleted),
        [false, true],
        'The row that was told twice',
      )
    },
  },
  {
    id: 'settlements.no_people',
    title: 'Of accounts and addresses no e-mail, postal code or tax number is handed on',
    needs: ['settlements', 'offers'],
    async run(market) {
      await sold(market)
      await market.move({ to: '2026-09-06T12:00:00Z' })
      const all = await descriptions(market)
      const kept = [...of(all, 'account'), ...of(all, 'address')].flatMap(({ values }) => Object.keys(values))
      const allowed = ['name', 'address', 'company', 'country', 'region', 'city']
      equal([...new Set(kept)].sort(), [...allowed].sort(), 'What is kept')
    },
  },
]
