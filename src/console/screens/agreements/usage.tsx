import { Text } from '@mantine/core'
import { api } from '../../api.ts'
import { grouped } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { agreements } from '../../words/agreements.ts'
import { common } from '../../words/index.ts'

const words = agreements.usage

/** Each meter of an agreement in total. */
export function AgreementUsage({ id }: { id: string }) {
  const query = { agreement_id: id }
  const { data, error, refetch } = api.useQuery('get', '/v1/usage/summary', { params: { query } })
  const meters = data?.items ?? []
  return (
    <Card
      title={words.title}
      actions={
        meters.length > 0 && (
          <GoToButton size="xs" variant="default" to={`/usage?agreement_id=${id}`}>
            {words.all}
          </GoToButton>
        )
      }
    >
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : meters.length === 0 ? (
        <Text c="dimmed">{data === undefined ? common.loading : words.none}</Text>
      ) : (
        <Rows
          title={words.title}
          rows={meters}
          id={({ dimension }) => dimension}
          columns={[
            { header: words.dimension, cell: ({ dimension }) => dimension },
            { header: words.used, right: true, cell: ({ used }) => grouped(used) },
            { header: words.accepted, right: true, cell: ({ accepted }) => grouped(accepted) },
            { header: words.pending, right: true, cell: ({ pending }) => grouped(pending) },
            { header: words.carried, right: true, cell: ({ carried }) => grouped(carried) },
            { header: words.lost, right: true, cell: ({ lost }) => grouped(lost) },
            { header: words.balanced, cell: ({ balanced }) => (balanced ? common.yes : common.no) },
          ]}
        />
      )}
    </Card>
  )
}
