import { Alert, Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { client } from '../../api.ts'
import { useFormDialog } from '../../parts/form-dialog.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { ShownOnce } from '../../parts/shown-once.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { common } from '../../words/index.ts'
import { installation } from '../../words/organisation.ts'
import { isEmail } from './email.ts'

const words = installation.organisations

type Values = { name: string; kind: 'vendor' | 'reseller'; owner_email: string }
type Made = { name: string; link: string | null }

/** A button that makes an organisation, and the form it opens. */
export function useNewOrganisation() {
  return useFormDialog({
    label: words.make,
    title: words.form.title,
    children: (close) => <Steps close={close} />,
  })
}

function Steps({ close }: { close(): void }) {
  const [made, setMade] = useState<Made>()
  if (made === undefined) return <OrganisationForm close={close} done={setMade} />
  return (
    <Stack>
      {made.link === null ? (
        <Alert color="green" title={words.made(made.name)} role="status">
          {words.sent}
        </Alert>
      ) : (
        <>
          <Alert color="green" title={words.made(made.name)} role="status" />
          <ShownOnce title={words.link} help={words.linkHelp} secret={made.link} />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => setMade(undefined)}>
          {words.again}
        </Button>
        <Button onClick={close}>{common.close}</Button>
      </Group>
    </Stack>
  )
}

function OrganisationForm({ close, done }: { close(): void; done(made: Made): void }) {
  const form = useForm<Values>({
    initialValues: { name: '', kind: 'vendor', owner_email: '' },
    validateInputOnBlur: true,
    validate: {
      name: (text) => (text.trim() === '' ? words.form.nameShort : null),
      owner_email: (text) => (isEmail(text) ? null : words.form.emailWrong),
    },
  })
  const write = useWrite(
    (body: Values, header) => client.POST('/v1/organisations', { params: { header }, body }),
    { onDone: done },
  )
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) =>
        write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
      )}
    >
      <Stack>
        <TextInput
          label={words.form.name}
          withAsterisk
          maxLength={120}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Radio.Group label={words.form.kind} {...form.getInputProps('kind')}>
          <Stack gap="xs" mt={4}>
            <Radio value="vendor" label={words.form.kinds.vendor} />
            <Radio value="reseller" label={words.form.kinds.reseller} />
          </Stack>
        </Radio.Group>
        <TextInput
          label={words.form.email}
          description={words.form.emailHelp}
          type="email"
          withAsterisk
          autoComplete="off"
          maxLength={254}
          {...form.getInputProps('owner_email')}
        />
        <ProblemAlert error={write.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={write.isPending}>
            {words.form.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
