import { Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import type { Filter } from '../../parts/filters.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { books } from '../../words/books.ts'
import { choices, entryKinds, named } from '../../words/money.ts'
import { AccountLink } from './account-link.tsx'

const words = books.entries

type Entry = Schemas['LedgerEntry']

export const entryColumns: readonly Column<Entry>[] = [
  { header: words.columns.booked, sort: 'book_date', cell: ({ book_date }) => <Day on={book_date} /> },
  {
    header: words.columns.kind,
    cell: ({ id, kind }) => <GoTo to={`/ledger/entries/${id}`}>{named(entryKinds, kind)}</GoTo>,
  },
  { header: words.columns.postings, cell: ({ postings }) => <FromTo of={postings} /> },
  {
    header: words.columns.amount,
    right: true,
    cell: ({ postings }) => <Amount value={postings[0]?.money} />,
  },
  {
    header: words.columns.recorded,
    sort: 'recorded_at',
    cell: ({ recorded_at }) => <Moment at={recorded_at} />,
  },
]

function FromTo({ of }: { of: Entry['postings'] }) {
  const [first] = of
  if (first === undefined) return null
  return (
    <Text size="sm" component="div" miw={220}>
      <AccountLink name={first.from} /> {'→'} <AccountLink name={first.to} />
      {of.length > 1 && (
        <Text size="xs" c="dimmed">
          {words.more(of.length - 1)}
        </Text>
      )}
    </Text>
  )
}

export const entryFilters: readonly Filter[] = [
  { name: 'q', label: words.find, kind: 'text' },
  { name: 'kind', label: words.kind, kind: 'choice', options: choices(entryKinds) },
  { name: 'from', label: words.from, kind: 'day' },
  { name: 'until', label: words.until, kind: 'day' },
]
