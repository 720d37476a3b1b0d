// Expected − received = the sum of named causes, to the cent, for each agreement and in all. The two sides are summed
// from different tables and compared before they are shown.
import type { Asset } from '../core/money.ts'
import { DAY_MS, dateOf, plus } from '../core/time.ts'
import type { Scope } from '../store/index.ts'
import { said } from './expected.ts'
import { lineSums, ownerlessSums, type StageSums } from './line-sums.ts'
import type { CauseName } from './model.ts'
import { bankDifferences, expectedSums, matchedCauses, openExpectations } from './sums.ts'

/** A named part of a difference, added up over its lines. */
export type NamedDifference = { cause: CauseName; amount: bigint; lines: number; sentences: string[] }

/** One agreement in one currency; agreement_id null: what belongs to none yet, and what is about whole pay-outs. */
export type Reconciled = {
  agreement_id: string | null
  asset: Asset
  expected: bigint
  invoiced: bigint
  collected: bigint
  disbursed: bigint
  banked: bigint
  difference: bigint
  causes: NamedDifference[]
  /** Nothing of the difference is unknown. */
  explained: boolean
}

/** How long after it is due something may come before its absence is more than timing, in days. */
const LATE_DAYS = 45
const SENTENCES_MAX = 5

type Group = StageSums & {
  agreement_id: string | null
  asset: Asset
  expected: bigint
  named: NamedDifference[]
}
const NOTHING = { expected: 0n, invoiced: 0n, collected: 0n, disbursed: 0n, banked: 0n, left: 0n, came: 0n }

/**
 * Every agreement's reconciliation, or that of one (`wanted`; null: what belongs to none). Throws when the identity does
 * not hold: then our own program is wrong.
 */
export async function reconcile(scope: Scope, wanted?: string | null): Promise<Reconciled[]> {
  const of = wanted ?? undefined
  const groups: Group[] = []
  const places = new Map<Asset, Map<string | null, Group>>()
  const group = (agreement_id: string | null, asset: Asset): Group => {
    const of_asset = places.get(asset) ?? new Map<string | null, Group>()
    const known = of_asset.get(agreement_id)
    if (known !== undefined) return known
    const made: Group = { agreement_id, asset, ...NOTHING, named: [] }
    places.set(asset, of_asset.set(agreement_id, made))
    groups.push(made)
    return made
  }
  // Every expectation belongs to an agreement.
  const expected = wanted === null ? [] : await expectedSums(scope, of)
  for (const row of expected) group(row.agreement_id, row.asset).expected += row.amount
  for (const row of wanted === null ? [] : await lineSums(scope, of)) {
    addLines(group(row.agreement_id, row.asset), row.sums)
  }
  for (const row of of === undefined ? await ownerlessSums(scope) : []) {
    const to = group(null, row.asset)
    addLines(to, row.sums)
    name(to, 'unknown', -row.waiting, row.lines, () => [
      `Lines of ${said(row.asset, row.waiting)} belong to agreements that are not known here yet.`,
    ])
  }
  for (const row of await matchedCauses(scope, wanted)) {
    name(group(row.agreement_id, row.asset), row.cause, row.amount, row.lines, () => row.sentences)
  }
  if (wanted !== null) await nameOpen(scope, group, of)
  for (const to of groups) nameStages(to)
  for (const row of of === undefined ? await bankDifferences(scope) : []) {
    const to = group(null, row.asset)
    to.banked += row.amount
    name(to, row.cause, -row.amount, 1, () => [row.sentence])
  }
  return groups
    .filter(({ agreement_id }) => wanted === undefined || agreement_id === wanted)
    .map(checked)
    .sort(byAgreement)
}

async function nameOpen(
  scope: Scope,
  group: (agreement_id: string | null, asset: Asset) => Group,
  of: string | undefined,
): Promise<void> {
  const late_before = dateOf(plus(scope.now(), -LATE_DAYS * DAY_MS))
  for (const row of await openExpectations(scope, late_before, of)) {
    const what =
      row.kind === 'fee' ? 'fees' : row.kind === 'wholesale' ? 'wholesale costs' : `${row.kind} sales`
    const late: CauseName = row.usage ? 'missing_usage' : 'unknown'
    name(group(row.agreement_id, row.asset), row.late ? late : 'timing', row.amount, row.count, () => [
      `${said(row.asset, row.amount)} of ${what} are expected since ${row.since} and not invoiced yet.`,
    ])
  }
}

/** What is on its way: invoiced and not paid, paid and not disbursed, disbursed and not at the bank. */
function nameStages(to: Group): void {
  const { asset, left, came } = to
  const step = (amount: bigint, sentence: string) =>
    name(to, 'timing', amount, 0, () => [`${said(asset, amount)} ${sentence}`])
  step(to.invoiced - to.collected, 'are invoiced and not collected yet.')
  step(to.collected + came - to.disbursed, 'are collected and not disbursed yet.')
  step(to.disbursed - left - to.banked, 'are disbursed and not at the bank yet.')
  name(to, 'exchange', left, 0, () => [`${said(asset, left)} were paid out in another currency.`])
  name(to, 'exchange', -came, 0, () => [`${said(asset, came)} were paid out for sales in another currency.`])
}

