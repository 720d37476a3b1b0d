import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { common } from '../words/index.ts'
import { GoTo } from './link.tsx'

type PageProps = {
  title: string
  /** One sentence that says what this screen is for, where its title does not. */
  lead?: ReactNode
  /** Where this screen hangs in: a list, usually. */
  back?: { to: string; label: string }
  /** Buttons of the whole screen. */
  actions?: ReactNode
  children: ReactNode
}

/** A screen: its title is the window's too, and is where a screen reader goes on after a change of screen. */
export function Page({ title, lead, back, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${common.product}`
  }, [title])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0, flex: '1 1 16rem' }}>
          {back !== undefined && (
            <GoTo to={back.to} size="sm">
              ← {back.label}
            </GoTo>
          )}
          <Title
            order={1}
            size="h2"
            ref={heading}
            tabIndex={-1}
            style={{ outline: 'none', overflowWrap: 'anywhere' }}
          >
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" maw={720}>
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  )
}
