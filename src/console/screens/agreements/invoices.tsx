import { Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Day, monthText } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { agreements } from '../../words/agreements.ts'
import { common } from '../../words/index.ts'
import type { Reason } from './ask-fields.tsx'
import { AskRefund } from './ask-refund.tsx'

const words = agreements.invoices

type Props = { of: Schemas['Agreement']; reasons: readonly Reason[]; told(answer: unknown): void }

/** What the buyer was billed, as the cloud says now, with the button that gives it back. */
export function Invoices({ of: { id }, reasons, told }: Props) {
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/agreements/{id}/invoices', {
    params: { path: { id } },
  })
  const rows = data?.items ?? []
  const refunds = can('refunds.manage') && rows.some(({ refundable }) => refundable !== null)
  return (
    <Card title={words.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Text c="dimmed">{data.told ? words.none : words.notTold}</Text>
      ) : (
        <>
          <Text c="dimmed">{words.help}</Text>
          <Rows
            title={words.title}
            rows={rows}
            id={({ invoice_id, kind }) => `${invoice_id} ${kind}`}
            columns={[
              {
                header: words.id,
                cell: ({ invoice_id, kind }) =>
                  kind === 'credit_memo' ? `${invoice_id} (${words.creditMemo})` : invoice_id,
              },
              {
                header: words.month,
                cell: ({ month }) => (
                  <span style={{ whiteSpace: 'nowrap' }}>
                    {month === null ? common.none : monthText(month)}
                  </span>
                ),
              },
              { header: words.issued, cell: ({ issued_at }) => <Day on={issued_at} /> },
              { header: words.issuer, cell: ({ issuer }) => issuer },
              { header: words.amount, right: true, cell: ({ amount }) => <Amount value={amount} /> },
              {
                header: words.refundable,
                right: true,
                cell: ({ refundable }) => <Amount value={refundable} />,
              },
              ...(refunds
                ? [
                    {
                      header: words.actions,
                      cell: (invoice: (typeof rows)[number]) => (
                        <AskRefund agreement_id={id} invoice={invoice} reasons={reasons} told={told} />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </>
      )}
    </Card>
  )
}
