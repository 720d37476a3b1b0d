import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { choices, lineKinds, lineStages } from '../../words/money.ts'
import { trace as words } from '../../words/trace.ts'
import { lineColumns } from './line-columns.tsx'

/** Finds a line to follow: by its invoice, its reference, its amount. */
export default function TraceSearch() {
  return (
    <Page title={words.title} lead={`${words.lead} ${words.searchHelp}`}>
      <List
        path="/v1/reconciliation/lines"
        where={{ sort: '-occurred_at' }}
        title={words.title}
        id={(line) => line.id}
        columns={lineColumns}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          { name: 'amount', label: words.amount, kind: 'text' },
          { name: 'kind', label: words.kind, kind: 'choice', options: choices(lineKinds) },
          { name: 'stage', label: words.stage, kind: 'choice', options: choices(lineStages) },
          { name: 'disbursement_key', label: words.payout, kind: 'text' },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/statements">
              {words.toStatements}
            </GoToButton>
          </Empty>
        }
      />
    </Page>
  )
}
