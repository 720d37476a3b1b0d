import { Badge, Checkbox, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Answer, api } from '../../api.ts'
import { useSession } from '../../session.tsx'
import { common } from '../../words/index.ts'
import { members } from '../../words/members.ts'

export type Role = Answer<'/v1/roles'>['roles'][number]['name']

/** The roles and what each allows, as the service decides; empty until it is there. */
export function useRoles() {
  const { can } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/roles', {}, { staleTime: 600_000 })
  const roles = data?.roles ?? []
  const allows = (name: Role) => roles.find((role) => role.name === name)?.allows ?? []
  return {
    roles,
    permissions: data?.permissions ?? [],
    /** Whether these roles hold no more than the signed-in person does: nobody gives or touches more. */
    within: (names: readonly Role[]) =>
      can('operator') || (data !== undefined && names.every((name) => allows(name).every(can))),
    error,
    refetch,
  }
}

/** The roles of a seat. */
export function Roles({ of }: { of: readonly Role[] }) {
  return (
    <Group gap={4}>
      {of.map((role) => (
        <Badge key={role} variant="default" tt="none">
          {members.roles[role]}
        </Badge>
      ))}
    </Group>
  )
}

type ChoiceProps = {
  value?: string[]
  onChange?(value: string[]): void
  error?: ReactNode
  onFocus?(): void
  onBlur?(): void
}

/** Chooses roles, each with what it is for; those beyond the signed-in person's own cannot be chosen. */
export function RoleChoice(input: ChoiceProps) {
  const { roles, within } = useRoles()
  return (
    <Checkbox.Group label={members.invite.roles} withAsterisk {...input}>
      <Stack gap="sm" mt={4}>
        {roles.map(({ name, title }) => {
          const fits = within([name])
          return (
            <Checkbox
              key={name}
              value={name}
              label={members.roles[name]}
              description={fits ? title : `${title}. ${members.invite.beyond}.`}
              disabled={!fits}
            />
          )
        })}
      </Stack>
    </Checkbox.Group>
  )
}

/** What each role is for, in a sentence. */
export function RoleList() {
  const { roles } = useRoles()
  return (
    <Stack component="dl" gap={6} m={0}>
      {roles.map(({ name, title }) => (
        <Group key={name} gap="sm" wrap="nowrap" align="baseline">
          <Text component="dt" fw={600} miw={84}>
            {members.roles[name]}
          </Text>
          <Text component="dd" m={0}>
            {title}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}

/** Every permission, and which roles hold it. */
export function RoleTable() {
  const { roles, permissions } = useRoles()
  const { table } = members
  return (
    <Table.ScrollContainer
      minWidth={760}
      scrollAreaProps={{
        viewportProps: { tabIndex: 0, role: 'region', 'aria-label': common.list.table(table.title) },
      }}
    >
      <Table verticalSpacing={6} highlightOnHover aria-label={table.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{table.permission}</Table.Th>
            {roles.map(({ name }) => (
              <Table.Th key={name} scope="col" ta="center">
                {members.roles[name]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {permissions.map(({ name, words }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {words}
                <Text size="sm" c="dimmed">
                  {name}
                </Text>
              </Table.Th>
              {roles.map((role) => (
                <Table.Td key={role.name} ta="center">
                  <Held is={role.allows.includes(name)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Held({ is }: { is: boolean }) {
  return (
    <>
      <span aria-hidden="true">{is ? '✓' : ''}</span>
      <VisuallyHidden>{is ? common.yes : common.no}</VisuallyHidden>
    </>
  )
}
