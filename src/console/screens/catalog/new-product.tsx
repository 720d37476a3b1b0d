import { Button, Group, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { FillExample } from '../../parts/example.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { catalog } from '../../words/catalog.ts'
import { DimensionFields } from './dimension-fields.tsx'
import {
  composeProduct,
  exampleProduct,
  newProduct,
  type ProductDraft,
  type ProductForm,
} from './product-draft.ts'

const words = catalog.form

/** A product, described once. */
export default function NewProduct() {
  const [form, setForm] = useState(newProduct)
  const [, go] = useLocation()
  const save = useWrite(
    (body: ProductDraft, header) => client.POST('/v1/products', { params: { header }, body }),
    { done: words.saved, onDone: ({ id }) => go(`/products/${id}`) },
  )
  const errors = fieldErrors(save.error)
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back={{ to: '/products', label: catalog.title }}
      actions={<FillExample fill={() => setForm(exampleProduct())} />}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(composeProduct(form))
        }}
      >
        <Stack>
          <Card title={words.texts}>
            <Texts {...{ form, errors, onChange: setForm }} />
          </Card>
          <Card title={words.dimensions}>
            <DimensionFields
              dimensions={form.dimensions}
              errors={errors}
              onChange={(dimensions) => setForm({ ...form, dimensions })}
            />
          </Card>
          <ProblemAlert error={save.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}

type TextsProps = {
  form: ProductForm
  errors: Readonly<Record<string, string>>
  onChange(form: ProductForm): void
}
type TextName = Exclude<keyof ProductForm, 'dimensions'>

/** What stands on the public pages. */
function Texts({ form, errors, onChange }: TextsProps) {
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
      <TextInput required label={words.name} maxLength={72} {...field('name', 'name')} />
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
          {...field('highlights', 'details.highlights')}
        />
        <Stack>
          <TextInput
            required
            label={words.categories}
            description={words.categoriesHelp}
            {...field('categories', 'details.categories')}
          />
          <TextInput
            label={words.keywords}
            description={words.keywordsHelp}
            {...field('keywords', 'details.keywords')}
          />
        </Stack>
      </SimpleGrid>
      <TextInput
        required
        type="url"
        label={words.logo}
        description={words.logoHelp}
        {...field('logo_url', 'details.logo_url')}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Textarea
          required
          autosize
          minRows={2}
          label={words.support}
          {...field('support', 'details.support')}
        />
        <Textarea
          required
          autosize
          minRows={2}
          label={words.refunds}
          maxLength={500}
          {...field('refund_policy', 'details.refund_policy')}
        />
      </SimpleGrid>
    </Stack>
  )
}
