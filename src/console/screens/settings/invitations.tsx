import { Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { type Answer, client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { List } from '../../parts/list.tsx'
import { Day, Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { useNames, Who } from '../../parts/people.tsx'
import { State } from '../../parts/state.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { members, invitations as words } from '../../words/members.ts'
import { Brought, useInvite } from './invite.tsx'
import { Roles, useRoles } from './roles.tsx'

type Invitation = Answer<'/v1/invitations'>['items'][number]
type Sent = { email: string; link: string | null }

export default function Invitations() {
  const { can } = useSession()
  const { within } = useRoles()
  const [sent, setSent] = useState<Sent>()
  const manages = can('members.manage')
  const invite = useInvite()
  const { columns } = words
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back={{ to: '/members', label: members.title }}
      actions={manages && invite.button}
    >
      {invite.dialog}
      {sent !== undefined && <Brought {...sent} />}
      <List
        path="/v1/invitations"
        where={{ sort: '-created_at' }}
        title={words.title}
        id={({ id }) => id}
        filters={[
          {
            name: 'state',
            label: columns.state,
            kind: 'choice',
            options: ['waiting', 'accepted', 'revoked', 'expired'],
          },
        ]}
        empty={
          <Empty title={words.emptyTitle} help={words.emptyHelp}>
            {manages && invite.button}
          </Empty>
        }
        columns={[
          { header: columns.email, cell: (row) => <Invited of={row} /> },
          { header: columns.roles, cell: ({ roles }) => <Roles of={roles} /> },
          { header: columns.state, cell: ({ state }) => <State is={state} /> },
          { header: columns.by, cell: ({ invited_by }) => <Who id={invited_by} /> },
          {
            header: columns.made,
            sort: 'created_at',
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
          {
            header: columns.until,
            sort: 'expires_at',
            cell: ({ expires_at }) => <Day on={expires_at} />,
          },
          ...(manages
            ? [
                {
                  header: columns.actions,
                  cell: (row: Invitation) => <Acts of={row} gives={within(row.roles)} sent={setSent} />,
                },
              ]
            : []),
        ]}
      />
    </Page>
  )
}

/** Addresses are broken only where they are very long. */
const WIDE = { display: 'inline-block', minWidth: '10rem', overflowWrap: 'anywhere' } as const

/** Who was invited: their address while it waits, then the member they became. */
function Invited({ of: { email, accepted_by } }: { of: Invitation }) {
  const names = useNames()
  if (email !== null) return <span style={WIDE}>{email}</span>
  const name = accepted_by === null ? undefined : names.get(accepted_by)
  if (name !== undefined) return <span>{name}</span>
  return (
    <Text component="span" inherit c="dimmed" {...(accepted_by === null ? {} : { title: accepted_by })}>
      {accepted_by === null ? words.forgotten : words.left}
    </Text>
  )
}

/** `gives`: the signed-in person may give these roles, and so may send the invitation once more. */
function Acts({ of, gives, sent }: { of: Invitation; gives: boolean; sent(what: Sent | undefined): void }) {
  const { id, state } = of
  const email = of.email ?? ''
  const again = useWrite(
    (_: null, header) => client.POST('/v1/invitations/{id}/send-again', { params: { path: { id }, header } }),
    {
      onDone: ({ link }) => {
        if (link !== null) return sent({ email, link })
        const closeButtonProps = { 'aria-label': common.close }
        notifications.show({ message: members.invite.sent(email), color: 'green', closeButtonProps })
      },
    },
  )
  const revoke = useWrite(
    (_: null, header) => client.POST('/v1/invitations/{id}/revoke', { params: { path: { id }, header } }),
    // A link that was shown for it lets nobody in any more.
    { done: words.revoke.done, onDone: () => sent(undefined) },
  )
  if (state !== 'waiting') return <span>{common.none}</span>
  return (
    <Group gap="xs" wrap="nowrap">
      {gives && (
        <Confirm
          label={words.again.label}
          title={words.again.title(email)}
          help={words.again.help}
          verb={words.again.verb}
          size="xs"
          run={() => again.mutateAsync(null)}
        />
      )}
      <Confirm
        label={words.revoke.label}
        title={words.revoke.title(email)}
        help={words.revoke.help}
        verb={words.revoke.verb}
        danger
        size="xs"
        run={() => revoke.mutateAsync(null)}
      />
    </Group>
  )
}
