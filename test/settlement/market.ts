// A cloud of the sandbox with its real connector in front, and the books of each seat behind: the files it writes go
// through pull, import and matching as they do in the service.
import { awsConnector } from '../../connectors/aws/index.ts'
import { azureConnector } from '../../connectors/azure/index.ts'
import type { Change, Cloud, Connection, Connector } from '../../connectors/connector.ts'
import { gcpConnector } from '../../connectors/gcp/index.ts'
import { startServer } from '../../sandbox/server.ts'
import { pullAgreements } from '../../src/agreements/index.ts'
import { newId } from '../../src/core/id.ts'
import { seededRandom } from '../../src/core/random.ts'
import { wallClock } from '../../src/core/time.ts'
import type { Terms } from '../../src/offers/model.ts'
import { type Reconciled, reconcile, totals } from '../../src/settlement/reconcile.ts'
import { matchStatements } from '../../src/settlement/settle.ts'
import { checkUpload, takeUpload } from '../../src/settlement/upload.ts'
import { type Scope, toJson } from '../../src/store/index.ts'
import { type TestContext, testContext } from '../support/context.ts'
import { balancesOf, importAll, item, pullAndImport } from './support.ts'

export type Control = <T = Record<string, string>>(
  path: string,
  body?: unknown,
  method?: string,
) => Promise<T>

export type Market = {
  cloud: Cloud
  context: TestContext
  connector: Connector
  control: Control
  /** Moves the sandbox's clock and ours with it. */
  move(target: { by: string } | { to: string }): Promise<void>
  close(): Promise<void>
}

