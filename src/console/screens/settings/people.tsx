import { Badge, Group, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Downloads } from '../../parts/download.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { installation } from '../../words/organisation.ts'

type Person = Schemas['Person']

const words = installation.people

export default function People() {
  const { actor } = useSession()
  const { columns } = words
  const nameOf = ({ id, name }: Person) => (id === actor.id && name !== null ? common.people.you(name) : name)
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/people"
        where={{ sort: '-created_at' }}
        title={words.title}
        id={({ id }) => id}
        filters={[
          { name: 'email', label: words.filters.email, kind: 'text' },
          {
            name: 'standing',
            label: words.filters.standing,
            kind: 'choice',
            options: [
              { value: 'here', label: words.filters.here },
              { value: 'erased', label: words.filters.erased },
            ],
          },
        ]}
        empty={<Empty title={words.emptyTitle} help={words.emptyHelp} />}
        columns={[
          {
            header: columns.name,
            cell: (row) =>
              row.name === null ? (
                <Text component="span" inherit c="dimmed" title={row.id}>
                  {words.gone}
                </Text>
              ) : (
                <Text inherit fw={600} title={row.id}>
                  {nameOf(row)}
                </Text>
              ),
          },
          { header: columns.email, cell: ({ email }) => email ?? common.none },
          {
            header: columns.operator,
            cell: ({ operator }) =>
              operator ? (
                <Badge variant="light" tt="none">
                  {common.yes}
                </Badge>
              ) : (
                common.none
              ),
          },
          {
            header: columns.since,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
          { header: columns.erased, cell: ({ erased_at }) => <Moment at={erased_at} /> },
          { header: columns.actions, cell: (row) => <Acts of={row} own={row.id === actor.id} /> },
        ]}
      />
    </Page>
  )
}

function Acts({ of: { id, name, email, erased_at }, own }: { of: Person; own: boolean }) {
  const write = useWrite(
    (_: null, header) => client.POST('/v1/people/{id}/erase', { params: { path: { id }, header } }),
    { done: words.erase.done },
  )
  if (erased_at !== null || name === null || email === null) return <span>{common.none}</span>
  if (own) return <GoTo to="/account">{words.own}</GoTo>
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Downloads
        of={[{ label: words.export, path: `/v1/people/${id}/personal-data`, file: words.file(id) }]}
      />
      <Confirm
        label={words.erase.label}
        title={words.erase.title(name)}
        help={words.erase.help}
        verb={words.erase.verb}
        typed={{ label: words.erase.typed(email), text: email }}
        danger
        size="xs"
        run={() => write.mutateAsync(null)}
      />
    </Group>
  )
}
