import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { paths } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { GoToButton } from '../../parts/link.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { catalog } from '../../words/catalog.ts'
import { common } from '../../words/index.ts'

const words = catalog.differences
type Listing = paths['/v1/listings/{id}']['get']['responses'][200]['content']['application/json']

type Body = paths['/v1/listings/{id}/link']['post']['requestBody']['content']['application/json']

/** What can be done about a listing that is gone at its cloud, and about the usage that waits for one. */
export function WaysOn({ of: { id, gone, held, product_id, connection_id } }: { of: Listing }) {
  const { can } = useSession()
  const path = { id }
  const release = useWrite(
    (_: null, header) => client.POST('/v1/listings/{id}/release', { params: { header, path } }),
    { done: words.releasing },
  )
  const writeOff = useWrite(
    (note: string, header) =>
      client.POST('/v1/usage/write-off', { params: { header }, body: { listing_id: id, note } }),
    { done: ({ records, more }) => words.writtenOff(records, more) },
  )
  if (!gone && held.length === 0) return null
  return (
    <Group>
      {gone && can('catalog.manage') && (
        <>
          <Link id={id} />
          <GoToButton variant="default" to={`/products/${product_id}/publish?connection=${connection_id}`}>
            {words.again}
          </GoToButton>
        </>
      )}
      {held.length > 0 && can('catalog.manage') && (
        <Confirm
          label={words.release}
          title={words.releaseTitle}
          help={words.releaseHelp}
          verb={words.release}
          run={() => release.mutateAsync(null)}
        />
      )}
      {held.length > 0 && can('settlement.manage') && (
        <Confirm
          danger
          label={words.writeOff}
          title={words.writeOffTitle}
          help={words.writeOffHelp}
          reason={words.writeOffReason}
          verb={words.writeOff}
          run={(note) => writeOff.mutateAsync(note)}
        />
      )}
    </Group>
  )
}

/** Asks for the product that the listing is now. */
function Link({ id }: { id: string }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [product, setProduct] = useState('')
  const [offer, setOffer] = useState('')
  const link = useWrite(
    (body: Body, header) => client.POST('/v1/listings/{id}/link', { params: { header, path: { id } }, body }),
    { done: words.linked, onDone: close },
  )
  const errors = fieldErrors(link.error)
  return (
    <>
      <Button onClick={open}>{words.link}</Button>
      <Modal
        opened={opened}
        onClose={close}
        title={words.linkTitle}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            link.mutate({
              cloud_product_id: product.trim(),
              ...(offer.trim() === '' ? {} : { cloud_offer_id: offer.trim() }),
            })
          }}
        >
          <Stack>
            <TextInput
              required
              label={words.productId}
              description={words.linkHelp}
              value={product}
              error={errors.cloud_product_id}
              onChange={(event) => setProduct(event.currentTarget.value)}
            />
            <TextInput
              label={words.offerId}
              description={words.offerHelp}
              value={offer}
              error={errors.cloud_offer_id}
              onChange={(event) => setOffer(event.currentTarget.value)}
            />
            <ProblemAlert error={link.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {common.cancel}
              </Button>
              <Button type="submit" loading={link.isPending} disabled={product.trim() === ''}>
                {words.link}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
