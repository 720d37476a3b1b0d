import { Button, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { books } from '../../words/books.ts'
import { AccountLink } from './account-link.tsx'
import { LedgerPage } from './ledger-page.tsx'

const words = books.accounts

type Group = Schemas['LedgerGroup']

/** So many accounts of a row are shown in the tree; the others in a list of their own. */
const SHOWN = 25

/** The accounts as a tree: the classes, the rows of the chart, and the accounts below them. */
export default function Accounts() {
  const { data, error, refetch } = api.useQuery('get', '/v1/ledger/groups')
  return (
    <LedgerPage title={books.title} lead={words.lead}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.groups.length === 0 ? (
        <Empty title={words.emptyTitle} help={words.emptyHelp}>
          <GoToButton variant="default" to="/offers">
            {words.toOffers}
          </GoToButton>
        </Empty>
      ) : (
        <Stack gap="sm">
          <GoTo to="/ledger/accounts">{words.all}</GoTo>
          <Tree groups={data.groups} />
        </Stack>
      )}
    </LedgerPage>
  )
}

function Tree({ groups }: { groups: readonly Group[] }) {
  const { columns } = words
  const classes = Map.groupBy(groups, (group) =>
    group.book === 'commitment' ? (books.books.commitment ?? '') : (books.classes[group.class] ?? ''),
  )
  return (
    <Scroll title={books.title} minWidth={760}>
      <Table aria-label={books.title} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{columns.account}</Table.Th>
            <Table.Th scope="col">{columns.what}</Table.Th>
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
        {[...classes].map(([name, rows]) => (
          <Table.Tbody key={name}>
            <Table.Tr>
              <Table.Th scope="rowgroup" colSpan={5} pt="md">
                {name}
              </Table.Th>
            </Table.Tr>
            {rows.map((group) => (
              <Row key={`${group.name} ${group.currency}`} group={group} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Scroll>
  )
}

/** A row of the chart; one with accounts below it opens. */
function Row({ group }: { group: Group }) {
  const [opened, setOpened] = useState(false)
  const { name, below, what, currency, debits, credits, balance } = group
  return (
    <>
      <Table.Tr>
        <Table.Th scope="row" fw={500} style={{ whiteSpace: 'nowrap' }}>
          {below ? (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-expanded={opened}
              aria-label={opened ? words.hide(name) : words.show(name)}
              onClick={() => setOpened(!opened)}
            >
              {opened ? '▾' : '▸'} {name}
            </Button>
          ) : (
            <Text span pl="sm" size="sm">
              <AccountLink name={name} />
            </Text>
          )}
        </Table.Th>
        <Table.Td>
          <Text size="sm" miw={200}>
            {what}
          </Text>
          {below && group.accounts !== null && (
            <Text size="xs" c="dimmed">
              {words.open(group.open ?? 0, group.accounts)}
            </Text>
          )}
        </Table.Td>
        <Figures of={{ currency, debits, credits, balance }} strong />
      </Table.Tr>
      {opened && <Below group={group} />}
    </>
  )
}

type Sums = { currency: string; debits: string; credits: string; balance: string }

function Figures({ of: { currency, debits, credits, balance }, strong }: { of: Sums; strong: boolean }) {
  return (
    <>
      <Table.Td ta="right">
        <Amount value={{ currency, amount: debits }} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount value={{ currency, amount: credits }} />
      </Table.Td>
      <Table.Td ta="right">
        <Amount value={{ currency, amount: balance }} strong={strong} />
      </Table.Td>
    </>
  )
}

function Below({ group: { name, currency, accounts } }: { group: Group }) {
  const prefix = `${name}:`
  const { data, error } = api.useQuery('get', '/v1/ledger/accounts', {
    params: { query: { prefix, limit: SHOWN } },
  })
  if (data === undefined) {
    return (
      <Table.Tr>
        <Table.Td colSpan={5}>{error ? <ProblemAlert error={error} /> : <Loading />}</Table.Td>
      </Table.Tr>
    )
  }
  return (
    <>
      {data.items
        .filter((one) => one.currency === currency)
        .map((one) => (
          <Table.Tr key={one.account}>
            <Table.Th scope="row" fw={400} pl={44} colSpan={2}>
              <AccountLink name={one.account} />
            </Table.Th>
            <Figures of={one} strong={false} />
          </Table.Tr>
        ))}
      {data.next !== null && (
        <Table.Tr>
          <Table.Td colSpan={5} pl={44}>
            <GoTo to={`/ledger/accounts?prefix=${encodeURIComponent(prefix)}`}>
              {words.seeAll(accounts ?? 0)}
            </GoTo>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
}
