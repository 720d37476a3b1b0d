import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { api, chooseOrganisation } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { useSession } from '../../session.tsx'
import { sandbox } from '../../words/sandbox.ts'

const words = sandbox.seats

/** The vendor's and the reseller's seat, for whoever has both. */
export function Seats() {
  const { organisation_id } = useSession()
  const { data } = api.useQuery('get', '/v1/organisations')
  const items = data?.items ?? []
  return (
    <Card title={words.title}>
      <Text size="sm" c="dimmed">
        {items.length > 1 ? words.lead : words.only}
      </Text>
      {items.length > 1 && (
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {items.map(({ id, name, kind }) => (
            <li key={id}>
              <Group justify="space-between" gap="sm">
                <Group gap="xs">
                  <Text>{name}</Text>
                  <Badge variant="light" color="gray" tt="none">
                    {words.kinds[kind]}
                  </Badge>
                </Group>
                {id === organisation_id ? (
                  <Text size="sm" c="dimmed">
                    {words.here}
                  </Text>
                ) : (
                  <Button size="sm" variant="default" onClick={() => chooseOrganisation(id)}>
                    {words.take(name)}
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </Stack>
      )}
    </Card>
  )
}
