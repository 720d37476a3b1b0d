import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { paths, Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { does, type useCloud } from '../../parts/cloud-options.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { useWrite } from '../../parts/use-write.ts'
import { catalog } from '../../words/catalog.ts'

const words = catalog.actions
type Cloud = ReturnType<typeof useCloud>
type Body = paths['/v1/listings/{id}/visibility']['post']['requestBody']['content']['application/json']
const LIMIT = 200

/** What can be done with a live listing on a cloud whose interface does it: one that is gone there can only be read. */
export function ListingActions({ of: listing, cloud }: { of: Schemas['Listing']; cloud: Cloud }) {
  const { id, visibility, gone } = listing
  const path = { id }
  const [replacement, setReplacement] = useState('')
  const show = useWrite(
    (body: Body, header) => client.POST('/v1/listings/{id}/visibility', { params: { header, path }, body }),
    { done: words.asked },
  )
  const read = useWrite(
    (_: null, header) => client.POST('/v1/listings/{id}/read', { params: { header, path } }),
    { done: ({ differs, read_problem }) => (read_problem === null ? words.read(differs) : words.unread) },
  )
  return (
    <>
      {!gone && does(cloud, 'change_listings') && (
        <GoToButton to={`/listings/${id}/edit`}>{words.edit}</GoToButton>
      )}
      {does(cloud, 'compare_listings') && (
        <Button variant="default" loading={read.isPending} onClick={() => read.mutate(null)}>
          {words.readBack}
        </Button>
      )}
      {!gone && does(cloud, 'release_listings') && (
        <>
          {visibility !== 'public' && (
            <Confirm
              label={words.public}
              title={words.publicTitle}
              help={words.publicHelp}
              verb={words.public}
              run={() => show.mutateAsync({ to: 'public' })}
            />
          )}
          {visibility !== 'limited' && visibility !== null && (
            <Confirm
              label={words.limited}
              title={words.limitedTitle}
              help={words.limitedHelp}
              verb={words.limited}
              run={() => show.mutateAsync({ to: 'limited' })}
            />
          )}
          {visibility !== 'restricted' && (
            <Confirm
              danger
              label={words.restrict}
              title={words.restrictTitle}
              help={
                <Stack gap="xs">
                  <Text size="sm">{words.restrictHelp}</Text>
                  <Replacement of={listing} value={replacement} onChange={setReplacement} />
                </Stack>
              }
              verb={words.restrict}
              run={() =>
                show.mutateAsync({
                  to: 'restricted',
                  ...(replacement === '' ? {} : { replacement_listing_id: replacement }),
                })
              }
            />
          )}
        </>
      )}
    </>
  )
}

type ReplacementProps = { of: Schemas['Listing']; value: string; onChange(id: string): void }

/** Another live listing of the same account that buyers are sent to. Nothing where there is none. */
function Replacement({ of: { id, connection_id }, value, onChange }: ReplacementProps) {
  const query = { connection_id, state: 'live' as const, limit: LIMIT }
  const listings = api.useQuery('get', '/v1/listings', { params: { query } })
  const products = api.useQuery('get', '/v1/products', { params: { query: { limit: LIMIT, sort: 'name' } } })
  const others = (listings.data?.items ?? []).filter((one) => one.id !== id)
  if (others.length === 0) return null
  const nameOf = (product_id: string) =>
    products.data?.items.find((one) => one.id === product_id)?.name ?? product_id
  return (
    <NativeSelect
      label={words.replacement}
      value={value}
      data={[
        { value: '', label: words.noReplacement },
        ...others.map((one) => ({ value: one.id, label: nameOf(one.product_id) })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
