import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { discountOffer, flexibleOffer, type Listing, schema } from './documents.ts'
import { configure, type Market, offer, openMarket, publish } from './support.ts'

let market: Market
let listing: Listing
beforeAll(async () => {
  market = await openMarket()
  listing = await publish(market)
})
afterAll(() => market.server.stop())

const _version = '$version=2022-07-01'
type Errors = { code: string; message: string; details: { code: string; message: string }[] }[]
const messages = (job: { errors: Errors }) =>
  job.errors.flatMap((error) => [
    `${error.code}: ${error.message}`,
    ...error.details.map((item) => `${item.code}: ${item.message}`),
  ])
const read = <T = Record<string, unknown>>(path: string, client = market.vendor) =>
  client<T>('ingestion', 'GET', path)

describe('private offers', () => {
  test('keep the rules of their kind, all told at once', async () => {
    const refused = async (more: object) =>
      messages((await configure(market, market.vendor, [discountOffer(listing, more as never)])).job)
    expect(await refused({ name: 'a/b', acceptBy: undefined, start: '2027-01-01' })).toEqual([
      'businessValidationError: The name has 1 to 128 characters, none of !<>^[]@#%/.',
      'businessValidationError: An offer that starts when accepted has no start date.',
      'businessValidationError: acceptBy should be defined',
    ])
    expect(await refused({ variableStartDate: false })).toEqual([
      'businessValidationError: The start date should be defined',
    ])
    expect(await refused({ beneficiaries: [{ id: 'somebody' }] })).toHaveLength(1)
    expect(await refused({ pricing: [] })).toEqual(['businessValidationError: A price is required.'])
    expect(await refused({ privateOfferType: 'cspPromotion' })).toEqual([
      'businessValidationError: A CSP offer is not accepted: leave out acceptBy.',
    ])
  })

  test('are read back, withdrawn, changed, and cannot be touched when accepted', async () => {
    const id = await offer(market, flexibleOffer(listing))
    const path = `/${id}?$version=2023-07-15`
    const shown = (
      await read<{ pricing: { priceDetails: string; newPlanDetails: { id: string } }[]; eTag: string }>(path)
    ).body
    expect(shown).toMatchObject({
      id,
      state: 'live',
      subState: 'pendingAcceptance',
      acceptanceLinks: [{ beneficiaryId: market.keys.customer.account_id }],
    })
    expect(shown.pricing[0]?.newPlanDetails.id).toMatch(/^po-/)
    const price = await read(`/${shown.pricing[0]?.priceDetails}?$version=2023-07-15`)
    expect(price.body).toMatchObject({ offerPricingType: 'saasNewCustomizedPlans' })
    const withState = (state: string) => ({
      $schema: schema('private-offer', '2023-07-15'),
      id,
      name: 'deal-2',
      privateOfferType: 'customerPromotion',
      state,
    })
    expect((await configure(market, market.vendor, [withState('withdrawn')])).job.jobResult).toBe('succeeded')
    expect((await read(path)).body).toMatchObject({ state: 'draft' })
    expect(
      (await configure(market, market.vendor, [discountOffer(listing, { id, name: 'again' })])).job.jobResult,
    ).toBe('succeeded')
    await market.as('accept', { private_offer_id: id })
    expect((await read(path)).body).toMatchObject({ name: 'again', subState: 'accepted' })
    expect(messages((await configure(market, market.vendor, [withState('withdrawn')])).job)).toEqual([
      expect.stringMatching(/^invalidState/),
    ])
    const list = await read<{ value: { id: string }[] }>('/private-offer/query?$version=2023-07-15')
    expect(list.body.value.map((item) => item.id)).toContain(id)
  })

  test('cannot be accepted when their time is over', async () => {
    const id = await offer(market, [discountOffer(listing, { name: 'short', acceptBy: '2026-11-05' })])
    await market.to('2026-11-06T00:00:01Z')
    await expect(market.as('accept', { private_offer_id: id })).rejects.toThrow(/expired after 2026-11-05/)
  })

  test('with a partner go through both hands, and each sees its own side', async () => {
    const originator = discountOffer(listing, {
      name: 'mpo-1',
      privateOfferType: 'multipartyPromotionOriginator',
      partners: [{ id: '20000002', partnerName: 'Fabrikam', location: 'United States' }],
      notes: 'ours',
      acceptBy: '2027-01-31',
    })
    const id = await offer(market, [originator])
    const path = `/${id}?$version=2023-07-15`
    expect((await read(path)).body).toMatchObject({
      state: 'live',
      subState: 'pendingPartnerAction',
      notes: 'ours',
    })
    const forPartner = await read<{ originatorPricing: object[] }>(path, market.partner)
    expect(forPartner.body).toMatchObject({
      privateOfferType: 'multipartyPromotionChannelPartner',
      originatorPricing: [{ discountPercentage: 10 }],
    })
    expect(forPartner.body).not.toHaveProperty('notes')
    const answer = (markupPercentage: number) => ({
      ...forPartner.body,
      state: 'live',
      preparedBy: 'rep@reseller.example',
      originatorPricing: forPartner.body.originatorPricing.map((item) => ({ ...item, markupPercentage })),
    })
    expect(messages((await configure(market, market.partner, [answer(11)])).job)).toEqual([
      expect.stringMatching(/more than the discount/),
    ])
    expect((await configure(market, market.partner, [answer(5)])).job.jobResult).toBe('succeeded')
    const ours = (await read(path)).body
    expect(ours).toMatchObject({ subState: 'pendingAcceptance' })
    expect(JSON.stringify(ours)).not.toContain('markup')
    await market.as('accept', { private_offer_id: id })
  })
})
