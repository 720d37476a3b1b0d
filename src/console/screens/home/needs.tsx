import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount, moneyText } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
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
      <Stack gap={0} component="ul" aria-label={words.table} p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((need) => (
          <li key={`${need.kind} ${need.subject_id} ${need.sentence}`} className="need">
            <One of={need} now={now} />
          </li>
        ))}
      </Stack>
      {total > items.length && (
        <Text size="sm" c="dimmed">
          {words.shown(items.length, total)}
        </Text>
      )}
    </Stack>
  )
}

/** One of them: when it is too late, what it is, how much money. Beside each other, or below where it is narrow. */
function One({ of: need, now }: { of: Need; now: string }) {
  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <Stack gap={4} style={{ flex: '1 1 18rem', minWidth: 0 }}>
        <Group gap="xs">
          <Left of={need} now={now} />
          <Text size="sm" c="dimmed" fw={600}>
            {words.kinds[need.kind]}
          </Text>
        </Group>
        <GoTo to={placeOf(need)} style={{ overflowWrap: 'anywhere' }}>
          {need.sentence}
        </GoTo>
        <Text size="sm" c="dimmed">
          {words.since} <Moment at={need.since} />
        </Text>
      </Stack>
      {need.money !== null && <Amount value={need.money} strong />}
    </Group>
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
