import { Table, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { formatDecimal, parseDecimal, sum } from '../../../core/decimal.ts'
import { Amount, grouped } from '../../parts/amount.tsx'
import { GoTo } from '../../parts/link.tsx'
import { momentText } from '../../parts/moment.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { common } from '../../words/index.ts'
import { trace as words } from '../../words/trace.ts'
import { Arithmetic } from './arithmetic.tsx'
import { BookedEntries } from './booked.tsx'
import { expectationText } from './expectation-columns.tsx'
import { Head, Step } from './trace-steps.tsx'

const { steps } = words

type Expected = Schemas['TracedExpectation']

/** Why money was expected: the instalment, or the usage with its hours. */
export function ExpectedStep({ title, of, begin = false }: { title: string; of: Expected; begin?: boolean }) {
  return (
    <Step begin={begin}>
      <Head title={title} amount={of.amount} on={of.due_on} begin={begin} />
      <Text size="sm">
        <GoTo to={`/trace/${of.id}`}>{expectationText(of)}</GoTo>
      </Text>
      <Arithmetic of={of.arithmetic} label={title} currency={of.amount.currency} />
      {of.kind === 'usage' && <Hours of={of} />}
      <BookedEntries of={of.entries} />
    </Step>
  )
}

/** The hours behind a month of usage, folded away: there may be seven hundred. */
function Hours({ of: { id, hours, amount } }: { of: Expected }) {
  if (hours === null) {
    return (
      <Text size="sm">
        <GoTo to={`/trace/${id}`}>{steps.seeHours}</GoTo>
      </Text>
    )
  }
  if (hours.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {steps.theirCount}
      </Text>
    )
  }
  const total = formatDecimal(sum(hours.flatMap(({ quantity }) => parseDecimal(quantity) ?? [])))
  return (
    <details>
      <Text component="summary" size="sm">
        {steps.hours}: {steps.hoursOf(hours.length, grouped(total))}
      </Text>
      <Scroll title={steps.hours} minWidth={360} maxHeight={360}>
        <Table aria-label={steps.hours} verticalSpacing={4} fz="sm" maw={560} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{steps.hour}</Table.Th>
              <Table.Th scope="col" ta="right">
                {steps.quantity}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {steps.worth}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {hours.map((one) => (
              <Table.Tr key={one.hour}>
                <Table.Th scope="row" fw={400}>
                  {momentText(one.hour)}
                </Table.Th>
                <Table.Td ta="right">{grouped(one.quantity)}</Table.Td>
                <Table.Td ta="right">
                  {one.amount === null ? (
                    common.none
                  ) : (
                    <Amount value={{ currency: amount.currency, amount: one.amount }} />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </details>
  )
}
