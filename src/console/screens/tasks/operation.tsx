import { List, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudProblems } from '../../parts/cloud-problems.tsx'
import { ConnectionName } from '../../parts/connections.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Subject } from '../../parts/subject.tsx'
import { Told } from '../../parts/told.tsx'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { tasks } from '../../words/tasks.ts'
import { Attempts } from './attempts.tsx'
import { Complete } from './complete.tsx'
import { OperationState } from './operation-state.tsx'
import { Owner } from './owner.tsx'

const words = tasks.one
/** How often a change that has not ended is asked after. */
const ASK_MS = 3_000

export default function OperationScreen() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/operations/{id}',
    { params: { path: { id } } },
    { refetchInterval: (query) => (moves(query.state.data?.state) ? ASK_MS : false) },
  )
  const back = { to: '/operations', label: tasks.operations.title }
  if (error) {
    return (
      <Page title={words.missing} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const waits = data.state === 'waiting_for_person'
  return (
    <Page title={data.human_task?.title ?? tasks.kinds[data.kind]} back={back}>
      <CloudProblems of={data.problems} todo={data.state === 'failed' ? words.failed : undefined}>
        {data.state === 'failed' && <Subject id={data.subject_id} />}
      </CloudProblems>
      {waits && <Todo of={data} />}
      {waits && can('operations.manage') && <Complete of={data} />}
      <Card title={common.details}>
        <Known of={data} />
      </Card>
      {data.target !== null && Object.keys(data.target).length > 0 && (
        <Card title={words.target}>
          <Told title={words.target} value={data.target} />
        </Card>
      )}
      <Attempts of={data.history} />
      <Card title={words.request}>
        <Told title={words.request} value={data.request} />
      </Card>
    </Page>
  )
}

/** Whether it changes by itself: what waits for a person does not. */
function moves(state: Schemas['Operation']['state'] | undefined): boolean {
  return state === 'written' || state === 'sending' || state === 'unknown' || state === 'accepted'
}

function Todo({ of }: { of: Schemas['Operation'] }) {
  const { can } = useSession()
  const { human_task: task } = of
  return (
    <Card title={words.todo}>
      <Stack gap="sm">
        {task === null ? (
          <Text>{words.noSteps}</Text>
        ) : (
          <>
            <List type="ordered" spacing="xs">
              {task.steps.map((step) => (
                <List.Item key={step}>{step}</List.Item>
              ))}
            </List>
            <Facts cols={1} of={[[words.evidence, task.evidence]]} />
          </>
        )}
        {can('operations.manage') ? <Owner of={of} /> : <Text c="dimmed">{tasks.complete.notAllowed}</Text>}
      </Stack>
    </Card>
  )
}

function Known({ of }: { of: Schemas['Operation'] }) {
  const reports = of.kind === 'metering.report'
  return (
    <Facts
      of={[
        [tasks.columns.kind, tasks.kinds[of.kind]],
        [tasks.operations.columns.state, <OperationState key="state" is={of.state} />],
        [words.subject, <Subject key="subject" id={of.subject_id} />],
        [words.connection, <ConnectionName key="connection" id={of.connection_id} />],
        [words.reference, of.reference ?? undefined],
        [words.key, of.key],
        [tasks.columns.owner, of.owner === null ? undefined : <Who key="owner" id={of.owner} />],
        [words.asked, <Moment key="asked" at={of.created_at} />],
        [words.changed, <Moment key="changed" at={of.updated_at} />],
        [words.finished, <Moment key="finished" at={of.finished_at} />],
        [
          words.records,
          reports ? (
            <GoTo key="records" to={`/usage/records?operation_id=${of.id}`}>
              {common.open}
            </GoTo>
          ) : undefined,
        ],
      ]}
    />
  )
}
