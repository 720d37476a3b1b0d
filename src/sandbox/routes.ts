// The panel's doors. They are there only where the clouds are the embedded ones: elsewhere there is nothing at these
// addresses. What is done outside is done before anything is written down, because clouds that move call back.
import type { Context as HonoContext } from 'hono'
import { connect, findShown } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../core/problem.ts'
import { monthOf, plus } from '../core/time.ts'
import { type DoorEnv, deed, makeRouter, writeAndWake } from '../door/index.ts'
import { completeByHand, type OperationHandlers } from '../operations/index.ts'
import { doAfterSale } from './after-sale.ts'
import { acceptOffer, addBuyer, cancelAgreement, setPaying } from './buyers.ts'
import { type Course, paidAt, sendTo, underWay } from './course.ts'
import * as described from './described.ts'
import { durationMs } from './duration.ts'
import { listFaults, planFault, takeBack } from './faults.ts'
import { linkOf, played } from './link.ts'
import { readPanel } from './panel.ts'
import { doByHand, introduce, type Registered, register } from './sellers.ts'

type Door = HonoContext<DoorEnv>

export function sandboxRoutes(context: Context, operations: OperationHandlers) {
  const tenant = (door: Door) => door.get('caller').organisation_id
  /** Does something outside, once for a key, and answers with what came of it. */
  const act = <B, S extends 200 | 201>(door: Door, status: S, work: () => Promise<B>) =>
    deed(context, door, work, async (_, body: B) => ({ status, body }))

  return makeRouter()
    .openapi(described.panel, async (door) => door.json(await readPanel(context, door.get('caller')), 200))
    .openapi(described.clock, async (door) => {
      const wanted = door.req.valid('json')
      const { control, refresh } = linkOf(context)
      const before = await underWay(context)
      if ('mode' in wanted) {
        return act(door, 200, async () => {
          await played(() => control.send('/clock', wanted))
          await refresh()
          return { clock: await control.clock(), moving: shownCourse(before) }
        })
      }
      const clock = await played(() => control.clock())
      const now = new Date(clock.now)
      const to = 'to' in wanted ? new Date(wanted.to) : plus(before?.to ?? now, durationMs(wanted.by) ?? 0)
      return writeAndWake(context, door, async (scope) => {
        const moving = shownCourse(await sendTo(scope, { now, before }, to))
        return { status: 202 as const, body: { clock, moving } }
      })
    })
    .openapi(described.closeMonth, async (door) => {
      const clock = await played(() => linkOf(context).control.clock())
      const now = new Date(clock.now)
      const before = await underWay(context)
      const from = before?.to ?? now
      return writeAndWake(context, door, async (scope) => {
        const moving = shownCourse(await sendTo(scope, { now, before }, paidAt(from)))
        return { status: 202 as const, body: { month: monthOf(from), clock, moving } }
      })
    })
    .openapi(described.accept, (door) =>
      act(door, 200, () => acceptOffer(context, tenant(door), door.req.valid('json'))),
    )
    .openapi(described.cancel, (door) =>
      act(door, 200, () => cancelAgreement(context, tenant(door), door.req.valid('json').agreement_id)),
    )
    .openapi(described.after, (door) =>
      act(door, 200, () => doAfterSale(context, tenant(door), door.req.valid('json'))),
    )
    .openapi(described.pay, (door) => act(door, 200, () => setPaying(context, door.req.valid('json'))))
    .openapi(described.addBuyer, (door) => act(door, 201, () => addBuyer(context, door.req.valid('json'))))
    .openapi(described.connectOne, async (door) => {
      const made: { id: string; seller: Registered }[] = []
      const answer = await deed(
        context,
        door,
        () => register(context, tenant(door), door.req.valid('json').cloud),
        async (scope, seller) => {
          const { id, cloud, name, account_id } = await connect(context, scope, seller)
          made.push({ id, seller })
          return { status: 201 as const, body: { id, cloud, name, account_id } }
        },
      )
      // The cloud asks at once whether we are there: the connection has to stand by then.
      for (const { id, seller } of made) await introduce(context, tenant(door), id, seller)
      return answer
    })
    .openapi(described.byHand, (door) => {
      const { operation_id } = door.req.valid('json')
      if (!door.get('caller').permissions.has('operations.manage')) {
        throw new Refusal('forbidden', 'To complete a step needs "operations.manage" too.')
      }
      return deed(
        context,
        door,
        () => doByHand(context, tenant(door), operation_id),
        async (scope, done) => {
          const completion = { outcome: 'succeeded' as const, ...done }
          const { state } = await completeByHand(scope, operations, operation_id, completion)
          return { status: 200 as const, body: { operation_id, state, evidence: done.evidence } }
        },
      )
    })
    .openapi(described.bank, async (door) => {
      const { connection_id } = door.req.valid('query')
      const account_id = await context.store.inTenant(
        tenant(door),
        async (scope) => (await findShown(scope, connection_id)).account_id,
      )
      const text = await played(() => linkOf(context).control.bankStatement(account_id))
      return door.body(text, 200, { 'content-type': 'text/csv; charset=utf-8' })
    })
    .openapi(described.faults, async (door) => door.json({ items: await listFaults(context) }, 200))
    .openapi(described.plan, (door) => act(door, 201, () => planFault(context, door.req.valid('json'))))
    .openapi(described.unplan, (door) => act(door, 200, () => takeBack(context, door.req.valid('param').id)))
}

function shownCourse<C extends Course | undefined>(course: C) {
  return course === undefined ? null : { from: course.from.toISOString(), to: course.to.toISOString() }
}
