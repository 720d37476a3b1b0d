import { Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Amount } from '../../parts/amount.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { List } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { State, stateText } from '../../parts/state.tsx'
import { Thing } from '../../parts/thing.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { choices, exceptionKinds, named } from '../../words/money.ts'
import { exceptions as words } from '../../words/settlement.ts'

type Exception = Schemas['Exception']

/** What needs a person: the open ones first, the oldest and the largest by a click on their columns. */
export default function Exceptions() {
  const { can } = useSession()
  return (
    <Page title={words.title} lead={words.lead}>
      <List
        path="/v1/exceptions"
        title={words.title}
        where={{ state: 'open', sort: '-created_at' }}
        id={({ id }) => id}
        filters={[
          { name: 'q', label: words.find, kind: 'text' },
          {
            name: 'state',
            label: words.state,
            kind: 'choice',
            none: stateText('open'),
            options: ['resolved'],
          },
          { name: 'kind', label: words.kind, kind: 'choice', options: choices(exceptionKinds) },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            <GoToButton variant="default" to="/reconciliation">
              {words.toReconciliation}
            </GoToButton>
          </Empty>
        }
        columns={[
          { header: words.columns.what, cell: (item) => <What of={item} /> },
          { header: words.columns.kind, cell: ({ kind }) => named(exceptionKinds, kind) },
          {
            header: words.columns.amount,
            sort: 'amount',
            right: true,
            cell: ({ amount }) => <Amount value={amount} />,
          },
          {
            header: words.columns.age,
            sort: 'created_at',
            right: true,
            cell: ({ age_days }) => words.age(age_days),
          },
          { header: words.columns.subject, cell: ({ subject_id }) => <Thing id={subject_id} /> },
          {
            header: words.columns.actions,
            cell: (item) =>
              item.state === 'resolved' ? (
                <State is="resolved" />
              ) : can('settlement.manage') ? (
                <Resolve id={item.id} />
              ) : null,
          },
        ]}
      />
    </Page>
  )
}

function What({ of: { sentence, fix, state, note, resolved_at } }: { of: Exception }) {
  return (
    <Stack gap={2} maw={560} miw={260}>
      <Text size="sm" fw={600}>
        {sentence}
      </Text>
      {state === 'open' ? (
        <Text size="sm" c="dimmed">
          {words.fix(fix)}
        </Text>
      ) : (
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {note === null ? words.itself : words.note(note)}
          </Text>
          <Text size="sm" c="dimmed">
            <Moment at={resolved_at} />
          </Text>
        </Group>
      )}
    </Stack>
  )
}

function Resolve({ id }: { id: string }) {
  const resolve = useWrite((note: string, headers) =>
    client.POST('/v1/exceptions/{id}/resolve', {
      params: { path: { id }, header: headers },
      body: { note },
    }),
  )
  const { label, title, help, reason, verb } = words.resolve
  return (
    <Confirm
      size="xs"
      label={label}
      title={title}
      help={help}
      reason={reason}
      verb={verb}
      run={(note) => resolve.mutateAsync(note)}
    />
  )
}
