import { Alert, Group, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ConnectionName } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { Told } from '../../parts/told.tsx'
import { inbox } from '../../words/inbox.ts'
import { common } from '../../words/index.ts'
import { type Hint, hintsOf } from './hints.ts'

const words = inbox.one
/** How often one that is not followed yet is asked after. */
const ASK_MS = 3_000

export default function Message() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/inbox/{id}',
    { params: { path: { id } } },
    { refetchInterval: (query) => (query.state.data?.state === 'verified' ? ASK_MS : false) },
  )
  const back = { to: '/inbox', label: inbox.title }
  if (error) {
    return (
      <Page title={words.missing} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const refused = data.state === 'refused'
  const { columns } = inbox
  return (
    <Page title={inbox.types[data.type] ?? data.type} back={back}>
      {refused && (
        <Alert color="red" title={words.refused} role="note">
          <Text size="sm" fw={600}>
            {data.reason}
          </Text>
          <Text size="sm">{words.refusedHelp}</Text>
        </Alert>
      )}
      <Card title={common.details}>
        <Facts
          of={[
            [columns.state, <State key="state" is={data.state} />],
            [columns.connection, <ConnectionName key="connection" id={data.connection_id} />],
            [columns.received, <Moment key="received" at={data.received_at} />],
            [
              columns.processed,
              refused ? undefined : data.processed_at === null ? (
                words.notYet
              ) : (
                <Moment key="processed" at={data.processed_at} />
              ),
            ],
            [words.id, data.message_id],
          ]}
        />
      </Card>
      {!refused && <Hints of={hintsOf(data.hints)} />}
      {!refused && (
        <Card title={words.words}>
          <Text size="sm" c="dimmed">
            {words.kept}
          </Text>
          <Told title={words.words} value={data.words} />
        </Card>
      )}
      <Card title={words.headers}>
        <Told title={words.headers} value={data.headers} />
      </Card>
    </Page>
  )
}

/** What a message pointed to, and where that is found here. */
function Hints({ of }: { of: readonly Hint[] }) {
  return (
    <Card title={words.hints}>
      {of.length === 0 ? (
        <Text>{words.none}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" maw={720}>
            {words.hintsHelp}
          </Text>
          {of.map((hint) => (
            <Stack key={JSON.stringify(hint)} gap={4}>
              <Group gap="md">
                <Text fw={600}>{hint.text}</Text>
                {hint.find !== undefined && <GoTo to={hint.find}>{words.find[hint.kind]}</GoTo>}
              </Group>
              {Object.keys(hint.said).length > 0 && <Told title={hint.text} value={hint.said} />}
            </Stack>
          ))}
        </>
      )}
    </Card>
  )
}
