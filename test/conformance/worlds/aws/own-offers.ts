// Offers that only AWS knows: what the buyer chooses, trials for everybody, and terms beside the price.
import type { AgreementRecord, OfferDraft } from '../../../../connectors/connector.ts'
import { decimal } from '../../../../src/core/decimal.ts'
import { claim, equal, given, holds, show } from '../../claims.ts'
import { facet, finished, listed, offered, sold } from '../../deal.ts'
import type { Scenario } from '../../scenario.ts'
import type { Market } from '../../world.ts'
import { BUYER } from './accounts.ts'

export type Term = Record<string, unknown> & { Type: string }
type Held = {
  id: string
  state: string
  terms: Term[]
  pricing_model?: string
  replaces_agreement_id?: string
  offer_set_id?: string
}

/** An offer as AWS holds it. */
export async function held(market: Market, offer_id: string): Promise<Held> {
  const all = await market.control<Held[]>('/aws/accepted?kind=offers')
  return given(
    all.find(({ id }) => id === offer_id),
    'offer',
  )
}

export const termOf = ({ terms }: { terms: Term[] }, type: string): Term =>
  given(
    terms.find(({ Type }) => Type === type),
    type,
  )

/** The buyer takes it, and we read what was agreed. */
export async function taken(market: Market, offer_id: string, more: object = {}): Promise<AgreementRecord> {
  const path = `/aws/buyers/${BUYER}/accept`
  const { agreement_id } = await market.control<{ agreement_id: string }>(path, { offer_id, ...more })
  await market.move({ by: 'PT1M' })
  return facet(market, 'agreements').read(market.vendor, agreement_id)
}

export async function draftOf(market: Market, more: Partial<OfferDraft> = {}): Promise<OfferDraft> {
  const { product_id } = await listed(market)
  return { ...market.drafts.offer(product_id), ...more }
}

export const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null

