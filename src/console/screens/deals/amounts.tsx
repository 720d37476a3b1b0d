import { SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { Schemas } from '../../../client/index.ts'
import { deals } from '../../words/deals.ts'

const words = deals.form
type Dimension = Schemas['Product']['dimensions'][number]

type AmountsProps = {
  title: string
  help: string
  dimensions: readonly Dimension[] | undefined
  label(dimension: Dimension): string
  values: Readonly<Record<string, string>>
  errorOf(key: string): string | undefined
  error: string | undefined
  onChange(values: Record<string, string>): void
}

/** One field for each dimension. */
export function Amounts({ title, help, dimensions, label, values, errorOf, error, onChange }: AmountsProps) {
  return (
    <Stack gap={6} component="fieldset" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" fw={600} p={0}>
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {help}
      </Text>
      {dimensions === undefined || dimensions.length === 0 ? (
        <Text size="sm">{dimensions === undefined ? words.noDimensions : words.noneOfKind}</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
          {dimensions.map((dimension) => (
            <TextInput
              key={dimension.key}
              label={dimension.name}
              description={label(dimension)}
              inputMode="decimal"
              value={values[dimension.key] ?? ''}
              error={errorOf(dimension.key)}
              onChange={(event) => onChange({ ...values, [dimension.key]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
      )}
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
    </Stack>
  )
}
