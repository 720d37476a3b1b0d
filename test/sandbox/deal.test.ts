import {
  DescribeAgreementCommand,
  GetAgreementTermsCommand,
  SearchAgreementsCommand,
  ValidationException,
} from '@aws-sdk/client-marketplace-agreement'
import { GetEntitlementsCommand } from '@aws-sdk/client-marketplace-entitlement-service'
import {
  ExpiredTokenException,
  InvalidTokenException,
  ResolveCustomerCommand,
} from '@aws-sdk/client-marketplace-metering'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelopes, eventsIn, isGenuine, type Receiver, startReceiver } from './receiver.ts'
import {
  accept,
  authorizationChanges,
  buyer,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  publish,
  reseller,
  resellerOfferChanges,
  vendor,
} from './support.ts'

let market: Market
let receiver: Receiver
let productId = ''
let agreementId = ''
let licenseArn = ''

beforeAll(async () => {
  market = await openMarket()
  receiver = await startReceiver()
  await market.control('/aws/event-destinations', { account_id: vendor, url: `${receiver.url}/events` })
  productId = (await publish(market, `${receiver.url}/aws`)).productId
})
afterAll(async () => {
  await market.server.stop()
  await receiver.stop()
})

describe('events', () => {
  test('wait for the subscription to be confirmed, and the request for that is signed', async () => {
    const [confirmation] = envelopes(receiver)
    expect(confirmation?.Type).toBe('SubscriptionConfirmation')
    expect(await isGenuine(confirmation ?? {})).toBe(true)
    expect(eventsIn(receiver)).toEqual([])
    const states = await market.control<{ state: string }[]>(`/aws/events?account_id=${vendor}`)
    expect(new Set(states.map((event) => event.state))).toEqual(new Set(['unconfirmed']))
    expect((await fetch(confirmation?.SubscribeURL ?? '')).status).toBe(200)
  })

  test("tell a change set's end in capitals and an offer's release in small letters", async () => {
    const done = await change(market, market.vendor, privateOfferChanges(productId))
    const [succeeded, released] = eventsIn(receiver).sort((left, right) =>
      left['detail-type'].localeCompare(right['detail-type']),
    )
    expect(succeeded).toMatchObject({
      'detail-type': 'Change Set Succeeded',
      detail: { ChangeSetId: done.ChangeSetId },
    })
    expect(released).toMatchObject({
      'detail-type': 'Offer Released',
      detail: { offer: { id: madeBy(done, 'O') }, targetedBuyerAccountIds: [buyer] },
    })
    for (const envelope of envelopes(receiver)) expect(await isGenuine(envelope)).toBe(true)
    const forged = { ...envelopes(receiver)[1], Message: '{}' }
    expect(await isGenuine(forged)).toBe(false)
    const accepted = await accept(market, madeBy(done, 'O'))
    agreementId = accepted.agreement_id
    licenseArn = accepted.license_arn
  })

  test('follow an acceptance after 11 s and after another minute', async () => {
    const before = eventsIn(receiver).length
    await market.by('PT10S')
    expect(eventsIn(receiver).length).toBe(before)
    await market.by('PT2S')
    const created = eventsIn(receiver).at(-1)
    expect(created).toMatchObject({
      'detail-type': 'Purchase Agreement Created - Proposer',
      detail: { agreement: { id: agreementId, intent: 'NEW', status: 'ACTIVE' }, resaleAuthorization: null },
    })
    expect(created?.detail).not.toHaveProperty('product')
    await market.by('PT1M')
    expect(eventsIn(receiver).at(-1)).toMatchObject({
      'detail-type': 'License Updated - Proposer',
      detail: { agreement: { id: agreementId }, license: { arn: licenseArn }, product: { id: productId } },
    })
  })

  test('are tried again until they are taken, and can be sent twice', async () => {
    receiver.status = 500
    await change(market, market.vendor, [
      ['UpdateInformation', `prod:${productId}`, { ProductTitle: 'Ledger 2' }],
    ])
    const last = async () =>
      (
        await market.control<{ id: string; state: string; attempts: unknown[] }[]>(
          `/aws/events?account_id=${vendor}`,
        )
      ).at(-1)
    expect(await last()).toMatchObject({ state: 'pending', attempts: [{ status: 500 }] })
    receiver.status = 200
    await market.by('PT1M')
    const taken = await last()
    expect(taken).toMatchObject({ state: 'delivered', attempts: [{ status: 500 }, { status: 200 }] })
    await market.control(`/aws/events/${taken?.id}/deliver`, {})
    const [first, second] = envelopes(receiver).slice(-2)
    expect(second?.MessageId).toBe(first?.MessageId)
  })
})

