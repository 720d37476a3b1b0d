// What needs a person now: the closed list of kinds, what a need is, and in which order needs are told.
import type { Permission } from '../access/index.ts'
import { type Asset, addMoney, digitsOf, type Money } from '../core/money.ts'

/** Every kind of need, with the permission without which nobody is told of it. */
export const needKinds = {
  usage_at_risk: 'usage.read',
  opened_authorization: 'offers.read',
  expiring_offer: 'offers.read',
  approval: 'approvals.read',
  human_task: 'operations.read',
  exception: 'settlement.read',
  failed_statement: 'settlement.read',
  failed_offer: 'offers.read',
  incomplete_offer_set: 'offers.read',
  refused_request: 'offers.read',
  failed_authorization: 'offers.read',
  failed_listing: 'catalog.read',
  connection: 'connections.read',
} as const satisfies Record<string, Permission>
export type NeedKind = keyof typeof needKinds
export const needKindNames = Object.keys(needKinds) as [NeedKind, ...NeedKind[]]

/** One thing that waits for a person. */
export type Need = {
  /** What it is done with: the id of an exception, an operation, an offer and so on. */
  subject_id: string
  sentence: string
  /** How much money it is about. */
  money: Money | null
  /** Business time after which it is too late. */
  deadline_at: Date | null
  since: Date
}

/** The most urgent needs of one kind, and how many there are in all, with their sums by currency. */
export type Needs = { items: Need[]; count: number; sums: Money[] }

/** All needs of a kind that came whole: the most urgent of them, their number and their sums. */
export function needsOf(all: readonly Need[], limit: number): Needs {
  const sums = new Map<Asset, Money>()
  for (const { money } of all) {
    if (money === null) continue
    const before = sums.get(money.asset)
    sums.set(money.asset, before === undefined ? money : addMoney(before, money))
  }
  return { items: all.toSorted(byUrgency).slice(0, limit), count: all.length, sums: [...sums.values()] }
}

/** How many needs are told one by one. */
export const TOLD_MAX = 20
/** As long as other kinds have needs too, no kind takes more places than this. */
const OF_A_KIND_MAX = 8

export type ToldNeed = Need & { kind: NeedKind }

/** Before another: the sooner deadline, then the larger amount, then what has waited longer. */
export function byUrgency(left: Need, right: Need): number {
  const ends = (need: Need) => need.deadline_at?.getTime() ?? Number.POSITIVE_INFINITY
  if (ends(left) !== ends(right)) return ends(left) < ends(right) ? -1 : 1
  const more = comparable(right) - comparable(left)
  if (more !== 0n) return more < 0n ? -1 : 1
  return left.since.getTime() - right.since.getTime()
}

/** Amounts of any currency by their size alone; a sum that is owed counts like one that is due. */
function comparable({ money }: Need): bigint {
  if (money === null) return -1n
  const magnitude = money.amount < 0n ? -money.amount : money.amount
  return magnitude * 10n ** BigInt(4 - digitsOf(money.asset))
}

/** The needs that are told one by one: the most urgent, but a thousand of one kind do not hide another one. */
export function mostUrgent(needs: readonly ToldNeed[]): ToldNeed[] {
  const sorted = needs.toSorted(byUrgency)
  const taken = new Map<NeedKind, number>()
  const first: ToldNeed[] = []
  const rest: ToldNeed[] = []
  for (const need of sorted) {
    const count = taken.get(need.kind) ?? 0
    taken.set(need.kind, count + 1)
    if (count < OF_A_KIND_MAX && first.length < TOLD_MAX) first.push(need)
    else rest.push(need)
  }
  return [...first, ...rest.slice(0, TOLD_MAX - first.length)].sort(byUrgency)
}
