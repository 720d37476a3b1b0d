import {
  AccessDeniedException,
  BatchCreateBillingAdjustmentRequestCommand,
  CancelAgreementCancellationRequestCommand,
  CancelAgreementPaymentRequestCommand,
  ConflictException,
  GetAgreementCancellationRequestCommand,
  GetAgreementPaymentRequestCommand,
  GetAgreementTermsCommand,
  GetBillingAdjustmentRequestCommand,
  InternalServerException,
  ListAgreementCancellationRequestsCommand,
  ListAgreementInvoiceLineItemsCommand,
  ListAgreementPaymentRequestsCommand,
  ListBillingAdjustmentRequestsCommand,
  ResourceNotFoundException,
  SearchAgreementsCommand,
  SendAgreementCancellationRequestCommand,
  type SendAgreementCancellationRequestInput,
  SendAgreementPaymentRequestCommand,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-marketplace-agreement'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  accept,
  buyer,
  change,
  type Market,
  madeBy,
  openMarket,
  privateOfferChanges,
  publish,
  vendor,
} from '../support.ts'

let market: Market
let productId = ''
let agreementId = ''
let termId = ''

const send = (parts: object = {}) =>
  market.vendor.agreement.send(
    new SendAgreementPaymentRequestCommand({
      agreementId,
      termId,
      name: 'Workshop',
      chargeAmount: '120.50',
      ...parts,
    }),
  )
const payment = (paymentRequestId: string | undefined) =>
  market.vendor.agreement.send(
    new GetAgreementPaymentRequestCommand({ agreementId, paymentRequestId: paymentRequestId ?? '' }),
  )
const answer = (kind: 'payment' | 'cancellation', id: string | undefined, body: object) =>
  market.control(`/aws/buyers/${buyer}/${kind}-requests/${id}`, body)
const refused = async (work: Promise<unknown>, type: new (...parts: never[]) => Error, more: object) => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(type)
  expect(error).toMatchObject(more)
}
const newDeal = async (more: object = {}) => {
  const offer = madeBy(await change(market, market.vendor, privateOfferChanges(productId)), 'O')
  return (await accept(market, offer, more)).agreement_id
}
const variable = {
  variable_payment: { maximum: '500', approval: 'AUTO_APPROVE_ON_EXPIRATION', expires_after: 'P3D' },
}

beforeAll(async () => {
  market = await openMarket()
  productId = (await publish(market)).productId
  // Every test makes an offer, faster than the catalog lets an account.
  await market.control('/throttles', {
    service: 'marketplace-catalog',
    operation: 'StartChangeSet',
    rate_per_second: null,
  })
})
afterAll(() => market.server.stop())
beforeEach(async () => {
  agreementId = await newDeal(variable)
  const { acceptedTerms } = await market.vendor.agreement.send(new GetAgreementTermsCommand({ agreementId }))
  const term = acceptedTerms?.find((item) => item.variablePaymentTerm)?.variablePaymentTerm
  expect(term).toMatchObject({
    currencyCode: 'USD',
    maxTotalChargeAmount: '500',
    configuration: {
      paymentRequestApprovalStrategy: 'AUTO_APPROVE_ON_EXPIRATION',
      expirationDuration: 'P3D',
    },
  })
  termId = term?.id ?? ''
})
// An offer is accepted once a buyer at a time, so each test leaves none behind.
const leave = () => market.control(`/aws/buyers/${buyer}/cancel`, { agreement_id: agreementId })

