// Everything the panel shows: what time it is, who could do what, what is planned to go wrong, what happened last.
import type { Cloud } from '../../connectors/connector.ts'
import * as agreements from '../agreements/index.ts'
import * as connections from '../connections/index.ts'
import type { Context } from '../context.ts'
import { type Money, moneyText } from '../core/money.ts'
import type { Caller } from '../door/index.ts'
import { findLive } from '../offers/index.ts'
import { totalOf, usagePricesOf } from '../offers/model.ts'
import { findOrganisation, readOrganisations, seatsOf } from '../organisations/index.ts'
import type { Scope } from '../store/index.ts'
import * as timeline from '../timeline/index.ts'
import { readDeals, shownDeal } from './after-sale.ts'
import { readBuyers } from './buyers.ts'
import { underWay } from './course.ts'
import { listFaults } from './faults.ts'
import { linkOf, played } from './link.ts'
import { openMarkets } from './model.ts'
import { connectable, PLAYED_BY_HAND } from './sellers.ts'

/** So many of each are shown; whoever has more finds them by the API. */
const SHOWN_MAX = 50
const HAPPENED_MAX = 12

/** What of the tenant's the outside world could do something with. */
export async function readPanel(context: Context, caller: Caller) {
  const { organisation_id, permissions } = caller
  const { control } = linkOf(context)
  const markets = openMarkets(control)
  const [clock, moving, buyers, faults] = await Promise.all([
    played(() => control.clock()),
    underWay(context),
    readBuyers(context),
    listFaults(context),
  ])
  const resellers = await readResellers(context, caller)
  const organisation = await findOrganisation(context.store, organisation_id)
  const shown = await context.store.inTenant(organisation_id, async (scope) => {
    const known = new Map((await connections.findAll(scope)).map(({ id, cloud }) => [id, cloud]))
    const offers = permissions.has('offers.read')
    return {
      offers: offers ? await readOffers(scope, known) : [],
      agreements: offers ? await readAgreements(scope) : [],
      happened: offers ? onceEach(await timeline.latest(scope, 2 * HAPPENED_MAX)).slice(0, HAPPENED_MAX) : [],
      tasks: permissions.has('operations.read') ? await readTasks(context, scope, known) : [],
    }
  })
  const { offers, agreements: running, ...rest } = shown
  const deals = running.length === 0 ? new Map() : await readDeals(context, organisation_id)
  return {
    clock,
    moving: moving === undefined ? null : { from: moving.from.toISOString(), to: moving.to.toISOString() },
    connectable: organisation === undefined ? [] : connectable(context, organisation.kind),
    buyers,
    resellers,
    faults,
    offers: offers.map((offer) => ({ ...offer, declinable: markets[offer.cloud].after_sale !== undefined })),
    agreements: running.map(({ cloud_agreement_id, ...agreement }) => ({
      ...agreement,
      open: shownDeal(deals.get(`${agreement.cloud} ${cloud_agreement_id}`)),
    })),
    ...rest,
  }
}

/** The connected accounts of the reseller organisations in which the caller sits too. */
async function readResellers({ store }: Pick<Context, 'store'>, { actor, permissions }: Caller) {
  const ids =
    actor.kind === 'person' ? await seatsOf(store, actor.id) : permissions.has('operator') ? undefined : []
  const found: { organisation_id: string; name: string; cloud: Cloud; account_id: string }[] = []
  for (const { id, kind, name } of await readOrganisations(store, ids)) {
    if (kind !== 'reseller') continue
    const connected = await store.inTenant(id, (scope) => connections.findAll(scope))
    found.push(
      ...connected.map(({ cloud, account_id }) => ({
        organisation_id: id,
        name,
        cloud,
        account_id,
      })),
    )
  }
  return found
}

/** What is told of an offer is often told of its agreement as well: here it is told once. */
function onceEach<T extends { sentence: string; occurred_at: string }>(events: readonly T[]): T[] {
  const told = new Map(events.map((event) => [`${event.occurred_at} ${event.sentence}`, event]))
  return [...told.values()]
}

async function readOffers(scope: Scope, clouds: ReadonlyMap<string, Cloud>) {
  const live = await findLive(scope, SHOWN_MAX)
  return live.flatMap(({ id, name, connection_id, terms, expires_on, buyer_account_ids }) => {
    const cloud = clouds.get(connection_id)
    const money: Money | null = terms.kind === 'usage' ? null : totalOf(terms)
    if (cloud === undefined) return []
    return [{ id, name, cloud, money: money && moneyText(money), expires_on, buyer_account_ids }]
  })
}

async function readAgreements(scope: Scope) {
  const running = await agreements.findRunning(scope, SHOWN_MAX)
  const { organisation_id, tx } = scope
  const of = (ids: readonly (string | null)[]) => ({
    where: { organisation_id, id: { in: ids.flatMap((id) => id ?? []) } },
    select: { id: true, name: true } as const,
  })
  const offers = await tx.offer.findMany(of(running.map(({ offer_id }) => offer_id)))
  const opened = await tx.resale_authorization.findMany(of(running.map((one) => one.authorization_id)))
  const names = new Map([...offers, ...opened].map(({ id, name }) => [id, name]))
  return running.map(({ id, cloud, state, offer_id, authorization_id, ...rest }) => ({
    id,
    cloud,
    state,
    offer_id,
    cloud_agreement_id: rest.cloud_agreement_id,
    name: names.get(offer_id ?? authorization_id ?? '') ?? rest.cloud_agreement_id,
    metered: Object.keys(usagePricesOf(rest.terms)),
    signed_up: rest.signed_up_at !== null,
  }))
}

async function readTasks(
  context: Pick<Context, 'sandbox'>,
  { tx, organisation_id }: Scope,
  clouds: ReadonlyMap<string, Cloud>,
) {
  const markets = openMarkets(linkOf(context).control)
  const rows = await tx.operation.findMany({
    where: { organisation_id, state: 'waiting_for_person', kind: PLAYED_BY_HAND },
    orderBy: { id: 'asc' },
    take: SHOWN_MAX,
    select: { id: true, kind: true, connection_id: true, human_task: true },
  })
  return rows.flatMap(({ id, kind, connection_id, human_task }) => {
    const cloud = clouds.get(connection_id)
    if (cloud === undefined || markets[cloud].publish === undefined) return []
    const title = (human_task as { title?: string } | null)?.title ?? kind
    return [{ operation_id: id, cloud, title }]
  })
}
