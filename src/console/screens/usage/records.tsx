import { Empty } from '../../parts/empty.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { usage } from '../../words/usage.ts'
import { useNamedMeters } from './named-meters.ts'
import { recordColumns } from './record-columns.tsx'

const words = usage.records
const STATES = ['pending', 'sending', 'accepted', 'refused', 'expired', 'written_off', 'superseded'] as const

export default function Records() {
  const { agreements, buyers } = useNamedMeters()
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/usage', label: usage.title }}>
      <List
        path="/v1/usage/records"
        title={words.title}
        id={({ id }) => id}
        filters={[
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
          { name: 'agreement_id', label: usage.hours.agreement, kind: 'choice', options: agreements },
          { name: 'operation_id', label: words.columns.operation, kind: 'text' },
        ]}
        empty={<Empty title={words.emptyTitle} help={words.emptyHelp} />}
        columns={[
          {
            header: usage.hours.columns.buyer,
            cell: ({ agreement_id }) => buyers.get(agreement_id) ?? agreement_id,
          },
          { header: usage.hours.columns.dimension, cell: ({ dimension }) => dimension },
          ...recordColumns,
        ]}
      />
    </Page>
  )
}
