import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { type Caller, idempotencyHeader, json, makeRouter, refusals, write } from '../door/index.ts'
import { findOrganisation } from '../organisations/index.ts'
import type { Scope } from '../store/index.ts'
import { readGuide, showGuide } from './guide.ts'
import { readMoney } from './money.ts'
import { readNeeds } from './read-needs.ts'
import { guideSchema, homeSchema, moneyByMonthSchema, shownHome } from './schemas.ts'

const tags = ['Home']
/** Five years. */
const MONTHS_MAX = 60

const home = createRoute({
  method: 'get',
  path: '/v1/home',
  tags,
  summary: 'What needs a person now, by deadline and by money',
  description: 'Only kinds that the caller has the permission to read are looked at.',
  responses: { 200: json(homeSchema, 'What waits'), ...refusals },
})

const money = createRoute({
  method: 'get',
  path: '/v1/home/money',
  tags,
  summary: 'Booked, invoiced, collected and disbursed by month, cloud and currency',
  description:
    'Out of the postings of the ledger: booked is what goes from bookings:total to bookings:open for accepted offers; ' +
    'invoiced from clearing to receivable:invoiced, collected from there to receivable:collected, disbursed from there to ' +
    'asset:transit, each less what goes back. Fees and wholesale cost go back the same way: the amounts are what is ours.',
  request: { query: z.object({ months: z.coerce.number().int().min(1).max(MONTHS_MAX).default(12) }) },
  responses: { 200: json(moneyByMonthSchema, 'The months, oldest first'), ...refusals },
})

const guide = createRoute({
  method: 'get',
  path: '/v1/guide',
  tags,
  summary: 'The steps of the first run and which of them are done, out of what there is',
  responses: { 200: json(guideSchema, 'The guide'), ...refusals },
})

const dismiss = createRoute({
  method: 'post',
  path: '/v1/guide/dismiss',
  tags,
  summary: 'Put the guide away, for oneself in this organisation',
  request: { headers: idempotencyHeader },
  responses: { 200: json(guideSchema, 'The guide'), ...refusals },
})

const resume = createRoute({
  method: 'post',
  path: '/v1/guide/resume',
  tags,
  summary: 'Bring the guide back',
  request: { headers: idempotencyHeader },
  responses: { 200: json(guideSchema, 'The guide'), ...refusals },
})

export function homeRoutes(context: Context) {
  const { store, clocks } = context
  const kindOf = async ({ organisation_id }: Caller) => {
    const found = await findOrganisation(store, organisation_id)
    if (found === undefined) throw new Refusal('not-found', `There is no organisation ${organisation_id}.`)
    return found.kind
  }
  const show = (caller: Caller, kind: 'vendor' | 'reseller', shown: boolean) => async (scope: Scope) => {
    await showGuide(scope, caller, shown)
    const body = await readGuide(scope, kind, caller)
    return { status: 200 as const, body, audit: { subject_id: caller.actor.id, after: { shown } } }
  }
  return makeRouter()
    .openapi(home, async (door) => {
      const { organisation_id, permissions } = door.get('caller')
      const found = await store.inTenant(organisation_id, (scope) => readNeeds(scope, permissions))
      return door.json(shownHome(found, clocks.business.now()), 200)
    })
    .openapi(money, async (door) => {
      const { months } = door.req.valid('query')
      const found = await store.inTenant(door.get('caller').organisation_id, (scope) =>
        readMoney(scope, months),
      )
      return door.json(found, 200)
    })
    .openapi(guide, async (door) => {
      const caller = door.get('caller')
      const kind = await kindOf(caller)
      const found = await store.inTenant(caller.organisation_id, (scope) => readGuide(scope, kind, caller))
      return door.json(found, 200)
    })
    .openapi(dismiss, async (door) => {
      const caller = door.get('caller')
      return write(context, door, show(caller, await kindOf(caller), false))
    })
    .openapi(resume, async (door) => {
      const caller = door.get('caller')
      return write(context, door, show(caller, await kindOf(caller), true))
    })
}
