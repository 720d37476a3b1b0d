import type { Schemas } from '../../../client/index.ts'
import { ConnectionName } from '../../parts/connections.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { State } from '../../parts/state.tsx'
import { Price } from '../../parts/terms.tsx'
import { offers as words } from '../../words/offers.ts'

/** How offers stand in a table, wherever they do. */
export const offerColumns: readonly Column<Schemas['Offer']>[] = [
  {
    header: words.columns.name,
    sort: 'name',
    cell: ({ id, name }) => <GoTo to={`/offers/${id}`}>{name}</GoTo>,
  },
  { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
  { header: words.columns.buyerPays, right: true, cell: ({ terms }) => <Price of={terms} /> },
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
]
