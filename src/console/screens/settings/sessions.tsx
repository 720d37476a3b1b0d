import { Badge, Text } from '@mantine/core'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { account } from '../../words/account.ts'

const words = account.sessions

/** Where a person is signed in; every other place can be signed out from here. */
export function Sessions() {
  const { data, error, refetch } = api.useQuery('get', '/v1/sessions', {})
  const end = useWrite(
    (id: string, header) => client.POST('/v1/sessions/{id}/end', { params: { path: { id }, header } }),
    { done: words.end.done },
  )
  const { columns } = words
  return (
    <Card title={words.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <>
          <Text c="dimmed">{words.help}</Text>
          <Rows
            title={words.title}
            rows={data.items}
            id={({ id }) => id}
            columns={[
              {
                header: columns.session,
                cell: ({ current }) =>
                  current ? (
                    <Badge variant="light" color="green" tt="none">
                      {words.current}
                    </Badge>
                  ) : (
                    words.other
                  ),
              },
              { header: columns.since, cell: ({ created_at }) => <Moment at={created_at} /> },
              { header: columns.seen, cell: ({ last_seen_at }) => <Moment at={last_seen_at} /> },
              { header: columns.ends, cell: ({ ends_at }) => <Moment at={ends_at} /> },
              {
                header: columns.actions,
                cell: ({ id, current }) =>
                  current ? (
                    words.signOut
                  ) : (
                    <Confirm
                      label={words.end.label}
                      title={words.end.title}
                      help={words.end.help}
                      verb={words.end.verb}
                      danger
                      size="xs"
                      run={() => end.mutateAsync(id)}
                    />
                  ),
              },
            ]}
          />
        </>
      )}
    </Card>
  )
}
