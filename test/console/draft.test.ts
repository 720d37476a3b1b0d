import { describe, expect, test } from 'vitest'
import { composeDeal } from '../../src/console/screens/deals/compose-deal.ts'
import { composeTerms } from '../../src/console/screens/deals/compose-terms.ts'
import { discounted, readPercent } from '../../src/console/screens/deals/discount.ts'
import {
  type DealForm,
  dealForm,
  exampleDeal,
  newDeal,
  type Terms,
  termsForm,
  withCurrency,
} from '../../src/console/screens/deals/draft.ts'
import { evenPlan, withTotal } from '../../src/console/screens/deals/instalments.ts'
import { decimal } from '../../src/core/decimal.ts'

const TERMS: Terms = {
  kind: 'contract_with_consumption',
  currency: 'USD',
  duration_months: 12,
  total: '100.01',
  grants: [{ dimension: 'seats', quantity: 10 }],
  instalments: [
    { due_on: '2026-01-20', amount: '50.01' },
    { due_on: '2026-07-20', amount: '50.00' },
  ],
  usage_prices: { scans: '0.75' },
}
const form = (change: Partial<DealForm> = {}): DealForm => ({
  ...newDeal('2026-01-05'),
  name: ' Globex ',
  product_id: 'prod_1',
  buyer_name: 'Globex',
  terms: termsForm(TERMS, '2026-01-05'),
  ...change,
})

describe('a deal as it is typed', () => {
  test('becomes what the API takes, and what the API says becomes a form of the same deal', () => {
    const typed = form({ accounts: { aws: '1, 2;1\n3', azure: '  ' }, contact_email: 'h@hooli.example' })
    const { value } = composeDeal(typed)
    expect(value).toEqual({
      name: 'Globex',
      product_id: 'prod_1',
      buyer: {
        name: 'Globex',
        accounts: { aws: ['1', '2', '3'] },
        contact: { email: 'h@hooli.example' },
      },
      terms: TERMS,
    })
    if (value === undefined) throw new Error('It is whole')
    const saved = { id: 'deal_1', state: 'open', created_at: '2026-01-05T00:00:00Z', ...value }
    expect(composeDeal(dealForm(saved, '2026-01-05')).value).toEqual(value)
  })

  test('an example is whole, about what is there, and paid at once', () => {
    const dimension = {
      name: 'D',
      description: 'D',
      unit: 'Units',
      aggregation: 'sum',
      multiplier: '1',
    } as const
    const product = {
      id: 'prod_2',
      name: 'Insight',
      dimensions: [
        { ...dimension, key: 'seats', kind: 'entitled' as const },
        { ...dimension, key: 'scans', kind: 'metered' as const },
      ],
    }
    const buyer = { cloud: 'gcp', account_id: '01A2B3-C4D5E6-F70001', name: 'Hooli' }
    const { value, hints } = composeDeal(exampleDeal(newDeal('2026-01-05'), product, buyer))
    expect(hints).toEqual({})
    expect(value).toMatchObject({
      name: 'Insight for Hooli',
      product_id: 'prod_2',
      buyer: { name: 'Hooli', accounts: { gcp: ['01A2B3-C4D5E6-F70001'] } },
      terms: {
        kind: 'contract_with_consumption',
        total: '1200.00',
        grants: [{ dimension: 'seats', quantity: 1 }],
        instalments: [{ due_on: '2026-01-05', amount: '1200.00' }],
        usage_prices: { scans: '0.96' },
      },
    })
  })

  test('says what is missing, and is no draft until then', () => {
    expect(composeDeal(newDeal('2026-01-05'))).toEqual({
      value: undefined,
      hints: {},
      missing: ['product', 'total'],
    })
  })

  test('names what cannot be read by the field of the API', () => {
    const terms = {
      ...termsForm(TERMS, '2026-01-05'),
      total: '1.001',
      duration: '1.5',
      quantities: { seats: '0', rooms: '' },
      prices: { scans: '-1', calls: ' 0.50 ' },
    }
    expect(composeDeal(form({ terms, contact_email: 'nobody' })).hints).toEqual({
      'terms.total': 'amount',
      'terms.duration_months': 'months',
      'terms.grants.seats': 'quantity',
      'terms.usage_prices.scans': 'price',
      'buyer.contact.email': 'email',
    })
  })

  test('has only what its kind has', () => {
    const typed = termsForm(TERMS, '2026-01-05')
    expect(composeTerms({ ...typed, kind: 'contract' }).value).not.toHaveProperty('usage_prices')
    expect(composeTerms({ ...typed, kind: 'usage', total: 'nonsense' }).value).toEqual({
      kind: 'usage',
      currency: 'USD',
      duration_months: 12,
      usage_prices: { scans: '0.75' },
    })
  })
})

test('a discount is rounded part by part, and the total is the sum of the parts', () => {
  expect(discounted(TERMS, decimal('33.333'))).toMatchObject({
    total: '66.67',
    instalments: [{ amount: '33.34' }, { amount: '33.33' }],
    usage_prices: { scans: '0.5000025' },
  })
  expect(discounted(TERMS, decimal(0))).toEqual(TERMS)
  expect([readPercent('100'), readPercent('100.01'), readPercent('-1'), readPercent('x')]).toEqual([
    decimal(100),
    undefined,
    undefined,
    undefined,
  ])
})

test('another currency keeps the plan where it has as many decimals, and splits anew where it has not', () => {
  const typed = { ...termsForm(TERMS, '2026-01-05'), total: '1000' }
  const plan = withTotal(evenPlan(0n, ['2026-01-20', '2026-02-20', '2026-03-20']), 100_000n)
  expect(withCurrency({ ...typed, plan }, 'EUR').plan).toBe(plan)
  const yen = withCurrency({ ...typed, plan }, 'JPY')
  expect(yen.plan.instalments.map(({ amount }) => amount)).toEqual([333n, 333n, 334n])
})
