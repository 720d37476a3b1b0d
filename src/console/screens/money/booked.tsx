import { Stack, Table, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Day } from '../../parts/moment.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { books } from '../../words/books.ts'
import { entryKinds, named } from '../../words/money.ts'
import { trace } from '../../words/trace.ts'
import { AccountLink } from './account-link.tsx'

type Entry = Schemas['LedgerEntry']

/** What a step booked, folded away until somebody wants it. Nothing for none. */
export function BookedEntries({ of }: { of: readonly Entry[] }) {
  if (of.length === 0) return null
  return (
    <details>
      <Text component="summary" size="sm">
        {trace.steps.entries(of.length)}
      </Text>
      <Stack gap="xs" mt="xs">
        {of.map((entry) => (
          <div key={entry.id}>
            <Text size="sm">
              <GoTo to={`/ledger/entries/${entry.id}`}>{named(entryKinds, entry.kind)}</GoTo>,{' '}
              <Day on={entry.book_date} />
            </Text>
            <Postings of={entry.postings} />
          </div>
        ))}
      </Stack>
    </details>
  )
}

/** Money from one account to another, row by row. */
export function Postings({ of }: { of: Entry['postings'] }) {
  const words = books.posting
  return (
    <Scroll title={words.title} minWidth={420}>
      <Table aria-label={words.title} verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.from}</Table.Th>
            <Table.Th scope="col">{words.to}</Table.Th>
            <Table.Th scope="col" ta="right">
              {words.amount}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map(({ from, to, money }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: postings are never put in another order.
            <Table.Tr key={index}>
              <Table.Td>
                <AccountLink name={from} />
              </Table.Td>
              <Table.Td>
                <AccountLink name={to} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount value={money} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  )
}
