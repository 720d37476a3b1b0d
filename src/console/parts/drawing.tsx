import { ColorSwatch, Group, getThemeColor, Paper, Text, useMantineTheme } from '@mantine/core'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartProps } from './chart.tsx'

const HEIGHT_PX = 260
const AXIS_PX = 52
const tick = { fill: 'var(--mantine-color-dimmed)', fontSize: 12 }
const GRID = 'var(--mantine-color-default-border)'
const compact = (value: number) => value.toLocaleString('en', { notation: 'compact' })

/** The drawn half of a chart; the table beside it is its text. */
export default function Drawing({ title, kind, rows, series, unit }: ChartProps) {
  const theme = useMantineTheme()
  const shades = series.map((one) => ({ ...one, shade: getThemeColor(one.color, theme) }))
  const data = rows.map(({ label, values }) => ({
    label,
    ...Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value])),
  }))
  const shared = { data, margin: { top: 8, right: 8, bottom: 0, left: 0 } }
  const around = [
    <CartesianGrid key="grid" stroke={GRID} vertical={false} />,
    <XAxis key="x" dataKey="label" tick={tick} stroke={GRID} tickLine={false} minTickGap={12} />,
    <YAxis key="y" tick={tick} axisLine={false} tickLine={false} width={AXIS_PX} tickFormatter={compact} />,
    <Tooltip
      key="tip"
      cursor={{ fill: GRID, fillOpacity: 0.4, stroke: GRID }}
      isAnimationActive={false}
      content={({ label }) => {
        const row = rows.find((one) => one.label === label)
        return row === undefined ? null : <Exactly row={row} series={shades} />
      }}
    />,
  ]
  return (
    <div role="img" aria-label={title}>
      <Group justify="space-between" gap="sm" mb={6} aria-hidden>
        <Text size="xs" c="dimmed">
          {unit}
        </Text>
        <Group gap="md">
          {shades.map(({ name, label, shade }) => (
            <Group key={name} gap={6} wrap="nowrap">
              <ColorSwatch color={shade} size={10} withShadow={false} />
              <Text size="sm">{label}</Text>
            </Group>
          ))}
        </Group>
      </Group>
      <ResponsiveContainer width="100%" height={HEIGHT_PX}>
        {kind === 'bar' ? (
          <BarChart {...shared}>
            {around}
            {shades.map(({ name, shade }) => (
              <Bar key={name} dataKey={name} fill={shade} isAnimationActive={false} maxBarSize={28} />
            ))}
          </BarChart>
        ) : (
          <LineChart {...shared}>
            {around}
            {shades.map(({ name, shade }) => (
              <Line
                key={name}
                dataKey={name}
                stroke={shade}
                strokeWidth={2}
                dot={false}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        )}
      </ResponsiveContainer>
    </div>
  )
}

type ExactlyProps = {
  row: ChartProps['rows'][number]
  series: readonly { name: string; label: string; shade: string }[]
}

/** What stands at one place of the axis, to the cent. */
function Exactly({ row, series }: ExactlyProps) {
  return (
    <Paper withBorder shadow="sm" px="sm" py="xs">
      <Text size="sm" fw={650}>
        {row.label}
      </Text>
      {series.map(({ name, label, shade }) => (
        <Group key={name} gap="xs" justify="space-between" wrap="nowrap">
          <Group gap={6} wrap="nowrap">
            <ColorSwatch color={shade} size={10} withShadow={false} />
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
