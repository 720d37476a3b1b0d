// What needs a person now, out of every room, as far as the caller may see it.
import { approvalNeeds } from '../approvals/index.ts'
import { connectionNeeds } from '../connections/index.ts'
import { exceptionNeeds, statementNeeds } from '../exceptions/index.ts'
import { listingNeeds } from '../listings/index.ts'
import { usageNeeds } from '../metering/index.ts'
import { expiringOffers, failedOffers, incompleteSets } from '../offers/index.ts'
import { taskNeeds } from '../operations/index.ts'
import { requestNeeds } from '../requests/index.ts'
import type { Scope } from '../store/index.ts'
import { authorizationNeeds, openedNeeds } from '../syndication/index.ts'
import {
  mostUrgent,
  type NeedKind,
  type Needs,
  needKindNames,
  needKinds,
  TOLD_MAX,
  type ToldNeed,
} from './model.ts'

/** How each kind is found: its most urgent needs, their number and their sums. */
const readers: Readonly<Record<NeedKind, (scope: Scope, limit: number) => Promise<Needs>>> = {
  usage_at_risk: usageNeeds,
  opened_authorization: openedNeeds,
  expiring_offer: expiringOffers,
  approval: approvalNeeds,
  human_task: taskNeeds,
  exception: exceptionNeeds,
  failed_statement: statementNeeds,
  failed_offer: failedOffers,
  incomplete_offer_set: incompleteSets,
  refused_request: requestNeeds,
  failed_authorization: authorizationNeeds,
  failed_listing: listingNeeds,
  connection: connectionNeeds,
}

export type Home = {
  needs: ToldNeed[]
  /** By kind, in the order of the kinds; a kind without needs is left out. */
  groups: { kind: NeedKind; count: number; sums: Needs['sums'] }[]
  total: number
}

/** All that needs a person, in one transaction. */
export async function readNeeds(scope: Scope, permissions: ReadonlySet<string>): Promise<Home> {
  const needs: ToldNeed[] = []
  const groups: Home['groups'] = []
  for (const kind of needKindNames) {
    if (!permissions.has(needKinds[kind])) continue
    const { items, count, sums } = await readers[kind](scope, TOLD_MAX)
    if (count === 0) continue
    needs.push(...items.map((need) => ({ ...need, kind })))
    groups.push({ kind, count, sums })
  }
  return { needs: mostUrgent(needs), groups, total: groups.reduce((all, { count }) => all + count, 0) }
}
