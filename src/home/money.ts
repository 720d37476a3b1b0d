// A year at a glance: what was booked, invoiced, collected and disbursed in each month, by cloud and currency.
import type { Cloud } from '../../connectors/connector.ts'
import { currencyOf, formatMoney, sumMoney } from '../core/money.ts'
import { type Month, monthOf, startOfMonth } from '../core/time.ts'
import { flows, type MonthFlow } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'

export type MonthOfCloud = { month: Month; cloud: Cloud; currency: string } & Record<
  MonthFlow['flow'],
  string
>
/** Every month of the span; a row for each cloud and currency that a month moved money on; the same of all clouds. */
export type MoneyByMonth = { months: Month[]; items: MonthOfCloud[]; totals: Omit<MonthOfCloud, 'cloud'>[] }

/** The months up to the present one, oldest first. */
function lastMonths(now: Date, count: number): Month[] {
  const last = startOfMonth(monthOf(now))
  return Array.from({ length: count }, (_, index) =>
    monthOf(new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - (count - 1 - index), 1))),
  )
}

/** The last months of the tenant's books. What is booked ahead of the present month is not in it. */
export async function readMoney(scope: Scope, count: number): Promise<MoneyByMonth> {
  const months = lastMonths(scope.now(), count)
  const found = await flows(scope, months[0] ?? monthOf(scope.now()))
  const shown = found.filter(({ month }) => months.includes(month))
  const byCloud = grouped(shown, ({ month, cloud, asset }) => [month, cloud, asset])
  const all = grouped(shown, ({ month, asset }) => [month, asset])
  return {
    months,
    items: byCloud.map(({ first, row }) => ({ cloud: first.cloud, ...toItem(first, row) })),
    totals: all.map(({ first, row }) => toItem(first, row)),
  }
}

function grouped(flowing: readonly MonthFlow[], key: (one: MonthFlow) => string[]) {
  const rows = Map.groupBy(flowing, (one) => JSON.stringify(key(one)))
  return [...rows.values()].flatMap((row) => (row[0] === undefined ? [] : [{ first: row[0], row }]))
}

function toItem({ month, asset }: MonthFlow, row: readonly MonthFlow[]): Omit<MonthOfCloud, 'cloud'> {
  const text = (name: MonthFlow['flow']) => {
    const amounts = row.filter(({ flow }) => flow === name).map(({ amount }) => ({ asset, amount }))
    return formatMoney(sumMoney(asset, amounts))
  }
  return {
    month,
    currency: currencyOf(asset),
    booked: text('booked'),
    invoiced: text('invoiced'),
    collected: text('collected'),
    disbursed: text('disbursed'),
  }
}
