import { Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Diff, Told } from '../../parts/told.tsx'
import { useSession } from '../../session.tsx'
import { approvals } from '../../words/approvals.ts'

type One = Schemas['Approval']

const words = approvals.one

/** What stands now beside what the act would answer. */
export function Foreseen({ of }: { of: One }) {
  const { now, loaded } = useStanding(of)
  return (
    <Card title={words.foreseen}>
      <Text size="sm" c="dimmed" maw={720}>
        {words.foreseenHelp}
      </Text>
      {loaded ? <Diff title={words.foreseen} before={now} after={of.foreseen} /> : <Loading />}
    </Card>
  )
}

/** The thing an act is about, as it stands; undefined where nothing stands there yet or it may not be seen. */
function useStanding({ act, subject_id }: One): { now: unknown; loaded: boolean } {
  const { can } = useSession()
  const wants = {
    connection: act === 'connections.change_credentials' && can('connections.read'),
    organisation: act === 'organisation.ask_fewer',
    period: act === 'ledger.reopen' && can('ledger.read'),
  }
  const connection = api.useQuery(
    'get',
    '/v1/connections/{id}',
    { params: { path: { id: subject_id } } },
    { enabled: wants.connection },
  )
  const organisations = api.useQuery('get', '/v1/organisations', {}, { enabled: wants.organisation })
  const periods = api.useQuery('get', '/v1/ledger/periods', {}, { enabled: wants.period })
  const asked = wants.connection
    ? connection
    : wants.organisation
      ? organisations
      : wants.period
        ? periods
        : undefined
  return {
    now:
      connection.data ??
      organisations.data?.items.find(({ id }) => id === subject_id) ??
      periods.data?.items.find(({ month }) => month === subject_id),
    loaded: asked === undefined || asked.data !== undefined || asked.error !== null,
  }
}

/** What became of an act that waits no more: the audit record holds what stood before it. */
export function Changed({ of }: { of: One }) {
  const { can } = useSession()
  const done = of.state === 'approved'
  const audited = done && can('audit.read')
  const { data } = api.useQuery(
    'get',
    '/v1/audit',
    { params: { query: { act: of.act, subject_id: of.subject_id } } },
    { enabled: audited },
  )
  const record = data?.items.find(({ after }) => approvalOf(after) === of.id)
  if (!done) {
    return (
      <Card title={words.changed}>
        <Text>{words.nothing}</Text>
      </Card>
    )
  }
  if (record === undefined) {
    return (
      <Card title={words.result}>
        <Told title={words.result} value={of.result} />
      </Card>
    )
  }
  return (
    <Card title={words.changed} actions={<GoTo to={`/audit/${record.sequence}`}>{words.inAudit}</GoTo>}>
      <Diff title={words.changed} before={record.before} after={of.result} />
    </Card>
  )
}

/** Which approval a record was made by; undefined where it was made by none. */
function approvalOf(after: unknown): unknown {
  return typeof after === 'object' && after !== null && 'approval_id' in after ? after.approval_id : undefined
}
