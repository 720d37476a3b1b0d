import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../../problem.ts'
import { iso } from '../../time.ts'
import type { World } from '../world.ts'

const kept = z.array(
  z.object({
    AllocatedUsageQuantity: z.number(),
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  }),
)

/** How a record was split by tags: what its buyer finds as vendor-metered tags. Empty where it was not. */
function shownAllocations(text: string) {
  return kept.parse(JSON.parse(text)).map(({ AllocatedUsageQuantity, Tags }) => ({
    quantity: AllocatedUsageQuantity,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
  }))
}

/** Routes that show what the cloud accepted, invoiced and paid. */
export function addReads(app: Hono, world: World): void {
  const account = (id: string | undefined) => (owner: string) => id === undefined || owner === id
  app.get('/accepted', (c) => {
    const mine = account(c.req.query('account_id'))
    const kind = z.enum(['usage', 'offers', 'agreements', 'change_sets']).safeParse(c.req.query('kind'))
    if (!kind.success) {
      throw new Refusal(422, 'kind', 'is known', 'Use kind=usage, offers, agreements or change_sets.')
    }
    const lists: Record<typeof kind.data, () => object[]> = {
      usage: () =>
        world.usage
          .all()
          .filter((record) => mine(record.account_id))
          .map(({ hour, timestamp, received_at, allocations, ...record }) => ({
            ...record,
            allocations: shownAllocations(allocations),
            hour: iso(hour),
            timestamp: iso(timestamp),
            received_at: iso(received_at),
          })),
      offers: () => world.entities.all().filter((entity) => entity.kind === 'Offer' && mine(entity.owner)),
      agreements: () =>
        world.agreements
          .all()
          .filter((agreement) => mine(agreement.proposer) || mine(agreement.manufacturer)),
      change_sets: () => world.change_sets.all().filter((changeSet) => mine(changeSet.account_id)),
    }
    return c.json(lists[kind.data]())
  })
  app.get('/payouts', (c) => {
    const mine = account(c.req.query('account_id'))
    const payouts = world.payouts.all().filter((payout) => mine(payout.account_id))
    return c.json(
      payouts.map((payout) => ({
        ...payout,
        disbursed_at: iso(payout.disbursed_at),
        arrives_at: iso(payout.arrives_at),
        paid: payout.arrives_at <= world.clock.now(),
      })),
    )
  })
  app.get('/invoices', (c) => {
    const mine = account(c.req.query('account_id'))
    const invoices = world.invoices.all().filter((invoice) => mine(invoice.account_id) || mine(invoice.buyer))
    return c.json(
      invoices.map(({ invoiced_at, due_at, period_start, period_end, paid_at, forgiven_at, ...invoice }) => ({
        ...invoice,
        invoiced_at: iso(invoiced_at),
        due_at: iso(due_at),
        period_start: iso(period_start),
        period_end: iso(period_end),
        paid_at: paid_at === undefined ? null : iso(paid_at),
        forgiven_at: forgiven_at === undefined ? null : iso(forgiven_at),
      })),
    )
  })
}
