import { Downloads } from '../../parts/download.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { useNames, Who } from '../../parts/people.tsx'
import { Subject } from '../../parts/subject.tsx'
import { audit as words } from '../../words/audit.ts'
import { actText } from './act-text.ts'
import { AuditCheck } from './audit-check.tsx'

const AREAS = Object.entries(words.areas).map(([value, label]) => ({ value, label }))
const EXPORT = { label: words.export, path: '/v1/audit/export', file: 'audit.jsonl' }

export default function Audit() {
  const names = useNames()
  const { columns, filters } = words
  return (
    <Page title={words.title} lead={words.lead} actions={<Downloads of={[EXPORT]} />}>
      <AuditCheck />
      <List
        path="/v1/audit"
        title={words.title}
        id={({ sequence }) => sequence}
        filters={[
          {
            name: 'actor_id',
            label: columns.who,
            kind: 'choice',
            options: [...names].map(([value, label]) => ({ value, label })),
          },
          { name: 'act', label: columns.act, kind: 'choice', options: AREAS },
          { name: 'subject_id', label: filters.subject, kind: 'text' },
          { name: 'from', label: filters.from, kind: 'day' },
          { name: 'until', label: filters.until, kind: 'day' },
        ]}
        empty={<Empty title={words.emptyTitle} help={words.emptyHelp} />}
        columns={[
          {
            header: columns.act,
            cell: (record) => <GoTo to={`/audit/${record.sequence}`}>{actText(record)}</GoTo>,
          },
          { header: columns.subject, cell: ({ subject_id }) => <Subject id={subject_id} short /> },
          { header: columns.who, cell: ({ actor }) => <Who id={actor.id} /> },
          { header: columns.at, sort: 'at', cell: ({ at }) => <Moment at={at} /> },
          { header: columns.number, right: true, cell: ({ sequence }) => sequence },
        ]}
      />
    </Page>
  )
}
