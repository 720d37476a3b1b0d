import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { client } from '../../api.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { catalog } from '../../words/catalog.ts'
import { common } from '../../words/index.ts'
import { DimensionForms } from './dimension-fields.tsx'
import { composeDimension, newDimension } from './product-draft.ts'

const words = catalog.form

/** One more thing that a product is counted in. */
export function AddDimension({ product_id }: { product_id: string }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [dimension, setDimension] = useState(() => newDimension())
  const add = useWrite(
    (body: ReturnType<typeof composeDimension>, header) =>
      client.POST('/v1/products/{id}/dimensions', { params: { header, path: { id: product_id } }, body }),
    {
      done: words.added,
      onDone: () => {
        setDimension(newDimension())
        close()
      },
    },
  )
  const errors = Object.entries(fieldErrors(add.error)).map(([name, text]) => [`dimensions.0.${name}`, text])
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={open}>
        {words.add}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="lg"
        title={words.add}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate(composeDimension(dimension))
          }}
        >
          <Stack>
            <Text size="sm">{words.addHelp}</Text>
            <DimensionForms
              at={0}
              dimension={dimension}
              errors={Object.fromEntries(errors)}
              onChange={setDimension}
            />
            <ProblemAlert error={add.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {common.cancel}
              </Button>
              <Button type="submit" loading={add.isPending}>
                {words.add}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Group>
  )
}
