import { Button, type ButtonProps, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { common } from '../words/index.ts'
import { ProblemAlert } from './problem.tsx'

type ConfirmProps = ButtonProps & {
  label: string
  title: string
  help: ReactNode
  /** Asks for a sentence and hands it on; one that says so may be left out. */
  reason?: string
  optional?: boolean
  /** What the button inside says. */
  verb: string
  danger?: boolean
  /** What has to be typed first, for what cannot be undone. */
  typed?: { label: string; text: string }
  run(reason: string): Promise<unknown>
}

/** A button for what should not happen by a slip: it asks once more, says what will happen, and shows what went wrong. */
export function Confirm({
  label,
  title,
  help,
  reason,
  optional = false,
  verb,
  danger = false,
  typed,
  run,
  ...button
}: ConfirmProps) {
  const [opened, { open, close }] = useDisclosure(false)
  const [text, setText] = useState('')
  const [written, write] = useState('')
  const [lacks, setLacks] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const go = async () => {
    if (reason !== undefined && !optional && text.trim() === '') return setLacks(true)
    setBusy(true)
    setError(undefined)
    try {
      await run(text)
      setText('')
      write('')
      close()
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': common.close }}>
        <Stack>
          <Text size="sm">{help}</Text>
          {reason !== undefined && (
            <Textarea
              label={reason}
              autosize
              minRows={2}
              required={!optional}
              value={text}
              error={lacks && text.trim() === '' && common.form.needed}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {typed !== undefined && (
            <TextInput
              label={typed.label}
              autoComplete="off"
              value={written}
              onChange={(event) => write(event.currentTarget.value)}
            />
          )}
          <ProblemAlert error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
            <Button
              {...(danger ? { color: 'red' } : {})}
              loading={busy}
              disabled={typed !== undefined && written.trim() !== typed.text}
              onClick={() => void go()}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
