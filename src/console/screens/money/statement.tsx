import { Alert, List as Bullets, Group, Progress, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { State } from '../../parts/state.tsx'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { statements } from '../../words/settlement.ts'
import { lineColumns, lineFilters } from './line-columns.tsx'
import { canRetry, moves, Retry, Source } from './statements.tsx'

const words = statements.one
const back = { to: '/statements', label: statements.title }
/** How often a file on its way is asked after. */
const ASK_MS = 1_500

type Shown = Schemas['Statement']

/** One file: how far its import is, what was wrong with it, and its lines. */
export default function Statement() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/statements/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data !== undefined && moves(state.data) ? ASK_MS : false) },
  )
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  const retries = can('settlement.manage') && canRetry(data.state)
  return (
    <Page title={data.name} back={back} actions={retries ? <Retry id={id} /> : undefined}>
      <Refused of={data} />
      {moves(data) && <Import of={data} />}
      <Card title={words.file}>
        <Facts
          of={[
            [statements.columns.state, <State key="state" is={data.state} />],
            [statements.columns.from, <Source key="from" of={data} />],
            [words.format, data.format ?? (moves(data) ? common.none : words.noFormat)],
            [words.linesRead, data.lines_read.toLocaleString('en')],
            [words.linesNew, data.lines_new.toLocaleString('en')],
            [words.size, words.kilobytes(data.bytes)],
            [words.received, <Moment key="received" at={data.received_at} />],
            [words.imported, <Moment key="imported" at={data.imported_at} />],
            [words.hash, <code key="hash">{data.sha256}</code>],
          ]}
        />
      </Card>
      {!moves(data) && (
        <Card title={words.lines}>
          <List
            path="/v1/statements/{id}/lines"
            of={{ id }}
            title={words.lines}
            id={(line) => line.id}
            columns={lineColumns}
            filters={lineFilters}
            empty={<NoLines of={data} />}
          />
        </Card>
      )}
    </Page>
  )
}

/** Why a file shows no lines: it had none, none were new, or it tells of other things. */
function NoLines({ of: { lines_read, lines_new } }: { of: Shown }) {
  if (lines_new > 0) return <Empty title={words.describes} help={words.describesHelp(lines_new)} />
  if (lines_read > 0) return <Empty title={words.noneNew} help={words.noneNewHelp(lines_read)} />
  return <Empty title={words.noLines} help={words.noLinesHelp} />
}

/** Where a file broke the format, and how to mend it. */
function Refused({ of: { state, problem } }: { of: Shown }) {
  if (state === 'ignored') {
    return (
      <Alert color="yellow" role="note">
        {words.ignored}
      </Alert>
    )
  }
  if (state !== 'refused' || problem === null) return null
  return (
    <Alert color="red" title={words.refused}>
      <Stack gap="xs">
        <Facts
          cols={4}
          of={[
            [words.row(problem.row ?? 0), problem.row === null ? undefined : problem.rule],
            [words.wrong, problem.row === null ? problem.rule : undefined],
            [words.column, problem.column ?? undefined],
            [words.fix, problem.fix],
          ]}
        />
        <Text size="sm">{words.refusedHelp}</Text>
      </Stack>
    </Alert>
  )
}

/** The steps of an import: a file that is long is written piece by piece, and counts when all of it is in. */
function Import({ of: { state, lines_read } }: { of: Shown }) {
  const at = state === 'received' ? 1 : 2
  const steps = [words.steps.received, words.steps.checked, words.steps.written, words.steps.counted]
  return (
    <Card title={words.progress}>
      <div role="status">
        <Progress value={(100 * (at + 0.5)) / steps.length} striped animated aria-label={words.progress} />
        <Bullets size="sm" mt="sm" spacing={4}>
          {steps.map((step, index) => (
            <Bullets.Item key={step}>
              <Group gap="xs" component="span">
                <Text span size="sm" fw={index === at ? 650 : 400}>
                  {step}
                </Text>
                <Text span size="sm" c="dimmed">
                  {index < at ? words.done : index === at ? words.now : words.later}
                </Text>
              </Group>
            </Bullets.Item>
          ))}
        </Bullets>
        <Text size="sm" mt="sm">
          {lines_read > 0 && `${words.writing(lines_read)}. `}
          {words.leave}
        </Text>
      </div>
    </Card>
  )
}
