import { useSearchParams } from 'wouter'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { placeOf, Thing } from '../../parts/thing.tsx'
import { books } from '../../words/books.ts'
import { entryColumns, entryFilters } from './entry-columns.tsx'

const words = books.account
const back = { to: '/ledger', label: books.title }

/** One account: what stands on it, and everything that was booked on it. */
export default function Account() {
  const [parameters] = useSearchParams()
  const name = parameters.get('name') ?? ''
  if (name === '') {
    return (
      <Page title={words.missing} back={back}>
        <Empty title={words.missing} help={words.missingHelp}>
          <GoToButton to="/ledger">{words.toAccounts}</GoToButton>
        </Empty>
      </Page>
    )
  }
  const last = name.slice(name.lastIndexOf(':') + 1)
  return (
    <Page title={name} back={back}>
      <Standing name={name} about={placeOf(last) === undefined ? undefined : last} />
      <Card title={words.entries}>
        <List
          path="/v1/ledger/entries"
          where={{ account: name, sort: '-book_date' }}
          title={words.entries}
          id={({ id }) => id}
          columns={entryColumns}
          filters={entryFilters}
          empty={<Empty title={words.none} help={words.noneHelp} />}
        />
      </Card>
    </Page>
  )
}

function Standing({ name, about }: { name: string; about: string | undefined }) {
  const { data, error } = api.useQuery('get', '/v1/ledger/accounts', {
    params: { query: { prefix: name, limit: 20 } },
  })
  const group = name.slice(0, name.lastIndexOf(':'))
  const rows = data?.items.filter(({ account }) => account === name) ?? []
  return (
    <Card title={words.standing}>
      <ProblemAlert error={error} />
      {rows.map(({ currency, balance, debits, credits }) => (
        <Facts
          key={currency}
          cols={3}
          of={[
            [words.balance, <Amount key="b" value={{ currency, amount: balance }} strong />],
            [words.debits, <Amount key="d" value={{ currency, amount: debits }} />],
            [words.credits, <Amount key="c" value={{ currency, amount: credits }} />],
          ]}
        />
      ))}
      <Facts
        of={[
          [
            words.group,
            <GoTo key="group" to={`/ledger/accounts?prefix=${encodeURIComponent(`${group}:`)}`}>
              {group}
            </GoTo>,
          ],
          [books.entry.about, about === undefined ? undefined : <Thing key="about" id={about} />],
        ]}
      />
    </Card>
  )
}
