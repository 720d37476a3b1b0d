import { Group, NativeSelect, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Who } from '../../parts/people.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { tasks } from '../../words/tasks.ts'

const words = tasks.owner

/** Who has taken a task on; whoever may complete it can give it to somebody. */
export function Owner({ of: { id, owner } }: { of: Schemas['Operation'] }) {
  const { can } = useSession()
  const members = api.useQuery('get', '/v1/members', {}, { enabled: can('members.read') })
  const roles = api.useQuery('get', '/v1/roles', {}, { staleTime: Number.POSITIVE_INFINITY })
  const write = useWrite(
    (next: string | null, header) =>
      client.POST('/v1/operations/{id}/owner', { params: { path: { id }, header }, body: { owner: next } }),
    { done: words.done },
  )
  const able = new Set(
    roles.data?.roles.filter(({ allows }) => allows.includes('operations.manage')).map(({ name }) => name),
  )
  const choices = (members.data?.items ?? []).filter((one) => one.roles.some((role) => able.has(role)))
  if (choices.length === 0) {
    return (
      <Text>
        {words.label}: <Who id={owner} />
      </Text>
    )
  }
  return (
    <>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={words.label}
          description={words.help}
          value={owner ?? ''}
          disabled={write.isPending}
          data={[
            { value: '', label: words.nobody },
            ...choices.map((one) => ({ value: one.id, label: one.name ?? one.id })),
          ]}
          onChange={(event) =>
            write.mutate(event.currentTarget.value === '' ? null : event.currentTarget.value)
          }
        />
      </Group>
      <ProblemAlert error={write.error} />
    </>
  )
}
