import { Button, Group, NativeSelect, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { catalog } from '../../words/catalog.ts'
import { aggregations, type DimensionForm, dimensionKinds, newDimension } from './product-draft.ts'

const words = catalog.form

type FieldsProps = {
  dimensions: readonly DimensionForm[]
  errors: Readonly<Record<string, string>>
  onChange(dimensions: DimensionForm[]): void
}

/** What a product is counted in, one group of fields for each dimension. */
export function DimensionFields({ dimensions, errors, onChange }: FieldsProps) {
  const change = (at: number, to: DimensionForm) =>
    onChange(dimensions.map((one, index) => (index === at ? to : one)))
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {words.dimensionsHelp}
      </Text>
      {errors.dimensions !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {errors.dimensions}
        </Text>
      )}
      {dimensions.map((dimension, index) => (
        <DimensionForms
          // biome-ignore lint/suspicious/noArrayIndexKey: a dimension that is being typed has no name of its own yet.
          key={index}
          at={index}
          dimension={dimension}
          errors={errors}
          onChange={(to) => change(index, to)}
          {...(dimensions.length > 1
            ? { onRemove: () => onChange(dimensions.filter((_, at) => at !== index)) }
            : {})}
        />
      ))}
      <Group>
        <Button variant="default" onClick={() => onChange([...dimensions, newDimension()])}>
          {words.add}
        </Button>
      </Group>
    </Stack>
  )
}

type OneProps = {
  at: number
  dimension: DimensionForm
  errors: Readonly<Record<string, string>>
  onChange(dimension: DimensionForm): void
  onRemove?(): void
}

/** The fields of one dimension. */
export function DimensionForms({ at, dimension, errors, onChange, onRemove }: OneProps) {
  const errorOf = (name: string) => errors[`dimensions.${at}.${name}`]
  const field = (name: 'key' | 'name' | 'unit' | 'description' | 'multiplier') => ({
    required: true,
    value: dimension[name],
    error: errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...dimension, [name]: event.currentTarget.value }),
  })
  return (
    <Paper component="fieldset" withBorder p="sm" m={0}>
      <Text component="legend" fw={600} px={4}>
        {words.number(at + 1)}
      </Text>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
          <TextInput label={words.key} description={words.keyHelp} {...field('key')} />
          <TextInput label={words.dimensionName} {...field('name')} />
          <TextInput label={words.unit} {...field('unit')} />
          <NativeSelect
            label={words.kind}
            value={dimension.kind}
            error={errorOf('kind')}
            data={dimensionKinds.map((value) => ({ value, label: catalog.dimension.kinds[value] }))}
            onChange={(event) => {
              const { value } = event.currentTarget
              onChange({ ...dimension, kind: dimensionKinds.find((one) => one === value) ?? 'metered' })
            }}
          />
        </SimpleGrid>
        <TextInput label={words.description} {...field('description')} />
        {dimension.kind === 'metered' && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect
              label={words.aggregation}
              value={dimension.aggregation}
              error={errorOf('aggregation')}
              data={aggregations.map((value) => ({
                value,
                label: catalog.dimension.aggregations[value],
              }))}
              onChange={(event) => {
                const { value } = event.currentTarget
                onChange({ ...dimension, aggregation: aggregations.find((one) => one === value) ?? 'sum' })
              }}
            />
            <TextInput
              label={words.multiplier}
              description={words.multiplierHelp}
              inputMode="decimal"
              {...field('multiplier')}
            />
          </SimpleGrid>
        )}
        {onRemove !== undefined && (
          <Group justify="flex-end">
            <Button variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
              {words.remove}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
