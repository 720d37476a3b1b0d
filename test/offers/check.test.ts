// The checker over arbitrary deals: it never breaks, and a violation that is planted is found, wherever it is planted.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { offerRules as rules } from '../../connectors/aws/offers.ts'
import { formatDecimal } from '../../src/core/decimal.ts'
import { dateOf } from '../../src/core/time.ts'
import { type Checked, checkOffer } from '../../src/offers/check.ts'
import { type Finding, termsSchema } from '../../src/offers/model.ts'
import { check, dimensions, now, type Plant, plants, sound } from './deals.ts'

const told = ({ rule, field, reason, fix }: Finding) =>
  [rule, field, reason, fix].every((text) => typeof text === 'string' && text.trim().length > 2)

test('a sound deal has no finding', () => {
  fc.assert(
    fc.property(sound, (offer) => {
      expect(check(offer)).toEqual([])
    }),
  )
})

describe.each(plants.map((plant, index) => [`${index + 1}: ${plant.rule}`, plant] as const))(
  'planted %s',
  (_, { rule, plant, field }) => {
    test('is found where it is, and said with its way out', () => {
      fc.assert(
        fc.property(sound, fc.nat(), (offer, somewhere) => {
          const at = somewhere % offer.terms.instalments.length
          const found = check(plant(offer, at))
          expect(found.map((finding) => finding.rule)).toContain(rule)
          if (field !== undefined)
            expect(found).toContainEqual(expect.objectContaining({ rule, field: field(at) }))
          expect(found.every(told)).toBe(true)
        }),
        { numRuns: 25 },
      )
    })
  },
)

test('violations that have nothing to do with each other are all found at once', () => {
  const apart: Plant['rule'][] = [
    'name-too-long',
    'buyer-account-form',
    'duration',
    'instalment-past',
    'dimension-twice',
  ]
  const some = fc.subarray(plants.filter(({ rule }) => apart.includes(rule)))
  fc.assert(
    fc.property(sound, some, (offer, chosen) => {
      const broken = chosen.reduce((spoilt, { plant }) => plant(spoilt, 0), offer)
      expect(check(broken).map(({ rule }) => rule)).toEqual(
        expect.arrayContaining(chosen.map(({ rule }) => rule)),
      )
    }),
    { numRuns: 50 },
  )
})

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }), fc.nat({ max: 18 }))
  .map(([coefficient, scale]) => formatDecimal({ coefficient, scale }))
const anyDate = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(dateOf)
const shared = {
  currency: fc.oneof(fc.constantFrom('USD', 'EUR', 'JPY', 'ZZZ'), fc.stringMatching(/^[A-Z]{3}$/)),
  duration_months: fc.integer({ min: 1, max: 84 }),
}
const grants = fc.array(
  fc.record({ dimension: fc.string({ minLength: 1 }), quantity: fc.integer({ min: 1, max: 2_147_483_647 }) }),
  { maxLength: 5 },
)
const instalments = fc.array(fc.record({ due_on: anyDate, amount: anyDecimal }), {
  minLength: 1,
  maxLength: 61,
})
const usage_prices = fc.dictionary(fc.string({ minLength: 1 }), anyDecimal)
const anyTerms: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ kind: fc.constant('contract'), ...shared, total: anyDecimal, grants, instalments }),
  fc.record({ kind: fc.constant('usage'), ...shared, usage_prices }),
  fc.record({
    kind: fc.constant('contract_with_consumption'),
    ...shared,
    total: anyDecimal,
    grants,
    instalments,
    usage_prices,
  }),
)

test('whatever the door lets in, the checker answers', () => {
  fc.assert(
    fc.property(
      anyTerms,
      fc.string(),
      fc.array(fc.string()),
      fc.oneof(anyDate, fc.string()),
      (given, name, buyers, expires_on) => {
        const read = termsSchema.safeParse(given)
        if (!read.success) return
        const found = checkOffer(
          { name, terms: read.data, buyer_account_ids: buyers, expires_on },
          rules,
          dimensions,
          { now, seller_draws: false },
        )
        expect(found.every(({ rule, field, fix }) => rule !== '' && field !== '' && fix !== '')).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('an agreement of one month from the 31st of January ends with February', () => {
  const at = new Date('2026-01-31T09:00:00.000Z')
  const offer = (due_on: string): Checked => ({
    name: 'Short',
    buyer_account_ids: ['123456789012'],
    expires_on: '2026-01-31',
    terms: {
      kind: 'contract',
      currency: 'USD',
      duration_months: 1,
      total: '1',
      grants: [{ dimension: 'seats', quantity: 1 }],
      instalments: [{ due_on, amount: '1' }],
    },
  })
  const found = (due_on: string) =>
    checkOffer(offer(due_on), rules, dimensions, { now: at, seller_draws: false }).map(({ rule }) => rule)
  expect(found('2026-02-27')).toEqual([])
  expect(found('2026-03-01')).toEqual(['instalment-after-end'])
})
