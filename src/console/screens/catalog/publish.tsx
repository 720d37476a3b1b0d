import { Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import type { paths, Schemas } from '../../../client/index.ts'
import { currencies } from '../../../core/money.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { CloudOptions, noOptions, readCloudOptions, useCloud } from '../../parts/cloud-options.tsx'
import { connectionText, useConnections } from '../../parts/connections.tsx'
import { Empty } from '../../parts/empty.tsx'
import { FillExample } from '../../parts/example.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { catalog } from '../../words/catalog.ts'
import { examples } from '../../words/examples.ts'
import { common } from '../../words/index.ts'
import { isPrice, PriceFields } from './price-fields.tsx'
import { useListings } from './use-listings.ts'

const words = catalog.publish
type Body = paths['/v1/listings']['post']['requestBody']['content']['application/json']
type Currency = Body['prices']['currency']

/** A product published on one account, with its public price list. */
export default function Publish() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error } = api.useQuery('get', '/v1/products/{id}', { params: { path: { id } } })
  const back = { to: `/products/${id}`, label: data?.name ?? catalog.title }
  if (error) {
    return (
      <Page title={common.notFound} back={back}>
        <ProblemAlert error={error} />
      </Page>
    )
  }
  if (data === undefined) return <Loading />
  return (
    <Page title={words.title(data.name)} lead={words.lead} back={back}>
      <PublishForm product={data} />
    </Page>
  )
}

function PublishForm({ product }: { product: Schemas['Product'] }) {
  const [parameters] = useSearchParams()
  const [, go] = useLocation()
  const { connections, loaded } = useConnections()
  const listings = useListings(product.id)
  const [wanted, setConnection] = useState(parameters.get('connection') ?? '')
  const [currency, setCurrency] = useState('USD')
  const [term, setTerm] = useState('12')
  const [prices, setPrices] = useState<Readonly<Record<string, string>>>({})
  const [options, setOptions] = useState(noOptions)
  const chosen = connections.find(({ id }) => id === wanted)
  const cloud = useCloud((chosen ?? (connections.length === 1 ? connections[0] : undefined))?.cloud)
  const fields = cloud?.options.listing
  const publish = useWrite(
    (body: Body, header) => client.POST('/v1/listings', { params: { header }, body }),
    { done: words.sent, onDone: ({ id }) => go(`/listings/${id}`) },
  )
  if (listings === undefined || !loaded) return <Loading />
  const again = ({ state, gone }: Schemas['Listing']) => state === 'failed' || (state === 'live' && gone)
  const taken = new Set(listings.filter((one) => !again(one)).map((one) => one.connection_id))
  const free = connections.filter(({ id }) => !taken.has(id))
  if (free.length === 0) {
    return (
      <Empty title={words.taken} help={words.takenHelp}>
        <GoToButton to="/listings">{catalog.listings.title}</GoToButton>
      </Empty>
    )
  }
  // Where there is one account only, nobody is asked for it.
  const connection_id = wanted === '' && free.length === 1 ? (free[0]?.id ?? '') : wanted
  const errors = fieldErrors(publish.error)
  const fill = () => {
    if (connection_id === '') setConnection(free[0]?.id ?? '')
    setTerm(examples.prices.term_months)
    setPrices(Object.fromEntries(product.dimensions.map(({ key, kind }) => [key, examples.prices[kind]])))
  }
  const months = /^[1-9]\d?$/.test(term) && Number(term) <= 60
  const complete = product.dimensions.every(({ key }) => isPrice(prices[key] ?? ''))
  const read = readCloudOptions(options, fields)
  const send = () => {
    const of = (kind: string) =>
      Object.fromEntries(
        product.dimensions
          .filter((one) => one.kind === kind)
          .map(({ key }) => [key, (prices[key] ?? '').trim()]),
      )
    publish.mutate({
      product_id: product.id,
      connection_id,
      prices: {
        // The choice is made from the service's own list of currencies.
        currency: currency as Currency,
        term_months: Number(term),
        entitled: of('entitled'),
        metered: of('metered'),
      },
      ...(read == null ? {} : { options: read }),
    })
  }
  return (
    <Card title={catalog.listing.prices}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Stack maw={720}>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NativeSelect
              required
              label={words.connection}
              value={connection_id}
              error={errors.connection_id}
              data={[
                { value: '', label: words.choose },
                ...free.map((one) => ({ value: one.id, label: connectionText(one) })),
              ]}
              onChange={(event) => setConnection(event.currentTarget.value)}
            />
            <NativeSelect
              label={words.currency}
              value={currency}
              error={errors['prices.currency']}
              data={currencies}
              onChange={(event) => setCurrency(event.currentTarget.value)}
            />
            <TextInput
              required
              label={words.term}
              inputMode="numeric"
              value={term}
              error={months ? errors['prices.term_months'] : words.termWrong}
              onChange={(event) => setTerm(event.currentTarget.value)}
            />
          </SimpleGrid>
          {(['entitled', 'metered'] as const).map((kind) => (
            <PriceFields
              key={kind}
              title={words[kind]}
              dimensions={product.dimensions.filter((one) => one.kind === kind)}
              values={prices}
              errorOf={(key) => errors[`prices.${kind}.${key}`]}
              onChange={setPrices}
            />
          ))}
          <CloudOptions unfolded {...{ fields, errors }} value={options} onChange={setOptions} />
          <ProblemAlert error={publish.error} />
          <Group justify="flex-end">
            <FillExample fill={fill} />
            <Button
              type="submit"
              loading={publish.isPending}
              disabled={connection_id === '' || !months || !complete || read === null}
            >
              {words.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
