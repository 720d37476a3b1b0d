import { Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount, grouped } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment, momentText } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { common } from '../../words/index.ts'
import { usage } from '../../words/usage.ts'
import { ByTags } from './by-tags.tsx'
import { buyerText } from './meter.ts'
import { recordColumns } from './record-columns.tsx'

const words = usage.hour
const HOUR_MS = 60 * 60 * 1000

/** The part of an address as it was before it was put there; wouter hands it on as it stands in the address. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export default function Hour() {
  const parameters = useParams<{ agreement_id: string; dimension: string; hour: string }>()
  const agreement_id = plain(parameters.agreement_id)
  const dimension = plain(parameters.dimension)
  const at = new Date(plain(parameters.hour))
  const valid = !Number.isNaN(at.getTime())
  const from = valid ? at.toISOString() : ''
  const until = valid ? new Date(at.getTime() + HOUR_MS).toISOString() : ''
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/usage/hours',
    { params: { query: { agreement_id, dimension, from, until, limit: 1 } } },
    { enabled: valid },
  )
  const back = { to: '/usage', label: usage.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (valid && data === undefined) return <Loading />
  const hour = data?.items[0]
  if (hour === undefined) {
    return (
      <Page title={words.missing} back={back}>
        <Empty title={words.missing} help={words.missingHelp} />
      </Page>
    )
  }
  return (
    <Page title={words.title(buyerText(hour), dimension)} lead={momentText(hour.hour)} back={back}>
      <Movements of={hour} />
      {hour.by_tags !== null && (
        <Card title={words.split}>
          <Text c="dimmed">{words.splitHelp}</Text>
          <ByTags shown={50} parts={hour.by_tags.map(({ tags, used }) => ({ tags, quantity: used }))} />
        </Card>
      )}
      <Card title={words.records}>
        <List
          path="/v1/usage/records"
          title={words.records}
          id={({ id }) => id}
          where={{ agreement_id, dimension, hour: from }}
          empty={<Empty title={words.recordsEmpty} help={words.recordsEmptyHelp} />}
          columns={recordColumns}
        />
      </Card>
    </Page>
  )
}

function Movements({ of }: { of: Schemas['UsageHour'] }) {
  const { columns } = usage.hours
  return (
    <Card
      title={words.movements}
      actions={<GoTo to={`/agreements/${of.agreement_id}`}>{words.agreement}</GoTo>}
    >
      <Text c="dimmed">{words.equation}</Text>
      <Facts
        of={[
          [columns.state, <State key="state" is={of.state} />],
          [words.events, of.events.toLocaleString('en')],
          [words.closed, <Moment key="closed" at={of.closed_at} />],
          [words.carriedIn, grouped(of.carried_in)],
          [columns.used, grouped(of.used)],
          [words.late, grouped(of.late)],
          [words.drawn, grouped(of.drawn)],
          [columns.sent, grouped(of.sent)],
          [columns.carried, grouped(of.carried_out)],
          [columns.lost, grouped(of.lost)],
          [columns.accepted, grouped(of.accepted)],
          [columns.refused, grouped(of.refused)],
          [columns.deadline, <Moment key="deadline" at={of.deadline_at} />],
          [columns.risk, <Amount key="risk" value={of.at_risk} />],
        ]}
      />
    </Card>
  )
}
