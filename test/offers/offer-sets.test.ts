// Offer sets, from two deals of one buyer to their release, through the API and the sandbox.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, type Schemas, unwrap } from '../../src/client/index.ts'
import { GLOBEX, INITECH } from '../../src/demo/clouds/aws/scenario.ts'
import { EXPIRES_ON } from '../../src/demo/scenario.ts'
import {
  at,
  buyerAccepts,
  keyed,
  MINUTE,
  publish,
  readOffer,
  refusal,
  type Seats,
  takeSeats,
  writeDeal,
} from '../support/seats.ts'
import { type Service, startService } from '../support/service.ts'

let service: Service
let seats: Seats
let products: string[]
let client: Client
beforeAll(async () => {
  service = await startService()
  seats = await takeSeats(service)
  client = seats.vendor.client
  const more = { name: 'Another product' }
  products = [await publish(service, seats.vendor), await publish(service, seats.vendor, more)]
})
afterAll(() => service.stop())
beforeEach(() => service.control('DELETE', '/faults'))

const USAGE: Schemas['Terms'] = {
  kind: 'usage',
  currency: 'USD',
  duration_months: 12,
  usage_prices: { scans: '0.5' },
}
const dealOf = (product = 0, change: Parameters<typeof writeDeal>[2] = {}) =>
  writeDeal(client, products[product] ?? '', { terms: USAGE, ...change })
const bodyOf = (deals: readonly string[]) => ({
  connection_id: seats.vendor.connection_id,
  name: 'Both products',
  buyer_notes: 'Take both together.',
  expires_on: EXPIRES_ON,
  offers: deals.map((deal_id) => ({ deal_id })),
})
type Wanted = { deal_id: string; options?: Record<string, unknown> }
const ask = (body: Omit<ReturnType<typeof bodyOf>, 'offers'> & { offers: Wanted[] }) =>
  client.POST('/v1/offer-sets', { params: keyed(), body })
const read = async (id: string) => unwrap(await client.GET('/v1/offer-sets/{id}', { params: at(id) }))

/** Moves the clock until nothing of the set is on its way any more. */
async function settled(id: string) {
  for (let minute = 0; minute < 20; minute += 1) {
    const found = await read(id)
    if (found.state !== 'publishing') return found
    await service.move(MINUTE)
  }
  throw new Error('The set was never settled')
}

type ChangeSet = { status: string; changes: { ChangeType: string }[] }
/** How often each change was applied at the cloud. */
async function applied(type: string): Promise<number> {
  const sets = (await service.control('GET', '/aws/accepted?kind=change_sets')) as ChangeSet[]
  const done = sets.filter(({ status }) => status === 'SUCCEEDED')
  return done.flatMap(({ changes }) => changes).filter(({ ChangeType }) => ChangeType === type).length
}

/** The n-th change set from now is refused. */
const refuse = (after: number) =>
  service.control('POST', '/faults', {
    fault: 'named_error',
    code: 'ValidationException',
    service: 'marketplace-catalog',
    operation: 'StartChangeSet',
    after,
    times: 1,
  })

/** A set of which the second offer was refused. */
async function incomplete() {
  await refuse(2)
  return settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
}
const states = (set: { offers: { state: string }[] }) => set.offers.map(({ state }) => state)

