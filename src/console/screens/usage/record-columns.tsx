import { Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { grouped } from '../../parts/amount.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { State } from '../../parts/state.tsx'
import { common } from '../../words/index.ts'
import { usage } from '../../words/usage.ts'
import { ByTags } from './by-tags.tsx'
import { hourPath } from './meter.ts'

const { columns, open, times } = usage.records

/** Why the cloud refused, or what it calls the record: that is long, and read by few. */
function Answered({ of: { reason, cloud_record_id } }: { of: Schemas['UsageRecord'] }) {
  if (reason !== null) return <Text inherit>{reason}</Text>
  if (cloud_record_id === null) return common.none
  return (
    <Text inherit truncate maw={180} title={cloud_record_id}>
      {cloud_record_id}
    </Text>
  )
}

/** A report of one hour to its cloud. */
export const recordColumns: readonly Column<Schemas['UsageRecord']>[] = [
  { header: columns.state, cell: ({ state }) => <State is={state} /> },
  { header: columns.quantity, right: true, cell: ({ quantity }) => grouped(quantity) },
  {
    header: columns.split,
    cell: ({ allocations }) =>
      allocations === null ? common.none : <ByTags parts={allocations} shown={3} />,
  },
  {
    header: columns.hour,
    sort: 'hour',
    cell: (row) => (
      <GoTo to={hourPath(row)}>
        <Moment at={row.hour} />
      </GoTo>
    ),
  },
  {
    header: columns.source,
    cell: ({ agreement_id, dimension, hour, source_hour }) =>
      source_hour === hour ? (
        common.none
      ) : (
        <GoTo to={hourPath({ agreement_id, dimension, hour: source_hour })}>
          <Moment at={source_hour} />
        </GoTo>
      ),
  },
  {
    header: columns.attempts,
    cell: ({ attempts }) => <span style={{ whiteSpace: 'nowrap' }}>{times(attempts)}</span>,
  },
  { header: columns.deadline, sort: 'deadline_at', cell: ({ deadline_at }) => <Moment at={deadline_at} /> },
  { header: columns.settled, cell: ({ settled_at }) => <Moment at={settled_at} /> },
  { header: columns.reason, cell: (record) => <Answered of={record} /> },
  {
    header: columns.operation,
    cell: ({ operation_id }) =>
      operation_id !== null && <GoTo to={`/operations/${operation_id}`}>{open}</GoTo>,
  },
]
