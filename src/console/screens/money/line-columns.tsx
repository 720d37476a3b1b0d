import { Badge, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { describedText } from '../../parts/described.tsx'
import type { Filter } from '../../parts/filters.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Day } from '../../parts/moment.tsx'
import { Thing } from '../../parts/thing.tsx'
import { common } from '../../words/index.ts'
import { choices, lineKinds, lineStages, lineStates, named } from '../../words/money.ts'
import { statements } from '../../words/settlement.ts'

const words = statements.line

export type Line = Schemas['StatementLine']

/** A line in a few words: "Sale, invoiced". */
export const lineText = ({ kind, stage }: Pick<Line, 'kind' | 'stage'>) =>
  kind === 'bank'
    ? named(lineKinds, kind)
    : `${named(lineKinds, kind)}, ${named(lineStages, stage).toLowerCase()}`

/** By what a person knows a line: its invoice, its reference, or what it is about. */
export const referenceOf = ({ invoice_id, bank_reference, dimension }: Line) =>
  invoice_id ?? (bank_reference === '' ? null : bank_reference) ?? dimension ?? common.none

const TONES: Readonly<Record<string, string>> = {
  explained: 'green',
  exception: 'red',
  waiting: 'yellow',
  new: 'blue',
}

export const lineColumns: readonly Column<Line>[] = [
  { header: words.when, sort: 'occurred_at', cell: ({ occurred_at }) => <Day on={occurred_at} /> },
  {
    header: words.kind,
    cell: (line) => (
      <>
        <GoTo to={`/trace/${line.id}`} aria-label={words.followLabel(lineText(line))}>
          {lineText(line)}
        </GoTo>
        {!line.current && (
          <Text size="xs" c="dimmed">
            {statements.one.older}
          </Text>
        )}
      </>
    ),
  },
  { header: words.amount, sort: 'amount', right: true, cell: ({ amount }) => <Amount value={amount} /> },
  {
    header: words.agreement,
    cell: ({ agreement_id, agreement_name, cloud_agreement_id, described }) =>
      agreement_id === null ? (
        <>
          {cloud_agreement_id ?? common.none}
          {described !== null && (
            <Text size="xs" c="dimmed">
              {describedText(described)}
            </Text>
          )}
        </>
      ) : (
        <Thing id={agreement_id}>{agreement_name ?? undefined}</Thing>
      ),
  },
  {
    header: words.invoice,
    cell: (line) => (
      <Text size="sm" style={{ overflowWrap: 'anywhere', minWidth: 120 }}>
        {referenceOf(line)}
      </Text>
    ),
  },
  {
    header: words.state,
    cell: ({ state }) => (
      <Badge variant="light" color={TONES[state] ?? 'gray'} tt="none">
        {named(lineStates, state)}
      </Badge>
    ),
  },
]

export const lineFilters: readonly Filter[] = [
  { name: 'q', label: words.find, kind: 'text' },
  { name: 'kind', label: words.kind, kind: 'choice', options: choices(lineKinds) },
  { name: 'stage', label: words.stage, kind: 'choice', options: choices(lineStages) },
  { name: 'state', label: words.state, kind: 'choice', options: choices(lineStates) },
]
