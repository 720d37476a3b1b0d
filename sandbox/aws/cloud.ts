import type { BankLine } from '../bank.ts'
import type { Faults } from '../faults.ts'
import type { Ground } from '../ground.ts'
import type { Recorder } from '../record.ts'
import type { TaskHandler } from '../schedule.ts'
import type { ThrottleRule, Throttles } from '../throttle.ts'
import { dateOf } from '../time.ts'
import { finishAdjustment } from './agreement/adjustments.ts'
import { approveCancellation } from './agreement/cancellation-answers.ts'
import { advancePaymentRequest } from './agreement/payment-requests.ts'
import { finishTerm, sayEnding } from './agreement/renewal.ts'
import { finishTrial } from './agreement/trial.ts'
import { createAwsDoor } from './aws.ts'
import { changeSetApplying, changeSetFinished } from './catalog/change-sets.ts'
import { awsControl } from './control/routes.ts'
import { eventDelivery } from './events/delivery.ts'
import { finishUnsubscribing } from './events/topics.ts'
import { chargeInstalment, chargeUpfront, chargeUsage } from './money/billing.ts'
import { writeFeeds } from './money/feed-files.ts'
import { markBillingDirty, tellRow } from './money/feeds.ts'
import { arriveAtBank, disburse, payInvoice } from './money/settlement.ts'
import { createWorld, type World } from './world.ts'

const limit = (service: string, operation: string, rate: number): ThrottleRule => ({
  service,
  operation,
  rate_per_second: rate,
  burst: rate,
})

// Calls of an account in a second. Source: developer guide, quotas; what it does not name has our default.
const catalogRates: Record<string, number> = {
  StartChangeSet: 5,
  ListChangeSets: 5,
  CancelChangeSet: 5,
  DescribeChangeSet: 10,
  ListEntities: 10,
  DescribeEntity: 20,
  TagResource: 5,
  UntagResource: 5,
  ListTagsForResource: 5,
  PutResourcePolicy: 5,
  GetResourcePolicy: 5,
  DeleteResourcePolicy: 5,
  // Ours.
  BatchDescribeEntities: 20,
  ListAssessments: 5,
  DescribeAssessment: 5,
}

export const awsThrottles: ThrottleRule[] = [
  // Ours.
  limit('meteringmarketplace', 'BatchMeterUsage', 10),
  ...Object.entries(catalogRates).map(([operation, rate]) => limit('marketplace-catalog', operation, rate)),
]

const sync =
  (work: (subject: string) => void): TaskHandler =>
  (task) => {
    work(task.subject)
    return undefined
  }

export function createAws(ground: Ground, faults: Faults, throttles: Throttles, record: Recorder) {
  const world = createWorld(ground)
  return {
    door: createAwsDoor(world, faults, throttles, record),
    control: awsControl(world),
    bank: (account: string, until: number) => bankLines(world, account, until),
    handlers: awsHandlers(world, faults),
  }
}

function awsHandlers(world: World, faults: Faults): Record<string, TaskHandler> {
  return {
    change_set_applying: sync((id) => changeSetApplying(world, id)),
    change_set_finished: sync((id) => changeSetFinished(world, id)),
    agreement_end: sync((id) => finishTerm(world, id)),
    agreement_ending: sync((subject) => sayEnding(world, subject)),
    trial_end: sync((id) => finishTrial(world, id)),
    payment_request: sync((id) => advancePaymentRequest(world, id)),
    cancellation_request: sync((id) => void approveCancellation(world, id)),
    billing_adjustment: sync((id) => finishAdjustment(world, id)),
    unsubscribed: sync((id) => finishUnsubscribing(world, id)),
    instalment: sync((subject) => {
      const [agreement = '', index = '0'] = subject.split('/')
      chargeInstalment(world, agreement, Number(index))
    }),
    upfront: sync((id) => chargeUpfront(world, id)),
    usage_invoice: sync((month) => chargeUsage(world, Number(month))),
    payment: sync((id) => payInvoice(world, id)),
    disbursement: sync((id) => disburse(world, id)),
    payout_arrival: sync((id) => arriveAtBank(world, id)),
    billing_feed: sync((subject) => {
      const [recipient = '', at = ''] = subject.split('/')
      markBillingDirty(world, recipient, Number(at))
    }),
    feed_row: sync((file) => {
      const [recipient = '', feed = '', month = ''] = file.split('/')
      tellRow(world, { recipient, feed, month }, world.clock.now())
    }),
    feeds: sync(() => writeFeeds(world)),
    event_delivery: eventDelivery(world, faults),
  }
}

function bankLines(world: World, account: string, until: number): BankLine[] {
  return world.payouts
    .all()
    .filter((payout) => payout.account_id === account && payout.arrives_at <= until)
    .filter((payout) => payout.failed_at === undefined)
    .map((payout) => ({
      booked_on: dateOf(payout.arrives_at),
      amount: payout.amount,
      currency: payout.currency,
      reference: `AWS MKTPLACE ${payout.bank_trace_id}`,
      counterparty: 'Amazon Web Services, Inc.',
      description: `Marketplace disbursement ${payout.reference}`,
    }))
}
