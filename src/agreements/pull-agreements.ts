import { z } from 'zod'
import type {
  AgreementRecord,
  Connector,
  Connection as OpenedConnection,
} from '../../connectors/connector.ts'
import { facet, openConnection } from '../connections/index.ts'
import type { Context } from '../context.ts'
import { Fault, type FaultCode } from '../core/fault.ts'
import { MINUTE_MS, plus } from '../core/time.ts'
import * as offers from '../offers/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { done, schedule, type WorkItem, type WorkOutcome } from '../work/index.ts'
import { amendByEntitlements } from './amend.ts'
import { choose } from './book.ts'
import { connectedOf } from './connected.ts'
import { holdOn, isOvertaken, marksOf } from './hold.ts'
import { choiceFrom } from './link.ts'
import { type Agreement, toldSchema } from './model.ts'
import { findOn, keepCursor, readCursor, update } from './store.ts'
import { applyRecord, linkWaiting } from './sync.ts'

/** How long after one pull the next is due: events come first, this finds what they missed. */
const PULL_EVERY_MS = 10 * MINUTE_MS
const FEED = 'agreements'
/** How often an agreement that a message named is looked for, and the answers that say there is none. */
const READS_MAX = 5
const UNREADABLE: readonly FaultCode[] = ['not_found', 'forbidden', 'invalid']

type Parts = Pick<Context, 'store' | 'clocks' | 'seal' | 'connectors' | 'log'>

/** The handler of `agreements.pull` (key: connection): everything that changed since the last pull. */
export async function pullAgreements(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const { organisation_id, key: connection_id } = item
  const { store, clocks } = context
  const open = await openConnection(context, organisation_id, connection_id)
  const { connector, connection } = open
  const connected = connectedOf(open)
  const agreements = facet(connector, 'agreements')
  const { cursor, asked } = await store.inTenant(organisation_id, async (scope) => ({
    cursor: await readCursor(scope, connection_id, FEED),
    asked: await marksOf(scope, connection_id, null),
  }))
  const page = await agreements.pull(connection, cursor)
  for (const record of page.items) {
    const agreement = await store.inTenant(organisation_id, async (scope) => {
      if (!(await isOvertaken(scope, connection_id, record, asked)))
        return applyRecord(scope, connected, record)
      await askAgain(scope, connection_id, record.agreement_id)
      return undefined
    })
    if (agreement !== undefined) await readEntitlements(context, agreement, connector, connection)
  }
  // An event may come before we know that our own offer is made: such agreements find it here.
  const linked = await store.inTenant(organisation_id, (scope) => linkWaiting(scope, connected))
  for (const agreement of linked) await readEntitlements(context, agreement, connector, connection)
  await store.inTenant(organisation_id, async (scope) => {
    await keepCursor(scope, connection_id, FEED, { from: cursor, to: page.next })
    // Everything accepted in time is known now; what is left and over was not accepted.
    if (!page.more) await offers.expirePast(scope, connection_id)
  })
  const now = clocks.business.now()
  return { done: false, again_at: page.more ? now : plus(now, PULL_EVERY_MS) }
}

const payload = z.object({
  connection_id: z.string(),
  agreement_id: z.string(),
  license: z.string().nullable().default(null),
  product_code: z.string().nullable().default(null),
  product_id: z.string().nullable().default(null),
  told: toldSchema.nullish(),
  /** What a message told for the history, and when it came. */
  news: z.object({ sentence: z.string(), at: z.iso.datetime() }).nullish(),
})
export type ReadRequest = z.input<typeof payload>
const customerPayload = z.object({
  connection_id: z.string(),
  customer: z.string(),
  product_code: z.string(),
  offer_id: z.string().nullable(),
})
export type CustomerRequest = z.input<typeof customerPayload>

