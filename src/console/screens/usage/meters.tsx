import { api } from '../../api.ts'
import { grouped } from '../../parts/amount.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { common } from '../../words/index.ts'
import { usage } from '../../words/usage.ts'
import { buyerText } from './meter.ts'

const words = usage.meters

export default function Meters() {
  const { data, error, refetch } = api.useQuery('get', '/v1/usage/summary', {})
  const { columns } = words
  const quantity = (value: string | null) => (value === null ? common.none : grouped(value))
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/usage', label: usage.title }}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Empty title={words.emptyTitle} help={words.emptyHelp} />
      ) : (
        <Rows
          title={words.title}
          rows={data.items}
          id={({ agreement_id, dimension }) => `${agreement_id} ${dimension}`}
          columns={[
            {
              header: usage.hours.columns.buyer,
              cell: (row) => <GoTo to={`/agreements/${row.agreement_id}`}>{buyerText(row)}</GoTo>,
            },
            { header: usage.hours.columns.dimension, cell: ({ dimension }) => dimension },
            { header: columns.used, right: true, cell: ({ used }) => grouped(used) },
            { header: columns.drawn, right: true, cell: ({ drawn }) => grouped(drawn) },
            { header: columns.sent, right: true, cell: ({ sent }) => grouped(sent) },
            { header: columns.carried, right: true, cell: ({ carried }) => grouped(carried) },
            { header: columns.lost, right: true, cell: ({ lost }) => grouped(lost) },
            { header: columns.accepted, right: true, cell: ({ accepted }) => grouped(accepted) },
            { header: columns.pending, right: true, cell: ({ pending }) => grouped(pending) },
            { header: columns.cloud, right: true, cell: ({ cloud }) => quantity(cloud) },
            { header: columns.difference, right: true, cell: ({ difference }) => quantity(difference) },
            { header: columns.balanced, cell: ({ balanced }) => (balanced ? common.yes : common.no) },
          ]}
        />
      )}
    </Page>
  )
}
