// What the buyer pays through a reseller: our arithmetic for itself, and against what the cloud makes of the same markup.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { unwrap } from '../../src/client/index.ts'
import { openConnection } from '../../src/connections/index.ts'
import { add, compare, decimal, formatDecimal, multiply, subtract, sum } from '../../src/core/decimal.ts'
import { formatMoney, money } from '../../src/core/money.ts'
import { INITECH, WHOLESALE_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import { withMarkup } from '../../src/offers/index.ts'
import type { Terms } from '../../src/offers/model.ts'
import {
  authorizationBody,
  keyed,
  publish,
  readAuthorization,
  resoldOffer,
  type Seats,
  takeSeats,
  until,
  writeDeal,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

type Fixed = Extract<Terms, { kind: 'contract_with_consumption' }>
const DIGITS = 8

const percent = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 11n }), fc.constant(8))
  .map(([coefficient, scale]) => ({ coefficient, scale }))
const wholesale = fc
  .record({
    cents: fc.array(fc.bigInt({ min: 1n, max: 10n ** 11n }), { minLength: 1, maxLength: 12 }),
    price: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  })
  .map(
    ({ cents, price }): Fixed => ({
      kind: 'contract_with_consumption',
      currency: 'USD',
      duration_months: 12,
      total: formatMoney(
        money(
          'USD',
          cents.reduce((left, right) => left + right, 0n),
        ),
      ),
      grants: [{ dimension: 'seats', quantity: 1 }],
      instalments: cents.map((amount, index) => ({
        due_on: `2026-${String(index + 1).padStart(2, '0')}-20`,
        amount: formatMoney(money('USD', amount)),
      })),
      usage_prices: { scans: formatDecimal({ coefficient: price, scale: DIGITS }) },
    }),
  )

const marked = (terms: Terms, by: Parameters<typeof withMarkup>[1]): Fixed => {
  const made = withMarkup(terms, by, DIGITS)
  if (made.kind !== 'contract_with_consumption') throw new Error('The kind of pricing stays')
  return made
}
const amounts = (terms: Fixed) => terms.instalments.map(({ amount }) => decimal(amount))

test('the total is the sum of its instalments, and each is within half a cent of the exact amount', () => {
  fc.assert(
    fc.property(wholesale, percent, (terms, by) => {
      const made = marked(terms, by)
      expect(compare(sum(amounts(made)), decimal(made.total))).toBe(0)
      const factor = add(decimal('1'), multiply(by, decimal('0.01')))
      for (const [index, amount] of amounts(made).entries()) {
        const off = subtract(amount, multiply(amounts(terms)[index] ?? decimal('0'), factor))
        expect(compare(off, decimal('-0.005'))).toBeGreaterThan(0)
        expect(compare(off, decimal('0.005'))).toBeLessThanOrEqual(0)
      }
      const price = decimal(made.usage_prices.scans ?? '')
      expect(price.scale).toBeLessThanOrEqual(DIGITS)
      const exact = multiply(decimal(terms.usage_prices.scans ?? ''), factor)
      expect(compare(subtract(price, exact), decimal('0.000000005'))).toBeLessThanOrEqual(0)
      expect(compare(subtract(exact, price), decimal('0.000000005'))).toBeLessThanOrEqual(0)
    }),
  )
})

test('a larger markup is never cheaper, and none changes nothing', () => {
  fc.assert(
    fc.property(wholesale, percent, percent, (terms, one, other) => {
      const [less, more] = compare(one, other) <= 0 ? [one, other] : [other, one]
      const [cheap, dear] = [marked(terms, less), marked(terms, more)]
      for (const [index, amount] of amounts(cheap).entries()) {
        expect(compare(amount, amounts(dear)[index] ?? decimal('0'))).toBeLessThanOrEqual(0)
      }
      expect(compare(decimal(cheap.total), decimal(dear.total))).toBeLessThanOrEqual(0)
      expect(compare(sum(amounts(marked(terms, decimal('0')))), decimal(terms.total))).toBe(0)
      const { due_on } = dear.instalments[0] ?? {}
      expect(due_on).toBe(terms.instalments[0]?.due_on)
    }),
  )
})

let service: Service
let seats: Seats
let product_id: string
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  product_id = await publish(service, seats.vendor)
})
afterAll(() => service.stop())

const detailsShape = z.looseObject({
  Terms: z.array(
    z.looseObject({
      Schedule: z.array(z.object({ ChargeDate: z.string(), ChargeAmount: z.string() })).optional(),
      RateCards: z
        .array(
          z.looseObject({
            RateCard: z.array(z.looseObject({ DimensionKey: z.string(), Price: z.string() })),
          }),
        )
        .optional(),
    }),
  ),
})

/** The prices of the reseller's offer as the cloud itself tells them. */
async function atTheCloud(cloud_offer_id: string) {
  const { organisation_id, connection_id } = seats.reseller
  const { connector, connection } = await openConnection(
    service.services.context,
    organisation_id,
    connection_id,
  )
  const read = await connector.offers?.read(connection, cloud_offer_id)
  const received = z.looseObject({ DetailsDocument: detailsShape }).safeParse(read?.evidence.received)
  const details = received.success
    ? received.data.DetailsDocument
    : detailsShape.parse(read?.evidence.received)
  return {
    instalments: details.Terms.flatMap((term) => term.Schedule ?? []).map((item) => [
      item.ChargeDate.slice(0, 10),
      formatDecimal(decimal(item.ChargeAmount)),
    ]),
    usage_prices: Object.fromEntries(
      details.Terms.flatMap((term) => term.RateCards ?? []).flatMap((card) =>
        card.RateCard.map((rate) => [rate.DimensionKey, formatDecimal(decimal(rate.Price))]),
      ),
    ),
  }
}

test('the cloud makes the same prices of the same markup', async () => {
  const { vendor, reseller } = seats
  const terms: Fixed = { ...(WHOLESALE_TERMS as Fixed), usage_prices: { scans: '0.75310007' } }
  const deal_id = await writeDeal(vendor.client, product_id, { buyer: INITECH, terms })
  const body = {
    ...authorizationBody(vendor, deal_id),
    terms,
    markup_min_percent: '0',
    markup_max_percent: '1000',
  }
  const random = fc.sample(
    fc.tuple(fc.integer({ min: 0, max: 99 }), fc.stringMatching(/^[0-9]{1,6}[1-9]$/)),
    { numRuns: 4, seed: 7 },
  )
  for (const by of [
    '12.5',
    '0',
    '33.33333333',
    '0.00000208',
    ...random.map(([whole, part]) => `${whole}.${part}`),
  ]) {
    // Instalments are opened for one offer.
    const { id } = unwrap(await vendor.client.POST('/v1/resale-authorizations', { params: keyed(), body }))
    await until(service, ['active'], () => readAuthorization(vendor.client, id))
    const offer = await resoldOffer(service, reseller, id, by)
    const cloud = await atTheCloud(offer.cloud_offer_id ?? '')
    const ours = offer.terms as Fixed
    expect([
      by,
      ours.instalments.map(({ due_on, amount }) => [due_on, formatDecimal(decimal(amount))]),
    ]).toEqual([by, cloud.instalments])
    expect([by, ours.usage_prices]).toEqual([by, cloud.usage_prices])
    expect(offer.expires_on).toBe(EXPIRES_ON)
  }
})
