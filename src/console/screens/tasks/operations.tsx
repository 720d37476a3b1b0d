import { ConnectionName, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Subject } from '../../parts/subject.tsx'
import { tasks } from '../../words/tasks.ts'
import { kindChoices, OperationState, stateChoices } from './operation-state.tsx'

const words = tasks.operations

export default function Operations() {
  const { connections } = useConnections()
  const { columns } = words
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <GoToButton variant="default" to="/tasks">
          {tasks.toTasks}
        </GoToButton>
      }
    >
      <List
        path="/v1/operations"
        title={words.title}
        id={({ id }) => id}
        refresh_ms={15_000}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: columns.state, kind: 'choice', options: stateChoices },
          { name: 'kind', label: columns.kind, kind: 'choice', options: kindChoices },
          {
            name: 'connection_id',
            label: columns.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/offers">{words.toOffers}</GoToButton>
          </Empty>
        }
        columns={[
          {
            header: columns.kind,
            cell: ({ id, kind }) => <GoTo to={`/operations/${id}`}>{tasks.kinds[kind]}</GoTo>,
          },
          { header: columns.state, cell: ({ state }) => <OperationState is={state} /> },
          {
            header: columns.problem,
            cell: ({ problems: [first] }) => (first === undefined ? null : (first.plain ?? first.message)),
          },
          { header: columns.subject, cell: ({ subject_id }) => <Subject id={subject_id} short /> },
          {
            header: columns.connection,
            cell: ({ connection_id }) => <ConnectionName id={connection_id} short />,
          },
          { header: columns.attempts, right: true, cell: ({ attempts }) => attempts },
          {
            header: columns.created,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
          {
            header: columns.changed,
            sort: 'updated_at',
            cell: ({ updated_at }) => <Moment at={updated_at} />,
          },
        ]}
      />
    </Page>
  )
}
