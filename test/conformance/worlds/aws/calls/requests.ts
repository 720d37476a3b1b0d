// Requests about an agreement: asked once, whatever happens on the way.
import type { AgreementRequest } from '../../../../../connectors/connector.ts'
import { money } from '../../../../../src/core/money.ts'
import type { CallRow } from '../../../calls/trials.ts'
import { given } from '../../../claims.ts'
import { facet, listed, offered, sold } from '../../../deal.ts'
import type { Market } from '../../../world.ts'
import { BUYER } from '../accounts.ts'
import { agreementsAsSeen } from '../taken.ts'
import { stable } from './selling.ts'

const words = 'As agreed on the phone.'

export function cancellation(agreement_id: string): AgreementRequest {
  return { kind: 'cancellation', agreement_id, reason: 'TEST_AGREEMENT', words }
}

/** An agreement whose buyer may be asked for more. */
export async function payable(market: Market): Promise<string> {
  const { product_id } = await listed(market)
  const offer_id = await offered(market, market.drafts.offer(product_id))
  const variable_payment = { maximum: '100000', approval: 'WAIT_FOR_APPROVAL' }
  const { agreement_id } = await market.control<{ agreement_id: string }>(`/aws/buyers/${BUYER}/accept`, {
    offer_id,
    variable_payment,
  })
  await market.move({ by: 'PT1M' })
  return agreement_id
}

/** An agreement that was billed, and the invoice. */
export async function billed(market: Market) {
  const { bought } = await sold(market)
  await market.move({ to: '2026-09-16T12:00:00Z' })
  const { agreement_id } = bought
  const [invoice] = await facet(market, 'requests').invoices(market.vendor, agreement_id)
  return { agreement_id, invoice: given(invoice, 'invoice') }
}

/** Sends a cancellation, and the buyer has it before them. */
export async function askedToEnd(market: Market, agreement_id: string, key: string): Promise<string> {
  const change = await facet(market, 'requests').send(market.vendor, cancellation(agreement_id), key)
  await market.move({ by: 'PT1M' })
  return given(change.status === 'accepted' ? change.reference : null, 'reference')
}

export const requestRows: CallRow[] = [
  {
    name: 'requests.send: cancellation',
    async prepare(market) {
      const { send, withdraw } = facet(market, 'requests')
      const { bought } = await sold(market)
      const { agreement_id } = bought
      const seen = agreementsAsSeen(market)
      let open: string | undefined
      return async (number) => {
        // One request about an agreement can be open at a time.
        if (open !== undefined) await withdraw(market.vendor, open, words, 'withdraw')
        const before = (await seen.cancellations(agreement_id)).length
        return {
          async call() {
            const change = await send(market.vendor, cancellation(agreement_id), `cancel-${number}`)
            await market.move({ by: 'PT1M' })
            if (change.status === 'accepted') open = change.reference
            return change.status === 'accepted' ? undefined : change
          },
          effects: async () => (await seen.cancellations(agreement_id)).length - before,
        }
      }
    },
  },
  {
    name: 'requests.send: payment',
    async prepare(market) {
      const { send } = facet(market, 'requests')
      const agreement_id = await payable(market)
      const seen = agreementsAsSeen(market)
      return async (number) => {
        const name = `Workshop ${number}`
        const request = { kind: 'payment' as const, agreement_id, name, amount: money('USD', 100n), words }
        return {
          async call() {
            const change = await send(market.vendor, request, `pay-${number}`)
            return change.status === 'accepted' ? undefined : change
          },
          effects: async () => (await seen.payments(agreement_id)).filter((one) => one === name).length,
        }
      }
    },
  },
  {
    name: 'requests.send: refund',
    async prepare(market) {
      const { send, check } = facet(market, 'requests')
      const { agreement_id, invoice } = await billed(market)
      const seen = agreementsAsSeen(market)
      return async (number) => {
        const amount = money('USD', BigInt(100 + number))
        const { invoice_id } = invoice
        const reason = 'BUYER_DISSATISFACTION'
        const request = { kind: 'refund' as const, agreement_id, invoice_id, amount, reason, words }
        const shown = `1.${String(number).padStart(2, '0')}`
        return {
          call: () => send(market.vendor, request, `refund-${number}`),
          check: (reference) => check(market.vendor, reference),
          effects: async () => (await seen.refunds(agreement_id)).filter((one) => one === shown).length,
        }
      }
    },
  },
  {
    name: 'requests.check',
    async prepare(market) {
      const { bought } = await sold(market)
      const reference = await askedToEnd(market, bought.agreement_id, 'cancel-1')
      const { check } = facet(market, 'requests')
      return async () => ({ call: async () => stable(await check(market.vendor, reference)), same: stable })
    },
  },
  {
    name: 'requests.withdraw',
    async prepare(market) {
      const { withdraw } = facet(market, 'requests')
      const { bought } = await sold(market)
      const { agreement_id } = bought
      const seen = agreementsAsSeen(market)
      const count = async () =>
        (await seen.cancellations(agreement_id)).filter((status) => status === 'CANCELLED').length
      return async (number) => {
        const before = await count()
        const reference = await askedToEnd(market, agreement_id, `cancel-${number}`)
        return {
          call: () => withdraw(market.vendor, reference, words, `withdraw-${number}`),
          effects: async () => (await count()) - before,
        }
      }
    },
  },
  {
    name: 'requests.invoices',
    async prepare(market) {
      const { agreement_id } = await billed(market)
      const { invoices } = facet(market, 'requests')
      return async () => ({ call: () => invoices(market.vendor, agreement_id), same: stable })
    },
  },
]
