// Offers that only AWS knows: what the buyer chooses, trials for everybody, and terms beside the price.
import type { AgreementRecord, OfferDraft } from '../../../../connectors/connector.ts'
import { decimal, formatDecimal } from '../../../../src/core/decimal.ts'
import { money } from '../../../../src/core/money.ts'
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
async function taken(market: Market, offer_id: string, more: object = {}): Promise<AgreementRecord> {
  const path = `/aws/buyers/${BUYER}/accept`
  const { agreement_id } = await market.control<{ agreement_id: string }>(path, { offer_id, ...more })
  await market.move({ by: 'PT1M' })
  return facet(market, 'agreements').read(market.vendor, agreement_id)
}

async function draftOf(market: Market, more: Partial<OfferDraft> = {}): Promise<OfferDraft> {
  const { product_id } = await listed(market)
  return { ...market.drafts.offer(product_id), ...more }
}

const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null

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
      equal(next && next.value && formatDecimal(next.value), '126000.53', 'The value of the next')
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
