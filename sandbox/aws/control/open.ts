import type { Hono } from 'hono'
import { z } from 'zod'
import { decimal, format } from '../../money.ts'
import { Refusal } from '../../problem.ts'
import { iso } from '../../time.ts'
import { answerAdjustment } from '../agreement/adjustments.ts'
import { billingAdjustments, cancellationRequests, paymentRequests } from '../agreement/model.ts'
import { renewalOf } from '../agreement/renewal-rules.ts'
import type { Agreement } from '../model.ts'
import { isOpen } from '../money/finance-model.ts'
import type { World } from '../world.ts'

const answerSchema = z.strictObject({
  decision: z.enum(['complete', 'refuse']),
  reason: z.string().min(1).max(250).optional(),
})

/** Routes that show what of a seller's agreements waits for somebody else, and let AWS answer for a refund at once. */
export function addOpen(app: Hono, world: World): void {
  app.get('/open', (c) => {
    const account_id = c.req.query('account_id') ?? ''
    const own = world.agreements
      .all()
      .filter(({ proposer, manufacturer }) => [proposer, manufacturer].includes(account_id))
    return c.json(own.map((agreement) => openOf(world, agreement)).filter((one) => one !== undefined))
  })
  app.post('/billing-adjustments/:id', async (c) => {
    const { decision, reason } = answerSchema.parse(await c.req.json())
    const done = answerAdjustment(world, c.req.param('id'), decision === 'complete', reason)
    if (!done) {
      const fix = 'List what is open with GET /control/aws/open.'
      throw new Refusal(404, 'id', 'names a refund that waits for AWS', fix)
    }
    world.store.commit()
    return c.json({ id: done.id, status: done.status })
  })
}

/** What the buyer of an agreement, or AWS, could do with it now; undefined for nothing. */
function openOf(world: World, agreement: Agreement): object | undefined {
  const active = agreement.status === 'ACTIVE'
  const renewal = active ? renewalOf(agreement) : undefined
  const invoices = world.invoices
    .all()
    .filter((invoice) => invoice.agreement_id === agreement.id && isOpen(invoice))
  const ours = <T extends { agreement_id: string; status: string }>(all: T[], status: string) =>
    all.filter((request) => request.agreement_id === agreement.id && request.status === status)
  const refunds = ours(billingAdjustments(world).all(), 'PENDING')
  if (!active && invoices.length + refunds.length === 0) return undefined
  return {
    agreement_id: agreement.id,
    buyer: agreement.acceptor,
    auto_renew: renewal && world.clock.now() < renewal.lockout_at ? agreement.auto_renew : null,
    dimensions: active ? (agreement.configuration?.dimensions ?? null) : null,
    payment_requests: ours(paymentRequests(world).all(), 'PENDING_APPROVAL').map(
      ({ id, name, amount, currency }) => ({ id, name, amount, currency }),
    ),
    cancellation_requests: ours(cancellationRequests(world).all(), 'PENDING_APPROVAL').map(
      ({ id, reason }) => ({ id, reason }),
    ),
    refunds: refunds.map(({ id, amount, currency, invoice_id }) => ({ id, amount, currency, invoice_id })),
    invoices: invoices.map(({ invoice_id, amount, tax, currency, due_at }) => ({
      invoice_id,
      amount: format(decimal(amount) + decimal(tax)),
      currency,
      due_at: iso(due_at),
    })),
  }
}
