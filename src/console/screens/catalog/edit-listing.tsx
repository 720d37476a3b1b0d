import { Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import type { paths, Schemas } from '../../../client/index.ts'
import { currencies } from '../../../core/money.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudOptions, readCloudOptions, typedOptions, useCloud } from '../../parts/cloud-options.tsx'
import { useConnections } from '../../parts/connections.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { catalog } from '../../words/catalog.ts'
import { common } from '../../words/index.ts'
import { ListedDimensions } from './listed-dimensions.tsx'
import { composeListing, type ListingForm, listingForm, soldOf } from './listing-draft.ts'
import { isPrice, PriceFields } from './price-fields.tsx'
import { ProductTexts } from './product-texts.tsx'

const words = catalog.edit
type Body = paths['/v1/listings/{id}/update']['post']['requestBody']['content']['application/json']
type One = Schemas['Listing'] & {
  content: Schemas['ListingContent']
  wanted: Schemas['ListingContent'] | null
}

/** What a live listing says, as it is changed. */
export default function EditListing() {
  const { id = '' } = useParams<{ id: string }>()
  const { connections, loaded } = useConnections()
  const { data, error } = api.useQuery('get', '/v1/listings/{id}', { params: { path: { id } } })
  const product_id = data?.product_id ?? ''
  const product = api.useQuery(
    'get',
    '/v1/products/{id}',
    { params: { path: { id: product_id } } },
    { enabled: product_id !== '' },
  )
  const cloud = useCloud(connections.find((one) => one.id === data?.connection_id)?.cloud)
  const back = { to: `/listings/${id}`, label: data?.content.title ?? catalog.listings.title }
  if (error ?? product.error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error ?? product.error} />
      </Page>
    )
  }
  if (data === undefined || product.data === undefined || !loaded || cloud === undefined) return <Loading />
  return (
    <Page title={words.title(data.content.title)} lead={words.lead} back={back}>
      <Form listing={data} product={product.data} fields={cloud.options.listing} />
    </Page>
  )
}

type FormProps = { listing: One; product: Schemas['Product']; fields: Schemas['CloudOption'][] }

function Form({ listing, product, fields }: FormProps) {
  const content = listing.wanted ?? listing.content
  const [form, setForm] = useState<ListingForm>(() => listingForm(content, product))
  const [options, setOptions] = useState(() => typedOptions(content.options, fields))
  const [, go] = useLocation()
  const { id } = listing
  const save = useWrite(
    (body: Body, header) =>
      client.POST('/v1/listings/{id}/update', { params: { header, path: { id } }, body }),
    { done: words.sent, onDone: () => go(`/listings/${id}`) },
  )
  const errors = fieldErrors(save.error)
  const read = readCloudOptions(options, fields)
  const sold = soldOf(form)
  const months = /^[1-9]\d?$/.test(form.term) && Number(form.term) <= 60
  const complete = sold.length > 0 && sold.every(({ key }) => isPrice(form.prices[key] ?? ''))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ ...composeListing(form), ...(read == null ? {} : { options: read }) })
      }}
    >
      <Stack>
        <Card title={catalog.form.texts}>
          <ProductTexts
            {...{ form: form.texts, errors }}
            details=""
            onChange={(texts) => setForm({ ...form, texts })}
          />
        </Card>
        <Card title={catalog.form.dimensions}>
          <ListedDimensions
            {...{ form, errors, product_id: product.id }}
            onChange={(dimensions) => setForm({ ...form, dimensions })}
          />
        </Card>
        <Card title={catalog.listing.prices}>
          <Stack maw={720}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NativeSelect
                label={catalog.publish.currency}
                value={form.currency}
                error={errors['prices.currency']}
                data={currencies}
                onChange={(event) => setForm({ ...form, currency: event.currentTarget.value })}
              />
              <TextInput
                required
                label={catalog.publish.term}
                inputMode="numeric"
                value={form.term}
                error={months ? errors['prices.term_months'] : catalog.publish.termWrong}
                onChange={(event) => setForm({ ...form, term: event.currentTarget.value })}
              />
            </SimpleGrid>
            {(['entitled', 'metered'] as const).map((kind) => (
              <PriceFields
                key={kind}
                title={catalog.publish[kind]}
                dimensions={sold.filter((one) => one.kind === kind)}
                values={form.prices}
                errorOf={(key) => errors[`prices.${kind}.${key}`]}
                onChange={(prices) => setForm({ ...form, prices })}
              />
            ))}
          </Stack>
        </Card>
        <Card title={words.options}>
          <Stack maw={720}>
            <CloudOptions unfolded {...{ fields, errors }} value={options} onChange={setOptions} />
          </Stack>
        </Card>
        <ProblemAlert error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!months || !complete || read === null}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
