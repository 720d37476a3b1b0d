import { Badge, Group, Text } from '@mantine/core'
import { api } from '../../api.ts'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { installation, organisation } from '../../words/organisation.ts'
import { useNewOrganisation } from './new-organisation.tsx'

const words = installation.organisations

export default function Organisations() {
  const { organisation_id } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/organisations', {})
  const make = useNewOrganisation()
  const { columns } = words
  return (
    <Page title={words.title} lead={words.lead} actions={make.button}>
      {make.dialog}
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Rows
          title={words.title}
          rows={data.items}
          id={({ id }) => id}
          columns={[
            {
              header: columns.name,
              cell: ({ id, name }) => (
                <Group gap="xs">
                  <Text inherit fw={600}>
                    {name}
                  </Text>
                  {id === organisation_id && (
                    <Badge variant="light" tt="none">
                      {words.here}
                    </Badge>
                  )}
                </Group>
              ),
            },
            { header: columns.kind, cell: ({ kind }) => organisation.kinds[kind] },
            { header: columns.two, cell: ({ two_person }) => words.acts(two_person.length) },
            { header: columns.made, cell: ({ created_at }) => <Moment at={created_at} /> },
            { header: columns.id, cell: ({ id }) => id },
          ]}
        />
      )}
    </Page>
  )
}
