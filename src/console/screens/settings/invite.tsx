import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { client } from '../../api.ts'
import { useFormDialog } from '../../parts/form-dialog.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { members } from '../../words/members.ts'
import { isEmail } from './email.ts'
import { type Role, RoleChoice } from './roles.tsx'

const words = members.invite

/** A button that invites somebody, and the form it opens. */
export function useInvite() {
  return useFormDialog({
    label: words.label,
    title: words.title,
    children: (close) => <InviteForm close={close} />,
  })
}

type Values = { email: string; roles: Role[] }

function InviteForm({ close }: { close(): void }) {
  const [sent, setSent] = useState<{ email: string; link: string | null }>()
  const form = useForm<Values>({
    initialValues: { email: '', roles: [] },
    validateInputOnBlur: true,
    validate: {
      email: (text) => (isEmail(text) ? null : words.emailWrong),
      roles: (chosen) => (chosen.length === 0 ? words.rolesShort : null),
    },
  })
  const write = useWrite((body: Values, header) =>
    client.POST('/v1/invitations', { params: { header }, body }),
  )
  const send = form.onSubmit((values) =>
    write.mutate(values, {
      onSuccess: ({ link }) => setSent({ email: values.email.trim(), link }),
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  )
  const another = () => {
    form.reset()
    write.reset()
    setSent(undefined)
  }
  if (sent !== undefined) {
    return (
      <Stack>
        <Brought {...sent} />
        <Group justify="flex-end">
          <Button variant="default" onClick={another}>
            {words.again}
          </Button>
          <Button onClick={close}>{common.close}</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form noValidate onSubmit={send}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.help}
        </Text>
        <TextInput
          label={words.email}
          type="email"
          withAsterisk
          autoComplete="off"
          maxLength={254}
          data-autofocus
          {...form.getInputProps('email')}
        />
        <RoleChoice {...form.getInputProps('roles')} />
        <ProblemAlert error={write.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={write.isPending}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** How an invitation reaches its person: by mail, or by whoever sent it. */
export function Brought({ email, link }: { email: string; link: string | null }) {
  if (link === null) return <Alert color="green" title={words.sent(email)} role="status" />
  return <ShownOnce title={words.link} help={words.linkHelp(email)} secret={link} />
}
