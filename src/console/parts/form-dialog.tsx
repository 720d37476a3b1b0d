import { Button, type ButtonProps, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { common } from '../words/index.ts'

type FormDialogProps = Omit<ButtonProps, 'children'> & {
  label: string
  title: string
  /** What is asked, and what came of it; it begins anew each time it is opened. */
  children(close: () => void): ReactNode
}

/** A button that opens a form above the screen. */
export function FormDialog(props: FormDialogProps) {
  const { button, dialog } = useFormDialog(props)
  return (
    <>
      {button}
      {dialog}
    </>
  )
}

/**
 * The button and the form apart, for a button that stands where there is nothing yet: what the form says at its end has to
 * outlive the button.
 */
export function useFormDialog({ label, title, children, ...button }: FormDialogProps) {
  const [opened, { open, close }] = useDisclosure(false)
  return {
    button: (
      <Button {...button} onClick={open}>
        {label}
      </Button>
    ),
    dialog: (
      <Modal
        opened={opened}
        onClose={close}
        title={title}
        size="lg"
        // What was typed is not lost by a click beside it.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {children(close)}
      </Modal>
    ),
  }
}
