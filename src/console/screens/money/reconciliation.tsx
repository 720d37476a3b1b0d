import { Badge, SimpleGrid, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { Card } from '../../parts/card.tsx'
import { cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Facts } from '../../parts/facts.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Page } from '../../parts/page.tsx'
import { causeName, causes } from '../../words/money.ts'
import { reconciliation as words } from '../../words/settlement.ts'
import { CauseBadges } from './causes.tsx'

export type Reconciled = Schemas['Reconciliation']

/** Expected against received: in all, then agreement by agreement. */
export default function Reconciliation() {
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/reconciliation"
        title={words.title}
        where={{ sort: '-difference' }}
        id={(item) => `${item.agreement_id} ${item.currency}`}
        filters={[
          {
            name: 'state',
            label: words.state,
            kind: 'choice',
            options: Object.entries(words.states).map(([value, label]) => ({ value, label })),
          },
          {
            name: 'cause',
            label: words.cause,
            kind: 'choice',
            options: Object.keys(causes).map((value) => ({ value, label: causeName(value) })),
          },
        ]}
        above={({ total }) => (
          <SimpleGrid cols={{ base: 1, lg: total.length > 1 ? 2 : 1 }}>
            {total.map((item) => (
              <Card key={item.currency} title={words.total(item.currency)}>
                <Flow of={item} />
                <CauseBadges of={item.causes} />
              </Card>
            ))}
          </SimpleGrid>
        )}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/statements">
              {words.toStatements}
            </GoToButton>
          </Empty>
        }
        columns={[
          { header: words.columns.agreement, sort: 'agreement', cell: (item) => <Whose of={item} /> },
          {
            header: words.columns.expected,
            sort: 'expected',
            right: true,
            cell: ({ expected }) => <Amount value={expected} />,
          },
          { header: words.columns.banked, right: true, cell: ({ banked }) => <Amount value={banked} /> },
          {
            header: words.columns.difference,
            sort: 'difference',
            right: true,
            cell: ({ difference }) => <Amount value={difference} strong />,
          },
          { header: words.columns.causes, cell: (item) => <CauseBadges of={item.causes} /> },
          { header: words.columns.state, cell: (item) => <Standing of={item} /> },
        ]}
      />
    </Page>
  )
}

/** An agreement by its name, with its cloud. */
function Whose({ of: { agreement_id, agreement } }: { of: Reconciled }) {
  return (
    <Stack gap={0}>
      <GoTo to={`/reconciliation/${agreement_id ?? 'none'}`}>
        {agreement_id === null
          ? words.none
          : (agreement?.name ?? agreement?.cloud_agreement_id ?? agreement_id)}
      </GoTo>
      {agreement !== null && (
        <Text size="xs" c="dimmed">
          {cloudText(agreement.cloud)}
        </Text>
      )}
    </Stack>
  )
}

const isZero = (amount: string) => /^-?0*(\.0*)?$/.test(amount)

/** Settled, explained, or not. */
export function Standing({ of: { explained, difference, causes: named } }: { of: Reconciled }) {
  const state = !explained
    ? 'unknown'
    : isZero(difference.amount) && named.length === 0
      ? 'settled'
      : 'explained'
  const tone = { unknown: 'red', settled: 'green', explained: 'blue' }[state]
  return (
    <Badge variant="light" color={tone} tt="none">
      {words.states[state]}
    </Badge>
  )
}

/** How far the money has come. */
export function Flow({ of }: { of: Reconciled }) {
  const { expected, invoiced, collected, disbursed, banked, difference } = words.flow
  return (
    <Facts
      cols={6}
      of={[
        [expected, <Amount key="e" value={of.expected} />],
        [invoiced, <Amount key="i" value={of.invoiced} />],
        [collected, <Amount key="c" value={of.collected} />],
        [disbursed, <Amount key="d" value={of.disbursed} />],
        [banked, <Amount key="b" value={of.banked} />],
        [difference, <Amount key="x" value={of.difference} strong />],
      ]}
    />
  )
}
