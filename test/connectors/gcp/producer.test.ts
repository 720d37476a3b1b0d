import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases, document, offer, openProducers, parent, rpcs, service } from './producer-cases.ts'

/** Our client of the Commerce Producer API against the official one: the same input, the same requests and answers. */

let both: Awaited<ReturnType<typeof openProducers>>

beforeAll(async () => {
  both = await openProducers()
})
afterAll(() => both.close())

function answer(status: number, body: unknown): void {
  both.reply.status = status
  both.reply.body = body
}

test('all 21 methods are here', () => {
  expect(rpcs).toHaveLength(21)
  expect(rpcs.filter((rpc) => !both.has(rpc))).toEqual([])
})

describe('the same on the wire', () => {
  test.each(cases)('%s, input %i', async (rpc, _, input, other) => {
    answer(200, {})
    both.seen.length = 0
    await both.askOfficial(rpc, other)
    await both.ours(rpc, input as never)
    expect(both.seen).toHaveLength(2)
    expect(both.seen[1]).toEqual(both.seen[0])
  })
})

describe('answers are read alike', () => {
  const enums = {
    name: offer,
    singleProductOffer: {
      resellerPrivateOfferPlanId: 'plan-1',
      standardIntervalPrice: { standardInterval: 3 },
    },
    offerDealType: 4,
    term: { startPolicy: 1, endPolicy: 2 },
  }
  test.each([1, 2, 3, 4, 5, 6, 7, 'DRAFT', 'PUBLISHED', 'ENDED'])('state %s of an offer', async (state) => {
    answer(200, { ...enums, state })
    const theirs = await both.askOfficial('getPrivateOffer', { name: offer })
    const mine = await both.ours('getPrivateOffer', { name: offer })
    expect(theirs).toMatchObject({ name: mine.name, state: mine.state, offerDealType: mine.offerDealType })
    expect(theirs).toMatchObject({
      term: { startPolicy: mine.term?.startPolicy, endPolicy: mine.term?.endPolicy },
    })
    expect(mine.singleProductOffer?.standardIntervalPrice?.standardInterval).toBe('MONTHLY_NOT_PRORATED')
    expect(mine.singleProductOffer?.resellerPrivateOfferPlanId).toBe('plan-1')
  })

  test.each([1, 2, 3, 4])('document type %i', async (documentType) => {
    answer(200, { name: document, documentType })
    const mine = await both.ours('getPrivateOfferDocument', { name: document })
    const theirs = await both.askOfficial('getPrivateOfferDocument', { name: document })
    expect(theirs).toMatchObject({ name: mine.name, documentType: mine.documentType })
  })

  test.each([
    ['gceLicenseUsageFee', { usageCalculation: 2, machineResource: 1 }],
    ['gkePodUsageFee', { usageCalculation: 1, podResource: 4 }],
    ['aiPlatformDeployedModelUsageFee', { usageCalculation: 2 }],
    ['aiPlatformManagedModelUsageFee', { predictionMode: 2 }],
  ])('the enums of %s', async (kind, members) => {
    answer(200, { name: `${service}/skus/s`, skuPriceTimeline: [{ [kind]: members }] })
    const theirs = (await both.askOfficial('getSku', { name: `${service}/skus/s` })) as {
      skuPriceTimeline: Record<string, unknown>[]
    }
    const mine = await both.ours('getSku', { name: `${service}/skus/s` })
    expect(theirs.skuPriceTimeline[0]?.[kind]).toMatchObject(mine.skuPriceTimeline?.[0]?.[kind] as object)
  })

  test('a list with its next page', async () => {
    answer(200, { privateOffers: [{ name: offer, state: 3 }], nextPageToken: 'n' })
    const mine = await both.ours('listPrivateOffers', { parent })
    expect(mine.nextPageToken).toBe('n')
    expect(mine.privateOffers).toMatchObject([{ name: offer, state: 'PUBLISHED' }])
    expect(await both.askOfficial('listPrivateOffers', { parent })).toMatchObject([
      { name: offer, state: 'PUBLISHED' },
    ])
  })

  test('a state that is newer than we are stays visible', async () => {
    answer(200, { name: offer, state: 42 })
    expect((await both.ours('getPrivateOffer', { name: offer })).state).toBe('UNKNOWN_42')
  })
})

describe('what is no answer', () => {
  test("a refusal is a fault with Google's code, as it is an error there", async () => {
    const body = { error: { code: 409, status: 'ABORTED', message: 'conflict here' } }
    answer(409, body)
    await expect(both.ours('getPrivateOffer', { name: offer })).rejects.toMatchObject({
      code: 'locked',
      cloudCode: 'ABORTED',
    })
    await expect(both.askOfficial('getPrivateOffer', { name: offer })).rejects.toMatchObject({ code: 10 })
  })

  test('another shape is a fault', async () => {
    answer(200, { privateOffers: 'none' })
    await expect(both.ours('listPrivateOffers', { parent })).rejects.toMatchObject({
      code: 'unreadable_reply',
    })
  })

  test.each(['', 'projects//x', 'projects/../x', 'a/./b'])('"%s" is never asked for', async (name) => {
    both.seen.length = 0
    await expect(both.ours('getPrivateOffer', { name })).rejects.toThrow('is not a resource name')
    expect(both.seen).toEqual([])
  })

  test('an id cannot lead elsewhere', async () => {
    answer(200, {})
    both.seen.length = 0
    await both.ours('getPrivateOffer', { name: `${parent}/privateOffers/1?x=1#y:publish` })
    expect(both.seen[0]?.path).toBe(`/v1beta/${parent}/privateOffers/1?x=1#y:publish`)
    expect(both.seen[0]?.query).toEqual(['$alt=json;enum-encoding=int'])
  })
})
