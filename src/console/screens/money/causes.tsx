import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { Amount, moneyText } from '../../parts/amount.tsx'
import { causeName, causes as causeWords } from '../../words/money.ts'
import { Arithmetic } from './arithmetic.tsx'

type Named = Schemas['Reconciliation']['causes'][number]

/** The names of a difference, each with its amount. */
export function CauseBadges({ of }: { of: readonly Pick<Named, 'cause' | 'amount'>[] }) {
  return (
    <Group gap={4}>
      {of.map(({ cause, amount }) => (
        <Badge
          key={cause}
          variant="light"
          color={cause === 'unknown' ? 'red' : 'gray'}
          tt="none"
          title={causeWords[cause]?.[1]}
        >
          {causeName(cause)}: {moneyText(amount)}
        </Badge>
      ))}
    </Group>
  )
}

/** Causes of one line: a sentence for each, and the arithmetic that proves it. */
export function CauseList({ of }: { of: readonly Schemas['Cause'][] }) {
  return (
    <Stack gap="xs">
      {of.map(({ cause, amount, sentence, arithmetic }) => (
        <div key={`${cause} ${sentence}`}>
          <Group gap="xs">
            <Text fw={600} size="sm" {...(cause === 'unknown' ? { c: 'var(--mantine-color-error)' } : {})}>
              {causeName(cause)}
            </Text>
            <Amount value={amount} />
          </Group>
          <Text size="sm">{sentence}</Text>
          <Arithmetic of={arithmetic} label={causeName(cause)} />
        </div>
      ))}
    </Stack>
  )
}
