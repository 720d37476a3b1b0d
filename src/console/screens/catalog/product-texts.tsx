import { SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { catalog } from '../../words/catalog.ts'
import type { ProductForm } from './product-draft.ts'

const words = catalog.form

export type TextsForm = Omit<ProductForm, 'dimensions'>
type TextsProps = {
  form: TextsForm
  errors: Readonly<Record<string, string>>
  /** What stands before the names of details, as the service calls the fields. */
  details: 'details.' | ''
  onChange(form: TextsForm): void
}
type TextName = keyof TextsForm

/** What stands on the public pages. */
export function ProductTexts({ form, errors, details, onChange }: TextsProps) {
  // A list's problem may be about one of its items.
  const errorOf = (field: string) =>
    errors[field] ?? Object.entries(errors).find(([key]) => key.startsWith(`${field}.`))?.[1]
  const field = (name: TextName, path: string) => ({
    value: form[name],
    error: errorOf(path),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...form, [name]: event.currentTarget.value }),
  })
  return (
    <Stack>
      <TextInput
        required
        label={words.name}
        maxLength={72}
        {...field('name', details === '' ? 'title' : 'name')}
      />
      <TextInput
        required
        label={words.short}
        maxLength={1000}
        {...field('short_description', 'short_description')}
      />
      <Textarea
        required
        autosize
        minRows={3}
        label={words.long}
        maxLength={5000}
        {...field('long_description', 'long_description')}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          required
          autosize
          minRows={3}
          label={words.highlights}
          description={words.highlightsHelp}
          {...field('highlights', `${details}highlights`)}
        />
        <Stack>
          <TextInput
            required
            label={words.categories}
            description={words.categoriesHelp}
            {...field('categories', `${details}categories`)}
          />
          <TextInput
            label={words.keywords}
            description={words.keywordsHelp}
            {...field('keywords', `${details}keywords`)}
          />
        </Stack>
      </SimpleGrid>
      <TextInput
        required
        type="url"
        label={words.logo}
        description={words.logoHelp}
        {...field('logo_url', `${details}logo_url`)}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          required
          autosize
          minRows={2}
          label={words.support}
          {...field('support', `${details}support`)}
        />
        <Textarea
          required
          autosize
          minRows={2}
          label={words.refunds}
          maxLength={500}
          {...field('refund_policy', `${details}refund_policy`)}
        />
      </SimpleGrid>
    </Stack>
  )
}
