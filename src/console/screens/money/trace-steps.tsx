import { Badge, Group, Paper, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { Amount } from '../../parts/amount.tsx'
import { DescribedFacts, Taxes } from '../../parts/described.tsx'
import { GoTo } from '../../parts/link.tsx'
import { Day } from '../../parts/moment.tsx'
import { Thing } from '../../parts/thing.tsx'
import { common } from '../../words/index.ts'
import { trace as words } from '../../words/trace.ts'
import { BookedEntries } from './booked.tsx'
import { lineText, referenceOf } from './line-columns.tsx'

type TracedLine = Schemas['TracedLine']

/** One rung of the ladder. The one that the following began at says so. */
export function Step({ begin = false, children }: { begin?: boolean; children: ReactNode }) {
  return (
    <Paper
      component="li"
      withBorder
      p="sm"
      style={{
        borderInlineStart: `4px solid var(--mantine-color-${begin ? 'indigo' : 'gray'}-6)`,
      }}
    >
      <Stack gap={6}>{children}</Stack>
    </Paper>
  )
}

type HeadProps = {
  title: string
  amount?: { currency: string; amount: string } | undefined
  on?: string | undefined
  begin?: boolean
}

/** What a rung is, how much, and when. */
export function Head({ title, amount, on, begin = false }: HeadProps) {
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs">
        <Text fw={650}>{title}</Text>
        {begin && (
          <Badge variant="light" color="indigo" tt="none">
            {words.begin}
          </Badge>
        )}
      </Group>
      <Group gap="sm">
        {on !== undefined && (
          <Text size="sm" c="dimmed">
            <Day on={on} />
          </Text>
        )}
        {amount !== undefined && <Amount value={amount} strong />}
      </Group>
    </Group>
  )
}

/** The other way round: what leaves a claim is what was paid. */
export function turned({ currency, amount }: { currency: string; amount: string }) {
  const other = amount.startsWith('-') ? amount.slice(1) : /[1-9]/.test(amount) ? `-${amount}` : amount
  return { currency, amount: other }
}

type LineStepProps = {
  title: string
  of: TracedLine
  begin?: boolean
  /** Shown the other way round than the file has it. */
  turn?: boolean
  children?: ReactNode
}

/** A line of a file as a rung. */
export function LineStep({ title, of, begin = false, turn = false, children }: LineStepProps) {
  return (
    <Step begin={begin}>
      <Head title={title} amount={turn ? turned(of.amount) : of.amount} on={of.occurred_at} begin={begin} />
      <LineFacts of={of} />
      {of.described !== null && of.agreement_id === null && <DescribedFacts of={of.described} />}
      {of.described !== null && <Taxes of={of.described.taxes} />}
      {children}
      <BookedEntries of={of.entries} />
    </Step>
  )
}

/** What a line hangs on: its file, its agreement, its reference. */
export function LineFacts({ of }: { of: TracedLine }) {
  const { steps } = words
  return (
    <Group gap="md" fz="sm">
      <GoTo to={`/trace/${of.id}`} title={steps.followThis}>
        {lineText(of)}
      </GoTo>
      {referenceOf(of) !== common.none && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Text span size="sm" c="dimmed">
            {steps.reference}
          </Text>{' '}
          {referenceOf(of)}
        </Text>
      )}
      {of.agreement_id !== null && (
        <Text size="sm">
          <Text span size="sm" c="dimmed">
            {steps.agreement}
          </Text>{' '}
          <Thing id={of.agreement_id}>{of.agreement_name ?? undefined}</Thing>
        </Text>
      )}
      <Text size="sm">
        <Text span size="sm" c="dimmed">
          {steps.statement}
        </Text>{' '}
        <Thing id={of.statement_id} />
      </Text>
    </Group>
  )
}

/** A rung that is not there yet, and why. */
export function Missing({ title, help }: { title: string; help: string }) {
  return (
    <Paper component="li" withBorder p="sm" style={{ borderStyle: 'dashed' }}>
      <Text fw={650}>{title}</Text>
      <Text size="sm" c="dimmed">
        {help}
      </Text>
    </Paper>
  )
}
