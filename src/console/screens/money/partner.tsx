import { Alert, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isApproval, SecondPerson } from '../../parts/second-person.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { partnerStatements, partners } from '../../words/partners.ts'
import { accountPlace } from './account-link.tsx'
import { lastMonth } from './months.ts'
import { statementColumns } from './statement-columns.tsx'

const words = partners.one
const back = { to: '/partners', label: partners.title }

type Shown = Schemas['PartnerWithPayable']

/** One partner: its share, what it is owed by books and statements, and its months. */
export default function Partner() {
  const { id = '' } = useParams<{ id: string }>()
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/partners/{id}', { params: { path: { id } } })
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page title={data.name} back={back}>
      <Card title={words.details}>
        <Facts
          of={[
            [partners.columns.share, partners.percent(data.share_percent)],
            [words.account, data.reseller_account_id ?? undefined],
            [words.organisation, data.reseller_organisation_id ?? undefined],
            [partners.columns.since, <Moment key="since" at={data.created_at} />],
            [
              words.inBooks,
              <GoTo key="books" to={accountPlace(`liability:partner:${id}`)}>
                {common.open}
              </GoTo>,
            ],
          ]}
        />
      </Card>
      <Owed of={data.owed} />
      {can('payouts.manage') && <CloseMonth of={data} />}
      <Card title={words.statements}>
        <List
          path="/v1/partner-statements"
          where={{ partner_id: id, sort: '-month' }}
          title={words.statements}
          id={(statement) => statement.id}
          columns={statementColumns}
          empty={<Empty title={partnerStatements.emptyTitle} help={partnerStatements.emptyHelp} />}
        />
      </Card>
    </Page>
  )
}

/** The books beside the statements: both have to say the same. */
function Owed({ of }: { of: Shown['owed'] }) {
  return (
    <Card title={words.owed}>
      {of.length === 0 && <Text c="dimmed">{words.nothing}</Text>}
      {of.map(({ payable, stated, unstated, agrees }) => (
        <Stack key={payable.currency} gap="xs">
          <Facts
            of={[
              [words.payable, <Amount key="p" value={payable} strong />],
              [words.stated, <Amount key="s" value={stated} />],
              [words.unstated, <Amount key="u" value={unstated} />],
            ]}
          />
          <Alert color={agrees ? 'green' : 'red'} role={agrees ? 'note' : 'alert'} py="xs">
            {agrees ? words.agrees : words.differs}
          </Alert>
        </Stack>
      ))}
    </Card>
  )
}

function CloseMonth({ of: { id, name } }: { of: Shown }) {
  const { now } = useSession()
  const { close } = partners
  const [month, setMonth] = useState(lastMonth(now))
  const [answer, setAnswer] = useState<unknown>()
  const [known, setKnown] = useState(false)
  const write = useWrite(
    async (wanted: string, headers) => {
      const body = { partner_id: id, month: wanted }
      const sent = await client.POST('/v1/partner-statements', { params: { header: headers }, body })
      setKnown(sent.response.status === 200)
      return sent
    },
    { onDone: setAnswer },
  )
  const ended = /^\d{4}-\d{2}$/.test(month) && month < now.slice(0, 7)
  return (
    <Card title={close.title}>
      <Text size="sm" c="dimmed">
        {close.help}
      </Text>
      <Group align="flex-end">
        <TextInput
          type="month"
          label={close.month}
          value={month}
          max={lastMonth(now)}
          error={!ended && close.wrong}
          onChange={(event) => setMonth(event.currentTarget.value)}
        />
        <Confirm
          label={close.verb}
          title={close.confirm(month)}
          help={close.confirmHelp(name)}
          verb={close.verb}
          disabled={!ended}
          run={() => write.mutateAsync(month)}
        />
      </Group>
      <SecondPerson answer={answer} />
      {answer !== undefined && !isApproval(answer) && (
        <Text size="sm" role="status">
          {known ? close.known : close.made(itemsOf(answer))}
        </Text>
      )}
    </Card>
  )
}

/** How many statements an answer has. */
function itemsOf(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null || !('items' in answer)) return 0
  return Array.isArray(answer.items) ? answer.items.length : 0
}
