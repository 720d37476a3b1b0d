import { Button, Fieldset, Group, List, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { api } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { fieldErrors } from '../../parts/use-write.ts'
import { connections } from '../../words/connections.ts'
import { ConnectSteps } from './connect-steps.tsx'
import { FieldInput, Told } from './field.tsx'
import { useConnectForm } from './use-connect-form.ts'

type Cloud = Schemas['CloudDescription']
const words = connections.form

export default function Connect() {
  const { data, error, refetch } = api.useQuery('get', '/v1/clouds', {})
  const [chosen, choose] = useState<string>()
  const clouds = data?.items ?? []
  const cloud = clouds.find((one) => one.cloud === chosen) ?? clouds[0]
  return (
    <Page title={words.title} lead={words.lead} back={{ to: '/connections', label: connections.title }}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : cloud === undefined ? (
        <Loading />
      ) : (
        <>
          <Card title={words.cloud}>
            <NativeSelect
              aria-label={words.cloud}
              maw={480}
              value={cloud.cloud}
              data={clouds.map((one) => ({ value: one.cloud, label: one.name }))}
              onChange={(event) => choose(event.currentTarget.value)}
            />
            <details>
              <summary>{words.can}</summary>
              <Can of={cloud} />
            </details>
          </Card>
          {cloud.guided ? (
            <ConnectSteps key={cloud.cloud} cloud={cloud} />
          ) : (
            <ConnectForm key={cloud.cloud} cloud={cloud} />
          )}
        </>
      )}
    </Page>
  )
}

/** What can be done on a cloud, and who does it. */
function Can({ of }: { of: Cloud }) {
  return (
    <List size="sm" mt="xs">
      {of.capabilities.map(({ name, words: text, by }) => (
        <List.Item key={name}>
          {text}: <strong>{words.by[by]}</strong>
        </List.Item>
      ))}
    </List>
  )
}

function ConnectForm({ cloud }: { cloud: Cloud }) {
  const [whole, setWhole] = useState(false)
  const { form, write, secrets, settings } = useConnectForm(cloud, (id) => `/connections/${id}`)
  const shown = whole ? settings : settings.filter(({ required }) => required)
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(
        (values) => write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
        // What is wrong may stand among the settings that are folded away.
        () => setWhole(true),
      )}
    >
      <Stack maw={640}>
        <TextInput
          label={words.name}
          description={words.nameHelp}
          withAsterisk
          maxLength={120}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={cloud.account.title}
          description={<Told of={cloud.account} />}
          withAsterisk
          autoComplete="off"
          {...form.getInputProps('account_id')}
        />
        <Fieldset legend={words.credentials}>
          <Stack>
            <Text size="sm" c="dimmed">
              {words.credentialsHelp}
            </Text>
            {secrets.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                input={form.getInputProps(`credentials.${field.name}`)}
              />
            ))}
          </Stack>
        </Fieldset>
        <Fieldset legend={words.settings}>
          <Stack>
            {shown.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                input={form.getInputProps(`settings.${field.name}`)}
              />
            ))}
            {settings.length > shown.length && (
              <Group>
                <Button variant="default" onClick={() => setWhole(true)}>
                  {words.more}
                </Button>
              </Group>
            )}
          </Stack>
        </Fieldset>
        <ProblemAlert error={write.error} />
        <Group>
          <Button type="submit" loading={write.isPending}>
            {words.connect}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
