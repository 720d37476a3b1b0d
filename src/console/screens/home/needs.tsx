import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount, moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment, momentText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { home } from '../../words/home.ts'
import { type Need, placeOf, placeOfAll } from './places.ts'
import { timeLeft } from './time-left.ts'

const words = home.needs
/** Often enough to be looked at all day. */
const REFRESH_MS = 30_000

/** What needs a person now, each with the way to where it is done. */
export function Needs() {
  const { data, error, refetch } = api.useQuery('get', '/v1/home', {}, { refetchInterval: REFRESH_MS })
  return (
    <Card title={words.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.total === 0 ? (
        <Empty title={words.calmTitle} help={words.calmHelp} />
      ) : (
        <Waiting of={data} />
      )}
    </Card>
  )
}

function Waiting({ of: { items, groups, total, now } }: { of: Schemas['Home'] }) {
  return (
    <Stack gap="md">
      <Group gap="xs" component="ul" aria-label={words.all} p={0} m={0} style={{ listStyle: 'none' }}>
        {groups.map(({ kind, count, sums }) => (
          <li key={kind}>
            <GoTo to={placeOfAll(kind)} size="sm">
              {words.group(words.kinds[kind], count)}
            </GoTo>
            {sums.length > 0 && (
              <Text component="span" size="sm" c="dimmed">
                {' '}
                ({sums.map(moneyText).join(', ')})
              </Text>
            )}
          </li>
        ))}
      </Group>
      <Rows
        title={words.table}
        rows={items}
        id={({ kind, subject_id, sentence }) => `${kind} ${subject_id} ${sentence}`}
        columns={[
          { header: words.columns.left, cell: (need) => <Left of={need} now={now} /> },
          {
            header: words.columns.what,
            cell: (need) => (
              <Stack gap={2} miw={260}>
                <Text size="xs" c="dimmed" fw={600}>
                  {words.kinds[need.kind]}
                </Text>
                <GoTo to={placeOf(need)}>{need.sentence}</GoTo>
              </Stack>
            ),
          },
          { header: words.columns.money, right: true, cell: ({ money }) => <Amount value={money} strong /> },
          { header: words.columns.since, cell: ({ since }) => <Moment at={since} /> },
        ]}
      />
      {total > items.length && (
        <Text size="sm" c="dimmed">
          {words.shown(items.length, total)}
        </Text>
      )}
    </Stack>
  )
}

function Left({ of: { deadline_at }, now }: { of: Need; now: string }) {
  if (deadline_at === null) {
    return (
      <Text size="sm" c="dimmed">
        {words.none}
      </Text>
    )
  }
  const { text, short } = timeLeft(deadline_at, now)
  return (
    <Badge
      variant="light"
      color={short ? 'red' : 'yellow'}
      tt="none"
      title={words.until(momentText(deadline_at))}
      style={{ flexShrink: 0 }}
    >
      {text}
    </Badge>
  )
}
