import { Badge, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { api, client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isApproval, SecondPerson } from '../../parts/second-person.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { books } from '../../words/books.ts'
import { LedgerPage } from './ledger-page.tsx'
import { monthsUntil } from './months.ts'

const words = books.periods

type Period = { month: string; closed_at: string | null; running: boolean }

/** The months of the books, the last first: which are closed, and what can be done about it. */
export default function Periods() {
  const { can, now } = useSession()
  const [answer, setAnswer] = useState<unknown>()
  const closed = api.useQuery('get', '/v1/ledger/periods')
  const first = api.useQuery('get', '/v1/ledger/entries', {
    params: { query: { sort: 'book_date', limit: 1 } },
  })
  const error = closed.error ?? first.error
  const retry = () => Promise.all([closed.refetch(), first.refetch()])
  return (
    <LedgerPage title={books.tabs.periods} lead={words.lead}>
      <SecondPerson answer={answer} />
      {error ? (
        <ProblemAlert error={error} retry={retry} />
      ) : closed.data === undefined || first.data === undefined ? (
        <Loading />
      ) : (
        <Months
          periods={periodsOf(closed.data.items, first.data.items[0]?.book_date, now)}
          manages={can('ledger.manage')}
          told={setAnswer}
        />
      )}
    </LedgerPage>
  )
}

/** Every month from the first that anything was booked in, or that was closed. */
function periodsOf(
  closed: readonly { month: string; closed_at: string }[],
  first_day: string | undefined,
  now: string,
): Period[] {
  const starts = [...closed.map(({ month }) => month), ...(first_day === undefined ? [] : [first_day])]
  const [first] = starts.map((on) => on.slice(0, 7)).sort()
  if (first === undefined) return []
  const known = new Map(closed.map(({ month, closed_at }) => [month, closed_at]))
  const present = now.slice(0, 7)
  return monthsUntil(first, present)
    .map((month) => ({ month, closed_at: known.get(month) ?? null, running: month === present }))
    .reverse()
}

type MonthsProps = { periods: readonly Period[]; manages: boolean; told(answer: unknown): void }

function Months({ periods, manages, told }: MonthsProps) {
  if (periods.length === 0) {
    return (
      <Empty title={words.emptyTitle} help={words.emptyHelp}>
        <GoToButton variant="default" to="/ledger/entries">
          {words.toEntries}
        </GoToButton>
      </Empty>
    )
  }
  const last_closed = periods.find(({ closed_at }) => closed_at !== null)?.month
  return (
    <Rows
      title={books.tabs.periods}
      id={({ month }) => month}
      rows={periods}
      columns={[
        { header: words.columns.month, cell: ({ month }) => month },
        { header: words.columns.state, cell: (period) => <Standing of={period} /> },
        { header: words.columns.closed, cell: ({ closed_at }) => <Moment at={closed_at} /> },
        ...(manages
          ? [
              {
                header: words.columns.actions,
                cell: (period: Period) => <Acts of={period} last_closed={last_closed} told={told} />,
              },
            ]
          : []),
      ]}
    />
  )
}

function Standing({ of: { closed_at, running } }: { of: Period }) {
  const [tone, word] =
    closed_at !== null ? ['gray', words.closed] : running ? ['blue', words.running] : ['green', words.open]
  return (
    <Badge variant="light" color={tone} tt="none">
      {word}
    </Badge>
  )
}

type ActsProps = { of: Period; last_closed: string | undefined; told(answer: unknown): void }

function Acts({ of: { month, closed_at, running }, last_closed, told }: ActsProps) {
  const path = { month }
  const close = useWrite(
    (_: string, headers) =>
      client.POST('/v1/ledger/periods/{month}/close', { params: { path, header: headers } }),
    { done: words.close.done(month) },
  )
  const reopen = useWrite(
    (reason: string, headers) =>
      client.POST('/v1/ledger/periods/{month}/reopen', {
        params: { path, header: headers },
        body: { reason },
      }),
    { onDone: (answer) => told(isApproval(answer) ? answer : undefined) },
  )
  if (running) return null
  if (closed_at === null) {
    const { label, title, help, verb } = words.close
    return (
      <Confirm
        size="xs"
        label={label}
        title={title(month)}
        help={help}
        verb={verb}
        run={() => close.mutateAsync(month)}
      />
    )
  }
  if (month !== last_closed) {
    return (
      <Text size="sm" c="dimmed">
        {words.earlier}
      </Text>
    )
  }
  const { label, title, help, reason, verb } = words.reopen
  return (
    <Group>
      <Confirm
        size="xs"
        label={label}
        title={title(month)}
        help={help}
        reason={reason}
        verb={verb}
        run={(why) => reopen.mutateAsync(why)}
      />
    </Group>
  )
}