describe('a payment request', () => {
  test('is validated, waits for the buyer, and is invoiced when approved', async () => {
    const sent = await send()
    expect(sent).toMatchObject({ status: 'VALIDATING', chargeAmount: '120.50', currencyCode: 'USD' })
    expect(sent).not.toHaveProperty('updatedAt')
    await market.by('PT6S')
    expect(await payment(sent.paymentRequestId)).toMatchObject({ status: 'PENDING_APPROVAL' })
    await answer('payment', sent.paymentRequestId, { decision: 'approve' })
    const approved = await payment(sent.paymentRequestId)
    expect(approved.status).toBe('APPROVED')
    expect(approved.chargeId).toMatch(/^ch-[a-z0-9]+$/)
    const invoices = await market.control<Record<string, string>[]>(`/aws/invoices?account_id=${vendor}`)
    expect(invoices.at(-1)).toMatchObject({
      kind: 'PAYMENT_REQUEST',
      amount: '120.50',
      agreement_id: agreementId,
    })
    await leave()
  })

  test('approves itself when the buyer says nothing and chose so, and not before', async () => {
    const sent = await send()
    await market.by('P2DT23H')
    expect(await payment(sent.paymentRequestId)).toMatchObject({ status: 'PENDING_APPROVAL' })
    await market.by('PT1H')
    expect(await payment(sent.paymentRequestId)).toMatchObject({ status: 'APPROVED' })
    await leave()
  })

  test('is rejected with the reason, or withdrawn, and then is closed', async () => {
    const first = await send()
    const second = await send({ name: 'Travel', chargeAmount: '10' })
    await market.by('PT6S')
    await answer('payment', first.paymentRequestId, { decision: 'reject', reason: 'Not ordered' })
    expect(await payment(first.paymentRequestId)).toMatchObject({
      status: 'REJECTED',
      statusMessage: 'Not ordered',
    })
    const cancel = (paymentRequestId = '') =>
      market.vendor.agreement.send(
        new CancelAgreementPaymentRequestCommand({ agreementId, paymentRequestId }),
      )
    expect(await cancel(second.paymentRequestId)).toMatchObject({ status: 'CANCELLED', name: 'Travel' })
    await refused(cancel(second.paymentRequestId), ConflictException, {
      resourceType: 'PaymentRequest',
      resourceId: second.paymentRequestId,
    })
    const listed = await market.vendor.agreement.send(
      new ListAgreementPaymentRequestsCommand({ partyType: 'Proposer', agreementId, status: 'REJECTED' }),
    )
    expect(listed.items?.map((item) => item.paymentRequestId)).toEqual([first.paymentRequestId])
    await leave()
  })

  test('is bound by the maximum of its term, what is open counted in', async () => {
    await send({ chargeAmount: '400' })
    await refused(send({ chargeAmount: '100.01' }), ValidationException, { reason: 'INVALID_CHARGE_AMOUNT' })
    expect((await send({ chargeAmount: '100' })).status).toBe('VALIDATING')
    await leave()
  })

  test('is made once for a client token', async () => {
    const clientToken = 'token-1'
    const first = await send({ clientToken })
    await market.by('PT6S')
    const again = await send({ clientToken })
    expect(again.paymentRequestId).toBe(first.paymentRequestId)
    expect(again.status).toBe('VALIDATING')
    await refused(send({ clientToken, chargeAmount: '1' }), ConflictException, {})
    const listed = await market.vendor.agreement.send(
      new ListAgreementPaymentRequestsCommand({ partyType: 'Proposer', agreementId }),
    )
    expect(listed.items?.length).toBe(1)
    await leave()
  })

  test('names what is wrong with it', async () => {
    await refused(send({ termId: 'term-other' }), ValidationException, { reason: 'INVALID_TERM_ID' })
    await refused(send({ name: 'four' }), ValidationException, { reason: 'INVALID_NAME' })
    await refused(send({ name: undefined }), ValidationException, { reason: 'MISSING_NAME' })
    await refused(send({ chargeAmount: '0' }), ValidationException, { reason: 'INVALID_CHARGE_AMOUNT' })
    await refused(send({ chargeAmount: '-5' }), ValidationException, {
      reason: 'INVALID_CHARGE_AMOUNT',
      fields: [{ name: 'chargeAmount' }],
    })
    await refused(send({ agreementId: 'agmt-none' }), ResourceNotFoundException, {
      resourceType: 'Agreement',
    })
    await refused(payment('pr-none'), ResourceNotFoundException, { resourceType: 'PaymentRequest' })
    const stranger = market.reseller.agreement.send(
      new SendAgreementPaymentRequestCommand({ agreementId, termId, name: 'Mine!', chargeAmount: '1' }),
    )
    await refused(stranger, AccessDeniedException, { reason: 'INVALID_ACCESS' })
    await leave()
    await refused(send(), ValidationException, { reason: 'INACTIVE_AGREEMENT' })
  })
})

const askToCancel = (parts: Partial<SendAgreementCancellationRequestInput> = {}) =>
  market.vendor.agreement.send(
    new SendAgreementCancellationRequestCommand({ agreementId, reasonCode: 'TEST_AGREEMENT', ...parts }),
  )
const cancellation = (agreementCancellationRequestId = '') =>
  market.vendor.agreement.send(
    new GetAgreementCancellationRequestCommand({ agreementId, agreementCancellationRequestId }),
  )
