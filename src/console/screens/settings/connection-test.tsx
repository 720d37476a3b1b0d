import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { connections } from '../../words/connections.ts'
import { Result as Standing } from './connections.tsx'
import { neededFor, useGuide } from './guide.tsx'

const words = connections.one.test

/** Each permission of a connection: whether it works, what the cloud said, and what to do where it does not. */
export function ConnectionTest({ of }: { of: Schemas['Connection'] }) {
  const { can } = useSession()
  const { id, tested_at, test_result } = of
  const write = useWrite((_: null, header) =>
    client.POST('/v1/connections/{id}/test', { params: { path: { id }, header } }),
  )
  const { data: guide } = useGuide(of.cloud, { connection_id: id })
  const permissions = guide?.permissions ?? []
  const untested = permissions.filter((one) => one.untested !== null)
  const result = tested_at === null ? [] : (test_result ?? [])
  const works = result.filter(({ ok }) => ok)
  const failed = works.length < result.length
  return (
    <Card
      title={words.title}
      actions={
        can('connections.manage') && (
          <Button size="xs" loading={write.isPending} onClick={() => write.mutate(null)}>
            {words.run}
          </Button>
        )
      }
    >
      <ProblemAlert error={write.error} />
      <Group gap="sm" role="status">
        <Standing of={of} />
        {write.isPending ? (
          <Text>{words.running}</Text>
        ) : tested_at === null ? (
          <Text c="dimmed">{words.never}</Text>
        ) : (
          <Text c="dimmed">
            {words.at} <Moment at={tested_at} />
          </Text>
        )}
      </Group>
      <Tested of={result.filter(({ ok }) => !ok)} permissions={permissions} />
      {failed && <Text c="dimmed">{words.retest}</Text>}
      {works.length > 0 && (
        <details open={write.isSuccess}>
          <summary>{words.working(works.length)}</summary>
          <Tested of={works} permissions={permissions} />
        </details>
      )}
      {untested.length > 0 && (
        <details>
          <summary>{words.untestedTitle}</summary>
          <Rows
            title={words.untestedTitle}
            rows={untested}
            id={({ permission }) => permission}
            columns={[
              { header: words.permission, cell: ({ permission }) => <code>{permission}</code> },
              { header: words.needs, cell: neededFor },
              { header: words.why, cell: (one) => one.untested },
            ]}
          />
        </details>
      )}
    </Card>
  )
}

type Result = NonNullable<Schemas['Connection']['test_result']>[number]
type Permission = Schemas['CloudGuide']['permissions'][number]

function Tested({ of, permissions }: { of: readonly Result[]; permissions: readonly Permission[] }) {
  if (of.length === 0) return null
  return (
    <Stack component="ol" aria-label={words.title} gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
      {of.map((one) => (
        <One
          key={one.permission}
          of={one}
          known={permissions.find(({ permission }) => permission === one.permission)}
        />
      ))}
    </Stack>
  )
}

/** One permission: whether it works, what it is needed for, what the cloud said, and what to do. */
function One({ of: { permission, ok, detail, fix }, known }: { of: Result; known: Permission | undefined }) {
  return (
    <li>
      <Group gap="xs" align="center">
        <Badge variant="light" color={ok ? 'green' : 'red'} tt="none" style={{ minWidth: 'max-content' }}>
          {ok ? words.yes : words.no}
        </Badge>
        <code style={{ overflowWrap: 'anywhere' }}>{permission}</code>
      </Group>
      {known !== undefined && (
        <Text size="sm">
          {words.needs}: {neededFor(known)}
        </Text>
      )}
      <Text size="sm" {...(ok ? { c: 'dimmed' } : {})} style={{ overflowWrap: 'anywhere' }}>
        {detail}
      </Text>
      {fix !== undefined && (
        <Text size="sm" fw={600}>
          {words.fix}: {fix}.
        </Text>
      )}
    </li>
  )
}
