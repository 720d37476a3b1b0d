import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount, grouped } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import type { Filter } from '../../parts/filters.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { type Column, List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { usage as words } from '../../words/usage.ts'
import { AtRisk } from './at-risk.tsx'
import { UsageCourse } from './course.tsx'
import { buyerText, hourPath } from './meter.ts'

const STATES = ['open', 'closed'] as const
/** Usage moves by itself: the screen asks again this often. */
const REFRESH_MS = 15_000

export default function Usage() {
  const { data } = api.useQuery('get', '/v1/usage/summary', {})
  const meters = data?.items ?? []
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <GoToButton variant="default" to="/usage/records">
            {words.toRecords}
          </GoToButton>
          <GoToButton variant="default" to="/usage/meters">
            {words.toMeters}
          </GoToButton>
        </>
      }
    >
      <AtRisk refresh_ms={REFRESH_MS} />
      <UsageCourse meters={meters} loaded={data !== undefined} />
      <Card title={words.hours.title}>
        <List
          path="/v1/usage/hours"
          title={words.hours.title}
          id={hourPath}
          refresh_ms={REFRESH_MS}
          filters={filtersOf(meters)}
          empty={<Empty title={words.hours.emptyTitle} help={words.hours.emptyHelp} />}
          columns={columns}
        />
      </Card>
    </Page>
  )
}

function filtersOf(meters: readonly Schemas['UsageSummary'][]): Filter[] {
  const { hours } = words
  const agreements = new Map(meters.map((one) => [one.agreement_id, buyerText(one)]))
  const dimensions = [...new Set(meters.map(({ dimension }) => dimension))]
  return [
    {
      name: 'agreement_id',
      label: hours.agreement,
      kind: 'choice',
      options: [...agreements].map(([value, label]) => ({ value, label })),
    },
    {
      name: 'dimension',
      label: hours.columns.dimension,
      kind: 'choice',
      options: dimensions.map((value) => ({ value, label: value })),
    },
    { name: 'state', label: hours.columns.state, kind: 'choice', options: STATES },
    {
      name: 'lost',
      label: hours.lost,
      kind: 'choice',
      options: [{ value: 'yes', label: hours.onlyLost }],
    },
    { name: 'from', label: words.days.from, kind: 'day' },
    { name: 'until', label: words.days.until, kind: 'day' },
  ]
}

const { columns: headers } = words.hours
const columns: readonly Column<Schemas['UsageHour']>[] = [
  {
    header: headers.hour,
    cell: (row) => (
      <GoTo to={hourPath(row)}>
        <Moment at={row.hour} />
      </GoTo>
    ),
  },
  {
    header: headers.buyer,
    cell: (row) => <GoTo to={`/agreements/${row.agreement_id}`}>{buyerText(row)}</GoTo>,
  },
  { header: headers.dimension, cell: ({ dimension }) => dimension },
  { header: headers.state, cell: ({ state }) => <State is={state} /> },
  { header: headers.used, right: true, cell: ({ used }) => grouped(used) },
  { header: headers.sent, right: true, cell: ({ sent }) => grouped(sent) },
  { header: headers.carried, right: true, cell: ({ carried_out }) => grouped(carried_out) },
  { header: headers.accepted, right: true, cell: ({ accepted }) => grouped(accepted) },
  { header: headers.refused, right: true, cell: ({ refused }) => grouped(refused) },
  { header: headers.lost, right: true, cell: ({ lost }) => grouped(lost) },
  { header: headers.deadline, cell: ({ deadline_at }) => <Moment at={deadline_at} /> },
  { header: headers.risk, right: true, cell: ({ at_risk }) => <Amount value={at_risk} /> },
]
