import { Alert, List, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Schemas } from '../../client/index.ts'
import { api } from '../api.ts'
import { useSession } from '../session.tsx'
import { common } from '../words/index.ts'
import { ProblemList } from './cloud-problems.tsx'
import { LetHourPass } from './let-hour-pass.tsx'
import { GoTo } from './link.tsx'

type Operation = Schemas['Operation']

/** How often a change that is under way at a cloud is asked after. */
const ASK_MS = 3_000

const isOpen = ({ state }: Operation) => state !== 'succeeded' && state !== 'failed'

/**
 * What of a thing is under way at its cloud, and what waits for a person. It asks again until all has ended, then
 * everything on the screen is read anew. Nothing where nothing moves. `clock`: whether the sandbox's clock is offered here.
 */
export function Underway({ subject_id, clock = true }: { subject_id: string; clock?: boolean }) {
  const { can } = useSession()
  const queries = useQueryClient()
  const { data } = api.useQuery(
    'get',
    '/v1/operations',
    { params: { query: { subject_id, limit: 20 } } },
    {
      enabled: can('operations.read'),
      refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? ASK_MS : false),
    },
  )
  const open = data?.items.filter(isOpen) ?? []
  const moving = open.map(({ id, state }) => `${id} ${state}`).join()
  const before = useRef(moving)
  useEffect(() => {
    if (before.current === moving) return
    const ended = before.current !== ''
    before.current = moving
    if (ended) void queries.invalidateQueries()
  }, [moving, queries])
  return (
    <Stack gap="sm" role="status" style={open.length === 0 ? { display: 'none' } : undefined}>
      {open.map((operation) => (
        <One key={operation.id} operation={operation} />
      ))}
      {clock && open.some(({ state }) => state !== 'waiting_for_person') && <LetHourPass quiet />}
    </Stack>
  )
}

function One({ operation: { id, kind, state, problems, human_task: task } }: { operation: Operation }) {
  const words = common.underway
  const what = words.kinds[kind] ?? kind
  if (state !== 'waiting_for_person') {
    const awaited = state === 'accepted' ? words.awaited[kind] : undefined
    return (
      <Alert role="note" color="blue" title={words.title(what)}>
        <Stack gap={4}>
          <Text size="sm">{awaited ?? words.states[state] ?? state}</Text>
          {problems.length > 0 && <ProblemList of={problems} />}
        </Stack>
      </Alert>
    )
  }
  return (
    <Alert role="note" color="yellow" title={words.person(what)}>
      <Stack gap="xs">
        <Text size="sm">{task?.title ?? words.look}</Text>
        {task !== null && (
          <List size="sm" type="ordered">
            {task.steps.map((step) => (
              <List.Item key={step}>{step}</List.Item>
            ))}
          </List>
        )}
        <Text size="sm">
          <GoTo to={`/operations/${id}`}>{words.complete}</GoTo>
        </Text>
      </Stack>
    </Alert>
  )
}
