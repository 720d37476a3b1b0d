import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { ConnectionName, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { statements as words } from '../../words/settlement.ts'
import { Bring } from './bring.tsx'

type Statement = Schemas['Statement']

const STATES = ['received', 'importing', 'imported', 'refused', 'ignored'] as const
const BANK = 'bank:'
/** How often files on their way are asked after. */
const ASK_MS = 2_000

export default function Statements() {
  const { can } = useSession()
  const [opened, { open, close }] = useDisclosure(false)
  const { connections } = useConnections()
  const manages = can('settlement.manage')
  const bring = (
    <Button onClick={open} key="bring">
      {words.bring.button}
    </Button>
  )
  return (
    <Page title={words.title} lead={words.lead} actions={manages ? bring : undefined}>
      <List
        path="/v1/statements"
        title={words.title}
        where={{ sort: '-received_at' }}
        id={({ id }) => id}
        refresh_ms={ASK_MS}
        moves={moves}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
          {
            name: 'brought',
            label: words.brought,
            kind: 'choice',
            options: [
              { value: 'new', label: words.broughtNew },
              { value: 'nothing', label: words.broughtNothing },
            ],
          },
          {
            name: 'connection_id',
            label: words.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {manages && bring}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => (
              <Text size="sm" component="div" miw={200} style={{ overflowWrap: 'anywhere' }}>
                <GoTo to={`/statements/${id}`}>{name}</GoTo>
              </Text>
            ),
          },
          { header: words.columns.from, cell: (statement) => <Source of={statement} /> },
          { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
          {
            header: words.columns.lines,
            sort: 'lines_new',
            right: true,
            cell: ({ lines_new, lines_read }) => (
              <span style={{ whiteSpace: 'nowrap' }}>
                {lines_new.toLocaleString('en')}{' '}
                <Text span size="sm" c="dimmed">
                  {words.ofLines(lines_read)}
                </Text>
              </span>
            ),
          },
          {
            header: words.columns.received,
            sort: 'received_at',
            cell: ({ received_at }) => <Moment at={received_at} />,
          },
          ...(manages
            ? [
                {
                  header: words.columns.actions,
                  cell: ({ id, state }: Statement) => (canRetry(state) ? <Retry id={id} /> : null),
                },
              ]
            : []),
        ]}
      />
      <Bring opened={opened} close={close} />
    </Page>
  )
}

/** A file that is being read or written. */
export const moves = ({ state }: Pick<Statement, 'state'>) => state === 'received' || state === 'importing'

export const canRetry = (state: Statement['state']) => state === 'refused' || state === 'ignored'

/** Whose file it is: a connection's, or a bank account's. */
export function Source({ of: { connection_id, source } }: { of: Statement }) {
  if (connection_id !== null) return <ConnectionName id={connection_id} />
  return <span>{source.startsWith(BANK) ? words.bank(source.slice(BANK.length)) : source}</span>
}

/** Has a file read again that was refused, or that nobody could read. */
export function Retry({ id }: { id: string }) {
  const retry = useWrite(
    (statement: string, headers) =>
      client.POST('/v1/statements/{id}/retry', {
        params: { path: { id: statement }, header: headers },
      }),
    { done: words.one.retried },
  )
  return (
    <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate(id)}>
      {words.one.retry}
    </Button>
  )
}
