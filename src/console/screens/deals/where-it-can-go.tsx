import { Badge, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { type Connection, connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { deals as words } from '../../words/deals.ts'
import { Findings } from './check-panel.tsx'
import { monthsAfter } from './instalments.ts'

/** A saved deal held against each cloud, with what can be done there. */
export function WhereItCanGo({ deal }: { deal: Schemas['Deal'] }) {
  const { now } = useSession()
  const [expires_on, setExpires] = useState(() => monthsAfter(now.slice(0, 10), 1))
  const { connections, loaded, error } = useConnections()
  return (
    <Card title={words.where.title}>
      <Text size="sm" c="dimmed">
        {words.where.help}
      </Text>
      <ProblemAlert error={error} />
      {!loaded ? (
        <Loading />
      ) : connections.length === 0 ? (
        <Empty title={words.check.noConnections} help={words.check.noConnectionsHelp}>
          <GoToButton to="/connections">{words.check.connect}</GoToButton>
        </Empty>
      ) : (
        <>
          <TextInput
            type="date"
            label={words.check.expires}
            maw={220}
            value={expires_on}
            onChange={(event) => setExpires(event.currentTarget.value)}
          />
          <Stack gap="sm">
            {connections.map((connection) => (
              <OnCloud key={connection.id} {...{ deal, connection, expires_on }} />
            ))}
          </Stack>
        </>
      )}
    </Card>
  )
}

type OnCloudProps = { deal: Schemas['Deal']; connection: Connection; expires_on: string }

function OnCloud({ deal: { id }, connection, expires_on }: OnCloudProps) {
  const { can } = useSession()
  const query = { connection_id: connection.id, expires_on }
  const { data, error } = api.useQuery(
    'get',
    '/v1/deals/{id}/check',
    { params: { path: { id }, query } },
    { enabled: expires_on !== '', placeholderData: (before) => before },
  )
  const findings = data?.findings ?? []
  const to = `connection=${connection.id}&until=${expires_on}`
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{connectionText(connection)}</Text>
          {data !== undefined && (
            <Badge variant="light" tt="none" color={findings.length === 0 ? 'green' : 'yellow'}>
              {findings.length === 0 ? words.where.fine : words.check.found(findings.length)}
            </Badge>
          )}
        </Group>
        {can('offers.manage') && (
          <Group gap="xs">
            <GoToButton size="xs" variant="default" to={`/deals/${id}/open?${to}`}>
              {words.where.open}
            </GoToButton>
            {data !== undefined && findings.length === 0 && (
              <GoToButton size="xs" to={`/deals/${id}/offer?${to}`}>
                {words.where.offer}
              </GoToButton>
            )}
          </Group>
        )}
      </Group>
      <ProblemAlert error={error} />
      <Findings of={findings} />
    </Paper>
  )
}