function addLines(to: Group, from: StageSums): void {
  to.invoiced += from.invoiced
  to.collected += from.collected
  to.disbursed += from.disbursed
  to.banked += from.banked
  to.left += from.left
  to.came += from.came
}

/** Sentences are asked for only where they are kept: there are many agreements, and few are read. */
function name(
  to: Group,
  cause: CauseName,
  amount: bigint,
  lines: number,
  sentences: () => readonly string[],
): void {
  if (amount === 0n) return
  const known = to.named.find((item) => item.cause === cause)
  if (known === undefined) {
    to.named.push({ cause, amount, lines, sentences: sentences().slice(0, SENTENCES_MAX) })
    return
  }
  known.amount += amount
  known.lines += lines
  const left = SENTENCES_MAX - known.sentences.length
  if (left > 0) known.sentences.push(...sentences().slice(0, left))
}

function checked(to: Group): Reconciled {
  const { agreement_id, asset, expected, invoiced, collected, disbursed, banked } = to
  // What was kept back and has been released is no difference any more.
  const causes = to.named.filter(({ amount }) => amount !== 0n)
  const difference = expected - banked
  const total = causes.reduce((sum, { amount }) => sum + amount, 0n)
  if (total !== difference) {
    throw new Error(
      `Agreement ${agreement_id ?? '(none)'}: ${difference} is the difference, ${total} the sum of its causes`,
    )
  }
  const explained = causes.every(({ cause }) => cause !== 'unknown')
  causes.sort((left, right) => (left.cause < right.cause ? -1 : 1))
  return {
    agreement_id,
    asset,
    expected,
    invoiced,
    collected,
    disbursed,
    banked,
    difference,
    causes,
    explained,
  }
}

/** As their keys go, which would be made anew for each comparison. */
function byAgreement(left: Reconciled, right: Reconciled): number {
  const [one, other] = [left.agreement_id ?? '~', right.agreement_id ?? '~']
  if (one !== other) return one < other ? -1 : 1
  return left.asset < right.asset ? -1 : left.asset > right.asset ? 1 : 0
}

/** Sorts agreements by their ids; what belongs to none comes last. */
export function keyOf({ agreement_id, asset }: Pick<Reconciled, 'agreement_id' | 'asset'>): string {
  return `${agreement_id ?? '~'} ${asset}`
}

/** settled: nothing is left. explained: what is left has names. unknown: some of it has none. */
export const reconciledStates = ['settled', 'explained', 'unknown'] as const
type ReconciledState = (typeof reconciledStates)[number]

function stateOf({ difference, causes, explained }: Reconciled): ReconciledState {
  if (!explained) return 'unknown'
  return difference === 0n && causes.length === 0 ? 'settled' : 'explained'
}

type Wanted = {
  state?: ReconciledState | undefined
  cause?: CauseName | undefined
}

/** What is left of a list by its filters. */
export function filtered(items: readonly Reconciled[], { state, cause }: Wanted): Reconciled[] {
  return items.filter(
    (item) =>
      (state === undefined || stateOf(item) === state) &&
      (cause === undefined || item.causes.some((named) => named.cause === cause)),
  )
}

export const reconciledSorts = [
  'agreement',
  '-agreement',
  'expected',
  '-expected',
  'difference',
  '-difference',
] as const
type ReconciledSort = (typeof reconciledSorts)[number]

/** In an order: differences by their size, whichever way they go; currencies beside each other. */
export function sorted(items: readonly Reconciled[], sort: ReconciledSort = 'agreement'): Reconciled[] {
  const size = (item: Reconciled) => {
    if (sort.endsWith('agreement')) return 0n
    const amount = sort.endsWith('difference') ? item.difference : item.expected
    return amount < 0n ? -amount : amount
  }
  const upwards = [...items].sort((left, right) => {
    if (!sort.endsWith('agreement') && left.asset !== right.asset) return left.asset < right.asset ? -1 : 1
    const [one, other] = [size(left), size(right)]
    return one < other ? -1 : one > other ? 1 : byAgreement(left, right)
  })
  return sort.startsWith('-') ? upwards.reverse() : upwards
}

/** The sum of everything, one per currency. */
export function totals(items: readonly Reconciled[]): Reconciled[] {
  return [...Map.groupBy(items, ({ asset }) => asset)].map(([asset, of_asset]) => {
    const to: Group = { agreement_id: null, asset, ...NOTHING, named: [] }
    for (const item of of_asset) {
      to.expected += item.expected
      to.invoiced += item.invoiced
      to.collected += item.collected
      to.disbursed += item.disbursed
      to.banked += item.banked
      for (const named of item.causes) name(to, named.cause, named.amount, named.lines, () => named.sentences)
    }
    return { ...checked(to), explained: of_asset.every(({ explained }) => explained) }
  })
}
