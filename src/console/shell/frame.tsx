import { AppShell, Badge, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { momentText } from '../parts/moment.tsx'
import type { Screen } from '../screens/screen.ts'
import { useSession } from '../session.tsx'
import { common, shell } from '../words/index.ts'
import { AccountMenu } from './account-menu.tsx'
import { OrganisationSwitch } from './organisation-switch.tsx'
import { Shortcuts } from './shortcuts.tsx'

const GROUPS = ['start', 'sell', 'deliver', 'resell', 'money', 'settings'] as const

/** What stands around every screen: the name, whose organisation it is, the navigation. */
export function Frame({ screens, children }: { screens: readonly Screen[]; children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [at] = useLocation()
  // A chosen screen covers the menu it was chosen from.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of place that matters.
  useEffect(close, [at])
  const session = useSession()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        {common.skip}
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label={shell.menu} />
            <Text component={Link} href="/" fw={700} fz="lg" c="inherit" style={{ textDecoration: 'none' }}>
              {common.product}
            </Text>
            <OrganisationSwitch />
          </Group>
          <Group gap="sm" wrap="nowrap">
            {session.mode === 'sandbox' && (
              <Badge variant="light" color="yellow" tt="none" title={shell.sandboxHelp} visibleFrom="sm">
                {shell.sandbox}: {momentText(session.now)}
              </Badge>
            )}
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={shell.navigation}>
        <AppShell.Section grow component={ScrollArea} scrollbarSize={6}>
          <Stack gap={2}>
            {GROUPS.map((group) => (
              <MenuGroup key={group} group={group} screens={screens} at={at} />
            ))}
          </Stack>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content">{children}</AppShell.Main>
      <Shortcuts />
    </AppShell>
  )
}

const isIn = (at: string, path: string) => at === path || (path !== '/' && at.startsWith(`${path}/`))

type MenuGroupProps = { group: (typeof GROUPS)[number]; screens: readonly Screen[]; at: string }

function MenuGroup({ group, screens, at }: MenuGroupProps) {
  const { can, organisation, mode } = useSession()
  const shown = screens.filter(
    ({ menu, permission, kind, sandbox }) =>
      menu?.group === group &&
      (permission === undefined || can(permission)) &&
      (kind === undefined || kind === organisation.kind) &&
      (sandbox === undefined || mode === 'sandbox'),
  )
  if (shown.length === 0) return null
  return (
    <Stack gap={0} mt={group === 'start' ? 0 : 'xs'}>
      {group !== 'start' && (
        <Text size="xs" fw={600} c="dimmed" px="sm" py={4}>
          {shell.groups[group]}
        </Text>
      )}
      {shown.map(({ path, menu }) => {
        const here = [path, ...(menu?.also ?? [])].some((one) => isIn(at, one))
        return (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={menu?.label}
            active={here}
            aria-current={here ? 'page' : undefined}
            py={6}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        )
      })}
    </Stack>
  )
}
