import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import type { ChartProps } from './chart.tsx'

/** The drawn half of a chart; the table beside it is its text. */
export default function Drawing({ title, kind, rows, series, unit }: ChartProps) {
  const data = rows.map(({ label, values }) => ({
    label,
    ...Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value])),
  }))
  const shared = {
    h: 280,
    data,
    dataKey: 'label',
    series: series.map(({ name, label, color }) => ({ name, label, color })),
    withLegend: true,
    valueFormatter: (value: number) => `${value.toLocaleString('en', { notation: 'compact' })} ${unit}`,
  }
  return (
    <div role="img" aria-label={title}>
      {kind === 'bar' ? <BarChart {...shared} /> : <LineChart {...shared} curveType="linear" />}
    </div>
  )
}