describe('a set of two offers', () => {
  test('is made, its offers are, and it is released when both are live; the buyer takes one of them', async () => {
    const made = unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)])))
    expect(made).toMatchObject({ state: 'publishing', cloud_offer_set_id: null, problems: [] })
    expect(states(await read(made.id))).toEqual(['publishing', 'publishing'])
    const set = await settled(made.id)
    expect(set.state).toBe('released')
    expect(set.cloud_offer_set_id).toMatch(/^offerset-/)
    expect(states(set)).toEqual(['live', 'live'])
    expect(set.offers.map(({ offer_set_id }) => offer_set_id)).toEqual([made.id, made.id])
    expect(set.timeline.map(({ kind }) => kind)).toEqual(['asked', 'made', 'asked', 'released'])
    const query = { offer_set_id: made.id, limit: 10 }
    const { items } = unwrap(await client.GET('/v1/offers', { params: { query } }))
    expect(items.map(({ id }) => id)).toEqual(set.offers.map(({ id }) => id))
    const list = unwrap(await client.GET('/v1/offer-sets', { params: { query: { state: 'released' } } }))
    expect(list.items.map(({ id }) => id)).toContain(made.id)
    const [first] = set.offers
    await buyerAccepts(service, GLOBEX, first ?? { cloud_offer_id: null })
    await service.move(3 * MINUTE)
    expect(states(await read(made.id))).toEqual(['accepted', 'live'])
  })

  test('is one set with two offers at the cloud, whichever answers were lost', async () => {
    const before = [await applied('CreateOfferSet'), await applied('CreateOffer')]
    for (const after of [0, 1, 2, 3]) {
      const fault = { fault: 'drop_answer', service: 'marketplace-catalog', after, times: 1 }
      await service.control('POST', '/faults', { ...fault, operation: 'StartChangeSet' })
    }
    const set = await settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
    expect(set.state).toBe('released')
    const after = [await applied('CreateOfferSet'), await applied('CreateOffer')]
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 2])
  })

  test('is asked for once, however often the same request comes', async () => {
    const body = bodyOf([await dealOf(0), await dealOf(1)])
    const params = keyed()
    const once = unwrap(await client.POST('/v1/offer-sets', { params, body }))
    const again = unwrap(await client.POST('/v1/offer-sets', { params, body }))
    expect(again.id).toBe(once.id)
    refusal(await client.POST('/v1/offer-sets', { params, body: { ...body, name: 'Other' } }), 409)
    expect((await settled(once.id)).offers.length).toBe(2)
  })
})

describe('a set that breaks a rule', () => {
  test('is refused with all that is wrong, and nothing is written', async () => {
    const before = unwrap(await client.GET('/v1/offers', { params: { query: { limit: 200 } } })).items.length
    const deals = [await dealOf(0), await dealOf(0, { buyer: INITECH }), await dealOf(1)]
    const euros: Schemas['Terms'] = {
      kind: 'contract',
      currency: 'EUR',
      duration_months: 12,
      total: '100.00',
      grants: [{ dimension: 'seats', quantity: 1 }],
      instalments: [{ due_on: '2026-06-01', amount: '100.00' }],
    }
    deals.push(await dealOf(1, { terms: euros }))
    const body = bodyOf(deals)
    const options = { offer_set_id: 'offerset-1' }
    const [first, ...rest] = body.offers
    const problem = refusal(
      await ask({
        ...body,
        name: 'n'.repeat(151),
        offers: [...(first === undefined ? [] : [{ ...first, options }]), ...rest],
      }),
      422,
    )
    expect(problem.errors?.map(({ field, rule }) => `${field} ${/\[(.*)\]$/.exec(rule)?.[1]}`)).toEqual([
      'name name-too-long',
      'offers.0.options.offer_set_id set-twice',
      'offers.1.deal_id set-product',
      'offers.1.deal_id set-buyers',
      'offers.3.deal_id set-product',
      'offers.3.deal_id set-currency',
    ])
    const one = refusal(await ask(bodyOf(deals.slice(0, 1))), 422)
    expect(one.errors).toMatchObject([{ field: 'offers' }])
    const after = unwrap(await client.GET('/v1/offers', { params: { query: { limit: 200 } } })).items.length
    expect(after).toBe(before)
  })

  test("is not found, added to or withdrawn by a reseller, and a vendor's deal is none of its own", async () => {
    const set = await settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
    const { client: other, connection_id } = seats.reseller
    refusal(await other.GET('/v1/offer-sets/{id}', { params: at(set.id) }), 404)
    const params = () => ({ ...at(set.id), ...keyed() })
    refusal(await other.POST('/v1/offer-sets/{id}/release', { params: params() }), 404)
    const body = { expires_on: null }
    refusal(await other.POST('/v1/offer-sets/{id}/expiry', { params: params(), body }), 404)
    const deal = { deal_id: await dealOf(0) }
    refusal(await other.POST('/v1/offer-sets/{id}/offers', { params: params(), body: deal }), 404)
    const theirs = { ...bodyOf([deal.deal_id, await dealOf(1)]), connection_id }
    refusal(await other.POST('/v1/offer-sets', { params: keyed(), body: theirs }), 404)
    expect((await read(set.id)).state).toBe('released')
  })
})

