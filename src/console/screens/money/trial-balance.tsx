import { Alert, Badge, List as Bullets, Button, Stack, Table, Text, TextInput } from '@mantine/core'
import { useSearchParams } from 'wouter'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Downloads } from '../../parts/download.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { books } from '../../words/books.ts'
import { AccountLink } from './account-link.tsx'
import { LedgerPage } from './ledger-page.tsx'

const words = books.trial

type Groups = {
  groups: Schemas['LedgerGroup'][]
  totals: { book: string; currency: string; debits: string; credits: string }[]
}

/** The trial balance of any day, the check of the books, and the books as files. */
export default function TrialBalance() {
  const [parameters, setParameters] = useSearchParams()
  const until = parameters.get('until') ?? ''
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/ledger/groups',
    { params: { query: until === '' ? {} : { until } } },
    { placeholderData: (before) => before },
  )
  return (
    <LedgerPage title={books.tabs.trial} lead={words.lead}>
      <TextInput
        type="date"
        label={words.until}
        description={until === '' ? words.now : undefined}
        inputWrapperOrder={['label', 'input', 'description']}
        w={220}
        value={until}
        onChange={(event) => {
          const day = event.currentTarget.value
          setParameters(day === '' ? {} : { until: day })
        }}
      />
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Balance of={data} until={until} />
      )}
      <Check />
      <Card title={books.exported.title}>
        <Text size="sm" c="dimmed">
          {books.exported.help}
        </Text>
        <Downloads
          of={(['hledger', 'beancount', 'csv'] as const).map((format) => ({
            label: books.exported.formats[format],
            path: `/v1/ledger/export?format=${format}`,
            file: books.exported.files[format],
          }))}
        />
      </Card>
    </LedgerPage>
  )
}

/** Where a row leads: its accounts on that day, or itself. */
const placeOfRow = (name: string, until: string) =>
  `/ledger/accounts?prefix=${encodeURIComponent(`${name}:`)}${until === '' ? '' : `&until=${until}`}`

function Balance({ of: { groups, totals }, until }: { of: Groups; until: string }) {
  const { columns } = books.accounts
  const cells = (row: { currency: string; debits: string; credits: string }, strong: boolean) =>
    [row.debits, row.credits].map((amount, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: debits stand left of credits.
      <Table.Td key={index} ta="right">
        <Amount value={{ currency: row.currency, amount }} strong={strong} />
      </Table.Td>
    ))
  return (
    <Scroll title={books.tabs.trial} minWidth={640}>
      <Table aria-label={books.tabs.trial} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{columns.account}</Table.Th>
            <Table.Th scope="col" ta="right">
              {columns.debits}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {columns.credits}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {columns.balance}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((row) => (
            <Table.Tr key={`${row.name} ${row.currency}`}>
              <Table.Th scope="row" fw={400}>
                {row.below ? (
                  <GoTo to={placeOfRow(row.name, until)}>{row.name}</GoTo>
                ) : (
                  <AccountLink name={row.name} />
                )}
              </Table.Th>
              {cells(row, false)}
              <Table.Td ta="right">
                <Amount value={{ currency: row.currency, amount: row.balance }} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          {totals.map((total) => (
            <Table.Tr key={`${total.book} ${total.currency}`}>
              <Table.Th scope="row">
                {words.total(books.books[total.book] ?? total.book, total.currency)}
              </Table.Th>
              {cells(total, true)}
              <Table.Td ta="right">
                <Text span size="sm">
                  {total.debits === total.credits ? words.balanced : words.unbalanced}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tfoot>
      </Table>
    </Scroll>
  )
}

/** Recomputes the books: long with many entries, so only when somebody asks for it. */
function Check() {
  const { data, error, isFetching, refetch } = api.useQuery('get', '/v1/ledger/check', {}, { enabled: false })
  return (
    <Card
      title={words.check}
      actions={
        <Button size="xs" loading={isFetching} onClick={() => void refetch()}>
          {words.checkNow}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {words.checkHelp}
      </Text>
      <Stack gap="sm" role="status">
        {isFetching && <Text size="sm">{words.checking}</Text>}
        {data !== undefined && !isFetching && <Checked of={data} />}
      </Stack>
      <ProblemAlert error={error} />
    </Card>
  )
}

function Checked({ of: { ok, assertions, open_clearing } }: { of: Schemas['LedgerCheck'] }) {
  return (
    <>
      <Alert color={ok ? 'green' : 'red'} title={ok ? words.allGood : words.wrong}>
        <Bullets size="sm" spacing={4}>
          {assertions.map(({ name, ok: holds, detail }) => (
            <Bullets.Item key={name}>
              <Text span size="sm" fw={600}>
                {words.assertions[name] ?? name}
              </Text>{' '}
              <Badge variant="light" size="sm" color={holds ? 'green' : 'red'} tt="none">
                {holds ? words.holds : words.fails}
              </Badge>{' '}
              {detail}
            </Bullets.Item>
          ))}
        </Bullets>
      </Alert>
      {open_clearing.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {words.openClearing}
          </Text>
          <Text size="sm" c="dimmed">
            {words.openClearingHelp}
          </Text>
          <Rows
            title={words.openClearing}
            id={({ account, currency }) => `${account} ${currency}`}
            rows={open_clearing.slice(0, 50)}
            columns={[
              {
                header: books.accounts.columns.account,
                cell: ({ account }) => <AccountLink name={account} />,
              },
              {
                header: books.accounts.columns.balance,
                right: true,
                cell: ({ currency, balance }) => <Amount value={{ currency, amount: balance }} />,
              },
            ]}
          />
        </div>
      )}
    </>
  )
}
