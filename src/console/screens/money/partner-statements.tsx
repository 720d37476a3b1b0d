import { api } from '../../api.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { Thing } from '../../parts/thing.tsx'
import { partnerStatements as words } from '../../words/partners.ts'
import { statementColumns } from './statement-columns.tsx'

/** So many partners are offered to choose from; the others are found on their own page. */
const PARTNERS_MAX = 200

/** What partners were told, the last month first. */
export default function PartnerStatements() {
  const { data } = api.useQuery('get', '/v1/partners', {
    params: { query: { limit: PARTNERS_MAX, sort: 'name' } },
  })
  const names = new Map(data?.items.map(({ id, name }) => [id, name]))
  const options = data?.items.map(({ id, name, reseller_account_id }) => ({
    value: id,
    label: reseller_account_id === null ? name : `${name} (${reseller_account_id})`,
  }))
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/partner-statements"
        where={{ side: 'given', sort: '-month' }}
        title={words.title}
        id={({ id }) => id}
        filters={[
          { name: 'partner_id', label: words.columns.partner, kind: 'choice', options: options ?? [] },
          { name: 'month', label: words.columns.month, kind: 'month' },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/partners">
              {words.toPartners}
            </GoToButton>
          </Empty>
        }
        columns={[
          ...statementColumns.slice(0, 1),
          {
            header: words.columns.partner,
            cell: ({ content: { partner_id } }) => {
              const name = names.get(partner_id)
              return name === undefined ? (
                <Thing id={partner_id} />
              ) : (
                <GoTo to={`/partners/${partner_id}`}>{name}</GoTo>
              )
            },
          },
          ...statementColumns.slice(1),
        ]}
      />
    </Page>
  )
}
