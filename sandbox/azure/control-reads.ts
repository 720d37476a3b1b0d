import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso } from '../time.ts'
import type { World } from './world.ts'

type Lists = Record<string, (mine: (owner: string | undefined) => boolean) => object[]>

const kindSchema = z.enum(['usage', 'offers', 'subscriptions', 'operations', 'jobs', 'submissions'])
const optional = (at: number | undefined) => (at === undefined ? null : iso(at))

function lists(world: World): Lists {
  return {
    usage: (mine) =>
      world.usage
        .all()
        .filter((event) => mine(event.account_id) || mine(event.customer))
        .map(({ hour, effective_at, received_at, ...event }) => ({
          ...event,
          hour: iso(hour),
          effective_at: iso(effective_at),
          received_at: iso(received_at),
        })),
    offers: (mine) =>
      world.private_offers
        .all()
        .filter((offer) => mine(offer.owner) || mine(offer.partner) || mine(offer.customer)),
    subscriptions: (mine) =>
      world.subscriptions
        .all()
        .filter((item) => mine(item.publisher) || mine(item.partner) || mine(item.customer))
        .map((item) => ({
          ...item,
          purchased_at: iso(item.purchased_at),
          activated_at: optional(item.activated_at),
          suspended_at: optional(item.suspended_at),
          ended_at: optional(item.ended_at),
          term_start: optional(item.term_start),
          term_end: optional(item.term_end),
        })),
    operations: (mine) =>
      world.operations
        .all()
        .filter((item) => mine(world.subscriptions.get(item.subscription_id)?.publisher))
        .map((item) => ({ ...item, at: iso(item.at) })),
    jobs: (mine) => world.jobs.all().filter((job) => mine(job.owner)),
    submissions: (mine) => world.submissions.all().filter((item) => mine(item.owner)),
  }
}

/** Routes that show what the cloud accepted, invoiced and paid. */
export function addReads(app: Hono, world: World): void {
  const account = (id: string | undefined) => (owner: string | undefined) => id === undefined || owner === id
  app.get('/accepted', (c) => {
    const kind = kindSchema.safeParse(c.req.query('kind'))
    if (!kind.success)
      throw new Refusal(422, 'kind', 'is known', `Use one of ${kindSchema.options.join(', ')}.`)
    return c.json(lists(world)[kind.data]?.(account(c.req.query('account_id'))) ?? [])
  })
  app.get('/invoices', (c) => {
    const mine = account(c.req.query('account_id'))
    const invoices = world.invoices
      .all()
      .filter((item) => mine(item.account_id) || mine(item.partner) || mine(item.customer))
    return c.json(
      invoices.map(
        ({ invoiced_at, due_at, period_start, period_end, paid_at, written_off_at, ...invoice }) => ({
          ...invoice,
          invoiced_at: iso(invoiced_at),
          due_at: iso(due_at),
          period_start: iso(period_start),
          period_end: iso(period_end),
          paid_at: optional(paid_at),
          written_off_at: optional(written_off_at),
        }),
      ),
    )
  })
  app.get('/payouts', (c) => {
    const mine = account(c.req.query('account_id'))
    return c.json(
      world.payments
        .all()
        .filter((payment) => mine(payment.account_id))
        .map((payment) => ({
          ...payment,
          sent_at: iso(payment.sent_at),
          arrives_at: iso(payment.arrives_at),
          paid: payment.arrives_at <= world.clock.now(),
        })),
    )
  })
}
