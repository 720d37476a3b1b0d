import { Button, Group, Stack } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'
import { ProblemAlert } from '../../parts/problem.tsx'
import { common } from '../../words/index.ts'

type Props = {
  send: FormEventHandler<HTMLFormElement>
  verb: string
  write: { error: unknown; isPending: boolean }
  close(): void
  children: ReactNode
}

/** The frame of a form that asks the cloud for something. */
export function AskForm({ send, verb, write, close, children }: Props) {
  return (
    <form noValidate onSubmit={send}>
      <Stack>
        {children}
        <ProblemAlert error={write.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={write.isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
