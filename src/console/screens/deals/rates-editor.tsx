import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { deals } from '../../words/deals.ts'
import { Amounts } from './amounts.tsx'
import type { RateForm } from './draft.ts'

const words = deals.rates

type RatesProps = {
  rates: readonly RateForm[]
  dimensions: readonly Schemas['Product']['dimensions'][number][] | undefined
  errorOf(field: string): string | undefined
  onChange(rates: RateForm[]): void
}

/** The lengths a buyer can choose, each with a price per unit of each dimension for the whole of it. */
export function RatesEditor({ rates, dimensions, errorOf, onChange }: RatesProps) {
  const change = (at: number, next: Partial<RateForm>) =>
    onChange(rates.map((rate, index) => (index === at ? { ...rate, ...next } : rate)))
  const error = errorOf('terms.rates')
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" fw={600} p={0}>
        {words.title}
      </Text>
      <Text size="sm" c="dimmed">
        {words.help}
      </Text>
      {rates.map(({ months, prices }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a length has no other name while it is typed.
        <Stack key={index} gap={6}>
          <Group align="flex-end" gap="xs">
            <TextInput
              label={words.months(index + 1)}
              inputMode="numeric"
              w={160}
              value={months}
              error={errorOf(`terms.rates.${index}.duration_months`)}
              onChange={(event) => change(index, { months: event.currentTarget.value })}
            />
            {rates.length > 1 && (
              <Button
                variant="default"
                aria-label={words.remove(index + 1)}
                onClick={() => onChange(rates.filter((_, at) => at !== index))}
              >
                {words.removeShort}
              </Button>
            )}
          </Group>
          <Amounts
            title={words.prices(months)}
            help={words.pricesHelp}
            dimensions={dimensions}
            label={({ unit }) => deals.form.perUnit(unit)}
            values={prices}
            errorOf={(key) => errorOf(`terms.rates.${index}.prices.${key}`)}
            error={errorOf(`terms.rates.${index}.prices`)}
            onChange={(next) => change(index, { prices: next })}
          />
        </Stack>
      ))}
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      <Group>
        <Button
          variant="default"
          onClick={() => onChange([...rates, { months: String((rates.length + 1) * 12), prices: {} }])}
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  )
}
