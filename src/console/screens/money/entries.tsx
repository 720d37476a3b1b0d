import { Text } from '@mantine/core'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { books } from '../../words/books.ts'
import { entryColumns, entryFilters } from './entry-columns.tsx'
import { LedgerPage } from './ledger-page.tsx'

const words = books.entries

/** The journal, the last day first. */
export default function Entries() {
  return (
    <LedgerPage title={books.tabs.entries} lead={words.lead}>
      <List
        path="/v1/ledger/entries"
        where={{ sort: '-book_date' }}
        title={books.tabs.entries}
        id={({ id }) => id}
        columns={entryColumns}
        filters={[
          ...entryFilters,
          { name: 'account', label: words.account, kind: 'text' },
          { name: 'agreement_id', label: words.agreement, kind: 'text' },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/offers">
              {books.accounts.toOffers}
            </GoToButton>
          </Empty>
        }
      />
      <Text size="sm" c="dimmed">
        {words.findHelp}
      </Text>
    </LedgerPage>
  )
}
