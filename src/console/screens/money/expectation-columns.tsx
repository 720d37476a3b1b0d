import { Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import type { Filter } from '../../parts/filters.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Day } from '../../parts/moment.tsx'
import { choices, expectationKinds, named } from '../../words/money.ts'
import { reconciliation } from '../../words/settlement.ts'
import { Arithmetic } from './arithmetic.tsx'

const words = reconciliation.expectation

/** What was expected, in a few words: "Usage of calls". */
export const expectationText = ({ kind, dimension }: { kind: string; dimension: string | null }) =>
  dimension === null ? named(expectationKinds, kind) : `${named(expectationKinds, kind)}: ${dimension}`

export const expectationColumns: readonly Column<Schemas['MetExpectation']>[] = [
  {
    header: words.what,
    cell: (item) => <GoTo to={`/trace/${item.id}`}>{expectationText(item)}</GoTo>,
  },
  { header: words.due, sort: 'due_on', cell: ({ due_on }) => <Day on={due_on} /> },
  { header: words.amount, right: true, cell: ({ amount }) => <Amount value={amount} /> },
  {
    header: words.received,
    right: true,
    cell: ({ received }) =>
      received === null ? (
        <Text size="sm" c="dimmed">
          {words.open}
        </Text>
      ) : (
        <Amount value={received} />
      ),
  },
  {
    header: words.arithmetic,
    cell: ({ arithmetic, amount }) => (
      <Stack gap={0} maw={420}>
        <details>
          <Text component="summary" size="sm">
            {words.arithmetic}
          </Text>
          <Arithmetic of={arithmetic} label={words.arithmetic} currency={amount.currency} />
        </details>
      </Stack>
    ),
  },
]

export const expectationFilters: readonly Filter[] = [
  { name: 'kind', label: words.kind, kind: 'choice', options: choices(expectationKinds) },
  {
    name: 'state',
    label: words.state,
    kind: 'choice',
    options: [
      { value: 'open', label: words.states.open },
      { value: 'met', label: words.states.met },
    ],
  },
]