describe('a set of which an offer was refused', () => {
  const release = (id: string) =>
    client.POST('/v1/offer-sets/{id}/release', { params: { ...at(id), ...keyed() } })
  const add = (id: string, deal_id: string) =>
    client.POST('/v1/offer-sets/{id}/offers', { params: { ...at(id), ...keyed() }, body: { deal_id } })

  test('waits for a person, takes another offer in its place, and is released with it', async () => {
    const before = await applied('ReleaseOfferSet')
    const set = await incomplete()
    expect(set.state).toBe('incomplete')
    expect(states(set)).toEqual(['live', 'failed'])
    expect(set.timeline.at(-1)).toMatchObject({ kind: 'incomplete' })
    expect(await applied('ReleaseOfferSet')).toBe(before)
    const alone = refusal(await release(set.id), 409)
    expect(alone.detail).toContain('Only 1 of its offers')
    const same = refusal(await add(set.id, await dealOf(0)), 422)
    expect(same.errors).toMatchObject([{ field: 'deal_id' }])
    unwrap(await add(set.id, await dealOf(1)))
    const whole = await settled(set.id)
    expect(whole.state).toBe('released')
    expect(states(whole)).toEqual(['live', 'live'])
    expect(await applied('ReleaseOfferSet')).toBe(before + 1)
    expect((await readOffer(client, set.offers[1]?.id ?? '')).offer_set_id).toBeNull()
    refusal(await add(set.id, await dealOf(1)), 409)
  })

  test('or whose release was refused says why, and is released again by a person', async () => {
    await refuse(3)
    const set = await settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
    expect(set).toMatchObject({ state: 'incomplete', problems: [{ code: 'ValidationException' }] })
    expect(states(set)).toEqual(['live', 'live'])
    unwrap(await release(set.id))
    expect(await settled(set.id)).toMatchObject({ state: 'released', problems: [] })
  })

  test('is withdrawn with the offers that are live', async () => {
    const set = await incomplete()
    const params = () => ({ ...at(set.id), ...keyed() })
    const withdraw = () =>
      client.POST('/v1/offer-sets/{id}/expiry', { params: params(), body: { expires_on: null } })
    expect(unwrap(await withdraw()).state).toBe('withdrawn')
    refusal(await withdraw(), 409)
    for (let minute = 0; minute < 5; minute += 1) await service.move(MINUTE)
    expect(states(await read(set.id))).toEqual(['withdrawn', 'failed'])
    refusal(await release(set.id), 409)
  })
})

test('a set that the cloud refuses has no offers, and says so of each', async () => {
  await refuse(0)
  const before = await applied('CreateOffer')
  const set = await settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
  expect(set).toMatchObject({ state: 'failed', problems: [{ code: 'ValidationException' }] })
  expect(states(set)).toEqual(['failed', 'failed'])
  const offer = await readOffer(client, set.offers[0]?.id ?? '')
  expect(offer.timeline.at(-1)?.sentence).toContain('the set that it is for was not made')
  expect(await applied('CreateOffer')).toBe(before)
})

test('the last day of a set is moved for all its offers', async () => {
  const set = await settled(unwrap(await ask(bodyOf([await dealOf(0), await dealOf(1)]))).id)
  const body = { expires_on: '2026-02-20' }
  const params = { ...at(set.id), ...keyed() }
  expect(unwrap(await client.POST('/v1/offer-sets/{id}/expiry', { params, body })).expires_on).toBe(
    '2026-02-20',
  )
  for (let minute = 0; minute < 5; minute += 1) await service.move(MINUTE)
  expect((await read(set.id)).offers.map((one) => one.expires_on)).toEqual(['2026-02-20', '2026-02-20'])
})