const statusOf = async () =>
  (
    await market.control<{ id: string; status: string }[]>(
      `/aws/accepted?kind=agreements&account_id=${vendor}`,
    )
  ).find((item) => item.id === agreementId)?.status

describe('a cancellation request', () => {
  test('ends the agreement when the buyer approves', async () => {
    const { agreementCancellationRequestId: id } = await askToCancel({ description: 'Only a test' })
    expect(await statusOf()).toBe('ACTIVE')
    await answer('cancellation', id, { decision: 'approve' })
    expect(await cancellation(id)).toMatchObject({ status: 'APPROVED', description: 'Only a test' })
    expect(await statusOf()).toBe('CANCELLED')
  })

  test('is approved by itself after seven days, not before', async () => {
    const { agreementCancellationRequestId: id } = await askToCancel()
    await market.by('P6DT23H')
    expect(await cancellation(id)).toMatchObject({ status: 'PENDING_APPROVAL' })
    await market.by('PT1H')
    expect(await cancellation(id)).toMatchObject({ status: 'APPROVED' })
    expect(await statusOf()).toBe('CANCELLED')
  })

  test('leaves the agreement when rejected or withdrawn, and there is one at a time', async () => {
    const first = await askToCancel({ clientToken: 'c-1' })
    expect(await askToCancel({ clientToken: 'c-1' })).toMatchObject({
      agreementCancellationRequestId: first.agreementCancellationRequestId,
    })
    await refused(askToCancel(), ConflictException, {
      resourceType: 'AgreementCancellationRequest',
      resourceId: first.agreementCancellationRequestId,
    })
    await answer('cancellation', first.agreementCancellationRequestId, {
      decision: 'reject',
      reason: 'We keep it',
    })
    expect(await cancellation(first.agreementCancellationRequestId)).toMatchObject({
      status: 'REJECTED',
      statusMessage: 'We keep it',
    })
    const second = await askToCancel()
    const withdraw = (cancellationReason?: string) =>
      market.vendor.agreement.send(
        new CancelAgreementCancellationRequestCommand({
          agreementId,
          agreementCancellationRequestId: second.agreementCancellationRequestId,
          cancellationReason,
        }),
      )
    await refused(withdraw(), ValidationException, { reason: 'MISSING_REASON' })
    expect(await withdraw('A mistake')).toMatchObject({ status: 'CANCELLED', statusMessage: 'A mistake' })
    await refused(withdraw('Again'), ConflictException, {})
    await market.by('P8D')
    expect(await statusOf()).toBe('ACTIVE')
    const listed = await market.vendor.agreement.send(
      new ListAgreementCancellationRequestsCommand({ partyType: 'Proposer', agreementId, maxResults: 1 }),
    )
    expect(listed.items).toMatchObject([{ status: 'REJECTED', agreementType: 'PurchaseAgreement' }])
    expect(listed.nextToken).toBeDefined()
    await leave()
    await refused(askToCancel(), ValidationException, { reason: 'INACTIVE_AGREEMENT' })
  })

  test('fails when the agreement ends by itself meanwhile', async () => {
    const { agreementCancellationRequestId: id } = await askToCancel()
    await leave()
    expect(await cancellation(id)).toMatchObject({ status: 'VALIDATION_FAILED' })
  })

  test('needs words for the reason OTHER, and a known reason', async () => {
    await refused(askToCancel({ reasonCode: 'OTHER' }), ValidationException, {
      reason: 'MISSING_DESCRIPTION',
    })
    await refused(askToCancel({ reasonCode: 'BORED' as never }), ValidationException, {
      reason: 'INVALID_REASON',
    })
    const none = market.vendor.agreement.send(
      new ListAgreementCancellationRequestsCommand({ partyType: undefined }),
    )
    await refused(none, ValidationException, { reason: 'MISSING_PARTY_TYPE' })
    await leave()
  })
})

const lines = (parts: object = {}) =>
  market.vendor.agreement.send(
    new ListAgreementInvoiceLineItemsCommand({ agreementId, groupBy: 'INVOICE_ID', ...parts }),
  )
const adjust = (entries: object[]) =>
  market.vendor.agreement.send(
    new BatchCreateBillingAdjustmentRequestCommand({
      billingAdjustmentRequestEntries: entries.map((item) => ({
        agreementId,
        originalInvoiceId: '',
        adjustmentAmount: '100',
        currencyCode: 'USD',
        adjustmentReasonCode: 'OTHER',
        clientToken: 'a',
        ...item,
      })),
    }),
  )
