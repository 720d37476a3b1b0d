import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { GoTo } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { sandbox } from '../../words/sandbox.ts'
import type { Panel } from './use-panel.ts'

const words = sandbox.sellers

/** The organisation's own seller accounts: made and connected with one click, and their bank. */
export function Sellers({ of: { connectable, clock } }: { of: Panel }) {
  const { can } = useSession()
  const { data } = api.useQuery('get', '/v1/connections')
  const connections = data?.items ?? []
  const missing = connectable.filter((cloud) => !connections.some((one) => one.cloud === cloud))
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      {data !== undefined && connections.length === 0 && <Text>{words.none}</Text>}
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {connections.map((connection) => (
          <Connected key={connection.id} of={connection} now={clock.now} />
        ))}
      </Stack>
      {can('connections.manage') && missing.length > 0 && (
        <Group gap="xs">
          {missing.map((cloud) => (
            <Connect key={cloud} cloud={cloud} />
          ))}
        </Group>
      )}
      {connections.length > 0 && (
        <Text size="sm" c="dimmed">
          {words.bankHelp}
        </Text>
      )}
    </Card>
  )
}

function Connect({ cloud }: { cloud: Panel['connectable'][number] }) {
  const connect = useWrite(
    (_: null, header) => client.POST('/v1/sandbox/connect', { params: { header }, body: { cloud } }),
    { done: ({ name }) => words.connected(name) },
  )
  return (
    <div>
      <Button size="sm" loading={connect.isPending} onClick={() => connect.mutate(null)}>
        {words.connect(common.clouds[cloud])}
      </Button>
      <ProblemAlert error={connect.error} />
    </div>
  )
}

type Connection = Schemas['Connection']

function Connected({ of: connection, now }: { of: Connection; now: string }) {
  const { can } = useSession()
  const { id, name, account_id, cloud } = connection
  const bring = useWrite(
    async (_: null, header) => {
      const query = { connection_id: id }
      const read = await client.GET('/v1/sandbox/bank-statement', { params: { query }, parseAs: 'text' })
      const text = read.data
      // Nothing but the line of its columns: there is nothing to bring.
      if (text === undefined || text.trim().split('\n').length < 2) {
        return { data: null, response: read.response, error: read.error }
      }
      return client.POST('/v1/statements', {
        params: {
          header,
          query: { name: `bank-${account_id}-${now.slice(0, 10)}.csv`, source: 'bank', bank_account: cloud },
        },
        // The route takes the file itself; its description calls it text.
        body: text,
        bodySerializer: () => text,
        headers: { 'content-type': 'text/csv' },
      })
    },
    {
      onDone: (statement) =>
        notifications.show({
          message: statement === null ? words.nothingBooked : words.brought(statement.name),
          color: statement === null ? 'yellow' : 'green',
          closeButtonProps: { 'aria-label': common.close },
        }),
    },
  )
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <GoTo to={`/connections/${id}`}>{name}</GoTo>
          <Text size="sm" c="dimmed">
            {common.clouds[cloud]}, {account_id}
          </Text>
        </div>
        {can('settlement.manage') && (
          <Button
            size="sm"
            variant="default"
            loading={bring.isPending}
            aria-label={`${words.bank}: ${name}`}
            onClick={() => bring.mutate(null)}
          >
            {words.bank}
          </Button>
        )}
      </Group>
      <ProblemAlert error={bring.error} />
    </li>
  )
}
