import { Alert, Code, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isApproval } from '../../parts/second-person.tsx'
import { Subject } from '../../parts/subject.tsx'
import { Diff, Told } from '../../parts/told.tsx'
import { audit } from '../../words/audit.ts'
import { common } from '../../words/index.ts'
import { actText } from './act-text.ts'

type One = Schemas['AuditRecord']

const words = audit.one

export default function AuditRecord() {
  const { sequence = '' } = useParams<{ sequence: string }>()
  const { data, error, refetch } = api.useQuery('get', '/v1/audit/records/{sequence}', {
    params: { path: { sequence } },
  })
  const back = { to: '/audit', label: audit.title }
  if (error) {
    return (
      <Page title={words.missing} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page
      title={actText(data)}
      lead={words.title(data.sequence)}
      back={back}
      actions={<Beside sequence={BigInt(data.sequence)} />}
    >
      <Card
        title={common.details}
        actions={
          data.subject_id !== '' && (
            <GoTo to={`/audit?subject_id=${encodeURIComponent(data.subject_id)}`}>{words.all}</GoTo>
          )
        }
      >
        <Known of={data} />
      </Card>
      <Change of={data} />
      <Card title={words.digests}>
        <Facts
          cols={1}
          of={[
            [words.previous, <Code key="previous">{data.previous_digest}</Code>],
            [words.body, <Code key="body">{data.body_digest}</Code>],
            [words.digest, <Code key="digest">{data.digest}</Code>],
          ]}
        />
      </Card>
    </Page>
  )
}

/** The records before and after, where there are some. */
function Beside({ sequence }: { sequence: bigint }) {
  const { data } = api.useQuery('get', '/v1/audit', { params: { query: { limit: 1 } } })
  const [last] = data?.items ?? []
  return (
    <>
      {sequence > 1n && (
        <GoToButton variant="default" size="xs" to={`/audit/${sequence - 1n}`}>
          {words.before}
        </GoToButton>
      )}
      {last !== undefined && sequence < BigInt(last.sequence) && (
        <GoToButton variant="default" size="xs" to={`/audit/${sequence + 1n}`}>
          {words.next}
        </GoToButton>
      )}
    </>
  )
}

function Known({ of: { at, actor, act, subject_id, request_id, after } }: { of: One }) {
  const { columns } = audit
  const agreed = agreedOf(after)
  return (
    <Facts
      of={[
        [columns.at, <Moment key="at" at={at} />],
        [columns.who, <Who key="who" id={actor.id} />],
        [words.kind, audit.kinds[actor.kind]],
        [columns.subject, <Subject key="subject" id={subject_id} />],
        [words.route, <Code key="act">{act}</Code>],
        [words.request, <Code key="request">{request_id}</Code>],
        [words.askedBy, agreed && <Who key="asked" id={agreed.asked_by} />],
        [
          common.nouns.appr ?? words.toApproval,
          agreed && (
            <GoTo key="approval" to={`/approvals/${agreed.approval_id}`}>
              {words.toApproval}
            </GoTo>
          ),
        ],
      ]}
    />
  )
}

/** What stood before and after; where one of them is nothing, the other alone. */
function Change({ of: { before, after, forgotten } }: { of: One }) {
  if (forgotten) {
    return (
      <Alert color="gray" title={words.forgotten} role="note">
        {words.forgottenHelp}
      </Alert>
    )
  }
  if (isApproval(after) && isNothing(before)) {
    return (
      <Card title={words.made} actions={<GoTo to={`/approvals/${after.id}`}>{words.toApproval}</GoTo>}>
        <Text size="sm" c="dimmed">
          {words.askedHelp}
        </Text>
        <Told title={words.made} value={after.request} />
      </Card>
    )
  }
  const is = agreedOf(after)?.result ?? after
  if (isNothing(before) && isNothing(is)) {
    return (
      <Card title={words.change}>
        <Text c="dimmed">{words.nothing}</Text>
      </Card>
    )
  }
  if (isNothing(before)) {
    return (
      <Card title={words.made}>
        <Told title={words.made} value={is} />
      </Card>
    )
  }
  return (
    <Card title={words.change}>
      <Diff title={words.change} before={before} after={is} />
    </Card>
  )
}

const isNothing = (value: unknown) => value === null || value === undefined

/** What a second person agreed to is recorded with who asked for it and what it answered. */
function agreedOf(after: unknown): { approval_id: string; asked_by: string; result: unknown } | undefined {
  if (typeof after !== 'object' || after === null) return undefined
  if (!('approval_id' in after && 'asked_by' in after && 'result' in after)) return undefined
  return { approval_id: String(after.approval_id), asked_by: String(after.asked_by), result: after.result }
}
