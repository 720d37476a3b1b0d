import { Button, Group, Stack } from '@mantine/core'
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
import { composeProduct, exampleProduct, newProduct, type ProductDraft } from './product-draft.ts'
import { ProductTexts } from './product-texts.tsx'

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
            <ProductTexts
              {...{ form, errors }}
              details="details."
              onChange={(texts) => setForm({ ...form, ...texts })}
            />
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
