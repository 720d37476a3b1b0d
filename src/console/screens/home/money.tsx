import { Group, NativeSelect, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loading } from '../../parts/loading.tsx'
import { shortMonthText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { home } from '../../words/home.ts'
import { common } from '../../words/index.ts'

const words = home.money
type Months = Schemas['MoneyByMonth']
type Row = Months['totals'][number]

const SERIES = [
  { name: 'booked', color: 'indigo.5' },
  { name: 'invoiced', color: 'cyan.7' },
  { name: 'collected', color: 'teal.6' },
  { name: 'disbursed', color: 'orange.6' },
] as const

/** A year of money, by month: of all clouds or one of them, in one currency at a time. */
export function Money() {
  const { data, error, refetch } = api.useQuery('get', '/v1/home/money')
  return (
    <Card title={words.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.totals.length === 0 ? (
        <Empty title={words.empty} help={words.emptyHelp} />
      ) : (
        <Shown of={data} />
      )}
    </Card>
  )
}

function Shown({ of: { months, items, totals } }: { of: Months }) {
  const clouds = [...new Set(items.map(({ cloud }) => cloud))]
  const currencies = [...new Set(totals.map(({ currency }) => currency))]
  const [cloud, setCloud] = useState('')
  const [chosen, setCurrency] = useState(currencies[0] ?? '')
  const currency = currencies.includes(chosen) ? chosen : (currencies[0] ?? '')
  const rows: readonly Row[] = cloud === '' ? totals : items.filter((item) => item.cloud === cloud)
  const named = clouds.find((one) => one === cloud)
  const cloudName = named === undefined ? words.allClouds : common.clouds[named]
  return (
    <>
      <Text size="sm" c="dimmed" maw={720}>
        {words.lead}
      </Text>
      <Group gap="sm">
        <NativeSelect
          label={words.cloud}
          size="sm"
          value={cloud}
          data={[
            { value: '', label: words.allClouds },
            ...clouds.map((value) => ({ value, label: common.clouds[value] })),
          ]}
          onChange={(event) => setCloud(event.currentTarget.value)}
        />
        {currencies.length > 1 && (
          <NativeSelect
            label={words.currency}
            size="sm"
            value={currency}
            data={currencies}
            onChange={(event) => setCurrency(event.currentTarget.value)}
          />
        )}
      </Group>
      <Chart
        kind="bar"
        title={words.chart(cloudName, currency)}
        x={words.month}
        unit={currency}
        series={SERIES.map(({ name, color }) => ({ name, color, label: words.series[name] }))}
        rows={shownMonths(months, totals).map((month) => ({
          label: shortMonthText(month),
          values: valuesOf(rows, month, currency),
        }))}
      />
    </>
  )
}

/** So many months are shown at least; more of them as soon as there was money in them. */
const MONTHS_MIN = 6

/** The months without those that lie before the first money: young books are no row of empty places. */
function shownMonths(months: Months['months'], totals: readonly Row[]) {
  const first = months.findIndex((month) => totals.some((row) => row.month === month))
  return months.slice(Math.max(0, Math.min(first, months.length - MONTHS_MIN)))
}

/** A month's bars. Their heights are pixels, so they may be numbers; what is read is the exact text. */
function valuesOf(rows: readonly Row[], month: string, currency: string) {
  const row = rows.find((one) => one.month === month && one.currency === currency)
  return Object.fromEntries(
    SERIES.map(({ name }) => {
      const amount = row?.[name] ?? '0'
      return [name, { value: Number(amount), text: moneyText({ currency, amount }) }]
    }),
  )
}
