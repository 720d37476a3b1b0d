// What the story came to: the facts as the API tells them, and the checks that decide whether all of it is true. The
// sandbox's own payouts and bank statements are the other side of each comparison.
import { type Client, type Schemas, unwrap } from '../client/index.ts'
import type { Check } from './checks.ts'
import { checkBooks, checkMoney } from './checks-books.ts'
import { checkPartner, checkReconciled, checkUsage } from './checks-deal.ts'
import { readAgreements, readPartnerStatements, readReconciliation } from './reading.ts'
import { type Lived, readOffer, type Sold } from './teller.ts'
import type { Cloud, Seat } from './world.ts'

/** One cloud's deal as it ended. Agreements are told in the order direct, resold. */
export type DealVerdict = {
  cloud: Cloud
  name: string
  timelines: { title: string; events: Schemas['Timeline'] }[]
  usage: Schemas['UsageSummary'][]
  reconciliation: Record<Seat, Schemas['Reconciliation'][]>
  partner_statements: Schemas['PartnerStatement'][]
  commitments: Schemas['CommitmentWithBalance'][]
}
export type SeatVerdict = {
  seat: Seat
  total: Schemas['Reconciliation'][]
  exceptions: { sentence: string; fix: string }[]
}
export type Verdict = { ok: boolean; checks: Check[]; deals: DealVerdict[]; seats: SeatVerdict[] }

export async function judge(lived: Lived): Promise<Verdict> {
  const books = [
    ...(await checkBooks('vendor', lived.vendor)),
    ...(lived.deals.some(({ reseller_connection }) => reseller_connection !== null)
      ? await checkBooks('reseller', lived.reseller)
      : []),
  ]
  const seats = [await readSeat('vendor', lived.vendor), await readSeat('reseller', lived.reseller)]
  const checks = [...books, ...seats.flatMap(checkSeat)]
  const deals: DealVerdict[] = []
  for (const deal of lived.deals) {
    const read = await readDeal(lived, deal)
    deals.push(read)
    checks.push(...(await checkDeal(lived, deal, read)))
  }
  return { ok: checks.every((check) => check.ok), checks, deals, seats }
}

async function readSeat(seat: Seat, client: Client): Promise<SeatVerdict> {
  const query = { limit: 100, state: 'open' as const }
  const exceptions = unwrap(await client.GET('/v1/exceptions', { params: { query } })).items
  return { seat, total: (await readReconciliation(client)).total, exceptions }
}

function checkSeat({ seat, total: totals, exceptions }: SeatVerdict): Check[] {
  const unexplained = totals.filter((item) => !item.explained)
  return [
    {
      name: `${seat}: in all, every difference is named`,
      ok: unexplained.length === 0,
      detail: unexplained.length === 0 ? `${totals.length} currencies` : JSON.stringify(unexplained),
    },
    {
      name: `${seat}: nothing waits for a person`,
      ok: exceptions.length === 0,
      detail: exceptions.map((item) => item.sentence).join(' ') || 'no open exception',
    },
  ]
}

async function checkDeal(lived: Lived, deal: Sold, read: DealVerdict): Promise<Check[]> {
  const { world, reseller_connection } = deal
  const { sandbox, vendor, reseller } = lived
  const resellers =
    reseller_connection === null
      ? []
      : [
          ...(await checkMoney(sandbox, 'reseller', reseller, world)),
          checkReconciled(`${world.cloud} reseller`, read.reconciliation.reseller),
        ]
  return [
    ...(await checkMoney(sandbox, 'vendor', vendor, world)),
    checkReconciled(`${world.cloud} vendor`, read.reconciliation.vendor),
    ...resellers,
    ...(await checkUsage(deal, read.usage)),
    ...(await checkPartner(lived, deal)),
    ...((await world.checks?.()) ?? []),
  ]
}

async function readDeal(lived: Lived, deal: Sold): Promise<DealVerdict> {
  const { vendor, reseller } = lived
  const { world, direct_agreement, resold_agreement, partner } = deal
  const usage = unwrap(await vendor.GET('/v1/usage/summary', {})).items
  const of = async (client: Client, connection: string | null) => {
    const known = (await readAgreements(client)).filter(({ connection_id }) => connection_id === connection)
    const ids = known.sort((left, right) => saleOf(left) - saleOf(right)).map(({ id }) => id)
    const { items } = await readReconciliation(client)
    return ids.flatMap((id) => items.filter(({ agreement_id }) => agreement_id === id))
  }
  const commitments: Schemas['CommitmentWithBalance'][] = []
  for (const id of deal.commitments) {
    const params = { path: { id }, query: { limit: 100 } }
    commitments.push(unwrap(await vendor.GET('/v1/commitments/{id}', { params })))
  }
  return {
    cloud: world.cloud,
    name: world.name,
    timelines: await readTimelines(lived, deal),
    usage: [direct_agreement, resold_agreement].flatMap((id) =>
      usage.filter(({ agreement_id }) => agreement_id === id),
    ),
    reconciliation: {
      vendor: await of(vendor, deal.vendor_connection),
      reseller: await of(reseller, deal.reseller_connection),
    },
    partner_statements: (await readPartnerStatements(vendor))
      .filter(({ content }) => content.partner_id === partner)
      .sort((left, right) => (left.content.month < right.content.month ? -1 : 1)),
    commitments,
  }
}

/** What was sold directly comes first. */
function saleOf({ role, wholesale }: Schemas['Agreement']): number {
  return role === 'seller' && wholesale === null ? 0 : 1
}

async function readTimelines({ vendor, reseller }: Lived, deal: Sold): Promise<DealVerdict['timelines']> {
  const direct = await readOffer(vendor, deal.direct_offer)
  const path = { id: deal.authorization }
  const opened = unwrap(await vendor.GET('/v1/resale-authorizations/{id}', { params: { path } }))
  const readAgreement = async (id: string) =>
    unwrap(await vendor.GET('/v1/agreements/{id}', { params: { path: { id } } })).timeline
  const told = [
    { title: `Direct offer "${direct.name}"`, events: direct.timeline },
    { title: `Agreement of "${direct.name}"`, events: await readAgreement(deal.direct_agreement) },
    { title: `Resale authorization "${opened.name}"`, events: opened.timeline },
    { title: `Agreement of "${opened.name}"`, events: await readAgreement(deal.resold_agreement) },
  ]
  if (deal.reseller_offer === null) return told
  const resold = await readOffer(reseller, deal.reseller_offer)
  return [...told, { title: `Reseller's offer "${resold.name}"`, events: resold.timeline }]
}
