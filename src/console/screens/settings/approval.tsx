import { Alert, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { Subject } from '../../parts/subject.tsx'
import { Told } from '../../parts/told.tsx'
import { approvals } from '../../words/approvals.ts'
import { common } from '../../words/index.ts'
import { acts } from '../../words/organisation.ts'
import { Changed, Foreseen } from './approval-change.tsx'
import { Decide, usePart } from './decide.tsx'

type One = Schemas['Approval']

const words = approvals.one
const ASK_MS = 15_000

export default function ApprovalScreen() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/approvals/{id}',
    { params: { path: { id } } },
    { refetchInterval: (query) => (query.state.data?.state === 'waiting' ? ASK_MS : false) },
  )
  const back = { to: '/approvals', label: approvals.title }
  if (error) {
    return (
      <Page title={words.missing} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const waits = data.state === 'waiting'
  return (
    <Page title={acts[data.act].title} back={back} actions={waits && <Decide of={data} />}>
      {waits && <YourPart of={data} />}
      <Card title={common.details}>
        <Known of={data} />
      </Card>
      <Card title={words.asked}>
        {data.act === 'connections.change_credentials' && (
          <Text size="sm" c="dimmed" maw={720}>
            {words.askedHelp}
          </Text>
        )}
        <Told title={words.asked} value={data.request} />
      </Card>
      {waits ? <Foreseen of={data} /> : <Changed of={data} />}
    </Page>
  )
}

/** What the reader can do about it: decide, take it back, or leave it to others. */
function YourPart({ of }: { of: One }) {
  const { title, help, asks } = usePart(of)
  return (
    <Alert color={asks ? 'yellow' : 'blue'} title={title} role="note">
      {help}
    </Alert>
  )
}

function Known({ of }: { of: One }) {
  const { columns } = approvals
  const decided = of.decided_by !== null
  return (
    <Facts
      of={[
        [columns.state, <State key="state" is={of.state} />],
        [columns.subject, <Subject key="subject" id={of.subject_id} />],
        [columns.asked, <Who key="asked" id={of.asked_by} />],
        [columns.when, <Moment key="when" at={of.asked_at} />],
        [columns.until, decided ? undefined : <Moment key="until" at={of.expires_at} />],
        [columns.decided, decided ? <Who key="decided" id={of.decided_by} /> : undefined],
        [columns.decidedAt, decided ? <Moment key="at" at={of.decided_at} /> : undefined],
        [columns.note, of.note ?? undefined],
      ]}
    />
  )
}
