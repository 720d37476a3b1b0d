import { SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { isNegative, parseDecimal } from '../../../core/decimal.ts'
import { catalog } from '../../words/catalog.ts'

const words = catalog.publish

export function isPrice(text: string): boolean {
  const value = parseDecimal(text.trim())
  return value !== undefined && !isNegative(value)
}

type PriceFieldsProps = {
  title: string
  dimensions: readonly { key: string; name: string; unit: string }[]
  values: Readonly<Record<string, string>>
  errorOf(key: string): string | undefined
  onChange(values: Readonly<Record<string, string>>): void
}

export function PriceFields({ title, dimensions, values, errorOf, onChange }: PriceFieldsProps) {
  if (dimensions.length === 0) return null
  return (
    <Stack gap={6} component="fieldset" style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <Text component="legend" fw={600} p={0}>
        {title}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {dimensions.map(({ key, name, unit }) => {
          const value = values[key] ?? ''
          return (
            <TextInput
              key={key}
              required
              label={name}
              description={unit}
              inputMode="decimal"
              value={value}
              error={value !== '' && !isPrice(value) ? words.price : errorOf(key)}
              onChange={(event) => onChange({ ...values, [key]: event.currentTarget.value })}
            />
          )
        })}
      </SimpleGrid>
    </Stack>
  )
}
