import { Alert, Stack, Text } from '@mantine/core'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { placeOf, Thing } from '../../parts/thing.tsx'
import { useSession } from '../../session.tsx'
import { books } from '../../words/books.ts'
import { common } from '../../words/index.ts'
import { bases, entryKinds, evidenceFields, named } from '../../words/money.ts'
import { Arithmetic } from './arithmetic.tsx'
import { Postings } from './booked.tsx'

const words = books.entry
const back = { to: '/ledger/entries', label: books.tabs.entries }

type Shown = Schemas['LinkedLedgerEntry']

/** One entry: its postings, what it rests on, and what corrects it. */
export default function Entry() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/ledger/entries/{id}', {
    params: { path: { id } },
  })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page
      title={named(entryKinds, data.kind)}
      lead={isSaid(data) ? undefined : data.description}
      back={back}
      actions={
        can('settlement.read') ? (
          <GoToButton variant="default" to={`/trace/${id}`}>
            {words.follow}
          </GoToButton>
        ) : undefined
      }
    >
      <Corrections of={data} />
      <Card title={words.details}>
        <Facts
          of={[
            [words.booked, <Day key="booked" on={data.book_date} />],
            [words.occurred, <Moment key="occurred" at={data.occurred_at} />],
            [words.recorded, <Moment key="recorded" at={data.recorded_at} />],
            [words.basis, <Basis key="basis" is={data.basis} />],
            [words.reference, <code key="reference">{data.reference}</code>],
          ]}
        />
        {data.occurred_at.slice(0, 7) < data.book_date.slice(0, 7) && (
          <Text size="sm" c="dimmed">
            {words.moved}
          </Text>
        )}
      </Card>
      <Card title={words.postings}>
        <Postings of={data.postings} />
      </Card>
      <Evidence of={data.evidence} currency={data.postings[0]?.money.currency} />
    </Page>
  )
}

/** Whether its title says already what its description says. */
const isSaid = ({ kind, description }: Shown) => description.replace(' ', '_').toLowerCase() === kind

/** Where an amount comes from, with what that means. */
export function Basis({ is }: { is: string }) {
  const [name, meaning] = bases[is] ?? [is, '']
  return (
    <span>
      {name}{' '}
      <Text span size="sm" c="dimmed">
        {meaning}
      </Text>
    </span>
  )
}

function Corrections({ of: { reverses_id, reversed_by } }: { of: Shown }) {
  if (reverses_id === null && reversed_by === null) return null
  return (
    <Alert color="yellow">
      <Stack gap={4}>
        {reverses_id !== null && (
          <Text size="sm">
            {words.reverses} <GoTo to={`/ledger/entries/${reverses_id}`}>{reverses_id}</GoTo>
          </Text>
        )}
        {reversed_by !== null && (
          <Text size="sm">
            {words.reversedBy} <GoTo to={`/ledger/entries/${reversed_by}`}>{reversed_by}</GoTo>
          </Text>
        )}
        <Text size="sm">{words.reversedHelp}</Text>
      </Stack>
    </Alert>
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was kept with an entry: ids as links, computations as they were done. */
function Evidence({ of, currency }: { of: unknown; currency: string | undefined }) {
  const fields = isObject(of) ? Object.entries(of).filter(([, value]) => value !== null) : []
  const plain = fields.filter(([, value]) => typeof value === 'string')
  const things = plain.filter(([, value]) => placeOf(String(value)) !== undefined)
  const rest = plain.filter((one) => !things.includes(one))
  const computed = fields.find(([name]) => name === 'arithmetic')?.[1]
  const texts = Object.fromEntries(rest.map(([name, value]) => [name, String(value)]))
  return (
    <Card title={words.evidence}>
      <Text size="sm" c="dimmed">
        {words.evidenceHelp}
      </Text>
      {things.length > 0 && (
        <Facts
          of={things.map(
            ([name, value]) =>
              [named(evidenceFields, name), <Thing key={name} id={String(value)} />] as const,
          )}
        />
      )}
      <Arithmetic of={texts} label={words.evidence} currency={currency} />
      {isObject(computed) && (
        <Arithmetic
          of={Object.fromEntries(Object.entries(computed).map(([name, value]) => [name, String(value)]))}
          label={words.evidence}
          currency={currency}
        />
      )}
    </Card>
  )
}
