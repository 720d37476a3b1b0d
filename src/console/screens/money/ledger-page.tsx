import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Page } from '../../parts/page.tsx'
import { books } from '../../words/books.ts'

const TABS = [
  ['/ledger', books.tabs.accounts],
  ['/ledger/entries', books.tabs.entries],
  ['/ledger/trial-balance', books.tabs.trial],
  ['/ledger/periods', books.tabs.periods],
] as const

/** The frame of the ledger's screens: their names beside each other. */
export function LedgerPage({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const [at] = useLocation()
  return (
    <Page title={title} lead={lead}>
      <Group component="nav" gap="xs" aria-label={books.tabs.label}>
        {TABS.map(([path, label]) => (
          <Button
            key={path}
            component={Link}
            href={path}
            size="xs"
            variant={at === path ? 'light' : 'subtle'}
            {...(at === path ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </Button>
        ))}
      </Group>
      {children}
    </Page>
  )
}
