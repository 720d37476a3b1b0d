import { Amount } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment, monthText } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { reselling } from '../../words/reselling.ts'

const words = reselling.statements

/** What vendors stated to this reseller. */
export default function Statements() {
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/partner-statements"
        title={words.title}
        id={({ id }) => id}
        filters={[{ name: 'month', label: words.columns.month, kind: 'month' }]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/agreements">
              {words.toAgreements}
            </GoToButton>
          </Empty>
        }
        columns={[
          {
            header: words.columns.month,
            cell: ({ id, content }) => (
              <GoTo to={`/my-statements/${id}`}>{words.statement(monthText(content.month))}</GoTo>
            ),
          },
          { header: words.columns.total, right: true, cell: ({ total }) => <Amount value={total} /> },
          { header: words.columns.late, right: true, cell: ({ late_lines }) => late_lines },
          { header: words.columns.made, cell: ({ created_at }) => <Moment at={created_at} /> },
        ]}
      />
    </Page>
  )
}
