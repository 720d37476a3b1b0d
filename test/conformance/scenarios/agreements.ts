// What buyers accepted: pulled, read, resolved from a token.
import type { AgreementRecord } from '../../../connectors/connector.ts'
import { claim, equal, faultOf, given, holds, show, text } from '../claims.ts'
import { accepted, everything, facet, sold } from '../deal.ts'
import type { Scenario } from '../scenario.ts'
import type { Market } from '../world.ts'

export function pulled(market: Market, cursor: string | null) {
  const agreements = facet(market, 'agreements')
  return everything<AgreementRecord>((from) => agreements.pull(market.vendor, from), cursor)
}

export const agreementScenarios: Scenario[] = [
  {
    id: 'agreements.pull',
    title: 'What a buyer accepted is pulled with everything that was agreed',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { product, offer_id, bought } = await accepted(market)
      const { items } = await pulled(market, null)
      const { cloud_state, pending, grants, tells_price } = market.expected.agreement
      holds(
        items,
        [
          {
            agreement_id: bought.agreement_id,
            role: 'seller',
            offer_id,
            authorization_id: null,
            product_id: product.product_id,
            seller_account_id: market.vendor.account_id,
            state: pending ? 'pending' : 'active',
            cloud_state,
            currency: 'USD',
            grants,
          },
        ],
        'The agreements',
      )
      const [record] = items
      claim((record?.buyer_account_id ?? '') !== '', 'The buyer is named')
      equal(text(record?.value), tells_price ? '120000.5' : null, 'The value')
      const { amount: first } = record?.instalments[0] ?? {}
      equal(first?.amount, tells_price ? 60_000_00n : undefined, 'The first instalment')
      const { due_on, amount: second } = record?.instalments[1] ?? {}
      equal(
        [due_on, second?.asset, second?.amount],
        tells_price ? ['2027-01-01', 'USD/2', 60_000_50n] : [undefined, undefined, undefined],
        'The second instalment',
      )
      equal(record?.instalments.length, tells_price ? 2 : 0, 'The number of instalments')
      const prices = Object.entries(record?.usage_prices ?? {})
      equal(
        prices.map(([dimension, price]) => [dimension, text(price)]).sort(),
        market.expected.agreement.usage_prices,
        'The prices of usage',
      )
    },
  },
  {
    id: 'agreements.pull_once',
    title: 'What was pulled is not handed on again until it changes',
    needs: ['agreements', 'offers'],
    async run(market) {
      await sold(market)
      const first = await pulled(market, null)
      equal(first.items.length, 1, 'The number of agreements')
      equal((await pulled(market, first.next)).items, [], 'What is new after that')
      await market.move({ by: 'PT1H' })
      equal((await pulled(market, first.next)).items, [], 'What is new an hour later')
    },
  },
  {
    id: 'agreements.pull_change',
    title: 'What changed is handed on again with its new state',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const first = await pulled(market, null)
      await market.move({ by: 'PT1H' })
      await market.deeds.cancel(bought)
      await market.move({ by: 'PT1M' })
      const second = await pulled(market, first.next)
      holds(
        second.items,
        [{ agreement_id: bought.agreement_id, state: market.expected.agreement.ended }],
        'What is new',
      )
    },
  },
  {
    id: 'agreements.cursor',
    title: 'A cursor that cannot be read begins anew and loses nothing',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { items } = await pulled(market, 'not a cursor of ours')
      equal(
        items.map(({ agreement_id }) => agreement_id),
        [bought.agreement_id],
        'The agreements',
      )
    },
  },
  {
    id: 'agreements.read',
    title: 'An agreement reads as it is pulled',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { items } = await pulled(market, null)
      const read = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      const { evidence: _, ...rest } = read
      const { evidence: __, ...first } = given(items[0], 'agreement')
      equal(rest, first, 'The agreement that was read')
      claim(read.evidence.received !== undefined, 'What was received is kept')
    },
  },
  {
    id: 'agreements.read_unknown',
    title: 'An agreement that nobody knows is not found',
    needs: ['agreements'],
    async run(market) {
      const { unknown } = market.expected.agreement
      const { codes } = market.expected.hidden_agreement
      await faultOf(() => facet(market, 'agreements').read(market.vendor, unknown), codes)
    },
  },
  {
    id: 'agreements.read_foreign',
    title: 'Another seller does not read our agreement',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const stranger = await market.stranger()
      const agreements = facet(market, 'agreements')
      const { codes } = market.expected.hidden_agreement
      await faultOf(() => agreements.read(stranger, bought.agreement_id), codes)
      const { items } = await everything<AgreementRecord>((from) => agreements.pull(stranger, from), null)
      equal(items, [], 'What a stranger pulls')
    },
  },
  {
    id: 'agreements.cancelled',
    title: 'A buyer who ends it is told with the state and the end',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      await market.move({ by: 'P2D' })
      await market.deeds.cancel(bought)
      await market.move({ by: 'PT5M' })
      const record = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      const { ended, tells_end } = market.expected.agreement
      equal(record.state, ended, 'The state')
      equal(await market.seen.active(bought.agreement_id), false, 'Whether it runs at the cloud')
      if (tells_end)
        claim(record.ends_at !== null && record.ends_at <= market.now(), `Its end: ${show(record.ends_at)}`)
    },
  },
  {
    id: 'agreements.suspended',
    title: 'A buyer who does not pay is told as suspended, and as active again',
    needs: ['agreements', 'offers', 'suspension'],
    async run(market) {
      const { bought } = await sold(market)
      const first = await pulled(market, null)
      await market.deeds.suspend(bought)
      const second = await pulled(market, first.next)
      holds(second.items, [{ agreement_id: bought.agreement_id, state: 'suspended' }], 'What is new')
      await market.deeds.reinstate(bought)
      await market.move({ by: 'PT1M' })
      const third = await pulled(market, second.next)
      holds(third.items, [{ agreement_id: bought.agreement_id, state: 'active' }], 'What is new after that')
    },
  },
  {
    id: 'agreements.charged',
    title: 'The buyer is charged exactly the instalments, each on its day',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { bought } = await sold(market)
      const { charges } = market.seen
      await market.move({ to: '2026-09-21T12:00:00Z' })
      const first = { what: 'fixed' as const, amount: '60000' }
      equal(await charges(bought.agreement_id), [first], 'The charges in September')
      await market.move({ to: '2026-12-30T12:00:00Z' })
      equal(await charges(bought.agreement_id), [first], 'The charges before the second is due')
      await market.move({ to: '2027-01-02T12:00:00Z' })
      equal(
        await charges(bought.agreement_id),
        [first, { what: 'fixed', amount: '60000.5' }],
        'The charges in January',
      )
    },
  },
  {
    id: 'agreements.entitlements',
    title: 'The quantities behind a licence are read',
    needs: ['agreements.entitlements', 'offers'],
    async run(market) {
      const { product, record } = await sold(market)
      const license = given(record.license, 'licence')
      const { entitlements } = facet(market, 'agreements')
      const found = await entitlements?.(market.vendor, product.product_code ?? '', license)
      holds(found, [{ dimension: 'seats', value: '100', license }], 'The entitlements')
    },
  },
  {
    id: 'agreements.no_people',
    title: 'What is kept of an agreement holds no address of a person',
    needs: ['agreements', 'offers'],
    async run(market) {
      const { record } = await sold(market)
      claim(!JSON.stringify(record.evidence).includes('bea@buyer.example'), 'No address is kept')
    },
  },
]
