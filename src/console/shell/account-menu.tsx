import { Button, Menu, useMantineColorScheme } from '@mantine/core'
import { Link } from 'wouter'
import { useSession } from '../session.tsx'
import { shell } from '../words/index.ts'

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu() {
  const { name, email } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" size="xs" maw={180}>
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email ?? shell.account}</Menu.Label>
        <Menu.Item component={Link} href="/account">
          {shell.accountPage}
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          {shell.docs}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{shell.scheme}</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            aria-current={scheme === colorScheme}
            rightSection={scheme === colorScheme ? '✓' : undefined}
          >
            {shell.schemes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <form method="post" action="/sign-in/out">
          <Menu.Item component="button" type="submit">
            {shell.signOut}
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
