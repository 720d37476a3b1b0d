import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Schemas } from '../../../client/index.ts'
import { api, client } from '../../api.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { isApproval, SecondPerson } from '../../parts/second-person.tsx'
import { fieldErrors, useWrite } from '../../parts/use-write.ts'
import { useSession } from '../../session.tsx'
import { acts, organisation as words } from '../../words/organisation.ts'

type Organisation = Schemas['Organisation']

export default function OrganisationScreen() {
  const { organisation_id } = useSession()
  const { data, error, refetch } = api.useQuery('get', '/v1/organisations', {})
  const own = data?.items.find(({ id }) => id === organisation_id)
  return (
    <Page title={words.title} lead={words.lead}>
      {error ? (
        <ProblemAlert error={error} retry={refetch} />
      ) : own === undefined ? (
        <Loading />
      ) : (
        <>
          <Name key={own.name} of={own} />
          <TwoPersonActs key={own.two_person.join()} of={own} />
        </>
      )}
    </Page>
  )
}

type Change = Parameters<typeof change>[1]
const change = (
  id: string,
  body: { name?: string; two_person?: Choosable[] },
  header: { 'idempotency-key': string },
) => client.PATCH('/v1/organisations/{id}', { params: { path: { id }, header }, body })

function Name({ of }: { of: Organisation }) {
  const { can } = useSession()
  const form = useForm({
    initialValues: { name: of.name },
    validateInputOnBlur: true,
    validate: { name: (text) => (text.trim() === '' ? words.nameShort : null) },
  })
  const write = useWrite((wanted: Change, header) => change(of.id, wanted, header), { done: words.saved })
  const allowed = can('organisation.manage')
  return (
    <Card title={words.details}>
      <Facts
        of={[
          ...(allowed ? [] : [[words.name, of.name] as const]),
          [words.kind, words.kinds[of.kind]],
          [words.id, of.id],
          [words.made, <Moment key="made" at={of.created_at} />],
        ]}
      />
      {allowed ? (
        <form
          noValidate
          onSubmit={form.onSubmit((values) =>
            write.mutate(values, { onError: (error) => form.setErrors(fieldErrors(error)) }),
          )}
        >
          <Stack maw={480}>
            <TextInput
              label={words.name}
              description={words.nameHelp}
              required
              maxLength={120}
              {...form.getInputProps('name')}
            />
            <ProblemAlert error={write.error} />
            <Group>
              <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
                {words.save}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Text c="dimmed">{words.onlyOwners}</Text>
      )}
    </Card>
  )
}

type Choosable = Exclude<Schemas['Approval']['act'], 'organisation.ask_fewer'>
const CHOOSABLE = Object.keys(acts).filter((act): act is Choosable => act !== 'organisation.ask_fewer')

function TwoPersonActs({ of }: { of: Organisation }) {
  const { can } = useSession()
  const form = useForm({ initialValues: { two_person: of.two_person } })
  const write = useWrite((wanted: Change, header) => change(of.id, wanted, header), {
    done: (answer) => (isApproval(answer) ? '' : words.two.saved),
  })
  const allowed = can('organisation.manage')
  return (
    <Card title={words.two.title}>
      <Text c="dimmed">{words.two.help}</Text>
      <form
        onSubmit={form.onSubmit(({ two_person }) =>
          write.mutate({ two_person: CHOOSABLE.filter((act) => two_person.includes(act)) }),
        )}
      >
        <Stack>
          <Checkbox.Group aria-label={words.two.title} {...form.getInputProps('two_person')}>
            <Stack gap="sm">
              {CHOOSABLE.map((act) => (
                <Checkbox
                  key={act}
                  value={act}
                  label={acts[act].title}
                  description={acts[act].help}
                  disabled={!allowed}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Text size="sm" c="dimmed">
            {words.two.always} {acts['organisation.ask_fewer'].title}.
          </Text>
          <SecondPerson answer={write.data} />
          <ProblemAlert error={write.error} />
          {allowed ? (
            <Group>
              <Button type="submit" loading={write.isPending} disabled={!form.isDirty()}>
                {words.two.save}
              </Button>
            </Group>
          ) : (
            <Text c="dimmed">{words.onlyOwners}</Text>
          )}
        </Stack>
      </form>
    </Card>
  )
}
