import { connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { useSession } from '../../session.tsx'
import { offers as words } from '../../words/offers.ts'
import { offerColumns } from './offer-columns.tsx'

const STATES = ['publishing', 'live', 'failed', 'accepted', 'expired', 'withdrawn'] as const

/** A vendor's offers, or those that a reseller made. */
export default function Offers() {
  const { organisation } = useSession()
  const { connections } = useConnections()
  const mine = organisation.kind === 'reseller'
  const title = mine ? words.mine : words.title
  const channels = Object.entries(words.channels).map(([value, label]) => ({ value, label }))
  return (
    <Page
      title={title}
      lead={mine ? words.leadMine : words.lead}
      actions={
        !mine && (
          <GoToButton to="/offer-sets" variant="default">
            {words.sets}
          </GoToButton>
        )
      }
    >
      <List
        path="/v1/offers"
        title={title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
          { name: 'channel', label: words.columns.channel, kind: 'choice', options: channels },
          {
            name: 'connection_id',
            label: words.columns.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={mine ? words.emptyMineHelp : words.emptyHelp}>
            <GoToButton to={mine ? '/opened' : '/deals'}>{mine ? words.toOpened : words.toDeals}</GoToButton>
          </Empty>
        }
        columns={offerColumns}
      />
    </Page>
  )
}
