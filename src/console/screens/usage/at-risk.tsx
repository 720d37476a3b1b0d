import { Group, Text } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { api } from '../../api.ts'
import { Amount, grouped } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { usage as words } from '../../words/usage.ts'
import { buyerText, hourPath } from './meter.ts'

/** So many are shown: the most urgent ones. */
const SHOWN = 10

/** Usage that no cloud has accepted yet, the most urgent first. Of the agreement that the list is narrowed to. */
export function AtRisk({ refresh_ms }: { refresh_ms: number }) {
  const [parameters] = useSearchParams()
  const agreement_id = parameters.get('agreement_id')
  const query = { limit: SHOWN, ...(agreement_id === null ? {} : { agreement_id }) }
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/usage/at-risk',
    { params: { query } },
    { refetchInterval: refresh_ms },
  )
  const { risk, hours } = words
  const rows = data?.items ?? []
  return (
    <Card title={risk.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Group gap="xs">
          <Text fw={600}>{risk.none}.</Text>
          <Text c="dimmed">{risk.noneHelp}</Text>
        </Group>
      ) : (
        <>
          <Text c="dimmed">{risk.help}</Text>
          <Rows
            title={risk.title}
            rows={rows}
            id={(row) => `${hourPath(row)} ${row.record_id}`}
            columns={[
              { header: risk.columns.left, cell: ({ minutes_left }) => <Left minutes={minutes_left} /> },
              {
                header: risk.columns.money,
                right: true,
                cell: ({ at_risk }) => <Amount value={at_risk} strong />,
              },
              { header: hours.columns.buyer, cell: (row) => buyerText(row) },
              { header: hours.columns.dimension, cell: ({ dimension }) => dimension },
              { header: risk.columns.quantity, right: true, cell: ({ quantity }) => grouped(quantity) },
              {
                header: hours.columns.hour,
                cell: (row) => (
                  <GoTo to={hourPath(row)}>
                    <Moment at={row.hour} />
                  </GoTo>
                ),
              },
              { header: hours.columns.state, cell: ({ state }) => <State is={state} /> },
              { header: hours.columns.deadline, cell: ({ deadline_at }) => <Moment at={deadline_at} /> },
              { header: risk.columns.why, cell: ({ reason }) => reason },
            ]}
          />
        </>
      )}
    </Card>
  )
}

/** Below this many minutes it is urgent. */
const URGENT = 120

function Left({ minutes }: { minutes: number }) {
  return (
    <Text
      component="span"
      inherit
      {...(minutes < URGENT ? { c: 'var(--mantine-color-error)', fw: 650 } : {})}
    >
      {words.risk.left(minutes)}
    </Text>
  )
}
