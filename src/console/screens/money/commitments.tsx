import { Progress, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { decimal } from '../../../core/decimal.ts'
import { Amount } from '../../parts/amount.tsx'
import { clouds, cloudText } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Day } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { useSession } from '../../session.tsx'
import { commitments as words } from '../../words/commitments.ts'
import { percentOf } from './percent.ts'

type Commitment = Schemas['ListedCommitment']

export default function Commitments() {
  const { can } = useSession()
  const write = can('commitments.manage') ? (
    <GoToButton to="/commitments/new">{words.write.button}</GoToButton>
  ) : undefined
  return (
    <Page title={words.title} lead={words.lead} actions={write}>
      <List
        path="/v1/commitments"
        where={{ sort: 'ends_on' }}
        title={words.title}
        id={({ id }) => id}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          {
            name: 'state',
            label: words.state,
            kind: 'choice',
            options: Object.entries(words.states).map(([value, label]) => ({ value, label })),
          },
          {
            name: 'cloud',
            label: words.cloud,
            kind: 'choice',
            options: clouds.map((value) => ({ value, label: cloudText(value) })),
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {write}
          </Empty>
        }
        columns={[
          {
            header: words.columns.name,
            sort: 'name',
            cell: ({ id, name }) => <GoTo to={`/commitments/${id}`}>{name}</GoTo>,
          },
          { header: words.columns.kind, cell: (item) => toWhom(item) },
          { header: words.columns.amount, right: true, cell: ({ amount }) => <Amount value={amount} /> },
          { header: words.columns.drawn, cell: (item) => <Drawn of={item} /> },
          {
            header: words.columns.remaining,
            right: true,
            cell: ({ remaining }) => <Amount value={remaining.amount} />,
          },
          {
            header: words.columns.ends,
            sort: 'ends_on',
            cell: ({ ends_on }) => <Day on={ends_on} />,
          },
        ]}
      />
    </Page>
  )
}

/** Whom a promise was given to. */
export const toWhom = ({ kind, cloud }: Pick<Commitment, 'kind' | 'cloud'>) =>
  kind === 'vendor' ? words.kinds.vendor : cloud === null ? words.kinds.cloud : cloudText(cloud)

function Drawn({ of: { amount, drawn } }: { of: Commitment }) {
  const percent = percentOf(decimal(drawn.amount.amount), decimal(amount.amount))
  return (
    <Stack gap={2} miw={150}>
      <Amount value={drawn.amount} />
      <Progress value={percent} aria-label={words.usedPart(percent)} size="sm" />
      <Text size="xs" c="dimmed">
        {words.usedPart(percent)}
      </Text>
    </Stack>
  )
}