const adjustment = (id = '') =>
  market.vendor.agreement.send(
    new GetBillingAdjustmentRequestCommand({ agreementId, billingAdjustmentRequestId: id }),
  )

describe('a billing adjustment', () => {
  test('gives back of an invoice, at most what is left of it, once for a token', async () => {
    const sent = await send({ chargeAmount: '300' })
    await market.by('PT6S')
    await answer('payment', sent.paymentRequestId, { decision: 'approve' })
    const [group] = (await lines()).agreementInvoiceLineItemGroupSummaries ?? []
    expect(group).toMatchObject({
      invoiceType: 'INVOICE',
      pricingCurrencyAmount: { amount: '300.00', maxAdjustmentAmount: '300.00', currencyCode: 'USD' },
      invoicingEntity: { legalName: 'Amazon Web Services, Inc.' },
    })
    const originalInvoiceId = group?.invoiceId ?? ''
    const made = await adjust([
      { originalInvoiceId, adjustmentAmount: '200', clientToken: 'a-1' },
      { originalInvoiceId, adjustmentAmount: '150', clientToken: 'a-2' },
      { originalInvoiceId, adjustmentAmount: '300.01', clientToken: 'a-3' },
      { originalInvoiceId, currencyCode: 'EUR', clientToken: 'a-4' },
      { originalInvoiceId: 'none', clientToken: 'a-5' },
    ])
    expect(made.items?.map((item) => item.clientToken)).toEqual(['a-1', 'a-2'])
    expect(made.errors?.map((item) => [item.clientToken, item.code])).toEqual([
      ['a-3', 'VALIDATION_EXCEPTION'],
      ['a-4', 'VALIDATION_EXCEPTION'],
      ['a-5', 'RESOURCE_NOT_FOUND_EXCEPTION'],
    ])
    const again = await adjust([
      { originalInvoiceId, adjustmentAmount: '200', clientToken: 'a-1' },
      { originalInvoiceId, adjustmentAmount: '1', clientToken: 'a-2' },
    ])
    expect(again.items).toEqual([made.items?.[0]])
    expect(again.errors).toMatchObject([{ code: 'CONFLICT_EXCEPTION', clientToken: 'a-2' }])
    const [first, second] = made.items ?? []
    expect(await adjustment(first?.billingAdjustmentRequestId)).toMatchObject({ status: 'PENDING' })
    await market.by('PT2M')
    expect(await adjustment(first?.billingAdjustmentRequestId)).toMatchObject({
      status: 'COMPLETED',
      adjustmentAmount: '200',
    })
    // The second asks for 150, but 100 are left when its turn comes.
    expect(await adjustment(second?.billingAdjustmentRequestId)).toMatchObject({
      status: 'VALIDATION_FAILED',
      statusMessage: 'Only 100.00 of the invoice is left.',
    })
    const after = (await lines()).agreementInvoiceLineItemGroupSummaries
    expect(after?.map((item) => [item.invoiceType, item.pricingCurrencyAmount])).toEqual([
      ['INVOICE', { amount: '300.00', maxAdjustmentAmount: '100.00', currencyCode: 'USD' }],
      ['CREDIT_MEMO', { amount: '-200.00', maxAdjustmentAmount: '0.00', currencyCode: 'USD' }],
    ])
    const memos = await lines({ invoiceType: 'CREDIT_MEMO' })
    expect(memos.agreementInvoiceLineItemGroupSummaries?.length).toBe(1)
    const other = await lines({ invoiceBillingPeriod: { month: 1, year: 2030 } })
    expect(other.agreementInvoiceLineItemGroupSummaries).toEqual([])
    const listed = await market.vendor.agreement.send(
      new ListBillingAdjustmentRequestsCommand({ agreementId, status: 'COMPLETED' }),
    )
    expect(listed.items?.map((item) => item.billingAdjustmentRequestId)).toEqual([
      first?.billingAdjustmentRequestId,
    ])
    await leave()
  })

  test('is refused whole when the batch itself is wrong', async () => {
    await refused(adjust([]), ValidationException, { reason: 'MISSING_BILLING_ADJUSTMENTS' })
    const many = Array.from({ length: 26 }, (_, index) => ({
      originalInvoiceId: '1',
      clientToken: `m-${index}`,
    }))
    await refused(adjust(many), ValidationException, { reason: 'BILLING_ADJUSTMENTS_LIMIT_EXCEEDED' })
    const two = adjust([{ originalInvoiceId: '1' }, { originalInvoiceId: '2' }])
    await refused(two, ValidationException, { reason: 'INVALID_CLIENT_TOKEN' })
    const mixed = adjust([
      { originalInvoiceId: '1' },
      { originalInvoiceId: '2', agreementId: 'agmt-x', clientToken: 'b' },
    ])
    await refused(mixed, ValidationException, { reason: 'MULTIPLE_AGREEMENT_IDS' })
    const free = adjust([{ originalInvoiceId: '1', adjustmentAmount: 'free' }])
    await refused(free, ValidationException, { reason: 'INVALID_ADJUSTMENT_AMOUNT' })
    await refused(lines({ groupBy: undefined }), ValidationException, { reason: 'OTHER' })
    await leave()
  })
})