export const offerKindScenarios: readonly Scenario[] = [
  {
    id: 'offers.contract',
    title: 'A contract alone has its instalments and quantities, and no price of usage',
    needs: ['offers'],
    async run(market) {
      const offer_id = await offered(market, await draftOf(market, { usage_prices: {} }))
      const offer = await held(market, offer_id)
      equal([offer.pricing_model, offer.state], ['Contract', 'Released'], 'The offer')
      const record = await taken(market, offer_id)
      equal(Object.keys(record.usage_prices), [], 'The prices of usage')
      equal(
        record.instalments.map(({ due_on }) => due_on),
        ['2026-09-15', '2027-01-01'],
        'The instalments',
      )
    },
  },
  {
    id: 'offers.configurable',
    title: 'Of prices for several lengths the buyer chooses one, with quantities, and pays by it',
    needs: ['offers'],
    async run(market) {
      const rates = [
        { duration_months: 12, prices: { seats: decimal('120') } },
        { duration_months: 24, prices: { seats: decimal('200.5') } },
      ]
      const draft = await draftOf(market, { rates, grants: [], instalments: [] })
      const offer_id = await offered(market, draft)
      const configuration = { selector: 'P24M', dimensions: { seats: 3 } }
      const record = await taken(market, offer_id, { configuration })
      equal(record.chosen_months, 24, 'The length')
      equal(record.grants, [{ dimension: 'seats', quantity: 3 }], 'What was chosen')
      equal(
        record.instalments.map(({ amount }) => amount.amount),
        [601_50n],
        'What is paid',
      )
      equal(day(record.ends_at)?.slice(0, 7), '2028-09', 'The end')
    },
  },
  {
    id: 'offers.configurable_one',
    title: 'Where one of the dimensions is chosen once, AWS holds both constraints',
    needs: ['offers'],
    async run(market) {
      const rates = [{ duration_months: 12, prices: { seats: decimal('120') } }]
      const draft = await draftOf(market, { rates, grants: [], instalments: [], options: { choice: 'one' } })
      const offer = await held(market, await offered(market, draft))
      const [card] = termOf(offer, 'ConfigurableUpfrontPricingTerm').RateCards as { Constraints: object }[]
      const both = { MultipleDimensionSelection: 'Disallowed', QuantityConfiguration: 'Disallowed' }
      holds(card?.Constraints, both, 'The constraints')
    },
  },
  {
    id: 'offers.free_trial',
    title: 'A free trial is for everybody, lasts its days and costs nothing',
    needs: ['offers'],
    async run(market) {
      const draft = await draftOf(market, {
        trial_days: 14,
        buyer_account_ids: [],
        instalments: [],
        usage_prices: {},
        grants: [{ dimension: 'seats', quantity: 5 }],
      })
      const offer_id = await offered(market, draft)
      const offer = await held(market, offer_id)
      equal(offer.pricing_model, 'Free', 'The pricing')
      holds(termOf(offer, 'FreeTrialPricingTerm'), { Duration: 'P14D' }, 'The trial')
      const record = await taken(market, offer_id)
      equal(day(record.ends_at), '2026-09-15', 'Its end')
      await market.move({ to: '2026-10-05T00:00:00Z' })
      equal(await market.seen.charges(record.agreement_id), [], 'What the buyer is charged')
    },
  },
  {
    id: 'offers.replacement',
    title: 'An offer takes the place of an agreement: the old one is replaced when it is accepted',
    needs: ['offers', 'agreements'],
    async run(market) {
      const { bought, product } = await sold(market)
      const draft = {
        ...market.drafts.offer(product.product_id),
        name: 'Ledger for Acme, larger',
        grants: [{ dimension: 'seats', quantity: 150 }],
        replaces_agreement_id: bought.agreement_id,
        options: { ends_on: '2028-03-31' },
        marker: 'offer_2',
      }
      const offer_id = await offered(market, draft, 'offer-2')
      equal((await held(market, offer_id)).replaces_agreement_id, bought.agreement_id, 'What it replaces')
      const next = await taken(market, offer_id)
      equal(next.grants, [{ dimension: 'seats', quantity: 150 }], 'What is sold now')
      const old = await facet(market, 'agreements').read(market.vendor, bought.agreement_id)
      equal([old.state, old.cloud_state], ['replaced', 'REPLACED'], 'The old agreement')
    },
  },
  {
    id: 'offers.impossible_options',
    title: 'Options that do not go together are found before anything is sent, with field and fix',
    needs: ['offers'],
    async run(market) {
      const { examine } = facet(market, 'offers')
      const draft = market.drafts.offer('prod-1')
      const wrong: [object, string][] = [
        [{ starts_on: '2026-10-01' }, 'options.starts_on'],
        [{ starts_on: '2026-09-10', ends_on: '2027-09-10' }, 'options.starts_on'],
        [{ ends_on: '2026-08-01' }, 'options.ends_on'],
        [{ choice: 'one' }, 'options.choice'],
        [{ renewal: {} }, 'options.renewal.price_increase_percent'],
        [{ net_payment_days: 31 }, 'options.net_payment_days'],
      ]
      for (const [options, field] of wrong) {
        const { findings = [] } = examine?.({ ...draft, options: { ...options } }, '2026-09-01') ?? {}
        claim(
          findings.some((one) => one.field === field && one.fix !== ''),
          `${show(options)} is found at ${field}: ${show(findings)}`,
        )
      }
      equal(market.calls.length, 0, 'The number of requests')
    },
  },
  {
    id: 'offers.extend',
    title: 'An offer that was over can be accepted again once its last day lies ahead',
    needs: ['offers'],
    async run(market) {
      const offer_id = await offered(market, await draftOf(market))
      await market.move({ to: '2026-09-22T12:00:00Z' })
      const { expire, check, read } = facet(market, 'offers')
      equal((await read(market.vendor, offer_id))?.state, 'expired', 'The state after its last day')
      const change = await expire(market.vendor, offer_id, '2026-10-20', 'extend-1')
      const end = await finished(market, change, (reference) => check(market.vendor, reference))
      claim(end.status === 'succeeded', `It is extended: ${show(end)}`)
      equal((await read(market.vendor, offer_id))?.state, 'live', 'The state')
    },
  },
]
