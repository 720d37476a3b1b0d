import { ConnectionName } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { Subject } from '../../parts/subject.tsx'
import { useSession } from '../../session.tsx'
import { tasks as words } from '../../words/tasks.ts'

export default function Tasks() {
  const { actor } = useSession()
  const { columns } = words
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <GoToButton variant="default" to="/operations">
          {words.toAll}
        </GoToButton>
      }
    >
      <List
        path="/v1/operations"
        title={words.title}
        id={({ id }) => id}
        where={{ state: 'waiting_for_person', sort: 'created_at' }}
        refresh_ms={15_000}
        filters={[
          {
            name: 'owner',
            label: words.ownerFilter,
            kind: 'choice',
            options: [{ value: actor.id, label: words.mine }],
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/operations">
              {words.toAll}
            </GoToButton>
          </Empty>
        }
        columns={[
          {
            header: columns.task,
            cell: ({ id, human_task }) => (
              <GoTo to={`/operations/${id}`}>{human_task?.title ?? words.findOut}</GoTo>
            ),
          },
          { header: columns.kind, cell: ({ kind }) => words.kinds[kind] },
          { header: columns.subject, cell: ({ subject_id }) => <Subject id={subject_id} short /> },
          { header: columns.connection, cell: ({ connection_id }) => <ConnectionName id={connection_id} /> },
          { header: columns.owner, cell: ({ owner }) => <Who id={owner} /> },
          { header: columns.since, sort: 'updated_at', cell: ({ updated_at }) => <Moment at={updated_at} /> },
        ]}
      />
    </Page>
  )
}
