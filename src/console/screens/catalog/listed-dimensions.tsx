import { Checkbox, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { GoTo } from '../../parts/link.tsx'
import { catalog } from '../../words/catalog.ts'
import type { ListedForm, ListingForm } from './listing-draft.ts'

const words = catalog.edit

type DimensionsProps = {
  form: ListingForm
  product_id: string
  errors: Readonly<Record<string, string>>
  onChange(dimensions: readonly ListedForm[]): void
}

/** What the listing is counted in: names, descriptions, and whether it is still sold. */
export function ListedDimensions({ form: { dimensions }, product_id, errors, onChange }: DimensionsProps) {
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {words.dimensionsHelp}{' '}
        <GoTo to={`/products/${product_id}`} underline="always">
          {words.toProduct}
        </GoTo>
      </Text>
      {dimensions.map((dimension, index) => {
        const { key, unit, kind, sold, gained } = dimension
        const change = (to: Partial<ListedForm>) =>
          onChange(dimensions.map((one) => (one.key === key ? { ...one, ...to } : one)))
        const field = (name: 'name' | 'description') => ({
          required: true,
          disabled: !sold,
          value: dimension[name],
          error: errors[`dimensions.${index}.${name}`],
          onChange: (event: { currentTarget: { value: string } }) =>
            change({ [name]: event.currentTarget.value }),
        })
        return (
          <Paper key={key} component="fieldset" withBorder p="sm" m={0}>
            <Text component="legend" fw={600} px={4}>
              {words.dimension(key, unit, catalog.dimension.kinds[kind])}
            </Text>
            <Stack gap="sm">
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput label={catalog.form.dimensionName} maxLength={100} {...field('name')} />
                <TextInput label={catalog.form.description} maxLength={1000} {...field('description')} />
              </SimpleGrid>
              <Checkbox
                label={words.sold}
                description={gained ? words.gained : words.soldHelp}
                checked={sold}
                onChange={(event) => change({ sold: event.currentTarget.checked })}
              />
            </Stack>
          </Paper>
        )
      })}
    </Stack>
  )
}
