import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { GoTo, GoToButton } from '../../parts/link.tsx'
import { Rows } from '../../parts/list.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { members as words } from '../../words/members.ts'
import { ChangeRoles } from './change-roles.tsx'
import { useInvite } from './invite.tsx'
import { RoleList, Roles, RoleTable, useRoles } from './roles.tsx'

type Member = Schemas['Member']

export default function Members() {
  const { can, actor } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/members', {})
  const { within } = useRoles()
  const [left, setLeft] = useState<Schemas['ChangedSeat']>()
  const manages = can('members.manage')
  const invite = useInvite()
  const nameOf = ({ id, name }: Member) =>
    name === null ? words.gone : id === actor.id ? common.people.you(name) : name
  const { columns } = words
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <GoToButton to="/invitations" variant="default">
            {words.toInvitations}
          </GoToButton>
          {manages && invite.button}
        </>
      }
    >
      {invite.dialog}
      {left !== undefined && <KeysLeft of={left} />}
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : data === undefined ? (
        <Loading />
      ) : data.items.length === 0 ? (
        <Empty title={words.emptyTitle} help={words.emptyHelp}>
          {manages && invite.button}
        </Empty>
      ) : (
        <Rows
          title={words.title}
          rows={data.items}
          id={({ id }) => id}
          columns={[
            {
              header: columns.name,
              cell: (row) => (
                <Text inherit fw={600}>
                  {nameOf(row)}
                </Text>
              ),
            },
            { header: columns.email, cell: ({ email }) => email ?? common.none },
            { header: columns.roles, cell: ({ roles }) => <Roles of={roles} /> },
            { header: columns.since, cell: ({ created_at }) => <Moment at={created_at} /> },
            ...(manages
              ? [
                  {
                    header: columns.actions,
                    cell: (row: Member) =>
                      within(row.roles) ? (
                        <Acts of={row} name={nameOf(row)} changed={setLeft} />
                      ) : (
                        <Text size="sm" c="dimmed">
                          {words.beyond}
                        </Text>
                      ),
                  },
                ]
              : []),
          ]}
        />
      )}
      <WhatRolesDo />
    </Page>
  )
}

type ActsProps = { of: Member; name: string; changed(seat: Schemas['ChangedSeat']): void }

function Acts({ of, name, changed }: ActsProps) {
  const { actor } = useSession()
  const own = of.id === actor.id
  const remove = useWrite(
    (id: string, header) => client.DELETE('/v1/members/{id}', { params: { path: { id }, header } }),
    { done: words.remove.done, onDone: changed },
  )
  return (
    <Group gap="xs" wrap="nowrap">
      <ChangeRoles of={of} name={name} own={own} changed={changed} />
      <Confirm
        label={own ? words.remove.labelOwn : words.remove.label}
        title={own ? words.remove.titleOwn : words.remove.title(name)}
        help={own ? words.remove.helpOwn : words.remove.help}
        verb={own ? words.remove.verbOwn : words.remove.verb}
        danger
        size="xs"
        run={() => remove.mutateAsync(of.id)}
      />
    </Group>
  )
}

/** Keys outlive the seat of whoever made them: somebody has to decide about them. */
function KeysLeft({ of: { api_keys } }: { of: Schemas['ChangedSeat'] }) {
  const { can } = useSession()
  if (api_keys.length === 0) return null
  return (
    <Alert color="yellow" title={words.keys.title(api_keys.length)} role="status">
      <Text size="sm">
        {words.keys.help} {can('keys.read') && <GoTo to="/keys">{words.keys.open}</GoTo>}
      </Text>
    </Alert>
  )
}

function WhatRolesDo() {
  const [opened, { toggle }] = useDisclosure(false)
  const { error, refetch, roles } = useRoles()
  const { table } = words
  return (
    <Card title={table.title}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : roles.length === 0 ? (
        <Loading />
      ) : (
        <Stack>
          <Text c="dimmed">{table.help}</Text>
          <RoleList />
          <Group>
            <Button variant="default" size="sm" onClick={toggle} aria-expanded={opened}>
              {opened ? table.hide : table.show}
            </Button>
          </Group>
          {opened && <RoleTable />}
        </Stack>
      )}
    </Card>
  )
}
