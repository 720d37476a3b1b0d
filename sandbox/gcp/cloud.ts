import type { BankLine } from '../bank.ts'
import type { Faults } from '../faults.ts'
import type { Ground } from '../ground.ts'
import type { Recorder } from '../record.ts'
import type { TaskHandler } from '../schedule.ts'
import type { Throttles } from '../throttle.ts'
import { chargeFee, chargeUsage } from './billing.ts'
import { gcpControl } from './control.ts'
import { startDue, termEnded } from './entitlements.ts'
import { createGcpDoor } from './gcp.ts'
import { offerExpired, reviewDone } from './private-offers.ts'
import { eventDelivery } from './pubsub.ts'
import { insightsDue, settleMonth } from './settlement.ts'
import { createWorld, type World } from './world.ts'
import { zonedDay } from './zone.ts'

const sync =
  (work: (subject: string) => void): TaskHandler =>
  (task) => {
    work(task.subject)
    return undefined
  }

export function createGcp(ground: Ground, faults: Faults, throttles: Throttles, record: Recorder) {
  const world = createWorld(ground)
  return {
    door: createGcpDoor(world, faults, throttles, record),
    control: gcpControl(world),
    bank: (account: string, until: number) => bankLines(world, account, until),
    handlers: handlersOf(world, faults),
  }
}

function handlersOf(world: World, faults: Faults): Record<string, TaskHandler> {
  return {
    gcp_offer_publish: sync((id) => reviewDone(world, id)),
    gcp_offer_expiry: sync((id) => offerExpired(world, id)),
    gcp_start: sync((id) => startDue(world, id)),
    gcp_term_end: sync((id) => termEnded(world, id)),
    gcp_charge: sync((id) => chargeFee(world, id)),
    gcp_usage_close: sync((month) => chargeUsage(world, month)),
    gcp_report: sync((subject) => settleMonth(world, subject)),
    gcp_insights: sync((subject) => insightsDue(world, subject)),
    gcp_event: eventDelivery(world, faults),
  }
}

/** Google's clients keep the host of a base URL only, so these APIs are served at the root, told apart by path. */
export const rootPaths = ['/v1beta/*', '/v1/providers/*', '/v1/services/*']

export function gcpUrls(origin: string) {
  const at = (name: string) => `${origin}/gcp/${name}`
  return {
    procurement: origin,
    producer: origin,
    serviceControl: origin,
    token: at('token'),
    pubsub: at('pubsub'),
    keys: at('keys'),
    storage: at('storage'),
  }
}

function bankLines(world: World, account: string, until: number): BankLine[] {
  return world.payouts
    .all()
    .filter((payout) => payout.account_id === account && payout.arrives_at <= until)
    .map((payout) => ({
      booked_on: zonedDay(payout.arrives_at),
      amount: payout.amount,
      currency: payout.currency,
      reference: `GOOGLE MKTPLACE ${payout.reference}`,
      counterparty: 'Google LLC',
      description: `Marketplace payout ${payout.month}`,
    }))
}
