import { cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Price } from '../../parts/terms.tsx'
import { useSession } from '../../session.tsx'
import { deals as words } from '../../words/deals.ts'
import { common } from '../../words/index.ts'

export default function Deals() {
  const { can } = useSession()
  const write = can('offers.manage') && <GoToButton to="/deals/new">{words.write}</GoToButton>
  return (
    <Page title={words.title} lead={words.lead} actions={write}>
      <List
        path="/v1/deals"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[{ name: 'q', label: words.find, kind: 'text' }]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {write}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/deals/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.buyer, sort: 'buyer_name', cell: ({ buyer }) => buyer.name },
          { header: words.columns.price, right: true, cell: ({ terms }) => <Price of={terms} /> },
          { header: words.columns.kind, cell: ({ terms }) => common.terms.kinds[terms.kind] },
          {
            header: words.columns.clouds,
            cell: ({ buyer }) => Object.keys(buyer.accounts).map(cloudText).join(', ') || common.none,
          },
          {
            header: words.columns.created,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
        ]}
      />
    </Page>
  )
}
