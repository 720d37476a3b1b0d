import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { offers } from '../../words/offers.ts'

const words = offers.move

type Write = { isPending: boolean; error: unknown; mutate(day: string, then: { onSuccess(): void }): void }

/** Moves the last day on which an offer can be accepted, or those of a set. */
export function MoveLastDay({ expires_on, move }: { expires_on: string; move: Write }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [day, setDay] = useState(expires_on)
  return (
    <>
      <Button variant="default" onClick={open}>
        {words.label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={words.title}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            move.mutate(day, { onSuccess: close })
          }}
        >
          <Stack>
            <Text size="sm">{words.help}</Text>
            <TextInput
              required
              type="date"
              label={words.day}
              value={day}
              error={fieldErrors(move.error).expires_on}
              onChange={(event) => setDay(event.currentTarget.value)}
            />
            <ProblemAlert error={move.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {common.cancel}
              </Button>
              <Button type="submit" loading={move.isPending} disabled={day === '' || day === expires_on}>
                {words.verb}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
