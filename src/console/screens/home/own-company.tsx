import { Button, Group, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { chooseOrganisation, client } from '../../api.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { home } from '../../words/home.ts'

const words = home.guide.own

/** An organisation that begins with nothing, for whoever wants to go every step. */
export function OwnCompany() {
  const [name, setName] = useState(words.suggested)
  const begin = useWrite(
    (_: null, header) =>
      client.POST('/v1/organisations', {
        params: { header },
        body: { kind: 'vendor', name, owned_by_me: true },
      }),
    { onDone: ({ id }) => chooseOrganisation(id) },
  )
  const errors = fieldErrors(begin.error)
  const send = (event: FormEvent) => {
    event.preventDefault()
    begin.mutate(null)
  }
  return (
    <form onSubmit={send}>
      <Text size="sm" c="dimmed" maw={720} mb="xs">
        {words.help}
      </Text>
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.name}
          size="sm"
          required
          maxLength={120}
          value={name}
          error={errors.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button size="sm" type="submit" variant="default" loading={begin.isPending}>
          {words.begin}
        </Button>
      </Group>
      {errors.name === undefined && <ProblemAlert error={begin.error} />}
    </form>
  )
}
