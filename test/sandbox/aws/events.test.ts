import {
  BatchCreateBillingAdjustmentRequestCommand,
  DescribeAgreementCommand,
  GetAgreementTermsCommand,
  ListAgreementInvoiceLineItemsCommand,
  SearchAgreementsCommand,
  SendAgreementCancellationRequestCommand,
} from '@aws-sdk/client-marketplace-agreement'
import { ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering'
import { describe, expect, test } from 'vitest'
import { envelopes, isGenuine, startReceiver } from '../receiver.ts'
import {
  accept,
  authorizationChanges,
  buyer,
  type Change,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  publish,
  reseller,
  resellerOfferChanges,
  vendor,
} from '../support.ts'

type Told = {
  detail_type: string
  account_id: string
  created_at: string
  event: { detail: Record<string, Record<string, unknown>>; source: string; resources: string[] }
}

async function inMarket(work: (market: Market, productId: string) => Promise<void>) {
  const market = await openMarket()
  try {
    const { productId } = await publish(market)
    await work(market, productId)
  } finally {
    await market.server.stop()
  }
}
const eventsOf = (market: Market, account: string) =>
  market.control<Told[]>(`/aws/events?account_id=${account}`)
const about = async (market: Market, account: string, agreementId: string) =>
  (await eventsOf(market, account)).filter((item) => item.event.detail.agreement?.id === agreementId)
const names = (told: Told[]) => told.map((item) => item.detail_type)

const O = 'offer:$O.Entity.Identifier'
const renewable: Change[] = [
  [
    'UpdateRenewalTerms',
    O,
    {
      Terms: [
        {
          Type: 'RenewalTerm',
          LockoutPeriod: 'P10D',
          MaxRenewals: 1,
          PriceIncrease: { Type: 'FixedPercentage', Value: '10.00' },
          TermTemplates: [
            {
              Type: 'PaymentScheduleTermTemplate',
              Schedule: [
                { ChargeDateOffset: 'P0M', ChargePercentage: '60.00' },
                { ChargeDateOffset: 'P3M', ChargePercentage: '40.00' },
              ],
            },
          ],
        },
      ],
    },
  ],
  ['UpdateNetPaymentTerms', O, { Terms: [{ Type: 'NetPaymentTerm', PaymentDuePeriod: 'P45D' }] }],
  ['UpdateSupportTerms', O, { Terms: [{ Type: 'SupportTerm', RefundPolicy: 'None.' }] }],
]
async function renewableDeal(market: Market, productId: string, more: object = { auto_renew: true }) {
  const changes = [...privateOfferChanges(productId), ...renewable]
  return accept(market, madeBy(await change(market, market.vendor, changes), 'O'), more)
}

describe('an agreement with a renewal', () => {
  test('is announced, renews once at a higher price, and then ends', () =>
    inMarket(async (market, productId) => {
      const { agreement_id, license_arn } = await renewableDeal(market, productId)
      const { endTime } = await market.vendor.agreement.send(
        new DescribeAgreementCommand({ agreementId: agreement_id }),
      )
      const end = endTime?.getTime() ?? 0
      await market.by('P2Y')
      await market.by('PT5M')
      const told = await about(market, vendor, agreement_id)
      const daysBefore = (item: Told) => Math.round((end - Date.parse(item.created_at)) / 86_400_000)
      expect(told.map((item) => [item.detail_type, daysBefore(item)]).slice(2)).toEqual([
        ...[180, 120, 90, 60, 30].map((days) => ['Purchase Agreement Ending - Proposer', days]),
        ['Purchase Agreement Renewal Terms Finalized - Proposer', 30],
        ['Purchase Agreement Renewal Upcoming - Proposer', 10],
        ['Purchase Agreement Ended - Proposer', -0],
      ])
      expect(told[2]?.event.detail.agreement).toMatchObject({
        daysBeforeEndTime: 180,
        autoRenewalEnabled: true,
      })
      const finalized = told.find((item) => item.detail_type.includes('Finalized'))?.event.detail
      // 1,000.01 and ten percent, each instalment rounded to the cent: 660.00 and 440.01.
      expect(finalized?.renewalSummary).toMatchObject({
        tcv: '1100.01',
        currency: 'USD',
        lockoutReached: false,
      })
      const found = await market.vendor.agreement.send(
        new SearchAgreementsCommand({
          filters: [
            { name: 'PartyType', values: ['Proposer'] },
            { name: 'AgreementType', values: ['PurchaseAgreement'] },
            { name: 'InitialAgreementId', values: [agreement_id] },
          ],
          sort: { sortBy: 'StartTime' },
        }),
      )
      const [first, second, ...rest] = found.agreementViewSummaries ?? []
      expect(rest).toEqual([])
      expect(first).toMatchObject({ agreementId: agreement_id, status: 'RENEWED' })
      expect(second).toMatchObject({
        status: 'EXPIRED',
        endTimeBehaviorType: 'EXPIRE',
        endTimeBehaviorReasonCode: 'RENEWAL_LIMIT_EXHAUSTED',
        entitlements: [{ licenseArn: license_arn }],
      })
      const renewed = await about(market, vendor, second?.agreementId ?? '')
      expect(renewed[0]?.event.detail).toMatchObject({
        agreement: { intent: 'RENEW', previousAgreementId: agreement_id },
        product: { id: productId },
        proposer: { accountId: vendor, name: 'Vendor Inc' },
      })
      expect(names(renewed)).toContain('License Deprovisioned - Proposer')
      expect(names(told)).not.toContain('License Deprovisioned - Proposer')
      const { estimatedCharges } = await market.vendor.agreement.send(
        new DescribeAgreementCommand({ agreementId: second?.agreementId }),
      )
      expect(estimatedCharges?.agreementValue).toBe('1100.01')
      const invoices = await market.control<{ agreement_id: string; amount: string; lines: object[] }[]>(
        `/aws/invoices?account_id=${vendor}`,
      )
      const later = invoices.filter((item) => item.agreement_id === second?.agreementId)
      // A renewal's listing fee is 1.5 %, the first deal's was 3 %.
      expect(later.map((item) => [item.amount, item.lines])).toMatchObject([
        ['660.01', [{ fee: '9.90', fee_rate: '0.015' }]],
        ['440.00', [{ fee: '6.60' }]],
      ])
    }))

  test('is amended when the buyer switches it off, until the lockout begins', () =>
    inMarket(async (market, productId) => {
      const { agreement_id } = await renewableDeal(market, productId)
      const renewal = (auto_renew: boolean) =>
        market.control(`/aws/buyers/${buyer}/renewal`, { agreement_id, auto_renew })
      await market.by('P1M')
      await renewal(false)
      await market.by('PT1M')
      const amended = (await about(market, vendor, agreement_id)).at(-1)
      expect(amended).toMatchObject({
        detail_type: 'Purchase Agreement Amended - Proposer',
        event: {
          detail: {
            agreement: { intent: 'AMEND', autoRenewalEnabled: false },
            renewalSummary: { disabledBy: 'ACCEPTOR' },
          },
        },
      })
      const described = await market.vendor.agreement.send(
        new DescribeAgreementCommand({ agreementId: agreement_id }),
      )
      expect(described.endTimeBehavior).toEqual({ type: 'EXPIRE', reasonCode: 'ACCEPTOR_RENEW_OPTED_OUT' })
      await market.to('2027-10-25T00:00:00Z')
      await expect(renewal(true)).rejects.toThrow(/lockout/)
      await market.to('2027-11-05T00:00:00Z')
      expect(names(await about(market, vendor, agreement_id)).slice(-2)).toEqual([
        'Purchase Agreement Ended - Proposer',
        'License Deprovisioned - Proposer',
      ])
    }))

  test('shows its terms under the keys of the union', () =>
    inMarket(async (market, productId) => {
      const { agreement_id } = await renewableDeal(market, productId, {
        auto_renew: true,
        variable_payment: { maximum: '10', approval: 'WAIT_FOR_APPROVAL' },
      })
      const terms = async (agreementId: string) =>
        (await market.vendor.agreement.send(new GetAgreementTermsCommand({ agreementId }))).acceptedTerms ??
        []
      const accepted = await terms(agreement_id)
      expect(accepted.flatMap((term) => Object.keys(term)).sort()).toEqual([
        'fixedUpfrontPricingTerm',
        'legalTerm',
        'netPaymentTerm',
        'paymentScheduleTerm',
        'renewalTerm',
        'supportTerm',
        'usageBasedPricingTerm',
        'validityTerm',
        'variablePaymentTerm',
      ])
      const term = accepted.find((item) => item.renewalTerm)?.renewalTerm
      expect(term).toMatchObject({
        type: 'RenewalTerm',
        configuration: { enableAutoRenew: true },
        lockoutPeriod: 'P10D',
        maxRenewals: 1,
        priceIncrease: { fixedPercentage: { value: '10.00' } },
      })
      expect(accepted.find((item) => item.netPaymentTerm)?.netPaymentTerm).toMatchObject({
        paymentDuePeriod: 'P45D',
      })
      const page = await market.vendor.agreement.send(
        new GetAgreementTermsCommand({ agreementId: agreement_id, maxResults: 4 }),
      )
      expect(page.acceptedTerms?.length).toBe(4)
      expect(page.nextToken).toBeDefined()
    }))
})

describe('who hears what', () => {
  test("the buyer hears of its agreement, the reseller's vendor as manufacturer, licences are for sellers", () =>
    inMarket(async (market, productId) => {
      const authorization = madeBy(await change(market, market.vendor, authorizationChanges(productId)), 'A')
      const offer = madeBy(await change(market, market.reseller, resellerOfferChanges(authorization)), 'O')
      const { agreement_id } = await accept(market, offer)
      await market.by('PT2M')
      const { agreementCancellationRequestId: id } = await market.reseller.agreement.send(
        new SendAgreementCancellationRequestCommand({
          agreementId: agreement_id,
          reasonCode: 'TEST_AGREEMENT',
        }),
      )
      await market.by('PT1M')
      await market.control(`/aws/buyers/${buyer}/cancellation-requests/${id}`, { decision: 'approve' })
      await market.by('PT1M')
      const sequence = async (account: string) => names(await about(market, account, agreement_id))
      expect(await sequence(reseller)).toEqual([
        'Purchase Agreement Created - Proposer',
        'License Updated - Proposer',
        'Agreement Cancellation Request Pending Approval - Proposer',
        'Agreement Cancellation Request Approved - Proposer',
        'Purchase Agreement Ended - Proposer',
        'License Deprovisioned - Proposer',
      ])
      expect(await sequence(vendor)).toEqual(
        (await sequence(reseller)).map((name) => name.replace('Proposer', 'Manufacturer')),
      )
      expect(await sequence(buyer)).toEqual([
        'Purchase Agreement Created - Acceptor',
        'Agreement Cancellation Request Pending Approval - Acceptor',
        'Agreement Cancellation Request Approved - Acceptor',
        'Purchase Agreement Ended - Acceptor',
      ])
      const [pending] = (await about(market, vendor, agreement_id)).slice(2)
      expect(pending?.event.detail).toMatchObject({
        agreement: { acceptorId: buyer, productId, offerId: offer },
        agreementCancellationRequest: { id, reasonCode: 'TEST_AGREEMENT', statusCode: 'PENDING_APPROVAL' },
      })
    }))

  test('an adjustment is told with a negative amount when done, and to the seller alone when it failed', () =>
    inMarket(async (market, productId) => {
      const { agreement_id } = await renewableDeal(market, productId)
      await market.to('2026-11-21T00:00:00Z')
      const { agreementInvoiceLineItemGroupSummaries: [invoice] = [] } = await market.vendor.agreement.send(
        new ListAgreementInvoiceLineItemsCommand({ agreementId: agreement_id, groupBy: 'INVOICE_ID' }),
      )
      const entry = (clientToken: string) => ({
        agreementId: agreement_id,
        originalInvoiceId: invoice?.invoiceId ?? '',
        adjustmentAmount: '400',
        currencyCode: 'USD',
        adjustmentReasonCode: 'OTHER' as const,
        clientToken,
      })
      await market.vendor.agreement.send(
        new BatchCreateBillingAdjustmentRequestCommand({
          billingAdjustmentRequestEntries: [entry('one'), entry('two')],
        }),
      )
      await market.by('PT5M')
      const last = (await about(market, vendor, agreement_id)).slice(-2)
      expect(names(last)).toEqual([
        'Purchase Agreement Billing Adjustment Completed - Proposer',
        'Purchase Agreement Billing Adjustment Failed - Proposer',
      ])
      expect(last[0]?.event.detail).toMatchObject({
        billingAdjustmentRequest: { adjustmentAmount: '-400.00', currencyCode: 'USD' },
        invoice: { originalInvoiceId: invoice?.invoiceId },
      })
      expect(names(await about(market, buyer, agreement_id)).slice(-1)).toEqual([
        'Purchase Agreement Billing Adjustment Completed - Acceptor',
      ])
      await market.control('/aws/advisories', { agreement_id, news: 'Issued' })
      await market.by('PT1M')
      expect(names(await about(market, vendor, agreement_id)).at(-1)).toBe(
        'Purchase Agreement Advisory Issued - Manufacturer',
      )
    }))
})

test('an offer that was declined cannot be accepted', () =>
  inMarket(async (market, productId) => {
    const offer_id = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
    await market.control(`/aws/buyers/${buyer}/decline`, { offer_id })
    await expect(accept(market, offer_id)).rejects.toThrow(/declined/)
  }))

describe('the topics of a product', () => {
  test('are signed, confirmed, and tell a subscription from beginning to end', () =>
    inMarket(async (market, productId) => {
      const receiver = await startReceiver()
      try {
        const offer = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
        const first = await accept(market, offer)
        const { registration_token } = await market.control<{ registration_token: string }>(
          `/aws/buyers/${buyer}/register`,
          { agreement_id: first.agreement_id },
        )
        const { ProductCode: product_code } = await market.vendor.metering.send(
          new ResolveCustomerCommand({ RegistrationToken: registration_token }),
        )
        const url = `${receiver.url}/events`
        for (const topic of ['subscription', 'entitlement']) {
          await market.control('/aws/topics', { account_id: vendor, product_code, topic, url })
        }
        await expect(
          market.control('/aws/topics', { account_id: reseller, product_code, topic: 'subscription', url }),
        ).rejects.toThrow(/product of the account/)
        for (const confirmation of envelopes(receiver)) {
          expect(confirmation.Type).toBe('SubscriptionConfirmation')
          expect(await isGenuine(confirmation)).toBe(true)
          expect((await fetch(confirmation.SubscribeURL ?? '')).status).toBe(200)
        }
        await market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id: first.agreement_id })
        await market.by('PT59M')
        const said = () =>
          envelopes(receiver)
            .filter((envelope) => envelope.Type === 'Notification')
            .map((envelope) => JSON.parse(envelope.Message ?? '') as Record<string, string>)
        const actions = () => said().map((message) => message.action)
        expect(actions()).toEqual(['entitlement-updated', 'unsubscribe-pending'])
        await market.by('PT2M')
        expect(actions().slice(2)).toEqual(['unsubscribe-success'])
        const again = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
        const second = await accept(market, again)
        await market.by('PT2M')
        expect(actions().slice(3)).toEqual(['entitlement-updated', 'subscribe-success'])
        const accounts =
          await market.control<{ account_id: string; encrypted_account_id: string }[]>('/aws/accounts')
        const customer = accounts.find((item) => item.account_id === buyer)?.encrypted_account_id
        expect(said().at(-1)).toEqual({
          action: 'subscribe-success',
          'customer-identifier': customer,
          'product-code': product_code,
          'offer-identifier': again,
          isFreeTrialTermPresent: 'false',
        })
        // Whoever comes back within the hour is not told as gone.
        await market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id: second.agreement_id })
        const third = await accept(
          market,
          madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O'),
        )
        await market.by('PT2H')
        expect(actions().slice(5)).toEqual([
          'entitlement-updated',
          'unsubscribe-pending',
          'entitlement-updated',
          'subscribe-success',
        ])
        await market.control(`/aws/buyers/${buyer}/fail-payment`, { agreement_id: third.agreement_id })
        await market.by('PT2H')
        expect(actions().slice(9)).toEqual(['entitlement-updated', 'subscribe-fail'])
        const last = envelopes(receiver).at(-1)
        expect(last?.TopicArn).toBe(
          `arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-${product_code}`,
        )
        expect(await isGenuine(last ?? {})).toBe(true)
      } finally {
        await receiver.stop()
      }
    }))
})
