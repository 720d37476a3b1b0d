// The composition root: the only file that knows the real connectors and which handler does which work.
import { awsConnector } from '../connectors/aws/index.ts'
import { azureConnector } from '../connectors/azure/index.ts'
import type { Connectors } from '../connectors/connector.ts'
import { gcpConnector } from '../connectors/gcp/index.ts'
import * as agreements from './agreements/index.ts'
import type { CloudAddresses } from './config.ts'
import type { Context } from './context.ts'
import * as ledger from './ledger/index.ts'
import { publishHandler } from './listings/index.ts'
import * as metering from './metering/index.ts'
import { createOfferHandler, expireOfferHandler } from './offers/index.ts'
import { checkOperation, type OperationHandlers, sendOperation } from './operations/index.ts'
import * as settlement from './settlement/index.ts'
import { authorizeHandler, resellerOfferHandler, restrictHandler } from './syndication/index.ts'
import { processMessage } from './webhooks/index.ts'
import { type Budget, tick, type WorkHandlers } from './work/index.ts'

/** Everything an isolate or process runs on. */
export type Services = {
  context: Context
  operations: OperationHandlers
  /** Does due work once; the timer, the cron and the tests call it. */
  tick(budget?: Budget): Promise<{ pieces: number; more: boolean }>
}

export function makeConnectors(
  parts: Pick<Context, 'clocks' | 'random'> & { addresses: CloudAddresses | undefined; fetch: typeof fetch },
): Connectors {
  const { addresses, ...rest } = parts
  return {
    aws: awsConnector({ ...rest, config: { region: 'us-east-1', endpoints: addresses?.aws ?? {} } }),
    azure: azureConnector({ ...rest, config: { endpoints: addresses?.azure ?? {} } }),
    gcp: gcpConnector({ ...rest, config: { endpoints: addresses?.gcp ?? {} } }),
  }
}

export function makeServices(context: Context): Services {
  const operations: OperationHandlers = {
    'listing.publish': publishHandler,
    'offer.create': createOfferHandler,
    'offer.expire': expireOfferHandler,
    'authorization.create': authorizeHandler,
    'authorization.restrict': restrictHandler,
    'reseller_offer.create': resellerOfferHandler,
    'agreement.activate': agreements.activateHandler,
    'agreement.answer': agreements.answerHandler,
    'metering.report': metering.meteringReport(context),
  }
  const work: WorkHandlers = {
    'operation.send': (item) => sendOperation(context, operations, item),
    'operation.check': (item) => checkOperation(context, operations, item),
    'inbox.process': (item) => processMessage(context, item),
    'agreements.pull': (item) => agreements.pullAgreements(context, item),
    'agreements.read': (item) => agreements.readAgreement(context, item),
    'agreements.sign_up': (item) => agreements.finishSignUp(context, item),
    'metering.roll_up': (item) => metering.rollUp(context, item),
    'metering.close': (item) => metering.close(context, item),
    'metering.batch': (item) => metering.batch(context, item),
    'settlement.pull': (item) => settlement.pull(context, item),
    'settlement.import': (item) => settlement.importStatement(context, item),
    'settlement.match': (item) => settlement.match(context, item),
    'ledger.roll_up': ledger.rollUpHandler(context),
  }
  // A lease names its holder, so that what one process leased no other one settles.
  const owner = Array.from(context.random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { context, operations, tick: (budget) => tick(context, work, owner, budget) }
}
