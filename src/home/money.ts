// A year at a glance: what was booked, invoiced, collected and disbursed in each month, by cloud and currency.
import type { Cloud } from '../../connectors/connector.ts'
import { type Asset, currencyOf, formatMoney } from '../core/money.ts'
import { type Month, monthOf, startOfMonth } from '../core/time.ts'
import { flowNames, flows, type MonthFlow } from '../ledger/index.ts'
import type { Scope } from '../store/index.ts'

export type MonthOfCloud = { month: Month; cloud: Cloud; currency: string } & Record<
  MonthFlow['flow'],
  string
>
/** Every month of the span, and a row for each cloud and currency that a month moved money on. */
export type MoneyByMonth = { months: Month[]; items: MonthOfCloud[] }

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
  const rows = Map.groupBy(
    found.filter(({ month }) => months.includes(month)),
    ({ month, cloud, asset }) => JSON.stringify([month, cloud, asset]),
  )
  const items = [...rows.values()].flatMap((row) => {
    const [first] = row
    return first === undefined ? [] : [toItem(first, row)]
  })
  return { months, items }
}

function toItem({ month, cloud, asset }: MonthFlow, row: readonly MonthFlow[]): MonthOfCloud {
  const text = (name: MonthFlow['flow'], of: Asset) =>
    formatMoney({ asset: of, amount: row.find(({ flow }) => flow === name)?.amount ?? 0n })
  const [booked, invoiced, collected, disbursed] = flowNames.map((name) => text(name, asset))
  const none = text('booked', asset)
  return {
    month,
    cloud,
    currency: currencyOf(asset),
    booked: booked ?? none,
    invoiced: invoiced ?? none,
    collected: collected ?? none,
    disbursed: disbursed ?? none,
  }
}
