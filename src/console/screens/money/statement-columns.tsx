import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { GoTo } from '../../parts/link.tsx'
import type { Column } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { partnerStatements } from '../../words/partners.ts'

const { columns, statement } = partnerStatements

/** What a vendor's list of partner statements shows. */
export const statementColumns: readonly Column<Schemas['PartnerStatementHead']>[] = [
  {
    header: columns.month,
    sort: 'month',
    cell: ({ id, content }) => <GoTo to={`/partner-statements/${id}`}>{statement(content.month)}</GoTo>,
  },
  { header: columns.total, right: true, cell: ({ total }) => <Amount value={total} strong /> },
  { header: columns.lines, right: true, cell: ({ lines }) => lines.toLocaleString('en') },
  { header: columns.late, right: true, cell: ({ late_lines }) => late_lines.toLocaleString('en') },
  { header: columns.made, sort: 'created_at', cell: ({ created_at }) => <Moment at={created_at} /> },
]
