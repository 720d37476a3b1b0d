import type { Schemas } from '../../../client/index.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Who } from '../../parts/people.tsx'
import { State } from '../../parts/state.tsx'
import { Subject } from '../../parts/subject.tsx'
import { approvals as words } from '../../words/approvals.ts'
import { acts } from '../../words/organisation.ts'

const STATES: readonly Schemas['Approval']['state'][] = [
  'waiting',
  'approved',
  'refused',
  'withdrawn',
  'expired',
]
const ACTS = Object.entries(acts).map(([value, { title }]) => ({ value, label: title }))
/** Somebody else may decide while one looks. */
const REFRESH_MS = 15_000

export default function Approvals() {
  const { columns } = words
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/approvals"
        title={words.title}
        id={({ id }) => id}
        refresh_ms={REFRESH_MS}
        filters={[
          { name: 'state', label: columns.state, kind: 'choice', options: STATES },
          { name: 'act', label: columns.act, kind: 'choice', options: ACTS },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton to="/organisation">{words.toOrganisation}</GoToButton>
          </Empty>
        }
        columns={[
          {
            header: columns.act,
            cell: ({ id, act }) => <GoTo to={`/approvals/${id}`}>{acts[act].title}</GoTo>,
          },
          { header: columns.state, cell: ({ state }) => <State is={state} /> },
          { header: columns.subject, cell: ({ subject_id }) => <Subject id={subject_id} short /> },
          { header: columns.asked, cell: ({ asked_by }) => <Who id={asked_by} /> },
          { header: columns.when, sort: 'asked_at', cell: ({ asked_at }) => <Moment at={asked_at} /> },
          {
            header: columns.until,
            sort: 'expires_at',
            cell: ({ state, expires_at }) => <Day on={state === 'waiting' ? expires_at : null} />,
          },
          { header: columns.decided, cell: ({ decided_by }) => <Who id={decided_by} /> },
        ]}
      />
    </Page>
  )
}
