import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import { ColorSwatch, Group, Paper, Text, useMantineTheme } from '@mantine/core'
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
    // In the order of the bars; left alone, the library sorts by name.
    legendProps: { itemSorter: null },
    ...(unit === '' ? {} : { yAxisLabel: unit }),
    valueFormatter: (value: number) => value.toLocaleString('en', { notation: 'compact' }),
    tooltipProps: {
      content: ({ label }: { label?: unknown }) => {
        const row = rows.find((one) => one.label === label)
        return row === undefined ? null : <Exactly row={row} series={series} />
      },
    },
  }
  return (
    <div role="img" aria-label={title}>
      {kind === 'bar' ? <BarChart {...shared} /> : <LineChart {...shared} curveType="linear" />}
    </div>
  )
}

/** What stands at one place of the axis, to the cent. */
function Exactly({ row, series }: { row: ChartProps['rows'][number]; series: ChartProps['series'] }) {
  const { colors } = useMantineTheme()
  const shade = (color: string) => {
    const [name = '', index = '6'] = color.split('.')
    return colors[name]?.[Number(index)] ?? color
  }
  return (
    <Paper withBorder shadow="sm" px="sm" py="xs">
      <Text size="sm" fw={650}>
        {row.label}
      </Text>
      {series.map(({ name, label, color }) => (
        <Group key={name} gap="xs" justify="space-between" wrap="nowrap">
          <Group gap={6} wrap="nowrap">
            <ColorSwatch color={shade(color)} size={10} withShadow={false} />
            <Text size="sm">{label}</Text>
          </Group>
          <Text size="sm" className="amount">
            {row.values[name]?.text}
          </Text>
        </Group>
      ))}
    </Paper>
  )
}
