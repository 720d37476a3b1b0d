import { connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { reselling } from '../../words/reselling.ts'
import { authorizationColumns } from './authorization-columns.tsx'

const words = reselling.authorizations
const STATES = ['publishing', 'active', 'declined', 'restricted', 'failed'] as const

export default function Authorizations() {
  const { connections } = useConnections()
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/resale-authorizations"
        title={words.title}
        id={({ id }) => id}
        where={{ sort: '-created_at' }}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'state', label: words.columns.state, kind: 'choice', options: STATES },
          {
            name: 'connection_id',
            label: words.columns.connection,
            kind: 'choice',
            options: connections.map((one) => ({ value: one.id, label: connectionText(one) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/deals">{words.toDeals}</GoToButton>
          </Empty>
        }
        columns={authorizationColumns}
      />
    </Page>
  )
}
