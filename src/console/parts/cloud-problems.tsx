import { Alert, Code, Group, List, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { common } from '../words/index.ts'
import { Copy } from './copy.tsx'

type CloudProblem = { code: string; message: string; plain?: string }

/** What a cloud found wrong, as text: for a ticket, or for whoever mends it. */
const textOf = (problems: readonly CloudProblem[]) =>
  problems.map(({ code, message }) => `${code}: ${message}`).join('\n')

type Props = {
  of: readonly CloudProblem[]
  /** What to do about it, in words. */
  todo?: string | undefined
  /** Buttons that do it. */
  children?: ReactNode
}

/** Why a cloud refused: ours where we have words for it, always with its own code and words. Nothing for none. */
export function CloudProblems({ of, todo, children }: Props) {
  if (of.length === 0) return null
  return (
    <Alert color="red" title={common.cloudProblems.title}>
      <Stack gap="xs">
        <ProblemList of={of} />
        {todo !== undefined && <Text size="sm">{todo}</Text>}
        <Group gap="xs">
          {children}
          <Copy text={textOf(of)} what={common.cloudProblems.words} />
        </Group>
      </Stack>
    </Alert>
  )
}

/** The same inside something that says already what failed. */
export function ProblemList({ of }: { of: readonly CloudProblem[] }) {
  return (
    <List size="sm" spacing="xs" listStyleType={of.length === 1 ? 'none' : 'disc'}>
      {of.map(({ code, message, plain }) => (
        <List.Item key={`${code} ${message}`}>
          <Text size="sm">{plain ?? message}</Text>
          <Text size="sm">
            <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>{code}</Code>{' '}
            {plain === undefined || plain === message ? '' : message}
          </Text>
        </List.Item>
      ))}
    </List>
  )
}
