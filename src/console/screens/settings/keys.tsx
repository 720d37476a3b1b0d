import { Badge, Button, Code, List, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { keys as words } from '../../words/keys.ts'
import { NewKey } from './new-key.tsx'

type Key = Schemas['ApiKey']

export default function Keys() {
  const { can } = useSession()
  const [making, setMaking] = useState(false)
  const { data, error, refetch } = api.useQuery('get', '/v1/api-keys', {})
  const make = can('keys.manage') && !making && <Button onClick={() => setMaking(true)}>{words.make}</Button>
  const some = data !== undefined && data.items.length > 0
  return (
    <Page title={words.title} lead={words.lead} actions={some && make}>
      {making && <NewKey close={() => setMaking(false)} />}
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : some ? (
        <All of={data.items} />
      ) : (
        !making && (
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {make}
          </Empty>
        )
      )}
    </Page>
  )
}

/** Keys that are good come first, the newest of them above. */
function All({ of }: { of: readonly Key[] }) {
  const { can } = useSession()
  const { columns } = words
  const newest = of.toSorted((one, other) => other.created_at.localeCompare(one.created_at))
  const rows = [...newest.filter(isGood), ...newest.filter((one) => !isGood(one))]
  return (
    <>
      <Rows
        title={words.title}
        rows={rows}
        id={({ id }) => id}
        columns={[
          { header: columns.name, cell: ({ name }) => <Text inherit>{name}</Text> },
          { header: columns.state, cell: (key) => <KeyState of={key} /> },
          { header: columns.key, cell: (key) => <Shape of={key} /> },
          { header: columns.scopes, cell: ({ scopes }) => <Scopes of={scopes} /> },
          { header: columns.by, cell: ({ created_by }) => <Who id={created_by} /> },
          {
            header: columns.used,
            cell: ({ last_used_at }) =>
              last_used_at === null ? (
                <Text inherit c="dimmed">
                  {words.never}
                </Text>
              ) : (
                <Moment at={last_used_at} />
              ),
          },
          { header: columns.until, cell: ({ expires_at }) => <Moment at={expires_at} /> },
          ...(can('keys.manage') && rows.some(isGood)
            ? [{ header: columns.actions, cell: (key: Key) => isGood(key) && <Revoke of={key} /> }]
            : []),
        ]}
      />
      <Text size="sm" c="dimmed">
        {words.shape}
      </Text>
    </>
  )
}

/** Keys end by the clock on the wall, also where the sandbox's own has been moved. */
const isOver = ({ expires_at }: Key) => Date.parse(expires_at) <= Date.now()
const isGood = (key: Key) => key.revoked_at === null && !isOver(key)

function KeyState({ of }: { of: Key }) {
  const [color, text] =
    of.revoked_at !== null
      ? ['gray', words.states.revoked]
      : isOver(of)
        ? ['yellow', words.states.expired]
        : ['green', words.states.good]
  return (
    <Badge variant="light" color={color} tt="none" style={{ minWidth: 'max-content' }}>
      {text}
    </Badge>
  )
}

function Shape({ of: { prefix, last_four } }: { of: Key }) {
  return <Code style={{ whiteSpace: 'nowrap' }}>{`${prefix}…${last_four}`}</Code>
}

function Scopes({ of }: { of: Key['scopes'] }) {
  const [only] = of
  if (of.length === 1 && only !== undefined) return <Code>{only}</Code>
  return (
    <details>
      <summary>{words.scopes(of.length)}</summary>
      <List size="sm" listStyleType="none">
        {of.map((scope) => (
          <List.Item key={scope}>
            <Code>{scope}</Code>
          </List.Item>
        ))}
      </List>
    </details>
  )
}

function Revoke({ of: { id, name } }: { of: Key }) {
  const write = useWrite(
    (_: null, header) => client.POST('/v1/api-keys/{id}/revoke', { params: { path: { id }, header } }),
    { done: words.revoke.done },
  )
  return (
    <Confirm
      size="compact-sm"
      label={words.revoke.label}
      title={words.revoke.title(name)}
      help={words.revoke.help}
      verb={words.revoke.verb}
      danger
      run={() => write.mutateAsync(null)}
    />
  )
}
