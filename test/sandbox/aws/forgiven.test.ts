// An invoice that AWS gives up: FORGIVEN rows of the billing feed negate what was invoiced. Source: the seller guide's page
// on the billing event feed and the queries it shows.
import {
  BatchCreateBillingAdjustmentRequestCommand,
  ListAgreementInvoiceLineItemsCommand,
} from '@aws-sdk/client-marketplace-agreement'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  accept,
  authorizationChanges,
  buyer,
  type Clients,
  change,
  type Market,
  madeBy,
  openMarket,
  publish,
  readFeed,
  reseller,
  resellerOfferChanges,
  vendor,
} from '../support.ts'

let market: Market
let agreement_id = ''
beforeEach(async () => {
  market = await openMarket()
  await market.control(`/aws/accounts/${buyer}`, { tax: { rate: '0.10', liable: 'seller' } }, 'PATCH')
  const { productId } = await publish(market)
  const opened = await change(market, market.vendor, authorizationChanges(productId))
  const made = await change(market, market.reseller, resellerOfferChanges(madeBy(opened, 'A')))
  ;({ agreement_id } = await accept(market, madeBy(made, 'O')))
  await market.control(`/aws/accounts/${buyer}`, { pays: false }, 'PATCH')
  await market.to('2026-12-20T00:00:00Z')
})
afterEach(() => market.server.stop())

type Invoice = { invoice_id: string; paid_at: string | null; forgiven_at: string | null }
const invoices = () => market.control<Invoice[]>(`/aws/invoices?account_id=${buyer}`)
const forgive = async () => {
  const [invoice] = await invoices()
  return market.control(`/aws/invoices/${invoice?.invoice_id}/forgive`, {})
}
const feed = (clients: Clients, account: string) =>
  readFeed(clients, `seller-feeds-${account}`, 'billingeventfeed', '2026-12')

test('every event of the invoice is negated, for the reseller and for the vendor behind it', async () => {
  await forgive()
  await market.to('2026-12-21T00:00:00Z')
  for (const [clients, account] of [
    [market.reseller, reseller],
    [market.vendor, vendor],
  ] as const) {
    const rows = await feed(clients, account)
    const by = (action: string) => rows.filter((row) => row.action === action)
    expect(by('FORGIVEN').length).toBe(by('INVOICED').length)
    expect(by('COLLECTED')).toEqual([])
    for (const row of by('FORGIVEN')) {
      const parent = by('INVOICED').find((one) => one.billing_event_id === row.parent_billing_event_id)
      expect(Number(row.amount) + Number(parent?.amount)).toBe(0)
      expect(row).toMatchObject({
        transaction_type: parent?.transaction_type,
        balance_impacting: parent?.balance_impacting,
        invoice_id: parent?.invoice_id,
        action_date: '2026-12-20T00:00:00Z',
      })
    }
    const balance = rows.filter((row) => row.balance_impacting === '1')
    expect(balance.reduce((total, row) => total + Number(row.amount) * 100, 0)).toBeCloseTo(0, 6)
  }
  const types = (await feed(market.reseller, reseller)).flatMap((row) =>
    row.action === 'FORGIVEN' ? [`${row.transaction_type} ${row.amount}`] : [],
  )
  expect(types.sort()).toEqual([
    'AWS_REV_SHARE 0.35',
    'SELLER_REV_SHARE -210.00',
    'SELLER_REV_SHARE 200.00',
    'SELLER_TAX_SHARE -21.00',
  ])
})

test('it is paid never, given back no more, and forgiven once', async () => {
  await forgive()
  await market.control(`/aws/accounts/${buyer}`, { pays: true }, 'PATCH')
  await market.to('2027-01-20T00:00:00Z')
  expect((await invoices())[0]).toMatchObject({ paid_at: null, forgiven_at: '2026-12-20T00:00:00.000Z' })
  expect(await market.control(`/aws/payouts?account_id=${reseller}`)).toEqual([])
  await expect(forgive()).rejects.toThrow('The invoice is forgiven already.')
  const listed = await market.reseller.agreement.send(
    new ListAgreementInvoiceLineItemsCommand({ agreementId: agreement_id, groupBy: 'INVOICE_ID' }),
  )
  const [group] = listed.agreementInvoiceLineItemGroupSummaries ?? []
  expect(group?.pricingCurrencyAmount).toMatchObject({ amount: '210.00', maxAdjustmentAmount: '0.00' })
  const refund = {
    agreementId: agreement_id,
    originalInvoiceId: group?.invoiceId ?? '',
    adjustmentAmount: '1.00',
    currencyCode: 'USD',
    adjustmentReasonCode: 'OTHER' as const,
    description: 'Too late',
    clientToken: 'one',
  }
  const answer = await market.reseller.agreement.send(
    new BatchCreateBillingAdjustmentRequestCommand({ billingAdjustmentRequestEntries: [refund] }),
  )
  expect(answer.items ?? []).toEqual([])
  expect(answer.errors).toHaveLength(1)
})

test('what is paid is not forgiven, nor what nobody invoiced', async () => {
  await market.control(`/aws/accounts/${buyer}`, { pays: true }, 'PATCH')
  await market.by('P30D')
  await expect(forgive()).rejects.toThrow('The invoice is paid already.')
  await expect(market.control('/aws/invoices/none/forgive', {})).rejects.toThrow('names an invoice')
})
