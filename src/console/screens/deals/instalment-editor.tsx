import { Button, Group, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { grouped, moneyText } from '../../parts/amount.tsx'
import { deals } from '../../words/deals.ts'
import {
  datesOf,
  evenPlan,
  excess,
  INSTALMENTS_MAX,
  monthsAfter,
  type Plan,
  presets,
  readAmount,
  splitAgain,
  withAmount,
  withAnother,
  withDate,
  without,
  writeAmount,
} from './instalments.ts'

const words = deals.instalments

type EditorProps = {
  plan: Plan
  currency: string
  duration_months: number
  /** By the API's field, such as `terms.instalments.0.due_on`. */
  errors: Readonly<Record<string, string>>
  onChange(plan: Plan): void
}

/** A payment plan that sums to its total whatever is typed: one instalment is the rest, and says so. */
export function InstalmentEditor({ plan, currency, duration_months, errors, onChange }: EditorProps) {
  const text = (amount: bigint) => moneyText({ currency, amount: writeAmount(currency, amount) })
  const first = plan.instalments[0]?.due_on ?? ''
  const last = plan.instalments.at(-1)?.due_on ?? first
  const over = excess(plan)
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" fw={600} p={0}>
        {words.title}
      </Text>
      <Text size="sm" c="dimmed">
        {words.help(text(plan.total))}
      </Text>
      <Group gap="xs" align="flex-end">
        <TextInput
          type="date"
          label={words.first}
          value={first}
          onChange={(event) => onChange(withDate(plan, 0, event.currentTarget.value))}
        />
        <Group gap={6} role="group" aria-label={words.schedule}>
          {presets.map((preset) => (
            <Button
              key={preset}
              variant="default"
              disabled={first === ''}
              onClick={() => onChange(evenPlan(plan.total, datesOf(preset, first, duration_months)))}
            >
              {words.presets[preset]}
            </Button>
          ))}
        </Group>
      </Group>
      <Table.ScrollContainer
        minWidth={440}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': words.title } }}
      >
        <Table aria-label={words.title} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{words.number}</Table.Th>
              <Table.Th scope="col">{words.dueOn}</Table.Th>
              <Table.Th scope="col" ta="right">
                {words.amount}
              </Table.Th>
              <Table.Th scope="col">
                <VisuallyHidden>{words.removeShort}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plan.instalments.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an instalment is its place; days and amounts repeat.
              <Row key={index} at={index} {...{ plan, currency, errors, onChange }} />
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th scope="row" colSpan={2}>
                {words.sum} ({words.count(plan.instalments.length)})
              </Table.Th>
              <Table.Td ta="right" className="amount" fw={650}>
                {text(plan.total)}
              </Table.Td>
              <Table.Td />
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c={over === undefined ? 'dimmed' : 'var(--mantine-color-error)'} role="status">
        {over === undefined
          ? words.restOf(plan.rest + 1, text(plan.instalments[plan.rest]?.amount ?? 0n))
          : words.excess(text(over))}
      </Text>
      {errors['terms.instalments'] !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {errors['terms.instalments']}
        </Text>
      )}
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => onChange(splitAgain(plan))}>
          {words.split}
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={plan.instalments.length >= INSTALMENTS_MAX || last === ''}
          onClick={() => onChange(withAnother(plan, monthsAfter(last, 1)))}
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  )
}

type RowProps = Omit<EditorProps, 'duration_months'> & { at: number }

function Row({ at, plan, currency, errors, onChange }: RowProps) {
  const one = plan.instalments[at]
  // What is being typed, as long as it is: what it cannot be read as never becomes an amount.
  const [typed, setTyped] = useState<string>()
  if (one === undefined) return null
  const number = at + 1
  const isRest = at === plan.rest
  const field = `terms.instalments.${at}`
  const shown = grouped(writeAmount(currency, one.amount)).replace('−', '-')
  const unread = typed !== undefined && readAmount(currency, typed) === undefined
  return (
    <Table.Tr>
      <Table.Td>{number}</Table.Td>
      <Table.Td>
        <TextInput
          type="date"
          aria-label={words.dueOnOf(number)}
          value={one.due_on}
          error={errors[`${field}.due_on`]}
          onChange={(event) => onChange(withDate(plan, at, event.currentTarget.value))}
        />
      </Table.Td>
      <Table.Td ta="right">
        <TextInput
          aria-label={words.amountOf(number)}
          inputMode="decimal"
          value={typed ?? shown}
          readOnly={plan.instalments.length === 1}
          error={
            unread
              ? deals.form.hints.amount(writeAmount(currency, 123_450n))
              : (errors[`${field}.amount`] ?? one.amount < 0n)
          }
          {...(isRest ? { leftSection: words.rest, leftSectionWidth: 62 } : {})}
          styles={{
            input: { textAlign: 'right', fontFamily: 'var(--mantine-font-family-monospace)' },
            section: { fontSize: 'var(--mantine-font-size-xs)' },
          }}
          onChange={(event) => {
            const next = event.currentTarget.value
            setTyped(next)
            const amount = readAmount(currency, next)
            if (amount !== undefined) onChange(withAmount(plan, at, amount))
          }}
          onBlur={() => setTyped(undefined)}
        />
      </Table.Td>
      <Table.Td>
        {plan.instalments.length > 1 && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={words.remove(number)}
            onClick={() => onChange(without(plan, at))}
          >
            {words.removeShort}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
