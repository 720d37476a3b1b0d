import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { formatDecimal, parseDecimal, sum } from '../../../core/decimal.ts'
import { Amount, moneyText } from '../../parts/amount.tsx'
import { trace as words } from '../../words/trace.ts'
import { CauseList } from './causes.tsx'
import { lineText, referenceOf } from './line-columns.tsx'
import { ExpectedStep } from './trace-expected.tsx'
import { LineStep, Missing, turned } from './trace-steps.tsx'

const { steps } = words

type Invoice = Schemas['Trace']['invoices'][number]
type Own = Schemas['Trace']['adjustments'][number]

/** So many trails are open at once, and so many shown before somebody asks for all. */
const OPEN = 2
const SHOWN = 12

type TrailsProps = { invoices: readonly Invoice[]; adjustments: readonly Own[]; begin: string }

/** What a pay-out is made of: each invoice with its own trail, and what belongs to no sale. */
export function InvoiceTrails({ invoices, adjustments, begin }: TrailsProps) {
  const [all, setAll] = useState(false)
  if (invoices.length + adjustments.length === 0) return null
  const shown = all ? invoices : invoices.slice(0, SHOWN)
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap="sm">
        {invoices.length + adjustments.length > 1 && (
          <Group justify="space-between">
            <Text fw={650}>{steps.parts}</Text>
            <Text size="sm" c="dimmed">
              {sums(invoices, adjustments)}
            </Text>
          </Group>
        )}
        {shown.map((invoice) => (
          <Trail key={invoice.line.id} of={invoice} begin={begin} open={invoices.length <= OPEN} />
        ))}
        {shown.length < invoices.length && (
          <Button variant="default" size="xs" onClick={() => setAll(true)}>
            {steps.showAll(invoices.length)}
          </Button>
        )}
        {adjustments.length > 0 && (
          <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
            {adjustments.map(({ line, match }) => (
              <LineStep key={line.id} title={steps.adjustment} of={line} begin={line.id === begin} turn>
                {match !== null && <CauseList of={match.causes} />}
              </LineStep>
            ))}
          </Stack>
        )}
      </Stack>
    </Paper>
  )
}

/** What the lines of a pay-out come to, by currency. */
function sums(invoices: readonly Invoice[], adjustments: readonly Own[]): string {
  const paid = [...invoices.flatMap(({ disbursed }) => disbursed), ...adjustments.map(({ line }) => line)]
  const amounts = paid.map(({ amount, paid: other }) => turned(other ?? amount))
  const by_currency = Map.groupBy(amounts, ({ currency }) => currency)
  return [...by_currency]
    .map(([currency, list]) => {
      const total = sum(list.flatMap(({ amount }) => parseDecimal(amount) ?? []))
      return steps.partsSum(list.length, moneyText({ currency, amount: formatDecimal(total) }))
    })
    .join('; ')
}

/** One invoice, from the pay-out down to what was expected. */
function Trail({ of, begin, open }: { of: Invoice; begin: string; open: boolean }) {
  const { line, match, expectation, collected, disbursed } = of
  const own = [line, ...collected, ...disbursed].some(({ id }) => id === begin) || expectation?.id === begin
  return (
    <details open={open || own}>
      <summary>
        <Text span size="sm" fw={600}>
          {lineText(line)}
        </Text>{' '}
        <Amount value={line.amount} />{' '}
        <Text span size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {referenceOf(line)}
        </Text>
      </summary>
      <Stack gap="xs" mt="xs" component="ol" p={0} style={{ listStyle: 'none' }}>
        {disbursed.map((one) => (
          <LineStep key={one.id} title={steps.paid} of={one} begin={one.id === begin} turn />
        ))}
        {disbursed.length === 0 && <Missing title={steps.notPaid} help={steps.noPayoutHelp} />}
        {collected.map((one) => (
          <LineStep key={one.id} title={steps.collected} of={one} begin={one.id === begin} />
        ))}
        {collected.length === 0 && disbursed.length === 0 && (
          <Missing title={steps.notCollected} help={steps.notCollectedHelp} />
        )}
        <LineStep title={steps.invoiced} of={line} begin={line.id === begin}>
          {match !== null && match.causes.length > 0 && <CauseList of={match.causes} />}
        </LineStep>
        {expectation === null ? (
          <Missing title={steps.unexpected} help={steps.unexpectedHelp} />
        ) : (
          <ExpectedStep title={steps.expected} of={expectation} begin={expectation.id === begin} />
        )}
      </Stack>
    </details>
  )
}