describe('the search', () => {
  const search = (filters: Record<string, string>, more = {}) =>
    market.vendor.agreement.send(
      new SearchAgreementsCommand({
        catalog: 'AWSMarketplace',
        filters: Object.entries({
          PartyType: 'Proposer',
          AgreementType: 'PurchaseAgreement',
          ...filters,
        }).map(([name, value]) => ({ name, values: [value] })),
        ...more,
      }),
    )

  test('joins its filters, pages to the end and sorts both ways', async () => {
    const all = await search({ AcceptorAccountId: buyer, ResourceIdentifier: productId })
    const ids = all.agreementViewSummaries?.map((item) => item.agreementId) ?? []
    expect(ids.length).toBeGreaterThan(5)
    const paged: (string | undefined)[] = []
    let nextToken: string | undefined
    do {
      const page = await search(
        { ResourceIdentifier: productId },
        { maxResults: 2, sort: { sortBy: 'StartTime', sortOrder: 'DESCENDING' }, nextToken },
      )
      paged.push(...(page.agreementViewSummaries ?? []).map((item) => item.agreementId))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect([...paged].sort()).toEqual([...ids].sort())
    expect(paged[0]).toBe(agreementId)
    const active = await search({ Status: 'ACTIVE', EndTimeBehaviorReasonCode: 'NO_RENEWAL_TERM' })
    expect(active.agreementViewSummaries?.map((item) => item.agreementId)).toEqual([agreementId])
    expect((await search({ Status: 'ACTIVE', OfferSetId: 'offerset-none' })).agreementViewSummaries).toEqual(
      [],
    )
    await leave()
  })

  test('refuses what its model does not know', async () => {
    await refused(search({ Colour: 'red' }), ValidationException, { reason: 'INVALID_FILTER_NAME' })
    await refused(search({ Status: 'SLEEPING' }), ValidationException, { reason: 'INVALID_FILTER_VALUES' })
    await refused(search({ AfterEndTime: 'soon' }), ValidationException, { reason: 'INVALID_FILTER_VALUES' })
    await refused(search({}, { maxResults: 51 }), ValidationException, { reason: 'INVALID_MAX_RESULTS' })
    await refused(search({}, { nextToken: 'abc' }), ValidationException, { reason: 'INVALID_NEXT_TOKEN' })
    await refused(search({}, { sort: { sortBy: 'Price' } }), ValidationException, {
      reason: 'INVALID_SORT_BY',
    })
    await refused(search({}, { catalog: 'Other' }), ValidationException, { reason: 'INVALID_CATALOG' })
    const two = market.vendor.agreement.send(
      new SearchAgreementsCommand({
        filters: [
          { name: 'PartyType', values: ['Proposer'] },
          { name: 'Status', values: ['ACTIVE', 'EXPIRED'] },
        ],
      }),
    )
    await refused(two, ValidationException, { reason: 'INVALID_FILTER_VALUES' })
    await leave()
  })
})

test('throttling and failures decode to their classes', async () => {
  const call = () =>
    market.vendor.agreement.send(new ListAgreementPaymentRequestsCommand({ partyType: 'Proposer' }))
  const plan = (fault: string) =>
    market.control('/faults', {
      service: 'marketplace-agreement',
      operation: 'ListAgreementPaymentRequests',
      fault,
    })
  await plan('throttle')
  await refused(call(), ThrottlingException, {})
  await plan('error_500')
  await refused(call(), InternalServerException, {})
  expect((await call()).items).toBeDefined()
})
