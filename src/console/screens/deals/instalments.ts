// A payment plan that sums to its total, always and to the smallest unit: one of its instalments is the rest, and takes
// up whatever the others leave. Amounts are whole minor units; no number with a point is ever made of them.
import { assetOf, digitsOf, formatMoney, parseMoney } from '../../../core/money.ts'
import { dateOf, startOfDate } from '../../../core/time.ts'

export type Instalment = { due_on: string; amount: bigint }
export type Plan = {
  total: bigint
  instalments: readonly Instalment[]
  /** Which instalment is the rest. */
  rest: number
  /** Nobody has changed an amount: another total is split evenly again. */
  even: boolean
}

/** How often is paid. */
export const presets = ['upfront', 'yearly', 'quarterly', 'monthly'] as const
export type Preset = (typeof presets)[number]

const EVERY: Readonly<Record<Preset, number | null>> = { upfront: null, yearly: 12, quarterly: 3, monthly: 1 }
/** More than any cloud takes. */
export const INSTALMENTS_MAX = 60

/** Equal parts of a total; what cannot be divided is in the last. */
export function splitEvenly(total: bigint, count: number): bigint[] {
  const part = total / BigInt(count)
  const last = total - part * BigInt(count - 1)
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : part))
}

/** The same day some months later, or the month's last day where it has no such day. */
export function monthsAfter(date: string, months: number): string {
  const start = startOfDate(date)
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return dateOf(new Date(Date.UTC(year, month, Math.min(start.getUTCDate(), last))))
}

/** The days of a preset: from the first one on, as often as fits into the duration. */
export function datesOf(preset: Preset, first: string, duration_months: number): string[] {
  const every = EVERY[preset]
  const count = every === null ? 1 : Math.max(1, Math.ceil(duration_months / every))
  return Array.from({ length: Math.min(count, INSTALMENTS_MAX) }, (_, index) =>
    monthsAfter(first, index * (every ?? 0)),
  )
}

/** A total in equal parts on these days; the last is the rest. There is always at least one. */
export function evenPlan(total: bigint, dates: readonly string[]): Plan {
  const days = dates.length === 0 ? [''] : dates
  const parts = splitEvenly(total, days.length)
  const instalments = days.map((due_on, index) => ({ due_on, amount: parts[index] ?? 0n }))
  return { total, instalments, rest: days.length - 1, even: true }
}

/** The plan of terms that are written already; the last instalment is the rest, and is what the others leave. */
export function planOf(total: bigint, instalments: readonly Instalment[]): Plan {
  if (instalments.length === 0) return evenPlan(total, [])
  return settled({ total, instalments, rest: instalments.length - 1, even: false })
}

/** Gives the rest what the others leave of the total. */
function settled(plan: Plan): Plan {
  const others = plan.instalments.reduce(
    (sum, { amount }, index) => (index === plan.rest ? sum : sum + amount),
    0n,
  )
  const instalments = plan.instalments.map((one, index) =>
    index === plan.rest ? { ...one, amount: plan.total - others } : one,
  )
  return { ...plan, instalments }
}

/** Another total: in equal parts as long as nobody has changed one, else the rest takes the difference. */
export function withTotal(plan: Plan, total: bigint): Plan {
  const next = { ...plan, total }
  return plan.even ? resplit(next) : settled(next)
}

function resplit(plan: Plan): Plan {
  const parts = splitEvenly(plan.total, plan.instalments.length)
  const instalments = plan.instalments.map((one, index) => ({ ...one, amount: parts[index] ?? 0n }))
  return { ...plan, instalments, rest: instalments.length - 1, even: true }
}

/** Equal parts again, on the same days. */
export const splitAgain = resplit

/** One amount is set by hand. Where that is the rest, the one before it becomes the rest (or, of the first, the one after). */
export function withAmount(plan: Plan, at: number, amount: bigint): Plan {
  if (plan.instalments.length === 1) return plan
  const rest = at !== plan.rest ? plan.rest : at === 0 ? 1 : at - 1
  const instalments = plan.instalments.map((one, index) => (index === at ? { ...one, amount } : one))
  return settled({ ...plan, instalments, rest, even: false })
}

export function withDate(plan: Plan, at: number, due_on: string): Plan {
  const instalments = plan.instalments.map((one, index) => (index === at ? { ...one, due_on } : one))
  return { ...plan, instalments }
}

/** Another instalment at the end: an equal part as long as all are equal, else half of the rest. */
export function withAnother(plan: Plan, due_on: string): Plan {
  if (plan.instalments.length >= INSTALMENTS_MAX) return plan
  if (plan.even) return resplit({ ...plan, instalments: [...plan.instalments, { due_on, amount: 0n }] })
  const half = (plan.instalments[plan.rest]?.amount ?? 0n) / 2n
  return settled({ ...plan, instalments: [...plan.instalments, { due_on, amount: half > 0n ? half : 0n }] })
}

/** One fewer; the last one stays. */
export function without(plan: Plan, at: number): Plan {
  if (plan.instalments.length === 1) return plan
  const instalments = plan.instalments.filter((_, index) => index !== at)
  if (plan.even) return resplit({ ...plan, instalments })
  const rest = at === plan.rest ? instalments.length - 1 : plan.rest > at ? plan.rest - 1 : plan.rest
  return settled({ ...plan, instalments, rest })
}

/** How much more the others come to than the total; undefined where something is left for the rest. */
export function excess({ instalments, rest, total }: Plan): bigint | undefined {
  const left = instalments[rest]?.amount ?? 0n
  return left > 0n || total === 0n ? undefined : -left
}

/** An amount as it is typed: plain, or with commas between thousands. undefined: it is none of this currency. */
export function readAmount(currency: string, text: string): bigint | undefined {
  const plain = text.trim()
  const digits = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(',', '') : plain
  const read = parseMoney(currency, digits)
  return read === undefined || read.amount < 0n ? undefined : read.amount
}

/** Minor units as the API writes them. */
export function writeAmount(currency: string, amount: bigint): string {
  return formatMoney({ asset: assetOf(currency), amount })
}

/** How many decimals amounts of a currency have. */
export const decimalsOf = (currency: string) => digitsOf(assetOf(currency))
