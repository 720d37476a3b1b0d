import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isApproval, SecondPerson } from '../../parts/second-person.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { connections } from '../../words/connections.ts'
import { FieldInput, given, mistakeOf } from './field.tsx'

type Props = { of: Schemas['Connection']; cloud: Schemas['CloudDescription'] }
type Fields = Props['cloud']['fields']

const words = connections.one

const checks = (fields: Fields) =>
  Object.fromEntries(fields.map((field) => [field.name, (value: string) => mistakeOf(field, value)]))

/** What of a connection is no secret. Settings are replaced as a whole, so all of them are here. */
export function NameAndSettings({ of, cloud }: Props) {
  const fields = cloud.fields.filter(({ secret }) => !secret)
  const form = useForm({
    initialValues: {
      name: of.name,
      settings: Object.fromEntries(fields.map(({ name }) => [name, of.settings[name] ?? ''])),
    },
    validateInputOnBlur: true,
    validate: {
      name: (text) => (text.trim() === '' ? connections.form.nameShort : null),
      settings: checks(fields),
    },
  })
  const write = useWrite(
    ({ name, settings }: typeof form.values, header) =>
      client.PATCH('/v1/connections/{id}', {
        params: { path: { id: of.id }, header },
        body: { name, settings: given(settings) },
      }),
    { done: words.settings.saved },
  )
  return (
    <Card title={words.settings.title}>
      <form
        noValidate
        onSubmit={form.onSubmit((values) =>
          write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
        )}
      >
        <Stack maw={640}>
          <TextInput
            label={connections.form.name}
            description={connections.form.nameHelp}
            withAsterisk
            maxLength={120}
            {...form.getInputProps('name')}
          />
          {fields.map((field) => (
            <FieldInput key={field.name} field={field} input={form.getInputProps(`settings.${field.name}`)} />
          ))}
          <ProblemAlert error={write.error} />
          <Group>
            <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
              {words.settings.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

/** New credentials in place of the old ones, all together; where the organisation asks for it, with a second person. */
export function Credentials({ of, cloud }: Props) {
  const [opened, open] = useState(false)
  const fields = cloud.fields.filter(({ secret }) => secret)
  const empty = { credentials: Object.fromEntries(fields.map(({ name }) => [name, ''])) }
  const form = useForm({
    initialValues: empty,
    validateInputOnBlur: true,
    validate: { credentials: checks(fields) },
  })
  const write = useWrite(
    ({ credentials }: typeof form.values, header) =>
      client.PATCH('/v1/connections/{id}', {
        params: { path: { id: of.id }, header },
        body: { credentials: given(credentials) },
      }),
    {
      done: (answer) => (isApproval(answer) ? '' : words.credentials.saved),
      onDone: () => {
        form.setValues(empty)
        open(false)
      },
    },
  )
  return (
    <Card title={words.credentials.title}>
      <Text c="dimmed">{words.credentials.help}</Text>
      <SecondPerson answer={write.data} />
      {opened ? (
        <form
          noValidate
          onSubmit={form.onSubmit((values) =>
            write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
          )}
        >
          <Stack maw={640}>
            {fields.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                input={form.getInputProps(`credentials.${field.name}`)}
              />
            ))}
            <ProblemAlert error={write.error} />
            <Group>
              <Button type="submit" loading={write.isPending}>
                {words.credentials.save}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Group>
          <Button variant="default" onClick={() => open(true)}>
            {words.credentials.change}
          </Button>
        </Group>
      )}
    </Card>
  )
}
