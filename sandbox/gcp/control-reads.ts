import type { Hono } from 'hono'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { iso } from '../time.ts'
import { offerJson } from './offer-view.ts'
import { accountJson, entitlementJson } from './procurement-shapes.ts'
import { providerOf, type World } from './world.ts'

/** Routes that show what the cloud accepted, charged, reported and paid. */
export function addReads(app: Hono, world: World): void {
  const mineOf = (id: string | undefined) => (provider: string) => id === undefined || provider === id
  app.get('/accepted', (c) => {
    const kind = z.enum(['usage', 'offers', 'entitlements', 'accounts']).safeParse(c.req.query('kind'))
    if (!kind.success) {
      throw new Refusal(422, 'kind', 'is known', 'Use kind=usage, offers, entitlements or accounts.')
    }
    return c.json(accepted(world, mineOf(c.req.query('account_id')))[kind.data]())
  })
  app.get('/charges', (c) => {
    const mine = mineOf(c.req.query('account_id'))
    const charges = world.charges.all().filter((charge) => mine(charge.provider))
    return c.json(
      charges.map(({ from, to, at, ...charge }) => ({
        ...charge,
        from: iso(from),
        to: iso(to),
        at: iso(at),
      })),
    )
  })
  app.get('/payouts', (c) => {
    const mine = mineOf(c.req.query('account_id'))
    const payouts = world.payouts.all().filter((payout) => mine(payout.account_id))
    return c.json(
      payouts.map(({ paid_at, arrives_at, ...payout }) => ({
        ...payout,
        paid_at: iso(paid_at),
        arrives_at: iso(arrives_at),
        paid: arrives_at <= world.clock.now(),
      })),
    )
  })
  app.get('/reports', (c) => {
    const mine = mineOf(c.req.query('account_id'))
    const since = Date.parse(c.req.query('since') ?? '1970-01-01T00:00:00Z')
    const kind = c.req.query('kind')
    const reports = world.reports
      .all()
      .filter((report) => mine(report.account_id) && report.created_at >= since)
      .filter((report) => kind === undefined || report.kind === kind)
    return c.json(
      reports.map(({ body, created_at, ...report }) => ({
        ...report,
        created_at: iso(created_at),
        bytes: Buffer.byteLength(body),
        url: `${world.origin()}/control/gcp/reports/${report.id}.csv`,
      })),
    )
  })
  app.get('/reports/:file', (c) => {
    const report = world.reports.get(c.req.param('file').replace(/\.csv$/, ''))
    if (!report) throw new Refusal(404, 'id', 'names a report', 'List them with GET /control/gcp/reports.')
    return new Response(report.body, { headers: { 'content-type': 'text/csv; charset=utf-8' } })
  })
}

function accepted(world: World, mine: (provider: string) => boolean) {
  const lists: Record<'usage' | 'offers' | 'entitlements' | 'accounts', () => object[]> = {
    usage: () =>
      world.usage
        .all()
        .filter((record) => mine(record.provider))
        .map(({ start, end, received_at, ...record }) => ({
          ...record,
          start: iso(start),
          end: iso(end),
          received_at: iso(received_at),
        })),
    offers: () =>
      world.offers.all().flatMap((offer) => {
        const provider = mine(offer.provider) ? providerOf(world, offer.provider) : undefined
        return provider ? [offerJson(world, provider, offer, true, false)] : []
      }),
    entitlements: () =>
      world.entitlements
        .all()
        .filter((entitlement) => mine(entitlement.provider))
        .map((entitlement) => entitlementJson(world, entitlement)),
    accounts: () =>
      world.procurement
        .all()
        .filter((account) => mine(account.provider))
        .map((account) => accountJson(world, account, true)),
  }
  return lists
}
