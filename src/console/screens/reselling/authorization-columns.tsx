import type { Schemas } from '../../../client/index.ts'
import { ConnectionName } from '../../parts/connections.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { State } from '../../parts/state.tsx'
import { Price } from '../../parts/terms.tsx'
import { reselling } from '../../words/reselling.ts'
import { LastDay } from './last-day.tsx'

const words = reselling.authorizations

/** How a vendor's authorizations stand in a table, wherever they do. */
export const authorizationColumns: readonly Column<Schemas['ResaleAuthorization']>[] = [
  {
    header: words.columns.name,
    sort: 'name',
    cell: ({ id, name }) => <GoTo to={`/resale-authorizations/${id}`}>{name}</GoTo>,
  },
  { header: words.columns.state, cell: ({ state }) => <State is={state} /> },
  { header: words.columns.wholesale, right: true, cell: ({ terms }) => <Price of={terms} /> },
  { header: words.columns.reseller, cell: ({ reseller_account_id }) => reseller_account_id },
  {
    header: words.columns.band,
    cell: ({ markup_min_percent, markup_max_percent }) => words.band(markup_min_percent, markup_max_percent),
  },
  {
    header: words.columns.connection,
    cell: ({ connection_id }) => <ConnectionName id={connection_id} short />,
  },
  {
    header: words.columns.expires,
    sort: 'expires_on',
    cell: (one) => <LastDay of={one} />,
  },
]
