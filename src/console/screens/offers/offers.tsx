import { Amount } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { offers as words } from '../../words/offers.ts'

const STATES = ['publishing', 'live', 'failed', 'accepted', 'expired', 'withdrawn'] as const

export default function Offers() {
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/offers"
        title={words.title}
        id={({ id }) => id}
        filters={[{ name: 'state', label: words.columns.state, kind: 'choice', options: STATES }]}
        empty={<Empty title={words.emptyTitle} help={words.emptyHelp} />}
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/offers/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
          {
            header: words.columns.buyerPays,
            right: true,
            cell: ({ terms }) =>
              terms.kind === 'usage' ? (
                words.byUsage
              ) : (
                <Amount value={{ currency: terms.currency, amount: terms.total }} />
              ),
          },
          { header: words.columns.channel, cell: ({ channel }) => words.channels[channel] },
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