export async function openMarket(cloud: Cloud, start: string): Promise<Market> {
  const server = await startServer({ port: 0, start, fetch: async () => new Response('ok') })
  const connectors: Partial<Record<Cloud, Connector>> = {}
  const context = await testContext({ start, connectors })
  const parts = {
    fetch,
    clocks: { business: context.clock, wall: wallClock },
    random: seededRandom(1),
  }
  const { aws, azure, gcp } = server.urls
  const { procurement, producer, serviceControl, token, keys, storage } = gcp
  const make = {
    aws: () => awsConnector({ ...parts, config: { region: 'us-east-1', endpoints: aws } }),
    azure: () => azureConnector({ ...parts, config: { endpoints: azure } }),
    gcp: () =>
      gcpConnector({
        ...parts,
        config: { endpoints: { procurement, producer, serviceControl, token, keys, storage } },
      }),
  } satisfies Record<Cloud, () => Connector>
  const connector = make[cloud]()
  connectors[cloud] = connector
  const control: Control = async <T>(path: string, body?: unknown, method?: string) => {
    const reply = await fetch(`${server.urls.control}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`)
    return (/^[[{]/.test(text) ? JSON.parse(text) : text) as T
  }
  return {
    cloud,
    context,
    connector,
    control,
    async move(target) {
      context.clock.set((await control<{ now: string }>('/clock', target)).now)
    },
    async close() {
      await server.stop()
      await context.close()
    },
  }
}

export type Seat = {
  market: Market
  organisation_id: string
  connection: Connection
  tenant<T>(work: (scope: Scope) => Promise<T>): Promise<T>
  /** Reads the agreements that the cloud shows to this account. */
  agreements(): Promise<void>
  /** Fetches what the cloud wrote, imports it and matches. */
  settle(): Promise<void>
  /** Brings the bank's statement of today. */
  bank(): Promise<void>
  /** Brings a bank's statement, or a file of the cloud, by hand. */
  bring(text: string): Promise<void>
  upload(name: string, text: string): Promise<void>
  /** Writes usage of an hour down that the cloud accepted. */
  used(agreement_id: string, dimension: string, hour: Date, quantity: string): Promise<void>
  reconciled(agreement_id: string | null): Promise<Reconciled>
  total(): Promise<Reconciled>
  balance(prefix: string): Promise<Record<string, string>>
}

/** One seller's seat: an organisation of its own with a connection to its account. */
export async function seat(market: Market, connection: Connection): Promise<Seat> {
  const { context, cloud } = market
  const { store } = context
  const organisation_id = newId('organisation', context.clock.now(), context.random)
  const tenant: Seat['tenant'] = (work) => store.inTenant(organisation_id, work)
  await store.inInstallation(async ({ tx, now }) => {
    await tx.organisation.create({
      data: { id: organisation_id, kind: 'vendor', name: `Seat ${connection.account_id}`, created_at: now() },
    })
  })
  await tenant(async ({ tx, now }) => {
    const { id, account_id, credentials, settings } = connection
    const sealed_credentials = JSON.stringify(credentials)
    await tx.connection.create({
      data: {
        organisation_id,
        id,
        cloud,
        name: id,
        account_id,
        settings,
        sealed_credentials,
        created_at: now(),
      },
    })
  })
  const match = async () =>
    void (await matchStatements(context, item(organisation_id, 'settlement.match', 'all')))
  const pull = () => pullAndImport(context, organisation_id, connection.id)
  const upload = async (
    name: string,
    text: string,
    of: { connection_id: string } | { bank_account: string },
  ) => {
    const bytes = new TextEncoder().encode(text)
    const checked = await checkUpload(context, organisation_id, { name, bytes, ...of })
    await tenant((scope) => takeUpload(scope, checked))
    await importAll(context, organisation_id)
    await match()
  }
  const bring = (text: string) => upload('bank.csv', text, { bank_account: 'main' })
  return {
    market,
    organisation_id,
    connection,
    tenant,
    async agreements() {
      await pullAgreements(context, item(organisation_id, 'agreements.pull', connection.id))
    },
    async settle() {
      await pull()
      // Azure makes its exports in the meantime.
      await market.move({ by: 'PT1H' })
      await pull()
      await match()
    },
    async bank() {
      await bring(await market.control<string>(`/bank/${connection.account_id}.csv`))
    },
    bring,
    upload: (name, text) => upload(name, text, { connection_id: connection.id }),
    used: (agreement_id, dimension, hour, quantity) =>
      tenant(({ tx, id }) => {
        const times = { hour, source_hour: hour, deadline_at: hour, created_at: hour, settled_at: hour }
        const of = {
          organisation_id,
          id: id('record'),
          connection_id: connection.id,
          agreement_id,
          dimension,
        }
        const data = { ...of, ...times, quantity, state: 'accepted', attempts: 1 }
        return tx.usage_record.create({ data }).then(() => undefined)
      }),
    async reconciled(agreement_id) {
      const found = (await tenant(reconcile)).find((one) => one.agreement_id === agreement_id)
      if (found === undefined) throw new Error(`nothing is reconciled for ${agreement_id}`)
      return found
    },
    async total() {
      const [one] = totals(await tenant(reconcile))
      if (one === undefined) throw new Error('nothing is reconciled')
      return one
    },
    balance: (prefix) => tenant((scope) => balancesOf(scope, prefix)),
  }
}

export type Sold = {
  /** The cloud's id of the offer, or of the authorization where a reseller sells. */
  id: string
  terms: Terms
  /** What the seat of a reseller owes the vendor. */
  wholesale?: Terms
  resold?: boolean
}

/** Writes down the deal that the seat sold, as the offers' room does it: agreements find their terms there. */
export async function sold({ market, organisation_id, connection, tenant }: Seat, deal: Sold): Promise<void> {
  const { cloud, context } = market
  const now = context.clock.now()
  const shared = {
    organisation_id,
    connection_id: connection.id,
    name: deal.id,
    terms: toJson(deal.terms),
    expires_on: '2099-12-31',
    buyer_account_ids: [],
    cloud_product_id: 'product',
    problems: [],
    created_at: now,
    updated_at: now,
  }
  await tenant(async ({ tx, id }) => {
    const deal_id = id('deal')
    const made = { organisation_id, id: deal_id, name: deal.id, terms: toJson(deal.terms), created_at: now }
    await tx.deal.create({
      data: { ...made, product_id: 'prod_p1', buyer_name: 'Buyer', buyer_accounts: {}, state: 'sold' },
    })
    if (deal.resold === true) {
      await tx.resale_authorization.create({
        data: {
          ...shared,
          id: id('authorization'),
          deal_id,
          cloud,
          reseller_account_id: 'reseller',
          state: 'active',
          markup_min_percent: '0',
          markup_max_percent: '50',
          single_use: true,
          cloud_authorization_id: deal.id,
        },
      })
      return
    }
    await tx.offer.create({
      data: {
        ...shared,
        id: id('offer'),
        vendor_organisation_id: organisation_id,
        deal_id: deal.wholesale === undefined ? deal_id : null,
        channel: deal.wholesale === undefined ? 'direct' : 'reseller',
        state: 'live',
        ...(deal.wholesale === undefined ? {} : { wholesale: toJson(deal.wholesale) }),
        cloud_offer_id: deal.id,
      },
    })
  })
}

/** Waits by the sandbox's clock until a change with all its stages is done, and gives what it made. */
export async function finished(
  market: Market,
  change: Change,
  check: (reference: string) => Promise<Change>,
  by: string,
): Promise<Record<string, string>> {
  let current = change
  for (let stages = 0; current.status === 'accepted' && stages < 12; stages += 1) {
    await market.move({ by })
    current = await check(current.reference)
  }
  if (current.status !== 'succeeded') throw new Error(JSON.stringify(current, null, 2))
  return { ...current.target }
}

export function facet<Name extends keyof Connector>(
  { connector }: Market,
  name: Name,
): NonNullable<Connector[Name]> {
  const found = connector[name]
  if (found === undefined || found === null) throw new Error(`There is no ${name}`)
  return found
}

export async function agreementOf({ tenant }: Seat, cloud_agreement_id: string): Promise<string> {
  const found = await tenant(({ tx, organisation_id }) =>
    tx.agreement.findFirst({ where: { organisation_id, cloud_agreement_id } }),
  )
  if (found === null) throw new Error(`${cloud_agreement_id} is not known`)
  return found.id
}
