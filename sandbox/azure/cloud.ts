import type { BankLine } from '../bank.ts'
import type { Faults } from '../faults.ts'
import type { Ground } from '../ground.ts'
import type { Recorder } from '../record.ts'
import type { TaskHandler } from '../schedule.ts'
import type { ThrottleRule, Throttles } from '../throttle.ts'
import { dateOf } from '../time.ts'
import { createAzureDoor } from './azure.ts'
import { chargeInstalment, chargePayment, chargeUsage } from './billing.ts'
import { settleOperation, startOperation } from './changes.ts'
import { azureControl } from './control.ts'
import { completeJob, runJob } from './jobs.ts'
import type { WebhookEvent } from './model.ts'
import { fail, isPending } from './operations.ts'
import { advanceExport } from './payouts.ts'
import { customerPays, payOut, writeOff } from './settlement.ts'
import { endSuspended, endUnactivated, renew } from './subscriptions.ts'
import { webhookDelivery } from './webhooks.ts'
import { createWorld, type World } from './world.ts'

/** Microsoft documents no limits; a rule can be set through the control API. */
export const azureThrottles: ThrottleRule[] = []

/** The base URLs, each in the place of one of Microsoft's own. */
export function azureUrls(origin: string) {
  const azure = (name: string) => `${origin}/azure/${name}`
  return {
    login: azure('login'),
    fulfilment: azure('fulfilment'),
    metering: azure('metering'),
    ingestion: azure('ingestion'),
    payouts: azure('payouts'),
    management: azure('management'),
  }
}

export function createAzure(ground: Ground, faults: Faults, throttles: Throttles, record: Recorder) {
  const world = createWorld(ground)
  return {
    door: createAzureDoor(world, faults, throttles, record),
    control: azureControl(world),
    bank: (account: string, until: number) => bankLines(world, account, until),
    handlers: azureHandlers(world, faults),
  }
}

const sync =
  (world: World, work: (world: World, subject: string) => void): TaskHandler =>
  (task) => {
    work(world, task.subject)
    return undefined
  }

function azureHandlers(world: World, faults: Faults): Record<string, TaskHandler> {
  return {
    azure_job_running: sync(world, runJob),
    azure_job_done: sync(world, completeJob),
    azure_activation_end: sync(world, endUnactivated),
    azure_suspension_end: sync(world, endSuspended),
    azure_renewal: sync(world, renew),
    azure_operation_start: sync(world, startOperation),
    azure_operation: sync(world, settleOperation),
    azure_payment: sync(world, chargePayment),
    azure_instalment: sync(world, chargeInstalment),
    azure_usage_invoice: sync(world, chargeUsage),
    azure_customer_pays: sync(world, customerPays),
    azure_write_off: sync(world, writeOff),
    azure_payout: sync(world, payOut),
    azure_export: sync(world, advanceExport),
    azure_webhook: webhookDelivery(world, faults, (event) => refusedByAnswer(world, event)),
  }
}

/** An answer of 4xx to a customer's change refuses it. */
function refusedByAnswer(world: World, event: WebhookEvent): void {
  const operation = world.operations.get(event.operation_id)
  if (!operation || !isPending(operation) || operation.source !== 'Azure') return
  if (operation.action !== 'ChangePlan' && operation.action !== 'ChangeQuantity') return
  fail(world, operation, 'PublisherRefused', 'The publisher refused the change.')
}

function bankLines(world: World, account: string, until: number): BankLine[] {
  return world.payments
    .all()
    .filter((payment) => payment.account_id === account && payment.arrives_at <= until)
    .map((payment) => ({
      booked_on: dateOf(payment.arrives_at),
      amount: payment.amount,
      currency: payment.currency,
      reference: `MSFT MKTPL ${payment.reference}`,
      counterparty: 'Microsoft Corporation',
      description: `Marketplace payout ${payment.payment_id}`,
    }))
}
