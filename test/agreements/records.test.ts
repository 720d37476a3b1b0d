// Records of one agreement in any order and number leave one row, and the books hold the booking once.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgreementRecord } from '../../connectors/connector.ts'
import { find } from '../../src/agreements/index.ts'
import { applyRecord } from '../../src/agreements/sync.ts'
import { money } from '../../src/core/money.ts'
import { DIRECT_TERMS } from '../../src/demo/clouds/aws/scenario.ts'
import { insertOffer } from '../../src/offers/index.ts'
import type { Scope } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'

let context: TestContext
beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())

const connection = {
  id: 'conn_records',
  cloud: 'aws' as const,
  covers: 'agreement' as const,
  activates: false,
  answer: null,
}
const seconds = (at: number) => new Date(Date.parse('2026-01-05T10:00:00.000Z') + at * 1000)

type Spec = { state: AgreementRecord['state']; at: number | null; licensed: boolean; named: boolean }

function recordOf(
  agreement_id: string,
  offer_id: string,
  { state, at, licensed, named }: Spec,
): AgreementRecord {
  return {
    agreement_id,
    role: 'seller',
    offer_id: named ? offer_id : null,
    authorization_id: null,
    product_id: 'prod-1',
    buyer_account_id: '777788889999',
    seller_account_id: '111122223333',
    state,
    cloud_state: state.toUpperCase(),
    accepted_at: seconds(0),
    starts_at: seconds(0),
    ends_at: at === null ? null : seconds(31_536_000 - at),
    currency: 'USD',
    value: null,
    instalments: [{ due_on: '2026-01-20', amount: money('USD', 90_000_00n) }],
    usage_prices: {},
    grants: [{ dimension: 'seats', quantity: 80 }],
    updated_at: at === null ? null : seconds(at),
    license: licensed ? 'arn:license:1' : null,
    evidence: {},
  }
}

async function writeOffer(scope: Scope, cloud_offer_id: string): Promise<void> {
  const id = scope.id('offer')
  await insertOffer(scope, {
    id,
    vendor_organisation_id: scope.organisation_id,
    deal_id: null,
    connection_id: connection.id,
    authorization_id: null,
    channel: 'direct',
    name: 'Offer',
    terms: DIRECT_TERMS,
    wholesale: null,
    markup_percent: null,
    expires_on: '2026-01-16',
    buyer_account_ids: ['777788889999'],
    cloud_product_id: 'prod-1',
  })
  const where = { organisation_id_id: { organisation_id: scope.organisation_id, id } }
  await scope.tx.offer.update({ where, data: { cloud_offer_id, state: 'live' } })
}

/** A life as a cloud tells it: active readings at their own times, then at most one end. */
const life = fc
  .record({
    readings: fc.uniqueArray(
      fc.record({ at: fc.integer({ min: 1, max: 500 }), licensed: fc.boolean(), named: fc.boolean() }),
      {
        selector: ({ at }) => at,
        minLength: 1,
        maxLength: 4,
      },
    ),
    end: fc.option(fc.constantFrom('ended' as const, 'cancelled' as const, 'replaced' as const), {
      nil: undefined,
    }),
  })
  .map(({ readings, end }): Spec[] => [
    ...readings.map((reading) => ({ ...reading, state: 'active' as const })),
    // One reading at least names the offer and the license.
    { state: 'active', at: 501, licensed: true, named: true },
    ...(end === undefined ? [] : [{ state: end, at: 600, licensed: true, named: false }]),
  ])

const told = life.chain((specs) =>
  fc.record({
    specs: fc.constant(specs),
    order: fc
      .tuple(
        fc.shuffledSubarray(specs, { minLength: specs.length }),
        fc.array(fc.constantFrom(...specs), { maxLength: 4 }),
      )
      .map(([all, again]) => [...all, ...again]),
    offerKnownAfter: fc.nat({ max: 3 }),
  }),
)

let lives = 0

/** Applies records to an agreement of its own and says what is left of it, without the ids that are made each time. */
async function live(specs: Spec[], offerKnownAfter: number) {
  lives += 1
  const [agreement_id, offer_id] = [`agmt-${lives}`, `offer-${lives}`]
  return context.store.inTenant(context.organisation_id, async (scope) => {
    let id = ''
    for (const [index, spec] of [...specs, ...specs.slice(-1)].entries()) {
      if (index === Math.min(offerKnownAfter, specs.length - 1)) await writeOffer(scope, offer_id)
      id = (await applyRecord(scope, connection, recordOf(agreement_id, offer_id, spec))).id
    }
    const row = await find(scope, id)
    const { id: _, cloud_agreement_id: __, cloud_offer_id, offer_id: linked, ...rest } = row ?? {}
    const entries = await scope.tx.posting.findMany({
      where: { organisation_id: scope.organisation_id, to_account: `bookings:open:${id}` },
    })
    return {
      row: { ...rest, named: cloud_offer_id === offer_id, linked: linked !== null },
      booked: entries.map(({ amount }) => amount),
    }
  })
}

test('any order and any number of deliveries leave the same agreement, booked once', async () => {
  await fc.assert(
    fc.asyncProperty(told, async ({ specs, order, offerKnownAfter }) => {
      const expected = await live(specs, 0)
      expect(expected).toMatchObject({
        row: { named: true, linked: true, license: 'arn:license:1' },
        booked: [90_000_00n],
      })
      expect(expected.row.state).toBe(specs.at(-1)?.state)
      expect(expected.row.ended_at).toEqual(specs.at(-1)?.state === 'active' ? null : seconds(600))
      expect(await live(order, offerKnownAfter)).toEqual(expected)
    }),
    { numRuns: 40 },
  )
})
