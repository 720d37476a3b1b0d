import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Schemas } from '../../../client/index.ts'
import { Card } from '../../parts/card.tsx'
import { Loading } from '../../parts/loading.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Steps } from '../../parts/steps.tsx'
import { fieldErrors } from '../../parts/use-write.ts'
import { connections } from '../../words/connections.ts'
import { FieldInput, given, Told } from './field.tsx'
import { Documents, PermissionTable, useGuide } from './guide.tsx'
import { useConnectForm } from './use-connect-form.ts'

type Cloud = Schemas['CloudDescription']
type Form = ReturnType<typeof useConnectForm>

const words = connections.steps
const [ACCOUNT, PERMISSIONS, CREDENTIALS] = [0, 1, 2]

/** The first three steps of connecting an account; the last two are of the connection that is there then. */
export function ConnectSteps({ cloud }: { cloud: Cloud }) {
  const [step, setStep] = useState(ACCOUNT)
  const made = useConnectForm(cloud, (id) => `/connections/${id}/steps`)
  const { form, write } = made
  /** What is wrong leads back to where it stands. */
  const backTo = (errors: Readonly<Record<string, unknown>>) => {
    form.setErrors(errors as Record<string, string>)
    const ofCredentials = Object.keys(errors).every((name) => name.startsWith('credentials'))
    if (Object.keys(errors).length > 0 && !ofCredentials) setStep(ACCOUNT)
  }
  const goOn = () => {
    const { errors } = form.validate()
    const here = Object.fromEntries(
      Object.entries(errors).filter(([name]) => !name.startsWith('credentials')),
    )
    form.setErrors(here)
    const [wrong] = Object.keys(here)
    if (wrong === undefined) setStep(PERMISSIONS)
    else form.getInputNode(wrong)?.focus()
  }
  const send = form.onSubmit(
    (values) => write.mutate(values, { onError: (error) => backTo(fieldErrors(error)) }),
    backTo,
  )
  return (
    <Stack>
      <Steps names={words.names} at={step} label={words.label} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (step === CREDENTIALS) send(event)
          else if (step === PERMISSIONS) setStep(CREDENTIALS)
          else goOn()
        }}
      >
        <Card title={`${step + 1}. ${words.names[step] ?? ''}`}>
          {step === ACCOUNT && <Account cloud={cloud} made={made} />}
          {step === PERMISSIONS && <Permissions cloud={cloud} made={made} />}
          {step === CREDENTIALS && <Credentials made={made} />}
          <ProblemAlert error={write.error} />
          <Group>
            {step > ACCOUNT && (
              <Button variant="default" onClick={() => setStep(step - 1)}>
                {words.back}
              </Button>
            )}
            <Button type="submit" loading={write.isPending}>
              {step === CREDENTIALS ? connections.form.connect : words.next}
            </Button>
          </Group>
        </Card>
      </form>
    </Stack>
  )
}

function Account({ cloud, made: { form, settings } }: { cloud: Cloud; made: Form }): ReactNode {
  return (
    <Stack maw={640}>
      <Text c="dimmed">{words.account}</Text>
      <TextInput
        label={connections.form.name}
        description={connections.form.nameHelp}
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
      {settings.map((field) => (
        <FieldInput key={field.name} field={field} input={form.getInputProps(`settings.${field.name}`)} />
      ))}
    </Stack>
  )
}

function Permissions({ cloud, made: { form } }: { cloud: Cloud; made: Form }): ReactNode {
  const { account_id, settings } = form.values
  const { data, error, refetch } = useGuide(cloud.cloud, {
    account_id,
    settings: JSON.stringify(given(settings)),
  })
  if (error) return <ProblemAlert error={error} retry={refetch} />
  if (data === undefined) return <Loading />
  return (
    <>
      <Text c="dimmed">{words.permissions(cloud.name)}</Text>
      <Documents of={data.documents.filter(({ step }) => step === 'permissions')} />
      <details>
        <summary>{words.needed}</summary>
        <PermissionTable of={data.permissions} />
      </details>
    </>
  )
}

function Credentials({ made: { form, secrets } }: { made: Form }): ReactNode {
  return (
    <Stack maw={640}>
      <Text c="dimmed">{connections.form.credentialsHelp}</Text>
      {secrets.map((field) => (
        <FieldInput key={field.name} field={field} input={form.getInputProps(`credentials.${field.name}`)} />
      ))}
    </Stack>
  )
}