/** The handler of `agreements.read` (a hint came): reads the truth back from the cloud. */
export async function readAgreement(context: Parts, item: WorkItem): Promise<WorkOutcome> {
  const customer = customerPayload.safeParse(item.payload)
  if (customer.success) return readCustomer(context, item.organisation_id, customer.data)
  const { connection_id, agreement_id, told, news, ...hinted } = payload.parse(item.payload)
  const open = await openConnection(context, item.organisation_id, connection_id)
  const { connector, connection } = open
  const asked = await context.store.inTenant(item.organisation_id, (scope) =>
    marksOf(scope, connection_id, agreement_id),
  )
  let record: AgreementRecord | undefined
  try {
    const read = () => facet(connector, 'agreements').read(connection, agreement_id)
    record = await readOrBelieve(read, agreement_id, told)
  } catch (error) {
    if (!(error instanceof Fault) || !UNREADABLE.includes(error.code)) throw error
    // A cloud may tell of an agreement a moment before it shows it. One it never shows is none of ours.
    const again_at = plus(context.clocks.business.now(), MINUTE_MS)
    if (item.attempts < READS_MAX) return { done: false, again_at, reason: error.message }
    context.log('agreements.unknown', { connection_id, agreement_id, reason: error.message })
    return done
  }
  const words = news ?? undefined
  if (record === undefined) {
    const known = await context.store.inTenant(item.organisation_id, async (scope) => {
      const found = await findOn(scope, connection_id, agreement_id)
      if (found !== undefined) await tellNews(scope, found, words)
      return found
    })
    // News of an agreement that nobody has heard of yet wait for it a while.
    const again_at = plus(context.clocks.business.now(), MINUTE_MS)
    const waits = known === undefined && words !== undefined && item.attempts < READS_MAX
    return waits ? { done: false, again_at } : done
  }
  const agreement = await context.store.inTenant(item.organisation_id, async (scope) => {
    if (await isOvertaken(scope, connection_id, record, asked)) return undefined
    const applied = await applyRecord(scope, connectedOf(open), record, hinted)
    await tellNews(scope, applied, words)
    return applied
  })
  if (agreement === undefined) return { done: false, again_at: context.clocks.business.now() }
  await readEntitlements(context, agreement, connector, connection)
  return done
}

/** A message named a customer and no agreement: each of the customer's agreements is read. */
async function readCustomer(
  context: Parts,
  organisation_id: string,
  { connection_id, ...customer }: CustomerRequest,
): Promise<WorkOutcome> {
  const { connector, connection } = await openConnection(context, organisation_id, connection_id)
  const found = (await facet(connector, 'agreements').agreementsOf?.(connection, customer)) ?? []
  await context.store.inTenant(organisation_id, async (scope) => {
    for (const agreement_id of found) await askAgain(scope, connection_id, agreement_id)
  })
  return done
}

/** Once per message, however often its work is done. */
async function tellNews(
  scope: Scope,
  { id: subject_id }: Agreement,
  news: { sentence: string; at: string } | undefined,
): Promise<void> {
  if (news === undefined) return
  const { sentence, at } = news
  await timeline.recordOnce(scope, { subject_id, kind: 'news', sentence, occurred_at: new Date(at) })
}

/** An agreement was written while the cloud was asked about it: what it said may be old by now. */
async function askAgain(scope: Scope, connection_id: string, agreement_id: string): Promise<void> {
  const payload: ReadRequest = { connection_id, agreement_id }
  await schedule(scope, { kind: 'agreements.read', key: `${connection_id} ${agreement_id}`, payload })
}

/**
 * The cloud's own record, or, where this account may not read it (a manufacturer of what a reseller sold), what the
 * verified message told. Undefined when neither says who the buyer is.
 */
async function readOrBelieve(
  read: () => Promise<AgreementRecord>,
  agreement_id: string,
  message: z.infer<typeof toldSchema> | null | undefined,
): Promise<AgreementRecord | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Fault) || (error.code !== 'forbidden' && error.code !== 'not_found') || !message)
      throw error
  }
  const { buyer_account_id, seller_account_id } = message
  if (buyer_account_id === null || seller_account_id === null) return undefined
  const unknown = {
    product_id: null,
    currency: null,
    value: null,
    instalments: [],
    usage_prices: {},
    grants: [],
    updated_at: null,
  }
  return {
    agreement_id,
    ...message,
    buyer_account_id,
    seller_account_id,
    ...unknown,
    evidence: { received: message },
  }
}

async function readEntitlements(
  context: Parts,
  agreement: Agreement,
  connector: Connector,
  connection: OpenedConnection,
): Promise<void> {
  // Only who made the product may ask for its entitlements: a reseller may not.
  if (agreement.product_id === null || agreement.license === null || agreement.product_code === null) return
  const ask = facet(connector, 'agreements').entitlements
  if (ask === undefined) return
  const { organisation_id, id, connection_id, cloud_agreement_id, product_code, license } = agreement
  const tenant = <T>(work: (scope: Scope) => Promise<T>) => context.store.inTenant(organisation_id, work)
  const mark = async (scope: Scope) =>
    (await marksOf(scope, connection_id, cloud_agreement_id)).get(cloud_agreement_id)
  const before = await tenant(mark)
  const entitlements = await ask(connection, product_code, license)
  await tenant(async (scope) => {
    await holdOn(scope, connection_id, cloud_agreement_id)
    if ((await mark(scope)) === before) {
      const now = await update(scope, id, { entitlements })
      const chosen = await choose(scope, now, choiceFrom(now, entitlements))
      await amendByEntitlements(scope, chosen, entitlements)
    } else await askAgain(scope, connection_id, cloud_agreement_id)
  })
}
