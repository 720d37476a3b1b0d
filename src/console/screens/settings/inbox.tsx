import { Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { ConnectionName, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { inbox as words } from '../../words/inbox.ts'
import { hintsOf } from './hints.ts'

type Message = Schemas['InboxMessage']

const STATES: readonly Message['state'][] = ['verified', 'processed', 'refused']
/** Messages arrive by themselves: the screen asks again this often. */
const REFRESH_MS = 15_000

export default function Inbox() {
  const { connections } = useConnections()
  const { columns } = words
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/inbox"
        title={words.title}
        id={({ id }) => id}
        refresh_ms={REFRESH_MS}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: columns.state, kind: 'choice', options: STATES },
          {
            name: 'connection_id',
            label: columns.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
          { name: 'from', label: words.from, kind: 'day' },
          { name: 'until', label: words.until, kind: 'day' },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/connections">{words.toConnections}</GoToButton>
          </Empty>
        }
        columns={[
          {
            header: columns.type,
            sort: 'type',
            cell: ({ id, type }) => <GoTo to={`/inbox/${id}`}>{words.types[type] ?? type}</GoTo>,
          },
          { header: columns.state, cell: ({ state }) => <State is={state} /> },
          { header: columns.about, cell: (message) => <Became of={message} /> },
          {
            header: columns.connection,
            cell: ({ connection_id }) => <ConnectionName id={connection_id} short />,
          },
          {
            header: columns.received,
            sort: 'received_at',
            cell: ({ received_at }) => <Moment at={received_at} />,
          },
          { header: columns.processed, cell: ({ processed_at }) => <Moment at={processed_at} /> },
        ]}
      />
    </Page>
  )
}

/** What was made of a message, or why nothing was. */
function Became({ of: { reason, hints } }: { of: Message }) {
  if (reason !== null) return <Text inherit>{reason}</Text>
  const texts = hintsOf(hints).map(({ kind, text }) => (kind === 'nothing' ? words.hints.nothing : text))
  return <Text inherit>{[...new Set(texts)].join(', ') || words.one.none}</Text>
}
