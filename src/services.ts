// The composition root: the only file that knows the real connectors and which handler does which work.
import { awsConnector } from '../connectors/aws/index.ts'
import { kmsKeyService } from '../connectors/aws/keys/kms.ts'
import { azureConnector } from '../connectors/azure/index.ts'
import type { Connectors } from '../connectors/connector.ts'
import { gcpConnector } from '../connectors/gcp/index.ts'
import { holdSealer, type KeyProvider } from './access/index.ts'
import * as agreements from './agreements/index.ts'
import { type ActHandlers, expireHandler } from './approvals/index.ts'
import type { CloudAddresses, Config } from './config.ts'
import { changeCredentials } from './connections/index.ts'
import type { Context, Runtime } from './context.ts'
import type { KeyService } from './core/key-service.ts'
import { systemRandom } from './core/random.ts'
import { wallClock } from './core/time.ts'
import * as ledger from './ledger/index.ts'
import * as listings from './listings/index.ts'
import { sendLetter } from './mail/index.ts'
import * as metering from './metering/index.ts'
import {
  createOfferHandler,
  createSetHandler,
  expireOfferHandler,
  releaseSetHandler,
} from './offers/index.ts'
import { checkOperation, type OperationHandlers, sendOperation } from './operations/index.ts'
import { askFewerHandler } from './organisations/change.ts'
import { expireInvitations } from './organisations/invitations.ts'
import { closeStatementHandler } from './payouts/index.ts'
import * as requests from './requests/index.ts'
import { moveOn } from './sandbox/index.ts'
import { openControl, type SandboxLink } from './sandbox/model.ts'
import { sandboxClock } from './sandbox-clock.ts'
import * as settlement from './settlement/index.ts'
import { authorizeHandler, resellerOfferHandler, restrictHandler } from './syndication/index.ts'
import { processMessage } from './webhooks/index.ts'
import { type Budget, tick, type WorkHandlers } from './work/index.ts'

/** What an isolate or process holds to its end, made once: requests come and go, and this stays. */
export type Held = {
  runtime: Runtime
  /** They are given what they need with each operation, and need no database. */
  operations: OperationHandlers
  /** Brings business time up to date: in sandbox mode it is the sandbox's. */
  refresh(): Promise<void>
}

/** What one request or tick runs on; on Node one set of them serves the whole process. */
export type Services = {
  context: Context
  operations: OperationHandlers
  /** Does what a second person has agreed to. */
  acts: ActHandlers
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

/** Makes what is made once. Without addresses the clouds are the real ones and business time is wall time. */
export async function hold(
  parts: Pick<Runtime, 'config' | 'blobs' | 'log' | 'mail'> & {
    secret_key: string
    addresses: CloudAddresses | undefined
    fetch: typeof fetch
  },
): Promise<Held> {
  const { config, blobs, log, mail, secret_key, addresses } = parts
  const clock = addresses?.control === undefined ? undefined : sandboxClock(addresses.control, parts.fetch)
  const clocks = { business: clock ?? wallClock, wall: wallClock }
  const random = systemRandom
  const connectors = makeConnectors({ clocks, random, addresses, fetch: parts.fetch })
  const held = await holdSealer(keyProvider(config, secret_key), {
    random,
    now: () => clocks.wall.now(),
    log,
  })
  const sandbox: SandboxLink | undefined =
    addresses?.control === undefined || clock === undefined
      ? undefined
      : { control: openControl(addresses.control, parts.fetch), refresh: () => clock.refresh() }
  const runtime = { config, blobs, log, mail, clocks, random, connectors, sandbox, seal: held.seal }
  const refresh = async () => {
    await held.refresh()
    await clock?.refresh()
  }
  return { runtime, operations: makeOperations(runtime), refresh }
}

/** Who wraps and unwraps the installation's keys; undefined where they stand as they are. */
export function keyService({ kms }: Pick<Config, 'kms'>): KeyService | undefined {
  return kms && kmsKeyService(kms)
}

/** Where the installation's keys come from. */
export function keyProvider(config: Config, secret_key: string): KeyProvider {
  const kept = { current: secret_key, previous: config.previous_secret_keys }
  return { kept, service: keyService(config) }
}

function makeOperations(context: Pick<Runtime, 'clocks'>): OperationHandlers {
  return {
    'listing.publish': listings.publishHandler,
    'listing.update': listings.updateHandler,
    'listing.visibility': listings.visibilityHandler,
    'offer.create': createOfferHandler,
    'offer.expire': expireOfferHandler,
    'offer_set.create': createSetHandler,
    'offer_set.release': releaseSetHandler,
    'authorization.create': authorizeHandler,
    'authorization.restrict': restrictHandler,
    'reseller_offer.create': resellerOfferHandler,
    'agreement.activate': agreements.activateHandler,
    'agreement.answer': agreements.answerHandler,
    'agreement.request': requests.requestHandler,
    'agreement.withdraw': requests.withdrawHandler,
    'metering.report': metering.meteringReport(context),
  }
}

/** What each act does that may need a second person. */
function makeActs(context: Context): ActHandlers {
  return {
    'connections.change_credentials': changeCredentials(context),
    'partner_statements.close': closeStatementHandler,
    'ledger.reopen': ledger.reopenHandler,
    'agreements.refund': requests.refundHandler(context),
    'organisation.ask_fewer': askFewerHandler,
  }
}

/** Makes what one request or tick runs on. Whoever opened the context's store closes it. */
export function makeServices(context: Context, operations = makeOperations(context)): Services {
  const work: WorkHandlers = {
    'operation.send': (item) => sendOperation(context, operations, item),
    'operation.check': (item) => checkOperation(context, operations, item),
    'inbox.process': (item) => processMessage(context, item),
    'listings.read': (item) => listings.readListing(context, item),
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
    'approvals.expire': (item) => expireHandler(context, item),
    'invitations.expire': (item) => expireInvitations(context, item),
    'mail.send': (item) => sendLetter(context, item),
    'sandbox.move': (item) => moveOn(context, item),
  }
  // A lease names its holder, so that what one process leased no other one settles.
  const owner = Array.from(context.random.bytes(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    context,
    operations,
    acts: makeActs(context),
    tick: (budget) => tick(context, work, owner, budget),
  }
}
