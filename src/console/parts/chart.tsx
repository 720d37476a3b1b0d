import { Button, Table } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { common } from '../words/index.ts'
import { Loading } from './loading.tsx'

// The drawing library is large, and most screens have no chart.
const Drawing = lazy(() => import('./drawing.tsx'))

export type ChartProps = {
  /** What it shows, for those who do not see it. */
  title: string
  kind: 'bar' | 'line'
  /** What stands on the x axis, already in words. */
  x: string
  rows: readonly ChartRow[]
  series: readonly { name: string; label: string; color: string }[]
  /** How a value is said: exact text where the row has it under `<name>_text`. */
  unit: string
}
/** Drawn with `value`, read as `text`: pixels are no money, words are. */
export type ChartRow = { label: string; values: Record<string, { value: number; text: string }> }

/** A chart, and the same as a table: for screen readers, for copying, for whoever prefers it. */
export function Chart(props: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  const { title, rows, series, x } = props
  return (
    <div>
      {asTable ? (
        <Table.ScrollContainer
          minWidth={420}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': title } }}
        >
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{x}</Table.Th>
                {series.map(({ name, label }) => (
                  <Table.Th key={name} scope="col" ta="right">
                    {label}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ label, values }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row">{label}</Table.Th>
                  {series.map(({ name }) => (
                    <Table.Td key={name} ta="right" className="amount">
                      {values[name]?.text ?? common.none}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <Suspense fallback={<Loading />}>
          <Drawing {...props} />
        </Suspense>
      )}
      <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setAsTable(!asTable)}>
        {asTable ? common.chart.asChart : common.chart.asTable}
      </Button>
    </div>
  )
}
