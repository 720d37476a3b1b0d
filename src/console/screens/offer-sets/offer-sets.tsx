import { ConnectionName } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useSession } from '../../session.tsx'
import { offerSets as words } from '../../words/offer-sets.ts'
import { offers } from '../../words/offers.ts'

const STATES = ['publishing', 'incomplete', 'released', 'failed', 'withdrawn'] as const

/** A vendor's sets of offers. */
export default function OfferSets() {
  const { can } = useSession()
  const make = can('offers.manage') && <GoToButton to="/offer-sets/new">{words.make}</GoToButton>
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/offers', label: offers.title }} actions={make}>
      <List
        path="/v1/offer-sets"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {make}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/offer-sets/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
          {
            header: words.columns.connection,
            cell: ({ connection_id }) => <ConnectionName id={connection_id} short />,
          },
          {
            header: words.columns.expires,
            sort: 'expires_on',
            cell: ({ expires_on }) => <Day on={expires_on} />,
          },
          {
            header: words.columns.changed,
            sort: 'updated_at',
            cell: ({ updated_at }) => <Moment at={updated_at} />,
          },
        ]}
      />
    </Page>
  )
}
