import { clouds, cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { Price } from '../../parts/terms.tsx'
import { useSession } from '../../session.tsx'
import { agreements as words } from '../../words/agreements.ts'

const STATES = ['pending', 'active', 'suspended', 'ended', 'cancelled', 'replaced', 'unknown'] as const

export default function Agreements() {
  const { organisation } = useSession()
  const vendor = organisation.kind === 'vendor'
  const roles = Object.entries(words.roles).map(([value, label]) => ({ value, label }))
  const cloudNames = clouds.map((value) => ({ value, label: cloudText(value) }))
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/agreements"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
          { name: 'cloud', label: words.columns.cloud, kind: 'choice', options: cloudNames },
          ...(vendor
            ? [{ name: 'role', label: words.columns.role, kind: 'choice' as const, options: roles }]
            : []),
          { name: 'ends_from', label: words.columns.endsFrom, kind: 'day' },
          { name: 'ends_until', label: words.columns.endsUntil, kind: 'day' },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={vendor ? words.emptyHelp : words.emptyMineHelp}>
            <GoToButton to="/offers">{words.toOffers}</GoToButton>
          </Empty>
        }
        columns={[
          {
            header: words.columns.buyer,
            sort: 'buyer_account_id',
            cell: ({ id, buyer_name, buyer_account_id }) => (
              <GoTo to={`/agreements/${id}`}>{buyer_name ?? buyer_account_id}</GoTo>
            ),
          },
          { header: words.columns.product, cell: ({ product_name }) => product_name },
          { header: words.columns.cloud, cell: ({ cloud }) => cloudText(cloud) },
          { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
          ...(vendor
            ? [
                {
                  header: words.columns.role,
                  cell: ({ role }: { role: keyof typeof words.roles }) => words.roles[role],
                },
              ]
            : []),
          { header: words.columns.price, right: true, cell: ({ terms }) => <Price of={terms} /> },
          { header: words.columns.ends, cell: ({ ends_at }) => <Day on={ends_at} /> },
          {
            header: words.columns.known,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
        ]}
      />
    </Page>
  )
}