describe('the buyer registers', () => {
  test('with a token that the seller trades for licence and account', async () => {
    const registered = await market.control<{
      registration_token: string
      answer: { status: number; location: string }
    }>(`/aws/buyers/${buyer}/register`, { agreement_id: agreementId, post: true })
    expect(registered.answer).toMatchObject({ status: 200, location: '/welcome' })
    const form = new URLSearchParams(receiver.received.at(-1)?.body)
    expect(form.get('x-amzn-marketplace-token')).toBe(registered.registration_token)
    const resolve = () =>
      market.vendor.metering.send(
        new ResolveCustomerCommand({ RegistrationToken: registered.registration_token }),
      )
    const customer = await resolve()
    expect(customer).toMatchObject({ CustomerAWSAccountId: buyer, LicenseArn: licenseArn })
    expect(customer.CustomerIdentifier).toBeUndefined()
    const entitled = await market.vendor.entitlement.send(
      new GetEntitlementsCommand({
        ProductCode: customer.ProductCode,
        Filter: { LICENSE_ARN: [licenseArn] },
      }),
    )
    expect(entitled.Entitlements).toMatchObject([{ Dimension: 'seats', Value: { IntegerValue: 25 } }])
    expect(entitled.Entitlements?.[0]?.ExpirationDate).toBeInstanceOf(Date)
    await market.by('PT31M')
    await expect(resolve()).rejects.toThrow(ExpiredTokenException)
    const made = market.vendor.metering.send(new ResolveCustomerCommand({ RegistrationToken: 'made-up' }))
    await expect(made).rejects.toThrow(InvalidTokenException)
  })
})

const search = (filters: Record<string, string>, clients = market.vendor, more = {}) =>
  clients.agreement.send(
    new SearchAgreementsCommand({
      catalog: 'AWSMarketplace',
      filters: Object.entries({ AgreementType: 'PurchaseAgreement', ...filters }).map(([name, value]) => ({
        name,
        values: [value],
      })),
      ...more,
    }),
  )

describe('an agreement is read', () => {
  test('as its proposer, by licence, with its terms', async () => {
    const found = await search({ PartyType: 'Proposer', LicenseArn: licenseArn })
    expect(found.agreementViewSummaries).toMatchObject([
      { agreementId, status: 'ACTIVE', entitlements: [{ licenseArn }], acceptor: { accountId: buyer } },
    ])
    const described = await market.vendor.agreement.send(new DescribeAgreementCommand({ agreementId }))
    expect(described.estimatedCharges).toEqual({ currencyCode: 'USD', agreementValue: '1000.01' })
    const { acceptedTerms } = await market.vendor.agreement.send(
      new GetAgreementTermsCommand({ agreementId }),
    )
    const schedule = acceptedTerms?.find((term) => term.paymentScheduleTerm)?.paymentScheduleTerm
    expect(schedule?.schedule).toEqual([
      { chargeDate: new Date('2026-11-20T00:00:00Z'), chargeAmount: '600.00' },
      { chargeDate: new Date('2027-02-20T00:00:00Z'), chargeAmount: '400.01' },
    ])
  })

  test('with refusals that name their reason', async () => {
    const failed = search({ PartyType: 'Manufacturer' })
    await expect(failed).rejects.toThrow(ValidationException)
    await expect(failed).rejects.toMatchObject({ reason: 'INVALID_PARTY_TYPE' })
    const stranger = market.reseller.agreement.send(new DescribeAgreementCommand({ agreementId }))
    await expect(stranger).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const nothing = market.vendor.agreement.send(
      new DescribeAgreementCommand({ agreementId: 'agmt-nothere' }),
    )
    await expect(nothing).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      resourceId: 'agmt-nothere',
    })
  })
})

test("a reseller's deal is the reseller's agreement and the vendor's news", async () => {
  const authorizationId = madeBy(await change(market, market.vendor, authorizationChanges(productId)), 'A')
  const offerId = madeBy(await change(market, market.reseller, resellerOfferChanges(authorizationId)), 'O')
  const accepted = await accept(market, offerId)
  await market.by('PT2M')
  expect(eventsIn(receiver).slice(-2)).toMatchObject([
    {
      'detail-type': 'Purchase Agreement Created - Manufacturer',
      detail: {
        agreement: { id: accepted.agreement_id },
        resaleAuthorization: { id: authorizationId },
        proposer: { accountId: reseller },
      },
    },
    { 'detail-type': 'License Updated - Manufacturer', detail: { license: { arn: accepted.license_arn } } },
  ])
  const own = await search({ PartyType: 'Proposer', OfferId: offerId }, market.reseller)
  expect(own.agreementViewSummaries?.map((item) => item.agreementId)).toEqual([accepted.agreement_id])
  expect((await search({ PartyType: 'Proposer', OfferId: offerId })).agreementViewSummaries).toEqual([])
})

test('a cancelled agreement ends with events, entitlements and a later update time', async () => {
  const since = await market.control<{ now: string }>('/clock')
  await market.by('PT1M')
  await market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id: agreementId })
  await market.by('PT1M')
  expect(eventsIn(receiver).slice(-2)).toMatchObject([
    {
      'detail-type': 'Purchase Agreement Ended - Proposer',
      detail: { agreement: { id: agreementId, status: 'CANCELLED' } },
    },
    { 'detail-type': 'License Deprovisioned - Proposer', detail: { license: { arn: licenseArn } } },
  ])
  const changed = await search({ PartyType: 'Proposer', AfterLastUpdateTime: since.now }, market.vendor, {
    sort: { sortBy: 'LastUpdateTime', sortOrder: 'ASCENDING' },
  })
  expect(changed.agreementViewSummaries).toMatchObject([{ agreementId, status: 'CANCELLED' }])
})

test('an agreement expires by itself', async () => {
  const done = await change(market, market.vendor, privateOfferChanges(productId))
  const { agreement_id } = await accept(market, madeBy(done, 'O'))
  await market.by('P1Y')
  const described = await market.vendor.agreement.send(
    new DescribeAgreementCommand({ agreementId: agreement_id }),
  )
  expect(described.status).toBe('EXPIRED')
})
