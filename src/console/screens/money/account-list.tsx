import { useSearchParams } from 'wouter'
import { Amount } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { books } from '../../words/books.ts'
import { AccountLink } from './account-link.tsx'

const words = books.accounts

/** All accounts, or those below a name, page by page. */
export default function AccountList() {
  const [parameters] = useSearchParams()
  const prefix = parameters.get('prefix') ?? ''
  return (
    <Page
      title={prefix === '' ? words.all : words.below(prefix.replace(/:$/, ''))}
      back={{ to: '/ledger', label: books.title }}
    >
      <List
        path="/v1/ledger/accounts"
        where={{ prefix }}
        title={words.all}
        id={({ account, currency }) => `${account} ${currency}`}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          {
            name: 'open',
            label: words.which,
            kind: 'choice',
            options: [{ value: 'true', label: words.onlyOpen }],
          },
          { name: 'until', label: books.trial.until, kind: 'day' },
        ]}
        empty={
          <Empty title={words.noneTitle} help={words.noneHelp}>
            <GoToButton variant="default" to="/ledger">
              {books.account.toAccounts}
            </GoToButton>
          </Empty>
        }
        columns={[
          { header: words.columns.account, cell: ({ account }) => <AccountLink name={account} whole /> },
          {
            header: words.columns.debits,
            right: true,
            cell: ({ currency, debits }) => <Amount value={{ currency, amount: debits }} />,
          },
          {
            header: words.columns.credits,
            right: true,
            cell: ({ currency, credits }) => <Amount value={{ currency, amount: credits }} />,
          },
          {
            header: words.columns.balance,
            right: true,
            cell: ({ currency, balance }) => <Amount value={{ currency, amount: balance }} strong />,
          },
        ]}
      />
    </Page>
  )
}
