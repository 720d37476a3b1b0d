import { Stack, Text } from '@mantine/core'
import { api } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useSession } from '../../session.tsx'
import { agreements } from '../../words/agreements.ts'
import { common } from '../../words/index.ts'

const words = agreements.money

/** What an agreement was to bring and what of it arrived. */
export function AgreementMoney({ id }: { id: string }) {
  const { can } = useSession()
  const allowed = can('settlement.read')
  const { data, error, refetch } = api.useQuery(
    'get',
    '/v1/reconciliation',
    { params: { query: { agreement_id: id } } },
    { enabled: allowed },
  )
  const items = data?.items ?? []
  return (
    <Card
      title={words.title}
      actions={
        items.length > 0 && (
          <GoToButton size="xs" variant="default" to={`/reconciliation?agreement_id=${id}`}>
            {words.all}
          </GoToButton>
        )
      }
    >
      {!allowed ? (
        <Text c="dimmed">{words.notAllowed}</Text>
      ) : error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : items.length === 0 ? (
        <Text c="dimmed">{data === undefined ? common.loading : words.none}</Text>
      ) : (
        items.map(({ currency, expected, banked, difference, causes }) => (
          <Stack key={currency} gap="sm">
            <Facts
              of={[
                [words.expected, <Amount key="expected" value={expected} strong />],
                [words.banked, <Amount key="banked" value={banked} strong />],
                [words.difference, <Amount key="difference" value={difference} strong />],
              ]}
            />
            {causes.length > 0 && (
              <Facts cols={1} of={[[words.causes, causes.flatMap((one) => one.sentences).join(' ')]]} />
            )}
          </Stack>
        ))
      )}
    </Card>
  )
}
