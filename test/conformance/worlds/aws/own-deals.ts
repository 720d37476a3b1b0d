// What was sold, as AWS tells it: several agreements of one buyer, ends of every kind, usage by licence and by code.
import { MarketplaceAgreementClient, SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement'
import { formatDecimal } from '../../../../src/core/decimal.ts'
import { claim, equal, given, holds } from '../../claims.ts'
import { facet, listed, offered, type Sold, sold } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import { pulled } from '../../scenarios/agreements.ts'
import type { Market } from '../../world.ts'
import { BUYER } from './accounts.ts'

/** So many agreements of one buyer and one product, all of them running. */
export async function several(market: Market, count: number): Promise<Sold[]> {
  const product = await listed(market)
  const deals: Sold[] = []
  for (let number = 1; number <= count; number += 1) {
    const draft = { ...market.drafts.offer(product.product_id), name: `Ledger for Acme ${number}` }
    const grants = [{ dimension: 'seats', quantity: 100 * number }]
    const offer_id = await offered(market, { ...draft, grants, marker: `offer_${number}` }, `offer-${number}`)
    const bought = await market.deeds.accept(offer_id)
    await market.move({ by: 'PT1M' })
    const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
    deals.push({ product, offer_id, bought, record })
  }
  return deals
}

/** The search as AWS itself answers it. */
async function searched({ server, vendor }: Market, after?: Date) {
  const { access_key_id: accessKeyId = '', secret_access_key: secretAccessKey = '' } = vendor.credentials
  const client = new MarketplaceAgreementClient({
    endpoint: server.urls.aws.agreement,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  })
  const filters = [
    { name: 'PartyType', values: ['Proposer'] },
    { name: 'AgreementType', values: ['PurchaseAgreement'] },
    ...(after === undefined
      ? []
      : [{ name: 'AfterLastUpdateTime', values: [`${after.toISOString().slice(0, 19)}Z`] }]),
  ]
  const found = await client.send(new SearchAgreementsCommand({ catalog: 'AWSMarketplace', filters }))
  return found.agreementViewSummaries ?? []
}

const agreementScenarios: readonly Scenario[] = [
  {
    id: 'agreements.several',
    title:
      'Several agreements of one buyer and product run beside each other, each with a licence of its own',
    needs: ['agreements', 'offers'],
    async run(market) {
      const deals = await several(market, 3)
      const { items } = await pulled(market, null)
      equal(
        items.map(({ state }) => state),
        ['active', 'active', 'active'],
        'The states',
      )
      equal(new Set(items.map(({ agreement_id }) => agreement_id)).size, 3, 'The agreements')
      equal(new Set(items.map(({ license }) => license)).size, 3, 'The licences')
      equal(new Set(items.map(({ buyer_account_id }) => buyer_account_id)).size, 1, 'The buyers')
      const quantities = deals.map(({ record }) => record.grants[0]?.quantity)
      equal(quantities, [100, 200, 300], 'What each was sold')
    },
  },
  {
    id: 'agreements.entitlements_of_each',
    title: 'Entitlements are read by licence, and one never shows those of another',
    needs: ['agreements.entitlements', 'offers'],
    async run(market) {
      const { entitlements } = facet(market, 'agreements')
      for (const { product, record } of await several(market, 2)) {
        const license = given(record.license, 'licence')
        const found = await entitlements?.(market.vendor, product.product_code ?? '', license)
        const value = String(record.grants[0]?.quantity)
        holds(found, [{ dimension: 'seats', value, license }], 'The entitlements')
      }
    },
  },
  {
    id: 'agreements.search_by_time',
    title: 'The incremental search leaves out what did not change, and finds what did',
    needs: ['agreements', 'offers'],
    async run(market) {
      const [first, second] = await several(market, 2)
      const { next } = await pulled(market, null)
      await market.move({ by: 'P2D' })
      const since = market.now()
      await market.move({ by: 'PT1H' })
      await market.deeds.cancel(given(second, 'deal').bought)
      await market.move({ by: 'PT1M' })
      const found = await searched(market, since)
      equal(
        found.map(({ agreementId }) => agreementId),
        [given(second, 'deal').bought.agreement_id],
        'What the search finds',
      )
      const { items } = await pulled(market, next)
      equal(
        items.map(({ agreement_id }) => agreement_id),
        found.map(({ agreementId }) => agreementId),
        'What is pulled',
      )
      claim(items[0]?.agreement_id !== first?.bought.agreement_id, 'The other is not')
    },
  },
  {
    id: 'agreements.search_names_licence',
    title: 'The licence of an agreement is the one that the search names',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { record } = await sold(market)
      const [found] = await searched(market)
      const named = found?.entitlements ?? []
      equal(
        named.map(({ licenseArn }) => licenseArn),
        [record.license ?? ''],
        'The licence',
      )
    },
  },
  {
    id: 'agreements.failed_payment',
    title: 'An agreement that AWS ends because the payment failed is over, and told apart',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { agreement_id } = bought
      await market.control(`/aws/buyers/${BUYER}/fail-payment`, { agreement_id })
      await market.move({ by: 'PT1M' })
      const record = await facet(market, 'agreements').read(market.vendor, agreement_id)
      equal([record.state, record.cloud_state], ['ended', 'TERMINATED'], 'The state')
    },
  },
  {
    id: 'agreements.expired',
    title: 'An agreement that reached its end is over on its day',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      await market.move({ to: '2027-09-04T00:00:00Z' })
      const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      equal([record.state, record.cloud_state], ['ended', 'EXPIRED'], 'The state')
    },
  },
]

const termScenarios: readonly Scenario[] = [
  {
    id: 'agreements.terms',
    title: 'Value, schedule, prices and grants of an agreement are those of its terms, to the cent',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { record } = await sold(market)
      equal(record.value && formatDecimal(record.value), '120000.5', 'The value')
      equal(
        record.instalments.map(({ due_on, amount }) => `${due_on} ${amount.amount}`),
        ['2026-09-15 6000000', '2027-01-01 6000050'],
        'The schedule',
      )
      equal(record.grants, [{ dimension: 'seats', quantity: 100 }], 'The grants')
    },
  },
]

export const dealScenarios: readonly Scenario[] = [...agreementScenarios, ...termScenarios]
